"""Show where the time of one build goes: `python -m benchmarks.profile --posts 1000`.

Builds a made-up archive in this process (one job, no search) twice: as it is, for the time of each stage,
and under the profiler, for the functions that take most of it. The builds are cold, or, with --edited,
follow an edit of one title. The profiler makes calls of many small
functions look dearer than they are. Needs sitegen and what it needs, e.g. `pip install -e .`.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import os
import pstats
import re
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.corpus import write_corpus
from sitegen import build as building
from sitegen import way
from sitegen.store import Store
from sitegen.write import Output

#: Stage -> what it calls, as an attribute of a module or class.
STAGES: Mapping[str, Sequence[tuple[ModuleType | type, str]]] = {
    "look": ((building, "find"), (building, "state_of"), (building, "unchanged")),
    "read": ((way, "read"), (way, "choose")),
    "link": ((way, "link"), (way, "load_theme"), (way, "plan"), (way, "dead_links")),
    "render": ((way, "make"),),
    "write": ((Output, "commit"), (Store, "put_files"), (building, "remember")),
}

Call = Callable[..., Any]


class Line(NamedTuple):
    """One function, or one library, in a stage."""

    name: str
    calls: int
    own: float  #: seconds in it, what it calls left out
    whole: float


@contextmanager
def _around(wrap: Callable[[str, Call], Call]) -> Iterator[None]:
    """Let `wrap(stage, function)` stand in for the functions of each stage."""
    patches = [
        mock.patch.object(owner, name, wrap(stage, getattr(owner, name)))
        for stage, calls in STAGES.items()
        for owner, name in calls
    ]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def _build(site: Path, *, cold: bool = True) -> building.Report:
    if cold:
        shutil.rmtree(site / "output", ignore_errors=True)
        shutil.rmtree(site / building.STORE, ignore_errors=True)
    else:
        newest = max((site / "content" / "posts").rglob("*.md"), key=lambda path: path.parent.name)
        newest.write_text(newest.read_text().replace('title: "', 'title: "Corrected: ', 1))
    return building.build(site, building.Options(search=False, jobs=1, now=datetime.now(UTC)))


def time_stages(site: Path, *, cold: bool = True) -> dict[str, float]:
    """Stage -> seconds of processor time of a build."""
    seconds: defaultdict[str, float] = defaultdict(float)

    def timed(stage: str, call: Call) -> Call:
        @functools.wraps(call)
        def wrapper(*args: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return call(*args, **named)
            finally:
                seconds[stage] += time.process_time() - begun

        return wrapper

    begun = time.process_time()
    with _around(timed):
        _build(site, cold=cold)
    whole = time.process_time() - begun
    return {**{stage: seconds[stage] for stage in STAGES}, "the rest": whole - sum(seconds.values())}


def profile_stages(site: Path, *, cold: bool = True) -> dict[str, pstats.Stats]:
    """Stage -> what the profiler saw of it in a build."""
    profiles = {stage: cProfile.Profile(time.process_time) for stage in STAGES}

    def profiled(stage: str, call: Call) -> Call:
        @functools.wraps(call)
        def wrapper(*args: Any, **named: Any) -> Any:
            return profiles[stage].runcall(call, *args, **named)

        return wrapper

    with _around(profiled):
        _build(site, cold=cold)
    return {stage: pstats.Stats(profile) for stage, profile in profiles.items()}


def functions(stats: pstats.Stats) -> list[Line]:
    """The functions of a stage."""
    lines = []
    for where, (_, calls, own, whole, _) in stats.stats.items():  # type: ignore[attr-defined]
        lines.append(Line(_name(*where), calls, own, whole))
    return lines


def libraries(lines: Sequence[Line]) -> list[Line]:
    """The same, added up by the library, or the module of sitegen, that they are from."""
    calls: defaultdict[str, int] = defaultdict(int)
    own: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        name = line.name.partition(":")[0]
        library = name if name.startswith("sitegen") else name.split(".")[0]
        calls[library] += line.calls
        own[library] += line.own
    return [Line(name, calls[name], own[name], own[name]) for name in own]


def _name(file: str, line: int, function: str) -> str:
    """`module:function` of what the profiler calls by file and line."""
    if file == "~":
        told = re.sub(r"^<(built-in )?|>$| object at 0x\w+|'", "", function)
        return f"builtins:{told.removeprefix('method ')}"
    if file.startswith("<"):
        return f"jinja2.{file.strip('<>')}:{function}" if "template" in file else f"{file}:{function}"
    parts = Path(file).with_suffix("").parts
    for start in ("site-packages", "sitegen", "templates"):
        if start in parts:
            place = len(parts) - 1 - parts[::-1].index(start)
            kept = parts[place + (start == "site-packages") :]
            prefix = "jinja2." if start == "templates" else ""
            return f"{prefix}{'.'.join(kept)}:{function}:{line}"
    return f"python.{parts[-1]}:{function}:{line}"


def _show(title: str, lines: Sequence[Line], key: Callable[[Line], float], count: int) -> None:
    whole = sum(line.own for line in lines)
    print(f"\n{title}\n{'share':>7} {'own s':>8} {'whole s':>8} {'calls':>10}")
    for line in sorted(lines, key=key, reverse=True)[:count]:
        share = key(line) / whole if whole else 0
        print(f"{share:7.1%} {line.own:8.2f} {line.whole:8.2f} {line.calls:10,}  {line.name}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--engine", choices=("python-markdown", "commonmark"), default="python-markdown")
    parser.add_argument("--edited", action="store_true", help="builds that follow an edit of one title")
    parser.add_argument("--top", type=int, default=15, help="functions shown of each stage, default: 15")
    parser.add_argument("--dump", type=Path, metavar="DIR", help="keep what the profiler saw, for snakeviz")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sitegen-profile-") as folder:
        site = Path(folder).resolve()
        write_corpus(given.posts, site / "content")
        shutil.copytree(Path(__file__).parent.parent / "themes", site / "themes")
        settings = f'base_url = "https://archive.example/"\n[markdown]\nengine = "{given.engine}"\n'
        (site / "sitegen.toml").write_text(settings)
        _build(site)  # imports and whatever is only made once
        stages = time_stages(site, cold=not given.edited)
        profiles = profile_stages(site, cold=not given.edited)
    whole = sum(stages.values())
    print(f"{given.posts:,} posts, {given.engine}: {whole:.2f} s of processor time, one job")
    for stage, seconds in stages.items():
        print(f"{seconds / whole:7.1%} {seconds:8.2f} s  {stage}")
    for stage, stats in profiles.items():
        if given.dump:
            given.dump.mkdir(parents=True, exist_ok=True)
            stats.dump_stats(os.fspath(given.dump / f"{stage}.prof"))
        lines = functions(stats)
        _show(f"{stage}: by library", libraries(lines), lambda line: line.own, 8)
        _show(f"{stage}: by own time", lines, lambda line: line.own, given.top)
        _show(f"{stage}: by whole time", lines, lambda line: line.whole, given.top)


if __name__ == "__main__":
    main()
