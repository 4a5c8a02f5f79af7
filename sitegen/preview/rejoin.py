"""A site of which few texts were edited: joined anew only where the edits reach."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.join import Joined, Parts
from sitegen.link import Linking, Slugs, is_linked_alike, languages_of, newest_first, slugs_of, visible_in
from sitegen.model import Entry, Page, Site
from sitegen.plan import full_pages, plan
from sitegen.read import Choice, Result
from sitegen.related import RelatedIn
from sitegen.terms import Taxonomy, respelt, settle
from sitegen.theme import Theme


def rejoin(last: Joined, parts: Parts, choice: Choice) -> Joined | None:
    """What `join` would make of `parts`, whose mistakes are none, if it can be had from `last`; else None.

    `last` was joined lazily and without mistakes, of the same choice but for the time.
    """
    old = last.parts
    if (
        parts.theme is None
        or parts.config != old.config
        or parts.results.keys() != old.results.keys()
        or parts.found.assets.keys() != old.found.assets.keys()
        or parts.pictures != old.pictures
    ):
        return None
    known = old.results
    changed = {
        key: one for key, one in parts.results.items() if parts.results is not known and one is not known[key]
    }
    edited = _entries_of(last, changed, choice)
    linking = relink(last.linking, edited, parts.config) if edited is not None else None
    if edited is None or linking is None:
        return None
    content, assets = last.content, parts.found.assets
    if assets is not content.assets:
        linking = linking._replace(site=replace(linking.site, assets=assets))
    outlines = {key: one.outline for key, one in changed.items() if key in content.outlines}
    content = replace(
        content,
        entries=linking.site.entries,
        outlines={**content.outlines, **outlines},
        assets=assets,
    )
    joined = replace(last, parts=parts, content=content, linking=linking)
    pages, collisions = _pages(last, joined)
    return replace(joined, pages=pages, collisions=tuple(collisions))


def _entries_of(last: Joined, changed: Mapping[str, Result], choice: Choice) -> dict[str, Entry] | None:
    """The entries among the texts that are others now; None if one comes or goes, or is no entry."""
    edited = {}
    for key, one in changed.items():
        old, new = last.parts.results[key].value, one.value
        if old == new or (_is_hidden_draft(old, choice) and _is_hidden_draft(new, choice)):
            continue
        if not isinstance(new, Entry) or not _is_shown(new, last, choice):
            return None
        edited[key] = new
    return edited


def _is_hidden_draft(value: object, choice: Choice) -> bool:
    return isinstance(value, Entry) and value.draft and not choice.drafts


def _is_shown(entry: Entry, last: Joined, choice: Choice) -> bool:
    """Whether an entry was shown and still is."""
    future = entry.date is not None and entry.date > choice.now and not choice.future
    return entry.key in last.content.entries and not future and (choice.drafts or not entry.draft)


def relink(linking: Linking, edited: Mapping[str, Entry], config: Config) -> Linking | None:
    """What `link` would give with the entries `edited`; None when all has to be linked for it."""
    if not edited:
        return linking
    site = linking.site
    pairs = [(site.entries[key], new) for key, new in edited.items() if key in site.entries]
    if len(pairs) < len(edited) or not all(_stays(old, new) for old, new in pairs):
        return None
    site = replace(site, entries={**site.entries, **edited})
    renamed = {name for old, new in pairs for name in _changed_names(old, new)}
    return _with_names(linking, site, pairs, renamed, config) if renamed else linking._replace(site=site)


def _stays(old: Entry, new: Entry) -> bool:
    """Whether all that entries are joined by is the same, their names aside."""
    return is_linked_alike(replace(old, names=new.names), new)


def _changed_names(old: Entry, new: Entry) -> list[str]:
    return [one for one in {*old.names, *new.names} if old.names.get(one, ()) != new.names.get(one, ())]


def _with_names(
    linking: Linking, site: Site, pairs: Sequence[tuple[Entry, Entry]], renamed: Iterable[str], config: Config
) -> Linking | None:
    """The site with the terms of `renamed` taxonomies settled anew."""
    taxonomies = dict(linking.taxonomies)
    for name in renamed:
        old = taxonomies[name]
        profiles = (one for one in site.profiles.values() if one.taxonomy == name)
        spellings = respelt(old.spellings, name, pairs)
        taxonomies[name] = settle(name, spellings, _in_order(site), profiles, languages_of(config))
        if _moved(old, taxonomies[name]):
            return None
    slugs = {**site.slugs, **{new.key: slugs_of(new, taxonomies) for _, new in pairs}}
    lists = {lang: dict(named) for lang, named in site.lists.items()}
    for _, entry in pairs:
        for lang in site.languages:
            if visible_in(lang, [entry], site.translations, config):
                _relist(lists[lang], entry, site, slugs)
    assert isinstance(site.related, RelatedIn)
    site = replace(
        site,
        terms={name: taxonomy.terms for name, taxonomy in taxonomies.items()},
        slugs=slugs,
        lists=lists,
        related=site.related.with_tags({new.key: slugs[new.key].get("tags", ()) for _, new in pairs}),
    )
    warnings = [warning for taxonomy in taxonomies.values() for warning in taxonomy.warnings]
    return Linking(site, linking.problems, warnings, taxonomies)


def _in_order(site: Site) -> Iterator[Entry]:
    """The entries, newest first, sorted once somebody looks."""
    yield from sorted(site.entries.values(), key=newest_first)


def _moved(old: Taxonomy, new: Taxonomy) -> bool:
    """Whether a name that is still used belongs to another slug now."""
    return any(new.slugs.get(folded, slug) != slug for folded, slug in old.slugs.items())


def _relist(lists: dict[str, tuple[str, ...]], entry: Entry, site: Site, slugs: Slugs) -> None:
    """Bring the lists of terms up to date that an entry has left or come to."""
    old, new = (
        {f"{taxonomy}/{slug}" for taxonomy, terms in one[entry.key].items() for slug in terms}
        for one in (site.slugs, slugs)
    )
    for name in old - new:
        lists[name] = tuple(key for key in lists[name] if key != entry.key)
        if not lists[name]:
            del lists[name]
    for name in new - old:
        keys = lists.get(name, ())
        place = bisect_left(keys, newest_first(entry), key=lambda key: newest_first(site.entries[key]))
        lists[name] = (*keys[:place], entry.key, *keys[place:])


def _pages(last: Joined, joined: Joined) -> tuple[Sequence[Page], Sequence[Problem]]:
    """The plan, which few edits change, and its collisions."""
    theme, old, pages = joined.parts.theme, last.parts.theme, last.pages
    assert theme and old
    if _outline(joined) == _outline(last):
        if old.files.keys() == theme.files.keys():
            return pages, ()
        if moved := _with_files(pages, old, theme):
            return moved, ()
    return plan(joined.site, joined.parts.config, theme.files)


def _with_files(pages: Sequence[Page], old: Theme, new: Theme) -> list[Page] | None:
    """The plan with the files of another theme; None where they aren't among themselves in their folder."""
    was, rest = _folder_of(pages, old.assets)
    if [page.path for page in was] != sorted(old.files) or any(page.kind != "theme-file" for page in was):
        return None
    taken, others = _folder_of(rest, new.assets)
    if taken:
        return None
    files = [Page(path=path, kind="theme-file", url=f"/{path}", key=path) for path in sorted(new.files)]
    place = bisect_left(others, f"{new.assets}/", key=lambda page: page.path)
    return [*others[:place], *files, *others[place:]]


def _folder_of(pages: Sequence[Page], folder: str) -> tuple[Sequence[Page], list[Page]]:
    """What of a plan, which is sorted by path, lies in a folder, and what does not."""
    # "0" follows "/" in order.
    start, end = (bisect_left(pages, f"{folder}{sign}", key=lambda page: page.path) for sign in "/0")
    return pages[start:end], [*pages[:start], *pages[end:]]


def _outline(joined: Joined) -> object:
    """All that the plan of a site depends on, as far as edits of entries can change it."""
    site, size = joined.site, joined.parts.config.page_size
    lists = {
        lang: {name: full_pages(len(keys), size) for name, keys in named.items()}
        for lang, named in site.lists.items()
    }
    terms = {name: {slug: term.former for slug, term in terms.items()} for name, terms in site.terms.items()}
    return lists, terms
