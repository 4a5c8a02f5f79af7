"""Files that change -> batches of paths, one for each thing that somebody did."""

from __future__ import annotations

import errno
import os
import queue
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

#: Seconds without a further event after which few paths, or many, are taken to be all.
QUIET_FEW, QUIET_MANY, FEW = 0.012, 0.2, 4

#: No batch is held back for longer than this, in seconds, whatever else goes on.
LONGEST = 5.0

#: A file that is empty or gone is given so many seconds to come: many programs empty it before they write.
GRACE = 0.2

#: So many seconds after a batch everything is looked at once more, for what nobody was told of.
SWEEP = 3.0

#: Where the kernel can't tell us, we look this often, in seconds.
POLLING = 1.0

#: Opening and reading a file are no news, and we do both ourselves.
_NEWS = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileClosedEvent, events.FileAttribEvent),
    *(events.FileMovedEvent, events.FileDeletedEvent),
    *(events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent, events.DirAttribEvent),
]

#: What the kernel says when there are too many watches, or too many watchers.
_LIMITS = (errno.ENOSPC, errno.EMFILE)

_INSTEAD = "files are looked at once a second instead, which is slower"

LIMIT_REACHED = (
    f"the kernel has no room to watch more files; {_INSTEAD}; "
    "to raise the limit: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
)


class Batch(NamedTuple):
    paths: frozenset[str]  #: absolute; none when everything is to be looked at
    since: float  #: when the first change was noticed, by `time.perf_counter`


class Watcher:
    """Watches folders. Where the kernel refuses, it looks at them from time to time instead."""

    def __init__(self, say: Callable[[str], None], known: Callable[[str], bool]) -> None:
        """`known` tells whether a path that is not there any more means anything."""
        self._say, self._known = say, known
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._watches: dict[str, tuple[int, ObservedWatch]] = {}
        self._swept = True
        self._observer: BaseObserver
        try:
            self._observer = Observer()
        except OSError as error:
            self._observer = self._polling(error)
        self._observer.start()

    def watch(self, folder: Path, only: Collection[str] = ()) -> None:
        """Watch all that is in `folder`, links followed; with `only`, these names directly in it.

        To watch what is watched already does nothing, unless it is another folder by now.
        """
        real = os.path.realpath(folder)
        try:
            inode = Path(real).stat().st_ino
        except OSError:
            return
        old = self._watches.get(real)
        if old and old[0] == inode:
            return
        if old:
            self._observer.unschedule(old[1])
        handler = _Handler(self._queue.put, real, str(folder), only)
        try:
            self._watches[real] = inode, self._schedule(handler, real)
        except OSError as error:
            self._fall_back(error)
            self._watches[real] = inode, self._schedule(handler, real)

    def _schedule(self, handler: _Handler, real: str) -> ObservedWatch:
        return self._observer.schedule(handler, real, recursive=not handler.only, event_filter=_NEWS)

    def _fall_back(self, error: OSError) -> None:
        """Go on without the kernel's help."""
        handlers = [(watch.path, self._observer._handlers[watch]) for _, watch in self._watches.values()]
        self._observer.stop()
        self._observer = self._polling(error)
        self._observer.start()
        for path, known in handlers:
            for handler in known:
                assert isinstance(handler, _Handler)
                self._schedule(handler, path)

    def _polling(self, error: OSError) -> BaseObserver:
        told = f"a folder can not be watched: {(error.strerror or str(error)).lower()}"
        self._say(LIMIT_REACHED if error.errno in _LIMITS else f"{told}; {_INSTEAD}")
        return PollingObserver(timeout=POLLING)

    def batches(self) -> Iterator[Batch]:
        """Each batch as it comes, and after a while one without paths; ends once it is closed."""
        while True:
            try:
                path = self._queue.get(timeout=None if self._swept else SWEEP)
            except queue.Empty:
                self._swept = True
                yield Batch(frozenset(), time.perf_counter())
                continue
            since = time.perf_counter()
            paths = {path} if path is None else self._gather(path)
            if None in paths:
                return
            news = frozenset(path for path in paths if path and (os.path.lexists(path) or self._known(path)))
            if news:
                self._swept = False
                yield Batch(news, since)

    def _gather(self, first: str) -> set[str | None]:
        """Everything that changes until all is quiet and no file is half written."""
        paths: set[str | None] = {first}
        begun = last = time.monotonic()
        while None not in paths and time.monotonic() - begun < LONGEST:
            try:
                paths.add(self._queue.get(timeout=QUIET_FEW if len(paths) <= FEW else QUIET_MANY))
                last = time.monotonic()
            except queue.Empty:
                if time.monotonic() - last > GRACE or not any(path and self._is_half(path) for path in paths):
                    break
        return paths

    def _is_half(self, path: str) -> bool:
        """Whether a file looks as if it was just about to be written."""
        try:
            return os.stat(path).st_size == 0  # noqa: PTH116 - told by the kernel, and often
        except OSError:
            return self._known(path)

    def look_again(self) -> None:
        """Let another batch without paths come, though nothing changes: called between two batches."""
        self._swept = False

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()
        self._queue.put(None)


class _Handler(events.FileSystemEventHandler):
    """Hands on the paths of what happened, under the name of the folder that they were asked for by."""

    def __init__(self, put: Callable[[str], None], real: str, name: str, only: Collection[str]) -> None:
        self._put, self._real, self._name, self.only = put, real, name, only

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        for path in (os.fsdecode(event.src_path), os.fsdecode(event.dest_path)):
            if not path.startswith(self._real):
                continue
            below = path[len(self._real) :]
            heard = below.lstrip("/") in self.only if self.only else "/." not in below
            if heard:
                self._put(self._name + below)
