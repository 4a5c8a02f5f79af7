"""The small index of the search: what can be found where Pagefind can not be loaded, as from a disk.

A classic script, since a page that is opened from a disk may load nothing else. It says
`sitegen_titles[LANGUAGE] = {"terms": {FACET: [[NAME, OTHER NAMES], …]}, "entries": [ENTRY, …]}`; an entry is
`[ADDRESS, TITLE, DESCRIPTION, DATE, PICTURE, {FACET: [NUMBER OF A TERM, …]}]`. Addresses begin at the site's
root, without a slash, and are percent-encoded; the date is that of the entry's own zone.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct

from sitegen.config import Config
from sitegen.model import Entry, Site
from sitegen.urls import encode

#: What a filter is called, where it is not called like its taxonomy.
FACETS = {"tags": "tag", "authors": "author", "categories": "category", "groups": "group"}


class Titles(Struct, frozen=True, kw_only=True):
    terms: dict[str, list[tuple[str, str]]]  #: facet -> name and other names
    entries: list[tuple[str, str, str, str, str, dict[str, list[int]]]]


def titles(site: Site, config: Config, lang: str, picture: Callable[[Entry], str]) -> Titles:
    """The entries of one language that are searched, in the order of their keys.

    `picture` tells the address of an entry's picture, "" if it has none.
    """
    found = Titles(terms={}, entries=[])
    numbers: dict[tuple[str, str], int] = {}
    searched = {name: config.section(name).search for name in {one.section for one in site.entries.values()}}
    for entry in site.entries.values():
        if entry.lang != lang or not searched[entry.section]:
            continue
        terms: dict[str, list[int]] = {}
        for taxonomy, slugs in site.slugs[entry.key].items():
            known = found.terms.setdefault(FACETS.get(taxonomy, taxonomy), [])
            for slug in slugs:
                if (taxonomy, slug) not in numbers:
                    numbers[taxonomy, slug] = len(known)
                    term = site.terms[taxonomy][slug]
                    known.append((term.names[lang], " ".join(term.spellings)))
            if slugs:
                terms[FACETS.get(taxonomy, taxonomy)] = [numbers[taxonomy, slug] for slug in slugs]
        date = entry.date.date().isoformat() if entry.date else ""
        words = entry.description or entry.excerpt
        found.entries.append((encode(entry.url)[1:], entry.title, words, date, picture(entry), terms))
    return found


def script(found: Titles, lang: str) -> bytes:
    """The script that says it."""
    data, name = (msgspec.json.encode(one) for one in (found, lang))
    return b"(self.sitegen_titles=self.sitegen_titles||{})[" + name + b"]=" + data + b";\n"
