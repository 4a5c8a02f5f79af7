"""Two manifests -> what to do, in which order, and why. Pure: nothing is read and nothing is written here."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from sitegen.publish.kinds import Phase, folders_of, phase_of
from sitegen.publish.state import moment


class There(Struct, frozen=True, kw_only=True):
    """What a target holds, as far as it is known."""

    named: Mapping[str, str] = {}  #: path -> SHA-256, by the manifest that readers see
    unsure: Mapping[str, str] = {}  #: what a stopped publish may have written -> SHA-256, "" if not known
    turns: Mapping[str, int] = {}  #: of `unsure`: in which of the stopped publishes it was first to come
    waiting: Mapping[str, str] = {}  #: no longer needed -> since when

    def digest(self, path: str) -> str:
        """What a file holds; "" when it is not there or nobody knows."""
        return self.unsure.get(path, self.named.get(path, ""))


class Upload(Struct, frozen=True, kw_only=True):
    path: str
    phase: Phase
    turn: int = 0  #: within a phase, higher ones come first
    reason: str

    @property
    def rank(self) -> tuple[int, int]:
        """Uploads of one rank may come in any order; those of a lower one come before."""
        return self.phase, -self.turn


class Deletion(Struct, frozen=True, kw_only=True):
    path: str
    reason: str
    since: str = ""  #: when it was last needed


class Plan(Struct, frozen=True, kw_only=True):
    uploads: tuple[Upload, ...]  #: in order
    obstacles: tuple[Deletion, ...]  #: deleted before anything is uploaded, since they stand in the way
    deletions: tuple[Deletion, ...]  #: deleted last
    retired: tuple[str, ...]  #: in the manifest until now, and no longer wanted
    waiting: Mapping[str, str]  #: what the target holds and is to be deleted later -> since when
    unchanged: int


def make_plan(
    local: Mapping[str, str], there: There, now: datetime, grace: timedelta, *, folds: bool = False
) -> Plan:
    """What makes a target that holds `there` one that holds `local` (path -> SHA-256).

    `folds` says that the target takes names for one that differ only by case.
    """
    uploads = sorted(_uploads(local, there), key=lambda one: (one.rank, one.path))
    stale = {*there.named, *there.unsure, *there.waiting} - local.keys()
    if folds:
        # There, to delete the old spelling would be to delete the new one.
        kept = {folded(path) for path in local}
        stale = {path for path in stale if folded(path) not in kept}
    in_the_way = _in_the_way(stale, local)
    waiting = {path: _since(path, there, now) for path in sorted(stale - in_the_way)}
    over = {path for path, since in waiting.items() if _is_over(path, since, there, now, grace)}
    return Plan(
        uploads=tuple(uploads),
        obstacles=tuple(
            Deletion(path=path, reason="a folder and a file can not share a name")
            for path in sorted(in_the_way)
        ),
        deletions=tuple(
            Deletion(path=path, reason=f"not needed since {since}", since=since)
            for path, since in waiting.items()
            if path in over
        ),
        retired=tuple(sorted(there.named.keys() - local.keys())),
        waiting={path: since for path, since in waiting.items() if path not in over},
        unchanged=len(local) - len(uploads),
    )


def _uploads(local: Mapping[str, str], there: There) -> Iterator[Upload]:
    folders = folders_of(local.keys())
    for path, digest in local.items():
        if there.digest(path) == digest:
            continue
        phase = phase_of(path, new=path not in there.named, folders=folders)
        reason = "has changed" if path in there.named else "is new"
        turn = 0
        if path in there.unsure:
            reason = reason if there.unsure[path] else "was left by a publish that was stopped"
            if phase in (Phase.FILES, Phase.PAGES):
                # Readers may see it already, so whatever is quite new must come before: it may name that.
                phase, turn = Phase.RESUMED, there.turns.get(path, 0)
        yield Upload(path=path, phase=phase, turn=turn, reason=reason)


def _since(path: str, there: There, now: datetime) -> str:
    """Since when no page needs a file: pages that a reader may see now may still name it."""
    if path in there.named or path in there.unsure or path not in there.waiting:
        return now.isoformat(timespec="seconds")
    return moment(there.waiting[path], now).isoformat(timespec="seconds")


def _is_over(path: str, since: str, there: There, now: datetime, grace: timedelta) -> bool:
    """Whether a file has waited for its grace: deletions wait for the next publish, however short that is."""
    waited = path in there.waiting and path not in there.named and path not in there.unsure
    return waited and now - moment(since, now) >= grace


def _in_the_way(stale: Collection[str], local: Mapping[str, str]) -> set[str]:
    """Stale files where a folder is to be, or in a folder where a file is to be."""
    folders = {folder for path in local for folder in _above(path)}
    return {path for path in stale if path in folders or any(one in local for one in _above(path))}


def _above(path: str) -> Iterator[str]:
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def folded(path: str) -> str:
    """What two names have in common that are one name to a disk that cares not for case."""
    return unicodedata.normalize("NFC", path).casefold()
