"""The whole way: read, link, plan, render, index, write."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT
from sitegen.make import Known, Made, Making, Shapes, as_it_is, copy, make, try_templates
from sitegen.pictures import kept_in
from sitegen.plan import BUNDLE
from sitegen.ready import Ready, Task, get_ready, keep
from sitegen.report import Options, Progress, Report
from sitegen.search import index
from sitegen.store import Store
from sitegen.why import parts_of, why
from sitegen.write import Output

_SHAPED = "shaped"


def go(task: Task, store: Store, progress: Progress) -> Report:
    """Build a site. The SiteError of a build that fails carries the warnings too."""
    clock = _Clock()
    ready = get_ready(task, store, progress, clock.lap)
    clock.lap("link")
    try:
        return _make(task, ready, store, progress, clock)
    except SiteError as error:
        # With --strict they are among the problems already.
        raise SiteError(error.problems, () if task.options.strict else ready.warnings) from None


def _make(task: Task, ready: Ready, store: Store, progress: Progress, clock: _Clock) -> Report:
    options, library = task.options, ready.library
    if library is None:
        raise SiteError(ready.problems)
    output = Output(_output(options, task.folder), store.folder, clean=options.clean)
    making = Making(library=library, output=output, site=task.folder, pictures=kept_in(store.folder))
    if ready.problems:
        # A theme that is known to be broken would only be told about once more.
        tried = try_templates(making, library.pages) if ready.theme_is_sound else ()
        raise SiteError([*ready.problems, *tried])
    output.open()
    known = Known(files=store.files(), traces=ready.traces())
    explained: tuple[str, ...] = ()
    if options.explain:
        shaped = parts_of(store.fact(_SHAPED))
        explained = tuple(why(options.explain, ready, making, known, shaped))
    with store.resting():
        made = make(making, ready.stale, known, options.jobs, progress("Rendering", len(ready.stale)))
    made += _others(ready, known)
    clock.lap("render")
    if options.search and task.config.search.enabled:
        progress("Indexing", 0)
        made += copy(_index(made, output, store), output, known.files)
        clock.lap("search")
    changes = output.commit(one.file for one in made)
    with store.changes():
        if not ready.is_kept:
            keep(ready, store)
            store.put_fact(_SHAPED, msgspec.json.encode(Shapes(library).parts()))
        new = (one.rows(output.folder) for one in made if not one.remembered)
        store.put_files(new, known.files.keys() - {one.file.path for one in made})
    clock.lap("write")
    return Report(
        pages=len(ready.pages),
        files=len(made),
        written=changes.written,
        deleted=changes.deleted,
        left_out=ready.left_out,
        warnings=tuple(sorted(ready.warnings)),
        ms=clock.total(),
        stages=clock.laps,
        explained=explained,
        config=task.config,
        store_was_damaged=store.damaged,
    )


def _others(ready: Ready, known: Known) -> list[Made]:
    """The pages that can't be stale, as they are."""
    looked_at = {page.path for page in ready.stale}
    return [as_it_is(known.files[page.path]) for page in ready.pages if page.path not in looked_at]


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
