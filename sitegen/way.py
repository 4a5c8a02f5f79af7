"""The whole way: read, link, plan, render, index, write."""

from __future__ import annotations

import time
from pathlib import Path

from sitegen.config import Config, without_effect
from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT, Found
from sitegen.link import link
from sitegen.links import Addresses, dead_links
from sitegen.make import Made, Making, copy, make, try_templates
from sitegen.plan import BUNDLE, plan
from sitegen.read import Choice, choose, read
from sitegen.report import Options, Progress, Report
from sitegen.search import index
from sitegen.store import Store
from sitegen.theme import load_theme
from sitegen.view import Library
from sitegen.write import Output


def go(
    folder: Path,
    options: Options,
    config: Config,
    problems: list[Problem],
    warnings: list[Problem],
    found: Found,
    store: Store,
    progress: Progress,
) -> Report:
    """Build the site in `folder`, whose settings and files are already known.

    `warnings` takes in what is found on the way, so that they can be told of a build that fails, too.
    """
    clock = _Clock()
    results, _ = read(found, config, store, options.jobs, progress("Reading", len(found.sources)))
    choice = Choice(now=options.now, drafts=options.drafts, future=options.future)
    reading = choose(found, results, choice)
    clock.lap("read")
    linking = link(reading.content, config, store.recall)
    theme, theme_problems = load_theme(folder, config, store.recall)
    pages, collisions = plan(linking.site, config, theme.files if theme else ())
    warnings += [
        *without_effect(folder, config),
        *reading.warnings,
        *linking.warnings,
        *dead_links(Addresses(linking.site, pages), linking.site, reading.content.outlines),
    ]
    clock.lap("link")
    problems += [*reading.problems, *linking.problems, *theme_problems, *collisions]
    problems += warnings if options.strict else []
    if theme is None:
        raise SiteError(problems)
    library = Library(linking.site, config, theme, store.bodies(), pages)
    output = Output(_output(options, folder), store.folder, clean=options.clean)
    making = Making(library=library, output=output, site=folder)
    if problems:
        # A theme that is known to be broken would only be told about once more.
        raise SiteError([*problems, *(() if theme_problems else try_templates(making, pages))])
    output.open()
    rows = store.files()
    with store.resting():
        made = make(making, pages, rows, options.jobs, progress("Rendering", len(pages)))
    clock.lap("render")
    if options.search and config.search.enabled:
        progress("Indexing", 0)
        made += copy(_index(made, output, store), output, rows)
        clock.lap("search")
    changes = output.commit(one.file for one in made)
    with store.changes():
        known = {path: one.row(output.folder) for one in made if (path := one.file.path)}
        store.put_files(
            (row for path, row in known.items() if rows.get(path) != row), rows.keys() - known.keys()
        )
    clock.lap("write")
    return Report(
        pages=len(pages),
        files=len(made),
        written=changes.written,
        deleted=changes.deleted,
        drafts=reading.content.drafts,
        future=reading.content.future,
        warnings=tuple(sorted(warnings)),
        ms=clock.total(),
        stages=clock.laps,
        config=config,
        store_was_damaged=store.damaged,
        since=reading.content.since,
        until=reading.content.until,
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
