"""Changed bytes -> output/, each file whole; what is no longer made is taken away; the manifest last."""

from __future__ import annotations

import os
import shutil
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple, TypeVar

from msgspec import Struct

from sitegen.errors import Problem, SiteError, told
from sitegen.manifest import MANIFEST, parse_manifest, render_manifest, sha256, sha256_of_file

#: How many foreign files an error names.
_SHOWN = 10


class Staged(Struct, frozen=True, kw_only=True):
    """A file of the new output, made but not yet in its place."""

    path: str  #: below the output
    digest: str
    waiting: str = ""  #: where its bytes wait; "" when the output holds them already
    copied: bool = False  #: `waiting` is somebody's source, to be copied and not moved


class Changes(NamedTuple):
    written: int
    deleted: int


#: What every output of sitegen holds, so that its manifest can be told from those of other programs.
_SIGNS = frozenset(("404.html", "archive/index.html", "index.html", "robots.txt"))


class Output:
    """An output folder and the place where its next files wait. Nothing is replaced before `commit`."""

    def __init__(self, folder: Path, store: Path, *, clean: bool = False) -> None:
        self.folder = folder
        self._waiting = store / "waiting"
        # One for each output: what was begun here is not ours in another folder. It stays, empty, when all
        # is done, and so tells that sitegen has built here.
        self._begun = store / f"begun-{sha256(str(folder.resolve()).encode())[:12]}"
        self._clean = clean
        manifest = _bytes(folder / MANIFEST)
        self._old = parse_manifest(manifest or b"")
        built_here = self._begun.exists()
        #: Other programs write manifests of this name too (BagIt, RFC 8493); what theirs name is not ours.
        self._foreign = manifest is not None and not built_here and not self._old.keys() >= _SIGNS
        damaged = manifest is not None and len(self._old) != len(manifest.splitlines())
        #: Sitegen has built here, but can't tell any more which files are its own.
        self._ours_alone = built_here and (damaged or manifest is None)

    def open(self) -> None:
        """Make the folders; raises SiteError when the output can't be one."""
        if self.folder.exists() and not self.folder.is_dir():
            raise SiteError([Problem(message=f"{self.folder} is a file", hint="name a folder as the output")])
        if self._foreign:
            message = f"{self.folder / MANIFEST} is not a manifest of sitegen's, or is damaged"
            raise SiteError([Problem(message=message, hint="move it away, or build elsewhere")])
        with told("the output can not be prepared"):
            shutil.rmtree(self._waiting, ignore_errors=True)
            self._waiting.mkdir(parents=True)
            self.folder.mkdir(parents=True, exist_ok=True)

    def stage(self, path: str, data: bytes) -> Staged:
        """Let `data` wait to become the file at `path`, unless it is there already."""
        digest = sha256(data)
        if self._held(path, digest) and _bytes(self.folder / path) == data:
            return Staged(path=path, digest=digest)
        waiting = f"{self._waiting}/{sha256(path.encode())}"
        with open(waiting, "wb", buffering=0) as file:  # noqa: PTH123 - it is called for every file
            file.write(data)
        return Staged(path=path, digest=digest, waiting=waiting)

    def stage_file(self, path: str, source: Path) -> Staged:
        """The same with a file that is copied as it is."""
        digest = sha256_of_file(source)
        target = self.folder / path
        if self._held(path, digest) and target.is_file() and sha256_of_file(target) == digest:
            return Staged(path=path, digest=digest)
        return Staged(path=path, digest=digest, waiting=str(source), copied=True)

    def _held(self, path: str, digest: str) -> bool:
        """Whether the output should hold the file already, so that it is worth a look."""
        return not self._clean and self._old.get(path) == digest

    def commit(self, staged: Iterable[Staged]) -> Changes:
        """Put every staged file in its place, take away what the last build made and this one did not.

        Only files that the last manifest names are ever deleted. Killed half way, every file is whole,
        and the next commit finishes the work: what was begun is remembered until the manifest is there.
        """
        files = {one.path: one for one in staged}
        changed = [one for one in files.values() if one.waiting]
        with told("the output can not be written; what was there is still whole, build again"):
            begun = _paths(self._begun)
            ours = {**self._old, **dict.fromkeys(begun, "")}
            stale = [path for path in ours if path not in files]
            there = self._folders_there([*stale, *(one.path for one in changed)])
            # In a new folder nothing can be in the way.
            in_old = [one for one in changed if _folder_of(one.path) in there]
            self._refuse_obstacles(in_old, {*stale}, there)
            self._refuse_foreign(in_old, ours)
            new = [one.path for one in changed if one.path not in self._old]
            new += [str(_beside(PurePosixPath(path))) for path in (MANIFEST, *(one.path for one in changed))]
            self._begun.write_bytes("\0".join([*begun, *new]).encode())
            deleted = sum(self._delete(path) for path in stale)
            for one in changed:
                self._place(one, there)
            self._place_manifest({path: one.digest for path, one in files.items()})
            self._begun.write_bytes(b"")
            shutil.rmtree(self._waiting, ignore_errors=True)
        return Changes(len(changed), deleted)

    def _refuse_obstacles(self, changed: Iterable[Staged], stale: set[str], there: Iterable[str]) -> None:
        """Raise SiteError, before anything is replaced, if something would stop us half way."""
        faults: dict[str, str] = {}
        for folder in sorted(there):
            place = self.folder / folder
            if place.is_file() and folder not in stale:
                faults[folder] = "is a file that sitegen did not make, where a folder is to be"
            elif place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                faults[folder] = "is a folder that this user may not write to"
        for one in changed:
            target = self.folder / one.path
            inside = [path for path in target.rglob("*") if path.is_file()] if target.is_dir() else []
            ours = inside and all(path.relative_to(self.folder).as_posix() in stale for path in inside)
            if target.is_dir() and not ours:
                faults[one.path] = "is a folder that sitegen did not make, where a file is to be"
        self._refuse(faults)

    def _folders_there(self, paths: Iterable[str]) -> set[str]:
        """Those folders of `paths`, below the output, where something is already."""
        there = {"."}
        for folder in sorted({one for path in paths for one in _folders_of(path)}):
            # Nothing lies in what is not there: a new output is not looked through folder by folder.
            if _folder_of(folder) in there and (self.folder / folder).exists():
                there.add(folder)
        return there

    def _refuse_foreign(self, changed: Iterable[Staged], ours: Iterable[str]) -> None:
        """Raise SiteError if a file would be replaced that sitegen did not make."""
        if self._ours_alone:
            return
        known = {path.casefold() for path in ours}
        foreign = [
            one.path
            for one in changed
            if one.path.casefold() not in known
            and (target := self.folder / one.path).is_file()
            and sha256_of_file(target) != one.digest
        ]
        rest = len(foreign) - _SHOWN
        what = "is a file that sitegen did not make, where one is to be written"
        faults = dict.fromkeys(foreign[:_SHOWN], what)
        if rest > 0:
            faults[foreign[_SHOWN - 1]] = f"{what}, and there are {rest} more"
        self._refuse(faults)

    def _refuse(self, faults: Mapping[str, str]) -> None:
        if faults:
            # What holds for the whole output need not be said of each folder in it.
            raise SiteError(
                Problem(message=f"{self.folder / path} {what}", hint="move it away, or build elsewhere")
                for path, what in ({".": faults["."]} if "." in faults else faults).items()
            )

    def _place(self, one: Staged, there: Container[str]) -> None:
        target = self.folder / one.path
        if _folder_of(one.path) not in there or not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(one.waiting)
        if one.copied:
            waiting = self._waiting / sha256(one.path.encode())
            shutil.copyfile(one.waiting, waiting)
        replace(waiting, target)

    def _place_manifest(self, digests: Mapping[str, str]) -> None:
        data = render_manifest(digests)
        if _bytes(self.folder / MANIFEST) != data:
            waiting = self._waiting / MANIFEST
            waiting.write_bytes(data)
            replace(waiting, self.folder / MANIFEST)

    def _delete(self, path: str) -> bool:
        """Delete a file of the last build, and the folders that it leaves empty."""
        target = self.folder / path
        if not _lies_in(target, self.folder) or not target.is_file():
            return False
        target.unlink()
        for folder in target.parents:
            if folder == self.folder or any(folder.iterdir()):
                break
            folder.rmdir()
        return True


def replace(source: Path, target: Path) -> None:
    """Move a file into its place in one step, also from another disk."""
    try:
        source.replace(target)
    except OSError as error:
        if isinstance(error, PermissionError | IsADirectoryError):
            raise
        beside = _beside(target)
        try:
            shutil.copyfile(source, beside)
            beside.replace(target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        source.unlink()


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _folders_of(path: str) -> Iterator[str]:
    """The folders that a path lies in below the output."""
    end = path.find("/")
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)


AnyPath = TypeVar("AnyPath", bound=PurePath)


def _beside(target: AnyPath) -> AnyPath:
    """Where a file is put together that comes from another disk."""
    return target.with_name(f".{target.name}.sitegen")


def _lies_in(path: Path, folder: Path) -> bool:
    """A tampered manifest must not make us delete anything elsewhere."""
    return path.parent.resolve().is_relative_to(folder.resolve())


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _paths(begun: Path) -> list[str]:
    data = _bytes(begun)
    return data.decode("utf-8", "replace").split("\0") if data else []
