"""Pages that were asked for, kept while they are fresh."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.asking import Trace, Verifier
from sitegen.errors import Problem, SiteError
from sitegen.identity import digest
from sitegen.model import Page
from sitegen.preview.edition import Edition
from sitegen.preview.seen import Seen
from sitegen.render import render
from sitegen.templates import explain
from sitegen.urls import output_path
from sitegen.watched import body_of

#: How many pages are kept, the last ones asked for.
KEPT = 250

#: How many pages, the last ones asked for, are compared before they are told as changed: of the others only
#: their traces tell, which may say more.
COMPARED = 30

#: Kinds of pages that are rendered at each request: to see whether they are fresh takes as long.
_NEVER_KEPT = ("sitemap", "sitemap-index")


class Kept(Struct, frozen=True, kw_only=True):
    """A page as `build` would write it."""

    page: Page
    shape: str
    trace: Trace
    seen: frozenset[str]  #: see `watched.Seen`
    data: bytes
    etag: str
    ms: float  #: how long it took to render
    why: str = ""  #: the question whose answer has changed, for which it was rendered again; see `asking`


class Shelf:
    """The pages of the edition that is shown."""

    def __init__(self, edition: Edition, site: Path) -> None:
        self._site = site
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._missing: OrderedDict[str, str] = OrderedDict()  #: path -> url, of what was asked for in vain
        self._failed: dict[str, str] = {}  #: the same, of pages that could not be rendered
        self._why: dict[str, str] = {}
        self.edition = edition

    def page(self, path: str) -> Page | None:
        """The file that the output has at `path`; one that is missing is remembered."""
        found = self.edition.pages.get(path)
        if found is None:
            with self._lock:
                self._missing[path] = "/" + path.removesuffix("index.html")
                if not path.endswith("/index.html"):
                    self._missing[f"{path}/index.html"] = f"/{path}/"
                while len(self._missing) > KEPT:
                    self._missing.popitem(last=False)
        return found

    def rendered(self, page: Page) -> Kept:
        """The page as `build` would write it. Raises SiteError with a template's mistake."""
        with self._lock:
            page = self.edition.pages.get(page.path, page)
            kept = self._kept.get(page.path)
            if kept is None:
                kept = self._render(page)
            if page.kind not in _NEVER_KEPT:
                self._kept[page.path] = kept
                self._kept.move_to_end(page.path)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return kept

    def _render(self, page: Page) -> Kept:
        begun = time.perf_counter()
        library = self.edition.library
        try:
            made = render(page, library)
        except Exception as error:  # a template may raise anything
            self._failed[page.path] = page.url
            folders, environment = library.theme.folders, library.theme.environment
            raise SiteError([explain(error, self._site, folders, environment)]) from None
        return Kept(
            page=page,
            shape=self.edition.shapes.of(page),
            trace=made.trace,
            seen=made.seen,
            data=made.data,
            etag=digest(made.data),
            ms=(time.perf_counter() - begun) * 1000,
            why=self._why.pop(page.path, ""),
        )

    def try_out(self, edition: Edition) -> None:
        """Render, of each kind of page that was asked for, the last one. Raises SiteError."""
        samples = {kept.page.kind: edition.pages.get(path) for path, kept in self._kept.items()}
        trial = Shelf(edition, self._site)
        problems: list[Problem] = []
        for page in samples.values():
            try:
                trial.rendered(page) if page else None
            except SiteError as error:
                problems += error.problems
        if problems:
            raise SiteError(problems)

    def turn(self, new: Edition) -> list[str]:
        """Show `new` from now on. Returns the urls of what differs, as far as it was asked for or edited.

        A stylesheet of the theme is named alone, without the pages that it has a new address in.
        """
        with self._lock:
            old, self.edition = self.edition, new
            sheets = changed_sheets(old.seen, new.seen)
            changed = {*sheets, *_edited(old, new, self._kept), *_files(old, new), *self._failed.values()}
            changed.update(url for path, url in self._missing.items() if path in new.pages)
            self._failed.clear()
            self._missing = OrderedDict(one for one in self._missing.items() if one[0] not in new.pages)
            changed.update(self._stale(_touched(old, new), bool(sheets)))
            return sorted(changed)

    def _stale(self, touched: set[str] | None, styled: bool) -> Iterator[str]:
        """Let go of pages that are fresh no more, and tell the urls of those that look different.

        What is different but for its stylesheet only, when that is `styled`, is not told.
        """
        verifier = Verifier(self.edition.library)
        comparisons = COMPARED
        for path, kept in reversed(list(self._kept.items())):
            if touched is not None and not kept.seen & touched:
                continue
            answer = self._change(kept, verifier)
            if not answer:
                # The same answers may have been found by looking at something else.
                self._kept[path] = replace(kept, seen=verifier.seen(kept.trace))
                continue
            del self._kept[path]
            self._why[path] = answer
            # A search under way isn't begun anew because of what it has read in.
            if (answer == "shape" and styled) or kept.page.kind == "titles":
                continue
            comparisons -= 1
            if comparisons < 0 or not self._looks_the_same(kept):
                yield kept.page.url

    def _change(self, kept: Kept, verifier: Verifier) -> str:
        """What of all that a page was made from is different now: a question, or "plan", or "shape"."""
        if self.edition.pages.get(kept.page.path) != kept.page:
            return "plan"
        fresh = self.edition.shapes.of(kept.page) == kept.shape
        return verifier.first_change(kept.trace) or ("" if fresh else "shape")

    def _looks_the_same(self, kept: Kept) -> bool:
        page = self.edition.pages.get(kept.page.path)
        try:
            return page is not None and self.rendered(page).data == kept.data
        except SiteError:
            return False


