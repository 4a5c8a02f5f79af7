"""What a target holds beside the files of its manifest, and who is publishing there: `.sitegen-publish.json`.

It is public, so it names nobody. All of it can be found out again with `--audit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from sitegen.manifest import sha256


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A publish that has not ended: it is at work, or was stopped."""

    run: str  #: its random name
    who: str  #: as it wants to be called
    manifest: str  #: SHA-256 of the manifest that it would end with
    turn: int = 1  #: how many publishes were stopped one after the other, this one counted
    paths: Mapping[
        str, int
    ]  #: files that may have been written since the last whole publish -> in which turn
    beat: int = 0  #: counts up while it is alive


class State(msgspec.Struct, frozen=True, kw_only=True):
    site: str = ""  #: the base_url of the site; "" if it has none
    manifest: str = ""  #: SHA-256 of the manifest that was published last
    who: str = ""  #: published it
    waiting: Mapping[str, str] = {}  #: files no longer needed -> since when, to be deleted after the grace
    beside: tuple[str, ...] = ()  #: files that are not sitegen's and were there when it came
    begun: Begun | None = None
    sum: str = ""  #: SHA-256 of the rest, so that damage is seen


class DamagedStateError(Exception):
    """The file is not as sitegen wrote it."""


def render_state(state: State) -> bytes:
    waiting = dict(sorted(state.waiting.items()))
    begun = state.begun and replace(state.begun, paths=dict(sorted(state.begun.paths.items())))
    plain = replace(state, sum="", waiting=waiting, beside=tuple(sorted(state.beside)), begun=begun)
    whole = replace(plain, sum=sha256(msgspec.json.encode(plain)))
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def parse_state(data: bytes) -> State:
    """Read a state; raises DamagedStateError if a single bit of it is not as it was written."""
    try:
        state = msgspec.json.decode(data, type=State)
        if render_state(state) == data:
            return state
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    raise DamagedStateError


def moment(text: str, now: datetime) -> datetime:
    """A time that a state names. One that is no time, or lies ahead (a clock was wrong), is now."""
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(since if since.tzinfo else since.replace(tzinfo=UTC), now)
