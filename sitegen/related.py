"""Which entries belong together: those that share rare tags."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from heapq import nsmallest

#: How many related entries a page names.
COUNT = 5

#: Of a tag's entries only those at most this many places away in time are looked at, which keeps the
#: work proportional to the number of entries however common a tag is.
WINDOW = 16


def relate(order: Sequence[str], tags: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each key of `order` (newest first), the keys most like it by the `tags` it shares.

    A shared tag counts the more the fewer entries have it (its inverse document frequency); entries
    that share equally much follow by their nearness in `order`. Entries that share nothing aren't named.
    """
    rank = {key: place for place, key in enumerate(order)}
    members: dict[str, list[str]] = {}
    places: dict[tuple[str, str], int] = {}
    for key in order:
        for tag in tags.get(key, ()):
            listed = members.setdefault(tag, [])
            places[tag, key] = len(listed)
            listed.append(key)
    # Whole numbers add up to the same in any order, which fractions don't.
    weight = {tag: round(1e6 * math.log(1 + len(order) / len(listed))) for tag, listed in members.items()}
    sets = {key: frozenset(tags.get(key, ())) for key in order}

    def nearest(key: str) -> tuple[str, ...]:
        own = sets[key]
        candidates: set[str] = set()
        for tag in own:
            place = places[tag, key]
            candidates.update(members[tag][max(0, place - WINDOW) : place + WINDOW + 1])
        candidates.discard(key)
        here = rank[key]
        scored = [
            (-sum(map(weight.__getitem__, own & sets[other])), abs(rank[other] - here), other)
            for other in candidates
        ]
        return tuple(other for _, _, other in nsmallest(COUNT, scored))

    return {key: nearest(key) for key in order if sets[key]}
