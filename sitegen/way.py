"""The whole way: read, link, plan, render, index, write."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from sitegen.config import Config, without_effect
from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT, Found
from sitegen.link import link
from sitegen.links import Addresses, dead_links
from sitegen.make import Known, Made, Making, copy, make, try_templates
from sitegen.model import Content
from sitegen.plan import BUNDLE, plan
from sitegen.read import Choice, choose, read
from sitegen.report import Options, Progress, Report
from sitegen.search import index
from sitegen.store import Store
from sitegen.theme import load_theme
from sitegen.view import Library
from sitegen.write import Output


class Task(Struct, frozen=True, kw_only=True):
    """A site to be built, and what is already known of it."""

    folder: Path
    options: Options
    config: Config
    problems: tuple[Problem, ...]  #: of its settings
    found: Found


class _Joined(NamedTuple):
    """All that is to be known before anything is made."""

    content: Content
    library: Library | None  #: None without a theme
    problems: list[Problem]
    warnings: list[Problem]
    theme_is_sound: bool


def go(task: Task, store: Store, progress: Progress) -> Report:
    """Build a site. The SiteError of a build that fails carries the warnings too."""
    clock = _Clock()
    joined = _join(task, store, progress, clock)
    try:
        return _make(task, joined, store, progress, clock)
    except SiteError as error:
        # With --strict they are among the problems already.
        raise SiteError(error.problems, () if task.options.strict else joined.warnings) from None


def _join(task: Task, store: Store, progress: Progress, clock: _Clock) -> _Joined:
    folder, options, config, found = task.folder, task.options, task.config, task.found
    results, _ = read(found, config, store, options.jobs, progress("Reading", len(found.sources)))
    choice = Choice(now=options.now, drafts=options.drafts, future=options.future)
    reading = choose(found, results, choice)
    clock.lap("read")
    linking = link(reading.content, config, store.recall)
    theme, theme_problems = load_theme(folder, config, store.recall)
    pages, collisions = plan(linking.site, config, theme.files if theme else ())
    warnings = [
        *without_effect(folder, config),
        *reading.warnings,
        *linking.warnings,
        *dead_links(Addresses(linking.site, pages), linking.site, reading.content.outlines),
    ]
    problems = [*task.problems, *reading.problems, *linking.problems, *theme_problems, *collisions]
    clock.lap("link")
    return _Joined(
        content=reading.content,
        library=Library(linking.site, config, theme, store.bodies(), pages) if theme else None,
        problems=[*problems, *warnings] if options.strict else problems,
        warnings=warnings,
        theme_is_sound=not theme_problems,
    )


def _make(task: Task, joined: _Joined, store: Store, progress: Progress, clock: _Clock) -> Report:
    options, library = task.options, joined.library
    if library is None:
        raise SiteError(joined.problems)
    output = Output(_output(options, task.folder), store.folder, clean=options.clean)
    making = Making(library=library, output=output, site=task.folder)
    if joined.problems:
        # A theme that is known to be broken would only be told about once more.
        tried = try_templates(making, library.pages) if joined.theme_is_sound else ()
        raise SiteError([*joined.problems, *tried])
    output.open()
    known = Known(files=store.files(), traces={row.path: row for row in store.traces()})
    with store.resting():
        made = make(making, library.pages, known, options.jobs, progress("Rendering", len(library.pages)))
    clock.lap("render")
    if options.search and task.config.search.enabled:
        progress("Indexing", 0)
        made += copy(_index(made, output, store), output, known.files)
        clock.lap("search")
    changes = output.commit(one.file for one in made)
    with store.changes():
        new = (one.rows(output.folder) for one in made if not one.remembered)
        store.put_files(new, known.files.keys() - {one.file.path for one in made})
    clock.lap("write")
    return Report(
        pages=len(library.pages),
        files=len(made),
        written=changes.written,
        deleted=changes.deleted,
        drafts=joined.content.drafts,
        future=joined.content.future,
        warnings=tuple(sorted(joined.warnings)),
        ms=clock.total(),
        stages=clock.laps,
        config=task.config,
        store_was_damaged=store.damaged,
        since=joined.content.since,
        until=joined.content.until,
    )


def _output(options: Options, folder: Path) -> Path:
    """The output folder; raises SiteError for one whose files would be content of the next build."""
    output = options.output or folder / "output"
    if output.resolve().is_relative_to((folder / CONTENT).resolve()):
        raise SiteError([Problem(message=f"{output} lies in {CONTENT}/", hint="build into another folder")])
    return output


def _index(made: list[Made], output: Output, store: Store) -> dict[str, Path]:
    """The files of the search bundle: output path -> file."""
    searched = {one.file.path: one for one in made if one.indexed}
    places = {path: Path(one.file.waiting or output.folder / path) for path, one in searched.items()}
    bundle = index(places, {path: one.indexed for path, one in searched.items()}, store.folder)
    return {f"{BUNDLE}/{name}": path for name, path in bundle.items()}


class _Clock:
    """How long each stage takes, in milliseconds."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.laps: dict[str, int] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round((now - self._last) * 1000)
        self._last = now

    def total(self) -> int:
        return round((time.perf_counter() - self._start) * 1000)
