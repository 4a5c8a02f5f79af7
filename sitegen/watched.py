"""Entries and bodies that tell which of them were looked at, so that it is known what an answer came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from sitegen.model import Body, Entry


class Bodies(Protocol):
    """Rendered bodies by key, wherever they are kept."""

    def __getitem__(self, key: str) -> Body: ...

    def digest(self, key: str) -> str:
        """A digest of the body, told without loading it; raises KeyError."""


class Seen:
    """The keys of what was looked at since it was last asked: of entries, and `body_of` those of bodies."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self.add = self._keys.add

    def take(self) -> frozenset[str]:
        keys = frozenset(self._keys)
        self._keys.clear()
        return keys


def body_of(key: str) -> str:
    """What `Seen` calls the body of the source file `key`."""
    return f"body of {key}"


class WatchedEntries(Mapping[str, Entry]):
    """Entries, each noted when it is looked at."""

    def __init__(self, entries: Mapping[str, Entry], seen: Seen) -> None:
        self._entries, self._note = entries, seen.add

    def __getitem__(self, key: str) -> Entry:
        self._note(key)
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class WatchedBodies:
    """Bodies, each noted when it is looked at."""

    def __init__(self, bodies: Bodies, seen: Seen) -> None:
        self._bodies, self._note = bodies, seen.add

    def __getitem__(self, key: str) -> Body:
        self._note(body_of(key))
        return self._bodies[key]

    def digest(self, key: str) -> str:
        self._note(body_of(key))
        return self._bodies.digest(key)
