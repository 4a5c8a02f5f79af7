"""A build up to the point where pages are made: the whole site joined or, after an edit of a few texts, what
was known before, with these texts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem
from sitegen.find import Source
from sitegen.join import join, library_of, read_parts, warnings_of
from sitegen.link import is_linked_alike
from sitegen.links import Addresses, dead_links
from sitegen.model import Entry, LeftOut, Page, Site
from sitegen.read import Choice, Result, notices, outline_of, reread
from sitegen.report import Options, Progress, Report
from sitegen.rows import TraceRow
from sitegen.store import Store
from sitegen.survey import Survey
from sitegen.theme import load_theme
from sitegen.view import Library
from sitegen.watched import body_of


class Task(Survey, frozen=True, kw_only=True):
    """A site to be built, and what is already known of it."""

    options: Options
    last: Report | None  #: of the last build, if only texts have changed since
    edited: tuple[Source, ...] = ()  #: these


class Ready(NamedTuple):
    """All that is to be known before anything is made."""

    site: Site
    library: Library | None  #: None without a theme
    pages: Sequence[Page]
    stale: Sequence[Page]  #: those of `pages` that may have to be made anew
    traces: Callable[[], Mapping[str, TraceRow]]  #: what they were made from when they were made last
    left_out: LeftOut
    problems: list[Problem]
    warnings: list[Problem]
    of_the_whole: Sequence[Problem]  #: those of `warnings` that no single text brings about
    theme_is_sound: bool = True
    is_kept: bool = False  #: the store knows this site and its pages already


class _Linked(Struct, frozen=True):
    """What the store keeps of a join."""

    site: Site  #: its entries aside
    entries: dict[str, msgspec.Raw]
    pages: tuple[Page, ...]
    of_the_whole: tuple[Problem, ...]


_FACT = "linked"

_entry = msgspec.json.Decoder(Entry).decode


class _Entries(Mapping[str, Entry]):
    """Entries as they were kept, each decoded when it is first looked at; and `edited` ones."""

    def __init__(self, kept: dict[str, msgspec.Raw], edited: Mapping[str, Entry]) -> None:
        self._kept, self._edited = kept, edited
        self._known = dict(edited)

    def __getitem__(self, key: str) -> Entry:
        if key not in self._known:
            self._known[key] = _entry(self._kept[key])
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def to_keep(self) -> dict[str, msgspec.Raw]:
        return {**self._kept, **_encoded(self._edited)}


def _encoded(entries: Mapping[str, Entry]) -> dict[str, msgspec.Raw]:
    return {key: msgspec.Raw(msgspec.json.encode(entry)) for key, entry in entries.items()}


def get_ready(task: Task, store: Store, progress: Progress, lap: Callable[[str], None]) -> Ready:
    """Read, link and plan as far as is needed; `lap` as in `read_parts`."""
    return _again(task, store, progress) or _whole(task, store, progress, lap)


def _whole(task: Task, store: Store, progress: Progress, lap: Callable[[str], None]) -> Ready:
    options = task.options
    choice = Choice(now=options.now, drafts=options.drafts, future=options.future)
    parts = read_parts(task, store, options.jobs, progress, lap)
    ready = join(parts, choice, store.recall)
    told = warnings_of(ready)
    problems, warnings = ready.problems(), [*told]
    return Ready(
        site=ready.site,
        library=library_of(ready, store.bodies()),
        pages=ready.pages,
        stale=ready.pages,
        traces=lambda: {row.path: row for row in store.traces()},
        left_out=ready.left_out,
        problems=[*problems, *warnings] if options.strict else problems,
        warnings=warnings,
        of_the_whole=told.of_the_whole,
        theme_is_sound=not parts.theme_problems,
    )


def _again(task: Task, store: Store, progress: Progress) -> Ready | None:
    """What `_whole` would come to, if the edited texts change nothing but what stands in them; else None."""
    if task.last is None or task.options.strict or len(task.edited) > _FEW:
        return None
    again = reread(task.edited, task.config, store)
    linked = msgspec.json.decode(store.fact(_FACT), type=_Linked)
    files = {source.file for source in task.edited}
    if any(one.file in files for one in linked.of_the_whole):
        return None
    entries: dict[str, Entry] = {}
    looked_at: set[str] = set()
    for key, (old, new, body_is_new) in again.items():
        if not _stands_in(old, new) or _Entries(linked.entries, {}).get(key) != old.value:
            return None
        assert isinstance(new.value, Entry)
        entries[key] = new.value
        looked_at |= {key} if old.value != new.value else set()
        looked_at |= {body_of(key)} if body_is_new else set()
    theme, problems = load_theme(task.folder, task.config, store.recall)
    if theme is None or problems:
        return None
    site = replace(linked.site, entries=_Entries(linked.entries, entries), assets=task.found.assets)
    outlines = {key: new.outline for key, (_, new, _) in again.items()}
    edited = replace(site, entries=entries, profiles={})
    dead = dead_links(Addresses(site, linked.pages), edited, outlines, lambda key: outline_of(key, store))
    told = [one for one in task.last.warnings if one.file not in files]
    traces = {row.path: row for row in store.traces_of(looked_at)}
    progress("Reading", len(again))
    return Ready(
        site=site,
        library=Library(site, task.config, theme, store.bodies(), linked.pages),
        pages=linked.pages,
        stale=[page for page in linked.pages if page.path in traces],
        traces=lambda: traces,
        left_out=task.last.left_out,
        problems=[],
        warnings=[*told, *notices(outlines), *dead],
        of_the_whole=linked.of_the_whole,
        is_kept=not any(old.value != new.value for old, new, _ in again.values()),
    )


#: Above this many texts nothing is won by looking at each on its own.
_FEW = 100


def _stands_in(old: Result, new: Result) -> bool:
    """Whether `new` leaves all other texts, links and lists as they are with `old`."""
    return (
        isinstance(old.value, Entry)
        and isinstance(new.value, Entry)
        and not new.problems
        and old.outline.ids == new.outline.ids
        and is_linked_alike(old.value, new.value)
    )


def keep(ready: Ready, store: Store) -> None:
    """Let the next build know what this one was ready to."""
    site = ready.site
    entries = site.entries.to_keep() if isinstance(site.entries, _Entries) else _encoded(site.entries)
    linked = _Linked(replace(site, entries={}), entries, tuple(ready.pages), tuple(ready.of_the_whole))
    store.put_fact(_FACT, msgspec.json.encode(linked))
