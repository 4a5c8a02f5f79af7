"""Which entries belong together: those that share rare tags."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest

#: How many related entries a page names.
COUNT = 5

#: Of a tag's entries only those at most this many places away in time are looked at, which keeps the
#: work proportional to the number of entries however common a tag is.
WINDOW = 16


class Related(Mapping[str, tuple[str, ...]]):
    """For each key of `order` (newest first) that has tags, the keys most like it by the `tags` it shares.

    A shared tag counts the more the fewer entries have it (its inverse document frequency); entries
    that share equally much follow by their nearness in `order`. Entries that share nothing aren't named.
    Each is worked out when it is asked for.
    """

    def __init__(self, order: Sequence[str], tags: Mapping[str, Sequence[str]]) -> None:
        self._rank = {key: place for place, key in enumerate(order)}
        self._members: dict[str, list[str]] = {}
        self._places: dict[tuple[str, str], int] = {}
        for key in order:
            for tag in tags.get(key, ()):
                listed = self._members.setdefault(tag, [])
                self._places[tag, key] = len(listed)
                listed.append(key)
        # Whole numbers add up to the same in any order, which fractions don't.
        self._weight = {
            tag: round(1e6 * math.log(1 + len(order) / len(listed))) for tag, listed in self._members.items()
        }
        self._sets = {key: frozenset(tags[key]) for key in order if tags.get(key)}

    def __getitem__(self, key: str) -> tuple[str, ...]:
        own, rank, weight = self._sets[key], self._rank, self._weight
        candidates: set[str] = set()
        for tag in own:
            place = self._places[tag, key]
            candidates.update(self._members[tag][max(0, place - WINDOW) : place + WINDOW + 1])
        candidates.discard(key)
        # Few sets of tags are shared by many: each is weighed once.
        weights: dict[frozenset[str], int] = {}
        scores: dict[str, int] = {}
        for other in candidates:
            shared = own & self._sets[other]
            score = weights.get(shared)
            if score is None:
                score = weights[shared] = sum(map(weight.__getitem__, shared))
            scores[other] = score
        least = min(nlargest(COUNT, scores.values()), default=0)
        here = rank[key]
        best = sorted(
            (-score, abs(rank[other] - here), other) for other, score in scores.items() if score >= least
        )
        return tuple(other for _, _, other in best[:COUNT])

    def __contains__(self, key: object) -> bool:
        return key in self._sets

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def __len__(self) -> int:
        return len(self._sets)


class RelatedIn(Mapping[str, tuple[str, ...]]):
    """`Related` of several languages: what is named beside an entry is seen in that entry's own language."""

    def __init__(self, related: Mapping[str, Related], own: Mapping[str, str]) -> None:
        self._related = related
        self._own = {key: lang for key, lang in own.items() if key in related[lang]}

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self._related[self._own[key]][key]

    def __contains__(self, key: object) -> bool:
        return key in self._own

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


def relate(order: Sequence[str], tags: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """All of `Related` at once."""
    return dict(Related(order, tags))
