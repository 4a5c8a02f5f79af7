"""Time sitegen beside Hugo, Eleventy and Pelican, and write docs/benchmarks.md.

Everything is installed and built in a temporary folder, which takes some gigabytes for 10,000 posts.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Report, write
from benchmarks.rounds import run_rounds, time_help
from benchmarks.tools import GROUPS, TOOLS, Sitegen, Tool
from benchmarks.workshop import ROOT, MissingToolError, Workshop


def main() -> int:
    given = _parser().parse_args()
    command = shlex.join(["python", "-m", "benchmarks", *_public(sys.argv[1:])])
    report = Report(command=command, repeat=given.repeat, memory=given.memory, load=(os.getloadavg()[0],))
    if given.scale:
        report.scale = (given.scale[0], given.scale[1])
    with _folder(given.folder) as folder:
        workshop = Workshop(folder, _say)
        tools = _tools(given.tools, workshop)
        report.versions = {name: version for tool in tools for name, version in tool.versions().items()}
        for tool in tools:
            if isinstance(tool, Sitegen):
                report.help = time_help(tool, workshop, _say)
        sitegen = [tool for tool in tools if isinstance(tool, Sitegen)]
        for count in sorted({*given.posts, *(given.scale or ())}):
            asked = count in given.posts
            chosen, groups = (tools, given.cases) if asked else (sitegen, ["scale"])
            report.tables[count] = run_rounds(
                chosen, count, groups, given.repeat, given.memory, workshop, _say
            )
    report.load += (os.getloadavg()[0],)
    print(report.text())
    write(report, given.page)
    failed = any(result.failed for results in report.tables.values() for result in results.values())
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[2_000, 10_000], metavar="N")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS), help="default: all")
    parser.add_argument("--cases", nargs="+", choices=GROUPS, default=list(GROUPS), help="default: all")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of each, default: 3")
    parser.add_argument(
        "--memory",
        choices=("apart", "along", "none"),
        default="apart",
        help="look at the memory in a round of its own (default), with the last round, or not at all",
    )
    parser.add_argument(
        "--scale",
        type=int,
        nargs=2,
        metavar=("SMALL", "LARGE"),
        help="compare sitegen's time per post at these two sizes, e.g. 5000 50000",
    )
    parser.add_argument("--folder", type=Path, help="install and build here, and keep what is installed")
    parser.add_argument(
        "--page", type=Path, default=ROOT / "docs" / "benchmarks.md", help="default: docs/benchmarks.md"
    )
    return parser


def _public(words: list[str]) -> list[str]:
    """The arguments without those that name folders of this machine."""
    kept, named = [], False
    for word in words:
        hidden = named or word.startswith(("--folder", "--page"))
        named = not named and word in ("--folder", "--page")
        if not hidden:
            kept.append(word)
    return kept


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="sitegen-benchmarks-") as made:
            yield Path(made).resolve()


def _tools(names: list[str], workshop: Workshop) -> list[Tool]:
    """The tools that can be had."""
    tools = []
    for name in names:
        try:
            tools.append(TOOLS[name](workshop))
        except MissingToolError as error:
            _say(f"{name} is left out: {error}")
    return tools


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
