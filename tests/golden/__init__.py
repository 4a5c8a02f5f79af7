"""Sites whose whole output is kept: `python -m tests.golden` renews it, and git shows what changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.outputs import tree
from tests.sites import make_site, run

HERE = Path(__file__).parent

#: A site in one language, and one in two.
SITES = (HERE, HERE.parent / "golden_languages")

BUNDLE = "search/pagefind/"
MANIFEST = "manifest-sha256.txt"


def built(golden: Path, place: Path) -> dict[str, bytes]:
    """The output of a golden site, built in `place`; what Pagefind writes differs from run to run."""
    site = make_site(place, tree(golden / "site"))
    done = run(site, "build", "--json")
    assert done.status == 0, done.out
    files = tree(site / "output")
    assert BUNDLE + "pagefind-entry.json" in files
    lines = files[MANIFEST].splitlines(keepends=True)
    files[MANIFEST] = b"".join(line for line in lines if f"  {BUNDLE}".encode() not in line)
    return {path: data for path, data in files.items() if not path.startswith(BUNDLE)}


def kept(golden: Path) -> dict[str, bytes]:
    """The output as it was found to be right."""
    return tree(golden / "output")


def renew(golden: Path, place: Path) -> None:
    """Keep the output as it is now."""
    files = built(golden, place)
    shutil.rmtree(golden / "output", ignore_errors=True)
    make_site(golden / "output", files)
