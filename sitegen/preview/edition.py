"""The site as it stood at one moment when nothing was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config import Config
from sitegen.errors import Problem, SiteError
from sitegen.link import Linking, link
from sitegen.make import Shapes
from sitegen.model import Content, Entry, Page, Site
from sitegen.plan import full_pages, plan
from sitegen.preview.bodies import Bodies, Press
from sitegen.preview.relink import relink
from sitegen.preview.seen import Seen, Wish
from sitegen.read import Choice, choose
from sitegen.theme import Theme
from sitegen.view import Library


class Edition(Struct, frozen=True, kw_only=True):
    seen: Seen
    content: Content
    linking: Linking
    library: Library
    pages: Mapping[str, Page]  #: by path
    shapes: Shapes


def bring_out(seen: Seen, press: Press, wish: Wish, last: Edition | None = None) -> Edition:
    """The edition that follows `last`. Raises SiteError with everything that is wrong.

    Where only words of entries have changed since, all else is taken from the last one.
    """
    theme, wrong = seen.theme, _wrong(seen)
    if last and wrong:  # to join the rest, only to find what more is wrong, would keep the writer waiting
        raise SiteError(wrong)
    known = _edited(seen, last, wish) if last and theme else None
    if known is not None and last and theme:
        content, linking = known
        pages = _pages(linking.site, seen, theme, last)
    else:
        choice = Choice(now=wish.now(), drafts=wish.drafts)
        reading = choose(seen.found, seen.results, choice)
        content, linking = reading.content, link(reading.content, seen.config, lazily=True)
        linking = linking._replace(site=replace(linking.site, pictures=seen.pictures))
        pages, collisions = plan(linking.site, seen.config, theme.files if theme else ())
        if wrong or linking.problems or collisions or theme is None:
            raise SiteError([*wrong, *linking.problems, *collisions])
    library = Library(linking.site, seen.config, theme, Bodies(press, seen.bodies), pages)
    same = last is not None and pages is last.library.pages
    return Edition(
        seen=seen,
        content=content,
        linking=linking,
        library=library,
        pages=last.pages if last and same else {page.path: page for page in pages},
        shapes=Shapes(library),
    )


def _wrong(seen: Seen) -> list[Problem]:
    """What is wrong with single files."""
    return [
        *(*seen.config_problems, *seen.found.problems, *seen.theme_problems),
        *(problem for one in seen.results.values() for problem in one.problems),
    ]


def _edited(seen: Seen, last: Edition, wish: Wish) -> tuple[Content, Linking] | None:
    """What was read and how it is joined, if nothing but words of entries has changed; else None."""
    old, new = last.seen, seen
    if (
        new.config != old.config
        or new.results.keys() != old.results.keys()
        or new.found.assets.keys() != old.found.assets.keys()
        or new.pictures != old.pictures
    ):
        return None
    changed = {key: one for key, one in new.results.items() if one is not old.results[key]}
    values = {key: one.value for key, one in changed.items() if one.value != old.results[key].value}
    edited = {key: one for key, one in values.items() if isinstance(one, Entry)}
    if len(edited) < len(values) or not all(_is_shown(entry, last, wish) for entry in edited.values()):
        return None
    linking = relink(last.linking, edited, new.config) if edited else last.linking
    if linking is None:
        return None
    content, assets = last.content, new.found.assets
    outlines = {key: one.outline for key, one in changed.items() if key in content.outlines}
    content = replace(
        content,
        entries={**content.entries, **edited},
        outlines={**content.outlines, **outlines},
        assets=assets,
    )
    if assets is not linking.site.assets:
        linking = linking._replace(site=replace(linking.site, assets=assets))
    return content, linking


def _is_shown(entry: Entry, last: Edition, wish: Wish) -> bool:
    """Whether an entry was shown and still is."""
    future = entry.date is not None and entry.date > wish.now()
    return entry.key in last.content.entries and not future and (wish.drafts or not entry.draft)


def _pages(site: Site, seen: Seen, theme: Theme, last: Edition) -> Sequence[Page]:
    """The plan, which few edits change. Raises SiteError when two sources have one path."""
    pages, styled = last.library.pages, last.library.theme.files.keys() == theme.files.keys()
    if _outline(site, seen.config) == _outline(last.linking.site, seen.config):
        if styled:
            return pages
        others = [page for page in pages if page.kind != "theme-file"]
        if not any(page.path.startswith(f"{theme.assets}/") for page in others):
            files = (Page(path=path, kind="theme-file", url=f"/{path}", key=path) for path in theme.files)
            return sorted([*others, *files], key=lambda page: page.path)
    pages, collisions = plan(site, seen.config, theme.files)
    if collisions:
        raise SiteError(collisions)
    return pages


def _outline(site: Site, config: Config) -> object:
    """All that the plan of a site depends on, as far as words of entries can change it."""
    lists = {
        lang: {name: full_pages(len(keys), config.page_size) for name, keys in named.items()}
        for lang, named in site.lists.items()
    }
    terms = {name: {slug: term.former for slug, term in terms.items()} for name, terms in site.terms.items()}
    return lists, terms
