"""A Site whose entries were edited: joined anew only where the edit reaches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sitegen.config import Config
from sitegen.link import (
    Linking,
    Slugs,
    is_linked_alike,
    languages_of,
    newest_first,
    related_lazily,
    slugs_of,
    visible_in,
)
from sitegen.model import Entry, Site
from sitegen.terms import Taxonomy, gather


def relink(linking: Linking, edited: Mapping[str, Entry], config: Config) -> Linking | None:
    """What `link` would give with the entries `edited`; None when all has to be linked for it.

    The problems of `linking` must be none, and its relations lazy.
    """
    site = linking.site
    olds = {key: site.entries.get(key) for key in edited}
    pairs = [(old, edited[key]) for key, old in olds.items() if old is not None]
    if len(pairs) < len(edited) or not all(_stays(old, new) for old, new in pairs):
        return None
    site = replace(site, entries={**site.entries, **edited})
    renamed = {name for old, new in pairs for name in _changed_names(old, new)}
    if not renamed:
        return linking._replace(site=site)
    return _with_names(linking, site, edited.values(), renamed, config)


def _stays(old: Entry, new: Entry) -> bool:
    """Whether all that entries are joined by is the same, their names aside."""
    return is_linked_alike(replace(old, names=new.names), new)


def _changed_names(old: Entry, new: Entry) -> list[str]:
    return [one for one in {*old.names, *new.names} if old.names.get(one, ()) != new.names.get(one, ())]


def _with_names(
    linking: Linking, site: Site, edited: Iterable[Entry], renamed: Iterable[str], config: Config
) -> Linking | None:
    """The site with the terms of `renamed` taxonomies gathered anew."""
    order = sorted(site.entries.values(), key=newest_first)
    taxonomies = dict(linking.taxonomies)
    for name in renamed:
        profiles = (one for one in site.profiles.values() if one.taxonomy == name)
        taxonomies[name] = gather(name, order, profiles, languages_of(config))
        if _moved(linking.taxonomies[name], taxonomies[name]):
            return None
    slugs = {**site.slugs, **{entry.key: slugs_of(entry, taxonomies) for entry in edited}}
    visible = {lang: visible_in(lang, order, site.translations, config) for lang in site.languages}
    lists = {lang: dict(named) for lang, named in site.lists.items()}
    for entry in edited:
        for lang, shown in visible.items():
            if shown[bisect_left(shown, newest_first(entry), key=newest_first) :][:1] == [entry]:
                _relist(lists[lang], entry, site, slugs)
    site = replace(
        site,
        terms={name: taxonomy.terms for name, taxonomy in taxonomies.items()},
        slugs=slugs,
        lists=lists,
        related=related_lazily(visible, slugs),
    )
    warnings = [warning for taxonomy in taxonomies.values() for warning in taxonomy.warnings]
    return Linking(site, linking.problems, warnings, taxonomies)


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
