"""Times `sitegen check` with each engine: without a store, after a build, and when nothing has changed.

`python3 -m benchmarks.checking [POSTS]`
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import write_corpus
from benchmarks.measure import measure


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        write_corpus(count, site / "content")
        for engine in ("python-markdown", "commonmark"):
            (site / "sitegen.toml").write_text(f'title = "Checked"\n[markdown]\nengine = "{engine}"\n')
            shutil.rmtree(site / ".sitegen", ignore_errors=True)
            told = {"without a store": _run(site, "check")}
            shutil.rmtree(site / ".sitegen")
            _run(site, "build", "--no-search")
            told |= {"after a build": _run(site, "check"), "again": _run(site, "check")}
            times = ", ".join(f"{what} {took:.2f} s" for what, took in told.items())
            print(f"{count:,} posts, {engine}: {times}", flush=True)


def _run(site: Path, *words: str) -> float:
    """Seconds that a command takes."""
    command = (sys.executable, "-m", "sitegen", *words)
    return measure(command, folder=site, log=site.parent / "log", memory=False).wall


if __name__ == "__main__":
    main()
