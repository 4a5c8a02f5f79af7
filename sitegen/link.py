"""Content -> Site: terms, translations, lists, neighbours, related entries, every url."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.config import RESERVED, Config
from sitegen.errors import Problem
from sitegen.model import Content, Entry, Index, Site
from sitegen.recall import Recall, afresh
from sitegen.related import Related, RelatedIn, relate
from sitegen.terms import Taxonomy, gather
from sitegen.urls import fold

#: Key -> taxonomy -> slugs of the entry's terms.
Slugs = Mapping[str, Mapping[str, tuple[str, ...]]]


class Linking(NamedTuple):
    site: Site
    problems: list[Problem]
    warnings: list[Problem]
    taxonomies: Mapping[str, Taxonomy]  #: what the site's terms were made from


def link(content: Content, config: Config, recall: Recall = afresh, *, lazily: bool = False) -> Linking:
    """Join what was read. Two translations into one language are a problem that names both.

    `lazily` leaves what is related to be worked out when it is asked for, entry by entry.
    """
    languages = languages_of(config)
    order = sorted(content.entries.values(), key=newest_first)
    taxonomies = {
        name: gather(name, order, (one for one in content.profiles if one.taxonomy == name), languages)
        for name in config.taxonomies
    }
    translations, problems = _translations(order)
    visible = {lang: visible_in(lang, order, translations, config) for lang in languages}
    slugs = {entry.key: slugs_of(entry, taxonomies) for entry in order}
    newer, older = _neighbours(order)
    site = Site(
        languages=languages,
        entries=content.entries,
        profiles={profile.key: profile for profile in content.profiles},
        indexes=_indexes(content.indexes),
        assets=content.assets,
        sections=_sections(content, config),
        terms={name: taxonomy.terms for name, taxonomy in taxonomies.items()},
        slugs=slugs,
        translations=translations,
        lists={lang: _lists(entries, slugs, config) for lang, entries in visible.items()},
        newer=newer,
        older=older,
        related=related_lazily(visible, slugs) if lazily else _related(visible, slugs, recall),
    )
    return Linking(
        site,
        [*problems, *_names_taken(site, config), *_of(taxonomies, "problems")],
        _of(taxonomies, "warnings"),
        taxonomies,
    )


def languages_of(config: Config) -> tuple[str, ...]:
    """The languages of a site, the first one first."""
    return tuple(sorted(config.languages, key=lambda code: code != config.language))


def _sections(content: Content, config: Config) -> tuple[str, ...]:
    """Every folder with a list: it holds a text, or says of itself what will stand there."""
    described = {index.section for index in content.indexes} - set(config.taxonomies)
    return tuple(sorted((described | {entry.section for entry in content.entries.values()}) - {"pages"}))


def _indexes(indexes: Iterable[Index]) -> dict[str, dict[str, Index]]:
    by_section: defaultdict[str, dict[str, Index]] = defaultdict(dict)
    for index in indexes:
        by_section[index.section][index.lang] = index
    return dict(by_section)


#: What of an entry is only shown: linking and planning look at all the rest.
_ONLY_SHOWN: Mapping[str, object] = {
    "title": "",
    "description": "",
    "excerpt": "",
    "image": "",
    "image_alt": "",
    "updated": None,
    "minutes": 0,
    "views": 0,
    "source_url": "",
    "license": "",
    "extra": {},
    "lines": {},
}


def is_linked_alike(one: Entry, other: Entry) -> bool:
    """Whether a site with the one is, but for the entry itself, the same as with the other."""
    return replace(one, **_ONLY_SHOWN) == replace(other, **_ONLY_SHOWN)


def newest_first(entry: Entry) -> tuple[bool, float, str]:
    """Sort key: dated before undated, newer before older, ties by path."""
    return (entry.date is None, -entry.date.timestamp() if entry.date else 0.0, entry.key)


def slugs_of(entry: Entry, taxonomies: Mapping[str, Taxonomy]) -> dict[str, tuple[str, ...]]:
    """The slugs of an entry's terms, in the order written, each once."""
    return {
        taxonomy: tuple(dict.fromkeys(taxonomies[taxonomy].slugs[fold(name)] for name in names))
        for taxonomy, names in entry.names.items()
    }


def _of(taxonomies: Mapping[str, Taxonomy], what: str) -> list[Problem]:
    return [problem for taxonomy in taxonomies.values() for problem in getattr(taxonomy, what)]


