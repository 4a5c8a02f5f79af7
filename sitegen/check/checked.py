"""What a check is asked, what it tells, and whether it would tell the same again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from sitegen.again import frame_of
from sitegen.errors import Problem
from sitegen.identity import digest, identity_at
from sitegen.manifest import MANIFEST
from sitegen.report import Options
from sitegen.store import Store
from sitegen.survey import Survey, survey


class Task(Survey, frozen=True, kw_only=True):
    """A site to be checked."""

    now: datetime
    jobs: int


class Checked(Struct, frozen=True, kw_only=True):
    """What a check found, and for how long it holds."""

    findings: tuple[Problem, ...]
    texts: int
    pictures: int
    since: datetime | None = None  #: before this date, more texts would be left out
    until: datetime | None = None  #: from this date on, fewer would be


def task_of(folder: Path, now: datetime, jobs: int) -> Task:
    return Task(**asdict(survey(folder)), now=now, jobs=jobs)


_FACT = "check"


class _Remembered(Struct, frozen=True):
    state: str
    checked: Checked


def unchanged(task: Task, store: Store) -> Checked | None:
    """What the last check told, if nothing that it saw has changed."""
    fact = store.fact(_FACT)
    if not fact:
        return None
    remembered = msgspec.json.decode(fact, type=_Remembered)
    checked = remembered.checked
    due = checked.until is not None and task.now >= checked.until
    early = checked.since is not None and task.now < checked.since
    return None if due or early or not remembered.state or remembered.state != _state(task) else checked


def remember(task: Task, checked: Checked, store: Store) -> None:
    store.put_fact(_FACT, msgspec.json.encode(_Remembered(_state(task), checked)))


def _state(task: Task) -> str:
    """A digest of all that goes into a check but the time; "" when that can't be told without reading."""
    texts = [(source.key, source.identity) for source in task.found.sources]
    if not all(identity for _, identity in texts):
        return ""
    frame = frame_of(task, Options())
    output = identity_at(task.folder / "output" / MANIFEST)
    return digest(msgspec.json.encode((frame, output, texts))) if frame else ""
