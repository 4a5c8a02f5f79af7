"""Which entries belong together: those that share rare tags."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
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
        self._sets = _Sets(tags)
        self._members: dict[str, list[str]] = {}
        for key in order:
            for tag in tags.get(key, ()):
                self._members.setdefault(tag, []).append(key)
        self._weight = {tag: self._weighed(listed) for tag, listed in self._members.items()}

    def _weighed(self, listed: Sequence[str]) -> int:
        # Whole numbers add up to the same in any order, which fractions don't.
        return round(1e6 * math.log(1 + len(self._rank) / len(listed)))

    def with_tags(self, changed: Mapping[str, Sequence[str]]) -> Related:
        """What it is once the keys in `changed` have the tags there."""
        new = copy(self)
        new._sets = _Sets({**self._sets.tags, **changed})
        new._members, new._weight = dict(self._members), dict(self._weight)
        for key in self._rank.keys() & changed.keys():
            for tag in self._sets[key] - new._sets[key]:
                new._list(tag, [other for other in new._members[tag] if other != key])
            for tag in new._sets[key] - self._sets[key]:
                listed = new._members.get(tag, [])
                place = bisect_left(listed, self._rank[key], key=self._rank.__getitem__)
                new._list(tag, [*listed[:place], key, *listed[place:]])
        return new

    def _list(self, tag: str, listed: list[str]) -> None:
        if listed:
            self._members[tag], self._weight[tag] = listed, self._weighed(listed)
        else:
            del self._members[tag], self._weight[tag]

    def __getitem__(self, key: str) -> tuple[str, ...]:
        own, rank, weight = self._sets[key], self._rank, self._weight
        candidates: set[str] = set()
        for tag in own:
            listed = self._members[tag]
            place = bisect_left(listed, rank[key], key=rank.__getitem__)
            candidates.update(listed[max(0, place - WINDOW) : place + WINDOW + 1])
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
        return key in self._rank and bool(self._sets[key])

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._rank if self._sets[key])

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Sets(dict[str, frozenset[str]]):
    """The tags of each key, made a set when it is first asked for."""

    def __init__(self, tags: Mapping[str, Sequence[str]]) -> None:
        self.tags = tags

    def __missing__(self, key: str) -> frozenset[str]:
        made = self[key] = frozenset(self.tags.get(key, ()))
        return made


class RelatedIn(Mapping[str, tuple[str, ...]]):
    """`Related` of several languages: what is named beside an entry is seen in that entry's own language."""

    def __init__(self, related: Mapping[str, Related], own: Mapping[str, str]) -> None:
        self._related, self._own = related, own

    def with_tags(self, changed: Mapping[str, Sequence[str]]) -> RelatedIn:
        """See `Related.with_tags`."""
        related = {lang: one.with_tags(changed) for lang, one in self._related.items()}
        return RelatedIn(related, self._own)

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self._related[self._own[key]][key]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._own and key in self._related[self._own[key]]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._own if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def relate(order: Sequence[str], tags: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """All of `Related` at once."""
    return dict(Related(order, tags))