def _touched(old: Edition, new: Edition) -> set[str] | None:
    """What pages must have looked at to be another one now (see `watched.Seen`); None if it may be any."""
    before, after = old.site, new.site
    same = (
        *(old.pages is new.pages, old.seen.theme is new.seen.theme, old.seen.config is new.seen.config),
        *(before.lists is after.lists, before.related is after.related, before.terms is after.terms),
        *(before.profiles is after.profiles, before.assets is after.assets, before.indexes is after.indexes),
    )
    if not all(same):
        return None
    entries = _others(before.entries, after.entries)
    return entries | {body_of(key) for key in _others(old.seen.bodies, new.seen.bodies)}


def _others(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    """The keys of `new` under which `old` has something else, or nothing."""
    if old is new:
        return set()
    known = old.get
    return {key for key, one in new.items() if one is not known(key) and one != known(key)}


def _edited(old: Edition, new: Edition, kept: OrderedDict[str, Kept]) -> Iterator[str]:
    """The pages of entries that nobody asked for yet and that came, went, or would look different."""
    before, after = old.site.entries, new.site.entries
    for key in before.keys() ^ after.keys():
        yield (before.get(key) or after[key]).url
    for key in (
        (_others(before, after) | _others(old.seen.bodies, new.seen.bodies)) & before.keys() & after.keys()
    ):
        entry = after[key]
        faces = [
            (one.library.view(entry.lang).post(key), one.seen.bodies[key], one.site.entries[key].url)
            for one in (old, new)
        ]
        if output_path(entry.url) not in kept and faces[0] != faces[1]:
            yield entry.url


def _files(old: Edition, new: Edition) -> Iterator[str]:
    """The copied files that came, went, or changed."""
    before, after = old.site.assets, new.site.assets
    if before is not after:
        for path in before.keys() | after.keys():
            if path not in before or path not in after or before[path].identity != after[path].identity:
                yield f"/{path}"


def changed_sheets(old: Seen, new: Seen) -> list[str]:
    """The urls of the theme's stylesheets that changed, if nothing else of how pages look has."""
    before, after = old.theme, new.theme
    if before is after or before is None or after is None or old.config != new.config:
        return []
    if (before.digests, before.settings, before.texts) != (after.digests, after.settings, after.texts):
        return []
    known, static = _static(old), _static(new)
    changed = [name for name in known.keys() | static.keys() if known.get(name) != static.get(name)]
    return [f"/{after.assets}/{name}" for name in changed] if _all_sheets(changed) else []


def _all_sheets(names: list[str]) -> bool:
    return all(name.endswith(".css") for name in names)


def _static(seen: Seen) -> dict[str, str]:
    """The files of the theme's static folders by name, each with its identity."""
    assert seen.theme is not None
    start = len(seen.theme.assets) + 1
    return {path[start:]: seen.theme_files.get(str(file), "") for path, file in seen.theme.files.items()}
