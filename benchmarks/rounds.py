"""Times the cases of all tools in turn, so that a slow spell of the machine meets all of them."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path

from benchmarks.measure import Measured, RunError, measure
from benchmarks.tools import Case, Sitegen, Tool
from benchmarks.workshop import Workshop

Say = Callable[[str], None]

#: How often a command of a fraction of a second is run.
_OFTEN = 15


@dataclass(frozen=True, slots=True)
class Files:
    """What an output holds."""

    html: int = 0
    feeds: int = 0  #: XML and JSON
    others: int = 0
    size: int = 0  #: bytes of all


@dataclass(slots=True)
class Result:
    runs: list[Measured] = field(default_factory=list)
    pss: int = 0
    files: Files | None = None
    failed: bool = False

    @property
    def wall(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def slowest(self) -> float:
        return max(run.wall for run in self.runs)

    @property
    def quickest(self) -> float:
        return min(run.wall for run in self.runs)


#: Name of a case -> what came of it.
Results = dict[str, Result]


def run_rounds(
    tools: Iterable[Tool],
    count: int,
    groups: Sequence[str],
    repeat: int,
    memory: str,
    workshop: Workshop,
    say: Say,
) -> Results:
    """Time every case `repeat` times.

    The memory of cold builds is looked at "apart", in a round of its own whose times don't count, "along"
    with the last of the rounds, or not at all ("none").
    """
    cases = _in_turn([tool.cases(count, groups) for tool in tools])
    results: Results = {case.name: Result() for case in cases}
    last = repeat + (memory == "apart")
    for number in range(1, last + 1):
        timed, watched = number <= repeat, number == last and memory != "none"
        for case in cases:
            result = results[case.name]
            if result.failed or not (timed or case.output):
                continue
            place = f"{count:,} posts, " + (f"round {number} of {repeat}" if timed else "memory")
            one = _run(case, number, workshop, say, place, memory=watched and case.output is not None)
            _note(result, one, timed=timed)
            if number == last and case.output:
                result.files = count_files(case.output)
    workshop.clear_sites(count)
    return results


def time_help(tool: Sitegen, workshop: Workshop, say: Say) -> Result:
    result = Result()
    for number in range(_OFTEN):
        _note(result, _run(tool.help(), number, workshop, say, f"run {number + 1} of {_OFTEN}"), timed=True)
    return result


def _in_turn(lists: Sequence[Sequence[Case]]) -> list[Case]:
    """The first of each list, then the second of each, and so on."""
    return [case for case in chain.from_iterable(zip_longest(*lists)) if case]


def _run(
    case: Case, number: int, workshop: Workshop, say: Say, place: str, *, memory: bool = False
) -> Measured | None:
    case.before(number)
    os.sync()  # or else this run would pay for writing out what the last one left
    try:
        one = measure(
            case.command, folder=case.folder, log=workshop.log(case.name), env=case.env, memory=memory
        )
    except RunError as error:
        say(f"{place}: {case.name}: {error}")
        return None
    held = f", {one.pss / 1e6:,.0f} MB" if memory else ""
    say(f"{place}: {case.name}: {one.wall:.2f} s, {one.cpu:.2f} s of processor time{held}")
    return one


def _note(result: Result, one: Measured | None, *, timed: bool) -> None:
    if one is None:
        result.failed = True
        return
    result.pss = max(result.pss, one.pss)
    if timed:
        result.runs.append(one)


def count_files(output: Path) -> Files:
    """Count what an output holds."""
    kinds: Counter[str] = Counter()
    size = 0
    for file in output.rglob("*"):
        if file.is_file():
            kinds[file.suffix] += 1
            size += file.stat().st_size
    html, feeds = kinds[".html"], kinds[".xml"] + kinds[".json"]
    return Files(html, feeds, kinds.total() - html - feeds, size)
