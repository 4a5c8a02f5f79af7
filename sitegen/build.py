"""The whole way: read, link, plan, render, index, write."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from sitegen.config import Config, read_config
from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT, find
from sitegen.jobs import spread
from sitegen.link import link
from sitegen.links import Addresses, dead_links
from sitegen.manifest import sha256
from sitegen.model import Page
from sitegen.plan import BUNDLE, plan
from sitegen.read import Choice, read
from sitegen.render import Renderer
from sitegen.search import index, indexed_part
from sitegen.theme import explain, load_theme
from sitegen.view import Library
from sitegen.write import Output, Staged

STORE = ".sitegen"

#: Takes what begins and how many steps it has; returns what is called after each step.
Progress = Callable[[str, int], Callable[[], None]]


def silent(_stage: str, _steps: int) -> Callable[[], None]:
    """Show no progress."""
    return lambda: None


class Options(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard wants of a build."""

    output: Path | None = None  #: by default output/ in the site
    clean: bool = False  #: trust nothing that is there, write every file anew
    drafts: bool = False
    future: bool = False
    search: bool = True
    jobs: int = 1
    strict: bool = False  #: warnings are errors
    now: datetime = datetime.min.replace(tzinfo=UTC)


class Report(Struct, frozen=True, kw_only=True):
    """What a build did."""

    pages: int  #: files in the output, the search bundle and the manifest aside
    written: int
    deleted: int
    drafts: tuple[str, ...]  #: keys of drafts that were left out
    future: tuple[str, ...]
    warnings: tuple[Problem, ...]
    ms: int
    stages: dict[str, int]  #: stage -> milliseconds
    config: Config


class _Made(Struct, frozen=True):
    """What became of one page."""

    file: Staged | None = None
    indexed: str = ""  #: digest of what the search index reads of it; "" when it is not searched
    problem: Problem | None = None


def build(folder: Path, options: Options, progress: Progress = silent) -> Report:
    """Build the site in `folder`. Raises SiteError with everything that is wrong; then nothing changed."""
    clock = _Clock()
    config, problems = read_config(folder)
    found = find(folder, config)
    choice = Choice(now=options.now, drafts=options.drafts, future=options.future)
    reading = read(found, config, choice, options.jobs, progress("Reading", len(found.sources)))
    clock.lap("read")
    linking = link(reading.content, config)
    theme, theme_problems = load_theme(folder, config)
    pages, collisions = plan(linking.site, config, theme.files if theme else ())
    addresses = Addresses(linking.site, pages)
    bodies = reading.content.bodies
    warnings = [*reading.warnings, *linking.warnings, *dead_links(addresses, linking.site, bodies)]
    clock.lap("link")
    problems += [*reading.problems, *linking.problems, *theme_problems, *collisions]
    problems += warnings if options.strict else []
    renderer = Renderer(Library(linking.site, config, theme, bodies, addresses), pages) if theme else None
    if problems or not renderer:
        # A theme that is known to be broken would only be told about once more.
        tried = _try_templates(renderer, pages, folder) if renderer and not theme_problems else ()
        raise SiteError([*problems, *tried])
    output = Output(_output(options, folder), folder / STORE, clean=options.clean)
    output.open()
    made = _make_all(renderer, output, pages, folder, options.jobs, progress("Rendering", len(pages)))
    clock.lap("render")
    if options.search and config.search.enabled:
        made += _index(made, output, folder / STORE, progress("Indexing", 0))
        clock.lap("search")
    changes = output.commit(one.file for one in made if one.file)
    clock.lap("write")
    return Report(
        pages=len(pages),
        written=changes.written,
        deleted=changes.deleted,
        drafts=reading.content.drafts,
        future=reading.content.future,
        warnings=tuple(sorted(warnings)),
        ms=clock.total(),
        stages=clock.laps,
        config=config,
    )


def _output(options: Options, folder: Path) -> Path:
    """The output folder; raises SiteError for one whose files would be content of the next build."""
    output = options.output or folder / "output"
    if output.resolve().is_relative_to((folder / CONTENT).resolve()):
        raise SiteError([Problem(message=f"{output} lies in {CONTENT}/", hint="build into another folder")])
    return output


def _make_all(
    renderer: Renderer,
    output: Output,
    pages: list[Page],
    folder: Path,
    jobs: int,
    advance: Callable[[], None],
) -> list[_Made]:
    """Make every page; raises SiteError with the mistakes of the templates, each once."""
    # What exists so far lives to the end; a collection in a worker would only copy its pages.
    gc.freeze()
    made = []
    for one in spread(partial(_make, renderer, output, folder), pages, jobs):
        advance()
        made.append(one)
    problems = [one.problem for one in made if one.problem]
    if problems:
        raise SiteError(problems)
    return made


def _make(renderer: Renderer, output: Output, folder: Path, page: Page) -> _Made:
    try:
        return _stage(renderer, output, folder, page)
    except OSError as error:  # a file that is gone since it was found, a disk that is full
        reason = (error.strerror or str(error)).lower()
        return _Made(problem=Problem(file=page.origin, message=f"/{page.path} can not be made: {reason}"))


def _stage(renderer: Renderer, output: Output, folder: Path, page: Page) -> _Made:
    library = renderer.library
    if page.kind == "asset":
        return _Made(output.stage_file(page.path, Path(library.site.assets[page.key].source)))
    if page.kind == "theme-file":
        return _Made(output.stage_file(page.path, library.theme.files[page.key]))
    try:
        data = renderer.render(page)
    except Exception as error:  # a template may raise anything
        return _Made(problem=explain(error, folder, library.theme))
    searched = page.kind == "post" and library.config.section(library.site.entries[page.key].section).search
    return _Made(output.stage(page.path, data), sha256(indexed_part(data)) if searched else "")


def _try_templates(renderer: Renderer, pages: list[Page], folder: Path) -> list[Problem]:
    """The mistakes that one page of each kind brings to light, for a list of all that is wrong."""
    problems = []
    for page in {page.kind: page for page in pages if page.kind not in ("asset", "theme-file")}.values():
        try:
            renderer.render(page)
        except Exception as error:
            problems.append(explain(error, folder, renderer.library.theme))
    return problems


def _index(made: list[_Made], output: Output, store: Path, advance: Callable[[], None]) -> list[_Made]:
    searched = {one.file.path: one for one in made if one.file and one.indexed}
    places = {
        path: Path(one.file.waiting) if one.file and one.file.waiting else output.folder / path
        for path, one in searched.items()
    }
    bundle = index(places, {path: one.indexed for path, one in searched.items()}, store)
    advance()
    return [_Made(output.stage_file(f"{BUNDLE}/{name}", path)) for name, path in bundle.items()]


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
