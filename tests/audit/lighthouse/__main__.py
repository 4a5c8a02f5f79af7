"""Hold Lighthouse (mobile) against each kind of page, and print the median score of each category.

Scores of performance mean something on a machine that does nothing else meanwhile. Exit status 1 if one is
below 100; SEO counts on pages that may be indexed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.audit import KINDS
from tests.audit.serving import compressing
from tests.outputs import ROOT
from tests.sites import run
from tests.test_browser import ARGUMENTS, chromium

PROGRAM = Path(__file__).parent / "node_modules/.bin/lighthouse"
FLAGS = " ".join(["--headless=new", *ARGUMENTS])
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

Scores = dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit.lighthouse", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"default: all of {', '.join(KINDS)}")
    parser.add_argument("--runs", type=int, default=3, help="of each page, default: 3")
    given = parser.parse_args()
    if unknown := set(given.kinds) - KINDS.keys():
        parser.error(f"no kind of page: {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
    kinds = {kind: KINDS[kind] for kind in given.kinds or KINDS}
    print(f"{'page':20}{''.join(f'{name:>16}' for name in CATEGORIES)}", flush=True)
    below = 0
    with tempfile.TemporaryDirectory() as place, compressing(Path(place) / "output") as host:
        _build(Path(place), host)
        for kind, path in kinds.items():
            runs = [_scores(host + path) for _ in range(given.runs)]
            scores = {name: statistics.median(run[name] for run in runs) for name in CATEGORIES}
            hidden = 'content="noindex"' in _file(Path(place) / "output", path).read_text()
            below += any(scores[name] < 100 for name in CATEGORIES if not (hidden and name == "seo"))
            print(_row(kind, scores, hidden=hidden), flush=True)
    return 1 if below else 0


def _build(place: Path, host: str) -> None:
    """The sample archive, at home on `host`."""
    (place / "content").symlink_to(ROOT / "content")
    (place / "themes").symlink_to(ROOT / "themes")
    settings = (ROOT / "sitegen.toml").read_text().replace("https://archive.example/", host)
    (place / "sitegen.toml").write_text(settings)
    done = run(place, "build")
    if done.status:
        sys.exit(done.err)


def _file(output: Path, path: str) -> Path:
    return output / path / "index.html" if path.endswith("/") or not path else output / path


def _scores(address: str) -> Scores:
    if not PROGRAM.exists():
        sys.exit("there is no Lighthouse; install it: make lighthouse")
    program = chromium()
    if program is None:
        sys.exit("there is no Chromium; install it: apt-get install chromium")
    asked = [str(PROGRAM), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    done = subprocess.run(asked, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": program})
    if done.returncode:
        sys.exit(f"{address}: {done.stderr.strip()}")
    report: Mapping[str, Any] = json.loads(done.stdout)
    for audit in report["audits"].values():
        # What weighs nothing is not in the score; the rest tells why it isn't 100.
        if audit.get("score") is not None and audit["score"] < 0.9:
            print(
                f"  {address}: {audit['id']}: {audit.get('displayValue') or audit['title']}", file=sys.stderr
            )
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}


def _row(kind: str, scores: Scores, *, hidden: bool) -> str:
    shown = [
        f"({scores[name]:.0f})" if hidden and name == "seo" else f"{scores[name]:.0f}" for name in CATEGORIES
    ]
    return f"{kind:20}{''.join(f'{one:>16}' for one in shown)}"


if __name__ == "__main__":
    sys.exit(main())
