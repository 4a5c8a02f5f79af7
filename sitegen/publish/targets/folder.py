"""`file:`: a folder, a mounted disk, a USB stick."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_hex

from sitegen.errors import Problem, SiteError, told
from sitegen.manifest import sha256, sha256_of_file
from sitegen.publish.targets import Arrived, Held, LostRaceError, Sending
from sitegen.urls import LONGEST_NAME

#: Where files are put together before they move into their place.
_WAITING = ".sitegen-publish.tmp"

#: Bytes that are copied at a time.
_PIECE = 1 << 18

#: Characters that FAT, exFAT and NTFS don't take, which nothing but a trial tells of.
_ODD = frozenset('<>:"|?*\\')


class Folder:
    """A folder. With `at_once` it is reached through a link, which is turned to a new folder in one step."""

    def __init__(self, place: Path, *, at_once: bool = False) -> None:
        self.at_once = at_once
        self.folds = False
        self.beside: Collection[str] = ()
        self._place = place
        self._root = place
        self._lock = -1

    def read(self, path: str) -> Held | None:
        with self._told("read"):
            try:
                data = (self._root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
        return Held(data, sha256(data))

    def begin(self) -> None:
        with self._told("write to"):
            if self.at_once:
                self._begin_anew()
            self._root.mkdir(parents=True, exist_ok=True)
            self._hold(self._releases if self.at_once else self._root)
            shutil.rmtree(self._root / _WAITING, ignore_errors=True)
            (self._root / _WAITING).mkdir()
            probe = self._root / _WAITING / "probe"
            probe.touch()
            self.folds = probe.with_name("PROBE").exists()

    def swap(self, path: str, data: bytes, version: str) -> str:
        held = self.read(path)
        if (held.version if held else "") != version:
            raise LostRaceError(path)
        with self._told("write to"):
            waiting = self._waiting(path)
            with waiting.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._place_file(waiting, path)
        return sha256(data)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        with self._told("write to"):
            for file in files:
                waiting = self._waiting(file.path)
                _copy(file.source, waiting)
                self._place_file(waiting, file.path)
                arrived(file.path)

    def delete(self, paths: Sequence[str]) -> None:
        with self._told("delete in"):
            for path in paths:
                place = self._root / path
                # A link in the way must not make us delete anything elsewhere.
                if place.parent.resolve().is_relative_to(self._root.resolve()):
                    place.unlink(missing_ok=True)
                    _prune(place.parent, self._root)

    def paths(self) -> Collection[str]:
        found = []
        for folder, below, files in os.walk(self._root):
            below[:] = [name for name in below if name != _WAITING]
            found += [(Path(folder) / name).relative_to(self._root).as_posix() for name in files]
        return found

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        for path in paths:
            with self._told("read"), contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield path, sha256_of_file(self._root / path)

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        faults = {}
        for path in paths:
            if any(len(name.encode()) > LONGEST_NAME for name in path.split("/")):
                faults[path] = f"its name is longer than {LONGEST_NAME} bytes"
            elif _ODD.intersection(path) or any(name.endswith((".", " ")) for name in path.split("/")):
                faults[path] = self._trial(path)
        return {path: fault for path, fault in faults.items() if fault}

    def commit(self) -> None:
        with self._told("write to"):
            shutil.rmtree(self._root / _WAITING, ignore_errors=True)
            if hasattr(os, "sync"):
                os.sync()
            if self.at_once:
                link = self._releases / "link"
                link.unlink(missing_ok=True)
                link.symlink_to(self._root.relative_to(self._place.parent))
                link.replace(self._place)

    def close(self) -> None:
        if self._lock >= 0:
            shutil.rmtree(self._root / _WAITING, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1

    @property
    def _releases(self) -> Path:
        return self._place.with_name(f".{self._place.name}.sitegen")

    def _begin_anew(self) -> None:
        """Go on in a new folder with the same files; what was left of others is taken away."""
        if self._place.exists() and not self._place.is_symlink():
            message = f"{self._place} is a folder, and only a link can be switched at once"
            raise SiteError([Problem(message=message, hint="move it away once, or set atomic = false")])
        self._releases.mkdir(parents=True, exist_ok=True)
        self._hold(self._releases)
        live = self._place.resolve()
        for old in self._releases.iterdir():
            if old.resolve() != live and old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
        self._root = self._releases / token_hex(6)
        if live.is_dir():
            shutil.copytree(live, self._root, symlinks=True, copy_function=_link)

    def _hold(self, folder: Path) -> None:
        """One publisher at a time, as far as this computer knows."""
        if sys.platform == "win32" or self._lock >= 0:
            return
        import fcntl

        self._lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LostRaceError(str(folder)) from None
        except OSError:  # some disks know no locks
            pass

    def _waiting(self, path: str) -> Path:
        return self._root / _WAITING / sha256(path.encode())[:24]

    def _place_file(self, waiting: Path, path: str) -> None:
        place = self._root / path
        try:
            waiting.replace(place)
        except (FileNotFoundError, NotADirectoryError):
            place.parent.mkdir(parents=True, exist_ok=True)
            waiting.replace(place)

    def _trial(self, path: str) -> str:
        """Whether a name is one for this disk, found out by trying."""
        name = max(
            path.split("/"), key=lambda part: (bool(_ODD.intersection(part)), part.endswith((".", " ")))
        )
        trial = self._root / _WAITING / name
        try:
            trial.touch()
            trial.unlink()
        except OSError:
            return "this disk takes no such name"
        return ""

    def _told(self, verb: str) -> contextlib.AbstractContextManager[None]:
        return told(f"can not {verb} {self._place}")


def _copy(source: Path, target: Path) -> None:
    """What shutil.copyfile does, without its questions, which take as long as a small file's bytes."""
    with source.open("rb", buffering=0) as given, target.open("wb", buffering=0) as taken:
        while piece := given.read(_PIECE):
            while piece:
                piece = piece[taken.write(piece) :]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # some disks know no hard links
        shutil.copyfile(source, target)


def _prune(folder: Path, root: Path) -> None:
    """Remove a folder that was left empty, and those above it."""
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
