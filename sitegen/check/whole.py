"""Rules about the site as a whole: titles, dates to come, addresses that are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process

from sitegen.check.rule import Archive, Rule
from sitegen.errors import Problem
from sitegen.model import Entry
from sitegen.urls import fold, output_path

#: How alike two addresses must be, of 100, to be told as one that has changed.
_ALIKE = 75


def title_twice(archive: Archive) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for key, entry in sorted(archive.site.entries.items()):
        other = first.setdefault((entry.lang, fold(entry.title)), key)
        if other != key:
            told = f'content/{other} has the title "{entry.title[:80]}" too'
            hint = "say in one of them what sets it apart, like its place or year"
            yield _of(entry, "title", told, hint)


def date_to_come(archive: Archive) -> Iterator[Problem]:
    for key in archive.future:
        entry = archive.hidden[key]
        told = f"the date {entry.date:%Y-%m-%d} is still to come, so the text is left out until then"
        yield _of(entry, "date", told, "mend the date, if it is not meant so")


def address_lost(archive: Archive) -> Iterator[Problem]:
    """Addresses of the last output at which nothing would be any more."""
    there = {page.path for page in archive.pages}
    lost = sorted(path for path in archive.published - there if _is_text(path, archive))
    if not lost:
        return
    fresh = {
        output_path(entry.url): entry
        for entry in archive.site.entries.values()
        if output_path(entry.url) not in archive.published
    }
    hidden = {output_path(entry.url): entry for entry in archive.hidden.values()}
    for path in lost:
        url = "/" + path.removesuffix("index.html")
        if path in hidden:
            yield _of(hidden[path], "", f"{url} was published, and the text is left out now", _HIDDEN)
            continue
        near = process.extractOne(path, fresh.keys(), score_cutoff=_ALIKE)
        if near:
            entry = fresh[near[0]]
            yield _of(entry, "slug", f"{url} was published, and may be {entry.url} now", _moved(url))
        else:
            hint = f"if it has another address now, write there aliases: [{url}]"
            yield Problem(message=f"{url} was published, and nothing is there any more", hint=hint)


_HIDDEN = "links to it will lead nowhere; that is right if it was withdrawn"


def _moved(url: str) -> str:
    return f'if so, write aliases: ["{url}"]'


def _is_text(path: str, archive: Archive) -> bool:
    """Whether a path is that of a page that people link to: no list that comes and goes with its texts."""
    lists = (*(f"{code}/" for code in archive.site.languages), "")
    below = next(path.removeprefix(prefix) for prefix in lists if path.startswith(prefix))
    return path.endswith(".html") and not re.match(r"archive/|search/|(.*/)?page/\d+/", below)


def _of(entry: Entry, field: str, told: str, hint: str) -> Problem:
    line = entry.lines.get(field, 0)
    return Problem(
        file=f"content/{entry.key}", line=line, field=field if line else "", message=told, hint=hint
    )


RULES = (
    Rule(
        "title-twice",
        "warning",
        ("title that is there twice", "titles that are there twice"),
        "A title is given once in each language.",
        title_twice,
    ),
    Rule(
        "date-future",
        "warning",
        ("date that is still to come", "dates that are still to come"),
        "A date isn't still to come.",
        date_to_come,
    ),
    Rule(
        "address-lost",
        "warning",
        ("address that is gone", "addresses that are gone"),
        "An address that was published leads somewhere, if only by an alias.",
        address_lost,
    ),
)
