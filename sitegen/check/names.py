"""Rules about tags and authors: which of them mean the same, and who is not introduced."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from msgspec import Struct
from rapidfuzz.distance import OSA

from sitegen.check.rule import Archive, Rule
from sitegen.errors import Problem
from sitegen.model import Entry, Term
from sitegen.urls import fold, slug_of_term

TAGS = "tags"

#: Names shorter than this differ by one letter more often because they mean something else (Iran, Iraq).
SHORTEST = 5


class Alike(Struct, frozen=True, kw_only=True):
    """Two tags that probably mean the same."""

    kept: Term  #: the one used more
    other: Term
    how: str  #: what sets their names apart, as a clause
    sure: bool  #: whether they may be merged without asking anybody


def alike(archive: Archive) -> list[Alike]:
    """Tags that differ by script, signs, plural or one letter. Two that both have a profile are two."""
    texts = _texts_with(archive, TAGS)
    terms = archive.site.terms.get(TAGS, {})
    names = [_Named(name, slug, slug_of_term(name)) for slug, term in terms.items() for name in _names(term)]
    found: dict[str, tuple[tuple[object, ...], Alike]] = {}
    for one, other in _candidates(names):
        how, sure = _difference(one, other)
        if not how or (terms[one.slug].profiles and terms[other.slug].profiles):
            continue
        kept, rest = sorted(
            (one.slug, other.slug), key=lambda slug: (not terms[slug].profiles, -len(texts[slug]), slug)
        )
        pair = Alike(kept=terms[kept], other=terms[rest], how=how, sure=sure)
        rank = (-len(texts[kept]), kept)
        if rest not in found or rank < found[rest][0]:
            found[rest] = (rank, pair)
    return [pair for _, (_, pair) in sorted(found.items())]


def _names(term: Term) -> set[str]:
    return {*term.names.values(), *term.spellings}


def _texts_with(archive: Archive, taxonomy: str) -> defaultdict[str, list[Entry]]:
    """Slug of a term -> the texts that have it, by key."""
    texts: defaultdict[str, list[Entry]] = defaultdict(list)
    for key, slugs in sorted(archive.site.slugs.items()):
        for slug in slugs.get(taxonomy, ()):
            texts[slug].append(archive.site.entries[key])
    return texts


class _Named(NamedTuple):
    name: str
    slug: str  #: of its term
    base: str  #: what the slug of the name alone would be


def _candidates(names: list[_Named]) -> Iterator[tuple[_Named, _Named]]:
    """Pairs of names of different terms that are equal but for a letter or an ending.

    Found by what is left when each letter in turn is taken out, so that not all are compared with all.
    """
    groups: defaultdict[str, list[_Named]] = defaultdict(list)
    for named in sorted(names):
        base = named.base
        without = {base[:at] + base[at + 1 :] for at in range(len(base))} if len(base) >= SHORTEST else set()
        for variant in {base, _singular(base), *without}:
            groups[variant].append(named)
    seen = set()
    for group in groups.values():
        for pair in combinations(group, 2):
            if pair[0].slug != pair[1].slug and pair not in seen:
                seen.add(pair)
                yield pair


def _singular(base: str) -> str:
    return re.sub(r"(?<=\w\w\w)(ies|es|s|y)$", "", base)


def _difference(one: _Named, two: _Named) -> tuple[str, bool]:
    """What sets two names apart, and whether it is surely nothing; "" if they may mean two things."""
    name, other, base, other_base = one.name, two.name, one.base, two.base
    if re.findall(r"\d+", base) != re.findall(r"\d+", other_base):
        return "", False
    if base == other_base:
        if _scripts(name) != _scripts(other):
            return "only in script", True
        # What else has one address may be two things, like C and C++.
        return ("only in signs and accents", True) if _letters(name) == _letters(other) else ("", False)
    if _singular(base) == _singular(other_base) and min(len(base), len(other_base)) >= SHORTEST - 1:
        return "only in number", True
    if min(len(base), len(other_base)) < SHORTEST or OSA.distance(base, other_base, score_cutoff=1) > 1:
        return "", False
    # A slip of the pen is hardly ever in the first letter, and in a short name it may be none.
    return "in one letter", base[0] == other_base[0] and min(len(base), len(other_base)) > SHORTEST


def _letters(name: str) -> str:
    """A name without accents, and the signs that people write or leave out."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", fold(name)) if not unicodedata.combining(sign)
    )
    return re.sub(r"[\s\-‐-―'’ʼ\"“”«».,_/]+", "", bare)


