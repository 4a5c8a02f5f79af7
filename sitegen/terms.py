"""Names as people write them -> terms: one slug for all spellings of one thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from sitegen.errors import Problem
from sitegen.model import Entry, Profile, Term
from sitegen.urls import digest, fold, slug_of_term

#: Folded name -> how often it is spelt in which way.
Spellings = Mapping[str, Counter[str]]


class Taxonomy(Struct, frozen=True, kw_only=True):
    """The terms of one taxonomy."""

    terms: Mapping[str, Term]  #: by slug
    slugs: Mapping[str, str]  #: folded name -> slug
    spellings: Spellings
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


Described = Mapping[str, Mapping[str, Profile]]  # slug -> language -> profile


def gather(
    taxonomy: str, entries: Sequence[Entry], profiles: Iterable[Profile], languages: tuple[str, ...]
) -> Taxonomy:
    """Gather the terms of `taxonomy` from the names in entries, newest first, and from profiles."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for name in entry.names.get(taxonomy, ()):
            spellings[fold(name)][name] += 1
    return settle(taxonomy, spellings, entries, profiles, languages)


def respelt(spellings: Spellings, taxonomy: str, pairs: Iterable[tuple[Entry, Entry]]) -> Spellings:
    """What `spellings` are once of each pair of entries the second stands for the first."""
    changes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for old, new in pairs:
        for entry, more in ((old, -1), (new, 1)):
            for name in entry.names.get(taxonomy, ()):
                changes[fold(name)][name] += more
    counts = dict(spellings)
    for folded, change in changes.items():
        counts[folded] = Counter(counts.get(folded, {}))
        counts[folded].update(change)
        counts[folded] = +counts[folded]  # without those that nobody uses any more
    return {folded: counted for folded, counted in counts.items() if counted}


def settle(
    taxonomy: str,
    spellings: Spellings,
    entries: Iterable[Entry],
    profiles: Iterable[Profile],
    languages: tuple[str, ...],
) -> Taxonomy:
    """Give each name its term. The `entries`, newest first, are only looked at to tell where names stand."""
    described, twice = _describe(profiles)
    claimed, disputed = _claims(described)
    unclaimed = {folded: counted for folded, counted in spellings.items() if folded not in claimed}
    fresh, apart = _fresh_slugs(unclaimed, set(described))
    slugs = {folded: claimed.get(folded) or fresh[folded] for folded in sorted(spellings)}
    used: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for folded, slug in slugs.items():
        used[slug].update(spellings[folded])
    taken = {*slugs.values(), *described}
    listed = {
        slug: {name for one in described.get(slug, {}).values() for name in (one.name, *one.aliases)}
        for slug in sorted(taken)
    }
    former = _former({slug: {*names, *used[slug]} for slug, names in listed.items()})
    terms = {}
    for slug, names in listed.items():
        profiles_here = described.get(slug, {})
        terms[slug] = Term(
            taxonomy=taxonomy,
            slug=slug,
            names=_names(profiles_here, used[slug], languages),
            profiles={lang: profile.key for lang, profile in sorted(profiles_here.items())},
            spellings=tuple(sorted(names)),
            former=tuple(sorted(former[slug])),
            order=next((one.order for _, one in sorted(profiles_here.items()) if one.order), 0),
        )
    return Taxonomy(
        terms=terms,
        slugs={**claimed, **slugs},
        spellings=spellings,
        problems=(*twice, *disputed),
        warnings=tuple(_warnings(apart, taxonomy, entries)),
    )


def _former(names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The slugs that the names of each term would have, but for those that terms have or two terms would.

    Of two terms neither has a better right to such an address, so it leads nowhere.
    """
    others = {slug: {slug_of_term(name) for name in those} - names.keys() for slug, those in names.items()}
    claims = Counter(other for slugs in others.values() for other in slugs)
    return {slug: {other for other in slugs if claims[other] == 1} for slug, slugs in others.items()}


def _describe(profiles: Iterable[Profile]) -> tuple[Described, list[Problem]]:
    described: dict[str, dict[str, Profile]] = {}
    problems = []
    for profile in profiles:
        first = described.setdefault(profile.slug, {}).setdefault(profile.lang, profile)
        if first is not profile:
            problems.append(
                Problem(
                    file=f"content/{profile.key}",
                    message=f"content/{first.key} describes the same term in the same language",
                    hint="keep one of the two",
                )
            )
    return described, problems


def _claims(described: Described) -> tuple[dict[str, str], list[Problem]]:
    """Which slug each name belongs to that a profile lists; a name two profiles list is disputed."""
    claimed: dict[str, str] = {}
    claimants: dict[str, Profile] = {}
    problems = []
    for slug, profiles in sorted(described.items()):
        for profile in profiles.values():
            for name in dict.fromkeys((profile.name, *profile.aliases)):
                if claimed.setdefault(fold(name), slug) != slug:
                    problems.append(
                        Problem(
                            file=f"content/{profile.key}",
                            line=profile.lines.get("aliases" if name in profile.aliases else "name", 0),
                            field="aliases" if name in profile.aliases else "name",
                            message=f'content/{claimants[fold(name)].key} has the name "{name}" too',
                            hint="take it out of one of the two",
                        )
                    )
                claimants.setdefault(fold(name), profile)
    return claimed, problems


class _Apart(NamedTuple):
    """A name that would have the slug of another one."""

    name: str
    folded: str
    owner: str
    slug: str
    own: str  #: the slug it has instead


def _fresh_slugs(spellings: Spellings, profiled: set[str]) -> tuple[dict[str, str], list[_Apart]]:
    """Slugs of the names that no profile lists. Of names with one slug, the lowest keeps it."""
    slugs: dict[str, str] = {}
    owners: dict[str, str] = {}
    apart = []
    for name, folded in sorted((_usual(counted), folded) for folded, counted in spellings.items()):
        slug = slugs[folded] = slug_of_term(name)
        owner = owners.setdefault(slug, folded)
        if owner != folded and slug not in profiled:
            slugs[folded] = f"{slug}-{digest(name)}"
            apart.append(_Apart(name, folded, _usual(spellings[owner]), slug, slugs[folded]))
    return slugs, apart


def _warnings(apart: Sequence[_Apart], taxonomy: str, entries: Iterable[Entry]) -> Iterator[Problem]:
    places: dict[str, str] = {}
    if apart:
        for entry in entries:
            for name in entry.names.get(taxonomy, ()):
                places.setdefault(fold(name), entry.key)
    for one in apart:
        yield Problem(
            file=f"content/{places[one.folded]}",
            message=f'"{one.name}" and "{one.owner}" both give "{one.slug}"; '
            f'"{one.name}" is found under "{one.own}"',
            hint="if they mean the same, write them the same, or give a profile that has both names",
            group="names alike",
        )


def _usual(spellings: Counter[str]) -> str:
    """The spelling used most; of equals, the lowest by code point."""
    return min(spellings, key=lambda name: (-spellings[name], name))


def _names(
    profiles: Mapping[str, Profile], spellings: Counter[str], languages: tuple[str, ...]
) -> dict[str, str]:
    """What a term is called in each language: as its profile says there, else as elsewhere."""
    elsewhere = next((profiles[lang].name for lang in languages if lang in profiles), "")
    fallback = elsewhere or _usual(spellings)
    return {lang: profiles[lang].name if lang in profiles else fallback for lang in languages}
