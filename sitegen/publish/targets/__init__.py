"""What a target can do: one small class each, all of this shape. How a publish goes is not their business."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

#: Called with the path of each file that has arrived.
Arrived = Callable[[str], None]


class Held(NamedTuple):
    """A small file at a target."""

    data: bytes
    version: str  #: changes with each write; "" is the version of a file that is not there


class Sending(NamedTuple):
    """A file on its way."""

    path: str  #: below the target
    source: Path


class FleetingError(Exception):
    """A fault that may be gone in a moment: the line broke, the host was busy."""


class LostRaceError(Exception):
    """A file is not any more what it was when it was read: another publisher was quicker."""


class OvertakenError(LostRaceError):
    """Another publisher took this one for stopped, and went past it."""


class Target(Protocol):
    """A place that holds files by path. Paths are relative, with "/".

    Every file appears in one step, whole. Faults of the place are SiteErrors, made by the target, which
    knows what to do about them; those that may pass are FleetingErrors.
    """

    @property
    def at_once(self) -> bool:
        """Whether nothing can be seen before `commit`."""

    @property
    def folds(self) -> bool:
        """Whether it takes names for one that differ only by case; known after `begin`."""

    @property
    def beside(self) -> Collection[str]:
        """What it keeps there by itself, as .nojekyll; known after `begin`."""

    def read(self, path: str) -> Held | None: ...

    def begin(self) -> None:
        """Called once, before the first change."""

    def swap(self, path: str, data: bytes, version: str) -> str:
        """Write a small file if it has still this version, and return its new one; else LostRaceError."""

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        """Write files, in any order."""

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files; those that are not there are no fault."""

    def paths(self) -> Collection[str]:
        """Every file."""

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        """Path and SHA-256 of those of `paths` that are there, by reading every byte."""

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        """Paths that can not be held here -> why."""

    def commit(self) -> None:
        """Called once, when all is done: shows it, where nothing was to be seen until now."""

    def close(self) -> None: ...
