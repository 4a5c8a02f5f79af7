"""What was measured, as a page of Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.rounds import Result, Results
from benchmarks.tools import (
    BASE_TEMPLATE,
    BILINGUAL,
    BODY,
    COLD,
    COMMONMARK,
    ELEVENTY,
    HUGO,
    HUGO_UNRELATED,
    PELICAN,
    POST_TEMPLATE,
    SEARCH,
    TITLE,
    UNCHANGED,
)

#: Below this heading the page is written by hand, and kept.
NOTES = "## Notes"

#: The number of posts that the budgets are set for.
_JUDGED = 10_000

#: In this order rows stand in the tables.
_ORDER = (
    *(HUGO, HUGO_UNRELATED, ELEVENTY, PELICAN),
    *(COLD, COMMONMARK, SEARCH, BILINGUAL),
    *(UNCHANGED, BODY, TITLE, POST_TEMPLATE, BASE_TEMPLATE),
)

Of = Callable[[Result], float]

#: What is judged: the time, and beside it the processor time.
_JUDGING: tuple[Of, ...] = (lambda one: one.wall, lambda one: one.cpu)

Row = Sequence[str]


@dataclass(slots=True)
class Report:
    command: str
    repeat: int
    memory: str  #: when it was looked at: "apart", "along" or "none"
    versions: Mapping[str, str] = field(default_factory=dict)
    tables: dict[int, Results] = field(default_factory=dict)  #: number of posts -> results
    scale: tuple[int, int] = (5_000, 50_000)
    help: Result | None = None
    load: tuple[float, ...] = ()  #: average load of the machine before, after

    def text(self) -> str:
        tables = sorted(self.tables.items())
        heads = ("what", "budget", "time", "", "processor time", "")
        parts = [
            _INTRODUCTION,
            self._setting(),
            "## Budgets\n\n" + _table(heads, self._budgets()),
            *(_times(count, results) for count, results in tables),
            _METHOD.format(apart=_APART if self.memory == "apart" else ""),
            *(_files(count, results) for count, results in tables[-1:]),
        ]
        return "\n\n".join(parts) + "\n"

    def _setting(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        load = " and ".join(f"{one:.1f}" for one in self.load)
        lines = [
            f"- Date: {date.today().isoformat()}",
            f"- Machine: {_machine()}; its average load (1 minute) before and after: {load}",
            f"- Versions: {versions}",
            f"- Command: `{self.command}`",
            f"- Each time is {_median(self.repeat)}.",
        ]
        return "\n".join(lines)

    def _budgets(self) -> Iterator[Row]:
        count = _JUDGED if _JUDGED in self.tables else max(self.tables, default=0)
        results = self.tables.get(count, {})
        for what, told, limit, name, base in _BUDGETS:
            ratios = _ratios(_done(results, name), _done(results, base))
            yield f"{what}, {count:,} posts", told, *_judged(ratios, limit, _ratio)
        held = max((results[name].pss for name in (COLD, COMMONMARK) if name in results), default=0)
        judged = _judged([held], 500e6, _size)
        yield f"most memory of a cold build, {count:,} posts", "500 MB", *judged, "", ""
        yield self._scaling()
        times = [of(self.help) if self.help else 0 for of in _JUDGING]
        yield "`sitegen --help`", "150 ms", *_judged(times, 0.15, lambda seconds: f"{seconds * 1000:.0f} ms")

    def _scaling(self) -> Row:
        small, large = self.scale
        one, other = _done(self.tables.get(small, {}), COLD), _done(self.tables.get(large, {}), COLD)
        ratios = [ratio * small / large for ratio in _ratios(other, one)]
        return f"time per post, {large:,} against {small:,} posts", "1.2 x", *_judged(ratios, 1.2, _ratio)


#: What is told, the budget in words and as a number, the case and what it is compared with.
_BUDGETS = (
    ("cold, default engine", "0.7 x Hugo", 0.7, COLD, HUGO),
    ('cold, engine = "commonmark"', "0.3 x Hugo", 0.3, COMMONMARK, HUGO),
    ("nothing changed", "0.01 x Hugo", 0.01, UNCHANGED, HUGO),
    ("one body edited", "0.015 x Hugo", 0.015, BODY, HUGO),
    ("one title edited", "0.03 x Hugo", 0.03, TITLE, HUGO),
    ("one template edited: of all pages", "0.5 x own cold", 0.5, BASE_TEMPLATE, COLD),
    ("one template edited: of posts", "0.5 x own cold", 0.5, POST_TEMPLATE, COLD),
    ("two languages against one", "1.15 x", 1.15, BILINGUAL, COLD),
)


def _times(count: int, results: Results) -> str:
    hugo = _done(results, HUGO)

    def row(name: str, one: Result) -> Row:
        if one.failed or not one.runs:
            return name, "failed", *[""] * 5
        spread = f"{_seconds(one.quickest)} to {_seconds(one.slowest)}" if len(one.runs) > 1 else ""
        ratios = [_ratio(of(one) / of(hugo)) if hugo else "" for of in _JUDGING]
        held = _size(one.pss) if one.pss else ""
        return name, _seconds(one.wall), spread, ratios[0], _seconds(one.cpu), ratios[1], held

    heads = ("run", "time", "from, to", "of Hugo's", "processor time", "of Hugo's", "most memory")
    rows = (row(name, results[name]) for name in _ORDER if name in results)
    return f"## {count:,} posts\n\n" + _table(heads, rows)


def _files(count: int, results: Results) -> str:
    made = {name: results[name].files for name in _ORDER if name in results}
    rows = (
        (name, f"{files.html:,}", f"{files.feeds:,}", f"{files.others:,}", _size(files.size))
        for name, files in made.items()
        if files
    )
    heads = ("output", "HTML", "XML and JSON", "others", "size")
    return f"## Files made of {count:,} posts\n\n{_FILES}\n\n" + _table(heads, rows)


def _done(results: Results, name: str) -> Result | None:
    """What was measured under a name, if it was and went well."""
    one = results.get(name)
    return one if one and one.runs and not one.failed else None


def _ratios(one: Result | None, other: Result | None) -> list[float]:
    """How much one is of the other, by each measure that is judged; 0 if not measured."""
    return [of(one) / of(other) if one and other else 0 for of in _JUDGING]


def _judged(measured: Iterable[float], limit: float, shown: Callable[[float], str]) -> Iterator[str]:
    for one in measured:
        if not one:
            yield from ("not measured", "")
        elif one <= limit:
            yield from (shown(one), "met")
        else:
            over = one / limit
            yield from (shown(one), f"{over:.0f} times over" if over >= 2 else f"{over - 1:.0%} over")


def _median(count: int) -> str:
    return "of one run" if count == 1 else f"the median of {count} runs"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f} x" if ratio >= 0.1 else f"{ratio:.4f} x"


def _size(count: float) -> str:
    return f"{count / 1e6:,.0f} MB"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown whose columns stand under each other in plain text too."""
    cells = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "| " + " | ".join(padded) + " |"

    marks = ["-" * width if not place else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join([line(cells[0]), line(marks), *map(line, cells[1:])])


def _machine() -> str:
    """Cores, memory and kernel."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    release = re.match(r"[\d.]+", platform.release())
    kernel = f"{platform.system()} {release[0] if release else ''}".strip()
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {kernel}"


def _processor() -> str:
    try:
        told = re.search(r"^model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        told = None
    return told[1] if told else platform.machine()


def write(report: Report, page: Path) -> None:
    """Write the page; what was written by hand below its notes' heading stays."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    kept = old[old.index(f"\n{NOTES}\n") :] if f"\n{NOTES}\n" in old else ""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(report.text() + kept, encoding="utf-8")


_INTRODUCTION = """# Benchmarks

How long sitegen takes beside Hugo, Eleventy and Pelican for the same pages of the same made-up archive.
`make bench` measures and writes this page; below "Notes" it is written by hand."""

_METHOD = """## How it is measured

- The posts come from `benchmarks/corpus.py`: titles, descriptions, dates, authors, categories, two to five
  tags, some 900 words with headings, lists, tables, code, footnotes, links between posts and pasted embeds;
  tags and authors by Zipf's law, 50 pictures. `benchmarks/sites/` holds the sites of the other tools.
- The runs of all tools take turns. Cold means that output, stores and caches were deleted before. Time is
  from the start of the process to its end; processor time is that of all cores and of all its child
  processes, and suffers less when something else is at work on the machine.
- "Most memory" is the proportional set size (PSS) of all processes together, looked at every 0.1 s{apart}.
- All builds of sitegen but the one that says so are made with `--no-search`; no other tool here makes a
  search index. Related posts are made by sitegen always, by Hugo (its own `Related`) where it says so, by
  Eleventy and Pelican not at all.
- "One body edited" is that of a post in the middle of the archive; "one title edited" that of the newest
  post, so that lists, neighbours and feeds have to follow. Each builds on the output of the run before.
- "Two languages" is an archive of as many files, each text in English and in Russian."""

_APART = """ in a run
  of its own, since looking at it slows a process down"""

_FILES = """All tools make a page for each post and each tag, author and category, lists of these in pages of
20, and a feed for each. sitegen alone makes an archive by year and month, every feed as JSON too, a search
page and a manifest of checksums. It puts up to 39 posts on the first page of a list, so that its lists have
fewer pages. Its pages are those of its theme, with cards for related posts, metadata and switches; those of
the others are plainer. Pelican makes no page for groups."""