def _names_taken(site: Site, config: Config) -> Iterable[Problem]:
    places = {section: next(iter(indexes.values())).key for section, indexes in site.indexes.items()}
    places |= {entry.section: entry.key for entry in site.entries.values()}
    for section in site.sections:
        key = places[section]
        if section in config.taxonomies:
            yield Problem(
                file=f"content/{key}",
                message=f'the section "{section}" is named like the taxonomy [taxonomies.{section}]',
                hint="rename the folder, or set profiles of the taxonomy to it",
            )
        elif section.casefold() in RESERVED:
            yield Problem(
                file=f"content/{key}",
                message=f'the section "{section}" is named like /{section.casefold()}/, which sitegen fills',
                hint="rename the folder",
            )


def _translations(order: Iterable[Entry]) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    translations: defaultdict[str, dict[str, str]] = defaultdict(dict)
    problems = []
    for entry in order:
        first = translations[entry.translation_key].setdefault(entry.lang, entry.key)
        if first != entry.key:
            problems.append(
                Problem(
                    file=f"content/{entry.key}",
                    line=entry.lines.get("translation_key", 0),
                    message=f'content/{first} is the "{entry.lang}" version of the same text',
                    hint="give one of the two another lang or translation_key",
                )
            )
    return dict(translations), problems


def visible_in(
    lang: str, order: Iterable[Entry], translations: Mapping[str, Mapping[str, str]], config: Config
) -> list[Entry]:
    """The entries that lists in `lang` show: each text once, in that language if it can be had."""
    hide = config.languages[lang].missing_translations == "hide"
    languages = languages_of(config)

    def chosen(versions: Mapping[str, str]) -> str:
        return versions.get(lang) or (
            "" if hide else next(versions[one] for one in languages if one in versions)
        )

    return [entry for entry in order if chosen(translations[entry.translation_key]) == entry.key]


def _lists(visible: Iterable[Entry], slugs: Slugs, config: Config) -> dict[str, tuple[str, ...]]:
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for entry in visible:
        section = config.section(entry.section)
        if entry.section != "pages":
            lists[entry.section].append(entry.key)
        for taxonomy, terms in slugs[entry.key].items():
            for slug in terms:
                lists[f"{taxonomy}/{slug}"].append(entry.key)
        if entry.date and section.dated:
            # Not %Y, which leaves out the zeros of years before 1000 on some systems.
            lists[f"archive/{entry.date.year:04d}"].append(entry.key)
            lists[f"archive/{entry.date.year:04d}/{entry.date.month:02d}"].append(entry.key)
        if section.feed:
            lists[""].append(entry.key)
    return {name: tuple(keys) for name, keys in lists.items()}


def _neighbours(order: Iterable[Entry]) -> tuple[dict[str, str], dict[str, str]]:
    """For each entry, the next newer and the next older of its section and language."""
    newer: dict[str, str] = {}
    older: dict[str, str] = {}
    last: dict[tuple[str, str], str] = {}
    for entry in order:
        place = (entry.section, entry.lang)
        if entry.section != "pages" and place in last:
            newer[entry.key] = last[place]
            older[last[place]] = entry.key
        last[place] = entry.key
    return newer, older


def _related(visible: Mapping[str, list[Entry]], slugs: Slugs, recall: Recall) -> dict[str, tuple[str, ...]]:
    related: dict[str, tuple[str, ...]] = {}
    for lang, entries in visible.items():
        order = [entry.key for entry in entries]
        tags = {key: slugs[key].get("tags", ()) for key in order}
        nearest = recall(f"related in {lang}", tags, partial(relate, order, tags))
        related |= {
            entry.key: tuple(nearest[entry.key])
            for entry in entries
            if entry.lang == lang and entry.key in nearest
        }
    return related


def related_lazily(visible: Mapping[str, Sequence[Entry]], slugs: Slugs) -> RelatedIn:
    """The same as `_related`, worked out when it is asked for."""
    orders = {lang: [entry.key for entry in entries] for lang, entries in visible.items()}
    own = {entry.key: lang for lang, entries in visible.items() for entry in entries if entry.lang == lang}
    tags = {key: terms.get("tags", ()) for key, terms in slugs.items()}
    return RelatedIn({lang: Related(order, tags) for lang, order in orders.items()}, own)