def _scripts(name: str) -> set[str]:
    """The scripts of its letters: the first word of their names in Unicode."""
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in name if sign.isalpha()}


# --- the rules -------------------------------------------------------------------------------------------


def tags_alike(archive: Archive) -> Iterator[Problem]:
    texts = _texts_with(archive, TAGS)
    for pair in alike(archive):
        other, kept = texts[pair.other.slug], texts[pair.kept.slug]
        told = (
            f'the tag "{_shown(archive, pair.other)}" ({_counted(other)}) differs {pair.how} '
            f'from "{_shown(archive, pair.kept)}" ({_counted(kept)})'
        )
        hint = "write one of the two; if they mean different things, give each a profile"
        yield _of_term(archive, pair.other, other, told, hint)


def other_spelling(archive: Archive) -> Iterator[Problem]:
    for entry, name, usual in spelt_otherwise(archive):
        told = f'the tag "{name}" is written "{usual}" elsewhere'
        yield _of_entry(archive, TAGS, entry, told, f'write "{usual}"')


def spelt_otherwise(archive: Archive) -> Iterator[tuple[Entry, str, str]]:
    """Each text with a tag that differs by capitals or spaces from how it is shown: how, and as what."""
    terms = archive.site.terms.get(TAGS, {})
    shown = {fold(name): name for term in terms.values() for name in term.names.values()}
    for _, entry in sorted(archive.site.entries.items()):
        for name in entry.names.get(TAGS, ()):
            usual = shown.get(fold(name), name)
            if usual != name:
                yield entry, name, usual


def used_once(archive: Archive) -> Iterator[Problem]:
    texts = _texts_with(archive, TAGS)
    for slug, term in archive.site.terms.get(TAGS, {}).items():
        # The translations of a text have the same tags.
        if len({entry.translation_key for entry in texts[slug]}) == 1:
            told = f'no other text has the tag "{_shown(archive, term)}"'
            yield _of_term(archive, term, texts[slug], told, "use a tag that others have too, or leave it")


def unknown_author(archive: Archive) -> Iterator[Problem]:
    texts = _texts_with(archive, "authors")
    folder = archive.config.taxonomies["authors"].profiles
    for slug, term in archive.site.terms.get("authors", {}).items():
        if not term.profiles:
            told = f'"{_shown(archive, term)}" has no profile, and wrote {_counted(texts[slug])}'
            yield _of_term(archive, term, texts[slug], told, f"write content/{folder}/{slug}.md, with a name")


def _shown(archive: Archive, term: Term) -> str:
    return term.names[archive.site.languages[0]]


def _counted(texts: list[Entry]) -> str:
    return "1 text" if len(texts) == 1 else f"{len(texts):,} texts"


def _of_term(archive: Archive, term: Term, texts: list[Entry], told: str, hint: str) -> Problem:
    if texts:
        return _of_entry(archive, term.taxonomy, texts[0], told, hint)
    return Problem(file=f"content/{next(iter(term.profiles.values()), '')}", message=told, hint=hint)


def _of_entry(archive: Archive, taxonomy: str, entry: Entry, told: str, hint: str) -> Problem:
    field = archive.config.taxonomies[taxonomy].field
    line = entry.lines.get(field, 0)
    return Problem(file=f"content/{entry.key}", line=line, field=field, message=told, hint=hint)


RULES = (
    Rule(
        "tag-alike",
        "warning",
        ("tag that is like another", "tags that are like others"),
        "Tags that mean the same are one tag: they don't differ in number, script or one letter alone.",
        tags_alike,
        mends=True,
    ),
    Rule(
        "tag-spelling",
        "warning",
        ("tag in another spelling", "tags in another spelling"),
        "A tag is written alike everywhere, capitals included.",
        other_spelling,
        mends=True,
    ),
    Rule(
        "tag-once",
        "warning",
        ("tag that is used once", "tags that are used once"),
        "A tag joins at least two texts.",
        used_once,
    ),
    Rule(
        "author-profile",
        "warning",
        ("author without a profile", "authors without a profile"),
        "An author has a profile.",
        unknown_author,
    ),
)
