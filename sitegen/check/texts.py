"""Rules about one text: its file, its front matter, its body."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator

from sitegen.check.rule import Rule, Text
from sitegen.errors import Problem
from sitegen.fields import EntryFields, IndexFields, ProfileFields, types_of
from sitegen.markup.engines import UNWANTED, may_hold_unwanted
from sitegen.model import Entry, Index, Profile

#: Characters of a description that search engines and lists still show.
LONGEST_DESCRIPTION = 300

OLDEST_YEAR = 1900

_ENDING = re.compile(r"\r\n|\r|\n")

#: Keys that are read beside those of `fields`.
_OTHER_KEYS = ("externalAuthorLink", "same_as", "social_links")


def mixed_line_endings(text: Text) -> Iterator[Problem]:
    """Editors, and programs that compare texts, take the lines for changed."""
    if "\r" not in text.data:
        return
    endings = Counter(_ENDING.findall(text.data))
    if len(endings) > 1:
        (usual, _), (other, count), *_ = endings.most_common()
        names = {"\r\n": "Windows", "\n": "Unix", "\r": "old Mac"}
        told = f"{count} of its lines end as on {names[other]}, the others as on {names[usual]}"
        at = next(found.start() for found in _ENDING.finditer(text.data) if found[0] == other)
        yield text.problem(told, "save it with one kind of line ending", at=at)


def control_characters(text: Text) -> Iterator[Problem]:
    """What a build takes out of texts, the BOM at the beginning of a file aside."""
    if not may_hold_unwanted(text.data):
        return
    places: dict[str, list[int]] = {}
    for found in UNWANTED.finditer(text.data, 1 if text.data.startswith("\ufeff") else 0):
        places.setdefault(found[0], []).append(found.start())
    for character, there in places.items():
        times = f" and in {len(there) - 1} more places" if len(there) > 1 else ""
        told = f"the control character U+{ord(character):04X} stands here{times}, and nobody sees it"
        yield text.problem(told, "delete it", at=there[0])


def missing_description(text: Text) -> Iterator[Problem]:
    if text.post and not text.post.description:
        yield text.problem("there is no description", "say in one or two sentences what it is about")


def long_description(text: Text) -> Iterator[Problem]:
    length = len(getattr(text.value, "description", ""))
    if length > LONGEST_DESCRIPTION:
        told = f"the description has {length} characters, of which search engines show about 160"
        hint = f"write at most {LONGEST_DESCRIPTION}"
        yield text.problem(told, hint, field="description")


def missing_category(text: Text) -> Iterator[Problem]:
    if text.post and "categories" not in text.post.names and "categories" in text.config.taxonomies:
        field = text.config.taxonomies["categories"].field
        yield text.problem("there is no category", f'write {field}: "…"')


def old_date(text: Text) -> Iterator[Problem]:
    date = text.value.date if isinstance(text.value, Entry) else None
    if date and date.year < OLDEST_YEAR:
        told = f"the date is in the year {date.year}"
        hint = "a date tells when the text appeared; say in the text when its story took place"
        yield text.problem(told, hint, field="date")


def unknown_key(text: Text) -> Iterator[Problem]:
    """A key that is nearly one that sitegen reads."""
    if text.value is None:
        return
    kind = {Entry: EntryFields, Profile: ProfileFields, Index: IndexFields}[type(text.value)]
    fields = {taxonomy.field for taxonomy in text.config.taxonomies.values()} if kind is EntryFields else ()
    known = {*types_of(kind), *fields, *_OTHER_KEYS}
    lines = getattr(text.value, "lines", {})
    for key in text.value.extra:
        near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.85)
        if near and near[0] not in lines and key not in known:
            yield text.problem(
                f'"{key}" is not a key that sitegen reads', f"did you mean {near[0]}?", field=key
            )


RULES = (
    Rule(
        "line-endings",
        "warning",
        ("file with mixed line endings", "files with mixed line endings"),
        "A file has one kind of line ending.",
        mixed_line_endings,
        mends=True,
    ),
    Rule(
        "control-character",
        "warning",
        ("control character", "control characters"),
        "A text holds no characters that nobody sees and that builds take out.",
        control_characters,
        mends=True,
    ),
    Rule(
        "description-missing",
        "warning",
        ("post without a description", "posts without a description"),
        "A post says in its description what it is about.",
        missing_description,
    ),
    Rule(
        "description-long",
        "warning",
        ("description that is too long", "descriptions that are too long"),
        f"A description has at most {LONGEST_DESCRIPTION} characters.",
        long_description,
    ),
    Rule(
        "category-missing",
        "warning",
        ("post without a category", "posts without a category"),
        "A post belongs to a category.",
        missing_category,
    ),
    Rule(
        "date-old",
        "warning",
        (f"date before {OLDEST_YEAR}", f"dates before {OLDEST_YEAR}"),
        f"A post appeared in {OLDEST_YEAR} or later.",
        old_date,
    ),
    Rule(
        "key-unknown",
        "warning",
        ("key that is probably misspelt", "keys that are probably misspelt"),
        "A key of front matter isn't nearly one that sitegen reads.",
        unknown_key,
    ),
)
