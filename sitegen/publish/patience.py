"""A target whose line may break: what fails in passing is tried again, each time after a longer pause."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from sitegen.errors import Problem, SiteError
from sitegen.publish.targets import Arrived, FleetingError, Held, LostRaceError, Sending, Target

T = TypeVar("T")

#: How often something is tried, and the first pause in seconds; each further one is twice as long.
TRIES, PAUSE = 5, 0.5


class Patient:
    """Passes everything on to a target, and asks again where that may help."""

    def __init__(self, target: Target, pause: float = PAUSE) -> None:
        self._target = target
        self._pause = pause

    @property
    def at_once(self) -> bool:
        return self._target.at_once

    @property
    def folds(self) -> bool:
        return self._target.folds

    @property
    def beside(self) -> Collection[str]:
        return self._target.beside

    def read(self, path: str) -> Held | None:
        return self._try(lambda: self._target.read(path))

    def begin(self) -> None:
        self._try(self._target.begin)

    def swap(self, path: str, data: bytes, version: str) -> str:
        tried = 0

        def swap() -> str:
            nonlocal tried
            tried += 1
            try:
                return self._target.swap(path, data, version)
            except LostRaceError:
                # The line may have broken after our first try had been heard.
                held = self._target.read(path) if tried > 1 else None
                if held is None or held.data != data:
                    raise
                return held.version

        return self._try(swap)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        done: set[str] = set()

        def told(path: str) -> None:
            done.add(path)
            arrived(path)

        self._try(lambda: self._target.put([file for file in files if file.path not in done], told))

    def delete(self, paths: Sequence[str]) -> None:
        self._try(lambda: self._target.delete(paths))

    def paths(self) -> Collection[str]:
        return self._try(self._target.paths)

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        done: dict[str, str] = {}

        def digests() -> None:
            done.update(self._target.digests([path for path in paths if path not in done]))

        self._try(digests)
        yield from done.items()

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        return self._target.faults(paths)

    def commit(self) -> None:
        self._try(self._target.commit)

    def close(self) -> None:
        self._target.close()

    def _try(self, action: Callable[[], T]) -> T:
        for turn in range(TRIES):
            try:
                return action()
            except FleetingError as error:
                if turn == TRIES - 1:
                    hint = "publish again later: it goes on where it stopped"
                    raise SiteError([Problem(message=str(error), hint=hint)]) from None
                time.sleep(self._pause * 2**turn * random.uniform(0.5, 1))
        raise AssertionError
