"""What a target holds, as its manifest and state tell it, or, with an audit, as its bytes do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem, SiteError
from sitegen.manifest import MANIFEST, parse_manifest, render_manifest, sha256
from sitegen.publish.kinds import OWN, STATE
from sitegen.publish.ledger import Ledger
from sitegen.publish.plan import There
from sitegen.publish.state import Begun, DamagedStateError, State, parse_state
from sitegen.publish.targets import Held, Target

#: Files that hosts keep beside a site, which make a place no other site's.
_HARMLESS = frozenset((".nojekyll", "CNAME", ".gitattributes", ".well-known"))


class Job(Struct, frozen=True, kw_only=True):
    """A whole output that is to be published, and how."""

    output: Path
    local: Mapping[str, str]  #: path -> SHA-256, each seen to be so
    manifest: bytes
    signature: bytes = b""  #: b"" without one
    site: str = ""  #: the base_url
    run: str  #: the random name of this publish
    who: str  #: how this publisher wants to be called, to others who publish there
    audit: bool = False
    adopt: bool = False
    patience: float = 60  #: seconds without a sign of life after which another publisher is taken for stopped
    pause: float = 20  #: seconds between our own signs of life


class Seen(Struct, frozen=True, kw_only=True):
    state: State
    state_version: str
    manifest: Held | None
    there: There
    beside: tuple[str, ...]  #: files of others that are there and stay
    strangers: tuple[str, ...] = ()  #: files that an audit found and nothing names


def look(target: Target, job: Job, ledger: Ledger, say: Callable[[str], None]) -> Seen:
    """See what a target holds. Raises SiteError if it is not ours, or is not what it says."""
    held = _settled(target, job, ledger, say)
    manifest = target.read(MANIFEST)
    state = _state(held, job)
    if held is None or (job.adopt and state.site != job.site):
        return _look_at_foreign(target, job, held, manifest)
    if job.site and state.site and job.site != state.site:
        raise _refused(
            f"it holds another site, {state.site}", "publish elsewhere, or take it over with --adopt"
        )
    if not job.audit:
        _check(state, manifest)
    there = _there(state, manifest, ledger)
    if not job.audit:
        return Seen(
            state=state, state_version=held.version, manifest=manifest, there=there, beside=state.beside
        )
    known = {*there.named, *there.unsure, *job.local}
    found = set(target.paths()) - {*OWN}
    named = dict(target.digests(sorted(found & known)))
    waiting = {path: since for path, since in there.waiting.items() if path in found}
    strangers = found - known - {*waiting, *state.beside}
    return Seen(
        state=replace(state, begun=state.begun and replace(state.begun, paths={})),
        state_version=held.version,
        manifest=manifest,
        there=There(named=named, waiting=waiting),
        beside=state.beside,
        strangers=tuple(sorted(strangers - {*target.beside})),
    )


def _settled(target: Target, job: Job, ledger: Ledger, say: Callable[[str], None]) -> Held | None:
    """The state, once nobody else is at work: who shows no sign of life for a while was stopped."""
    held = target.read(STATE)
    begun = _begun(held)
    if begun is None or ledger.tells_of(begun.run) or target.at_once:
        return held
    say(f"{begun.who} began here and has not ended; waiting {job.patience:.0f} s for a sign of life")
    end = time.monotonic() + job.patience
    while time.monotonic() < end:
        time.sleep(min(1.0, job.patience / 20))
        now = target.read(STATE)
        alive = _begun(now)
        if alive and now and held and now.version != held.version:
            raise _refused(f"{alive.who} is publishing there now", "publish again when that is done")
        if alive is None:
            return now
    return target.read(STATE)


def _begun(held: Held | None) -> Begun | None:
    try:
        return parse_state(held.data).begun if held else None
    except DamagedStateError:
        return None


def _state(held: Held | None, job: Job) -> State:
    try:
        return parse_state(held.data) if held else State()
    except DamagedStateError:
        if job.audit or job.adopt:
            return State(site=job.site)
        hint = "see what else writes there, then publish with --audit, which trusts nothing"
        raise _refused(f"its {STATE} is damaged", hint) from None


def _look_at_foreign(target: Target, job: Job, held: Held | None, manifest: Held | None) -> Seen:
    """A place that no publish has ended at yet: it must be empty, or be taken over."""
    found = sorted(set(target.paths()) - {*OWN})
    foreign = [path for path in found if path.split("/")[0] not in _HARMLESS]
    if (foreign or manifest) and not job.adopt:
        shown = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        what = "another site, or one that was copied by hand" if manifest else "files of somebody else"
        hint = "publish elsewhere, or take it over with --adopt, which deletes nothing"
        raise _refused(f"it holds {what}: {shown or MANIFEST}", hint)
    named = dict(target.digests([path for path in found if path in job.local]))
    return Seen(
        state=State(),
        state_version=held.version if held else "",
        manifest=manifest,
        there=There(named=named),
        beside=tuple(path for path in found if path not in job.local),
    )


def _check(state: State, manifest: Held | None) -> None:
    """Raise SiteError unless the manifest is the one that the last publish, or a stopped one, left."""
    due = {state.manifest, state.begun.manifest if state.begun else state.manifest}
    if manifest is None and state.manifest:
        raise _refused(f"its {MANIFEST} is gone", "publish with --audit, which looks at every file")
    if manifest and (sha256(manifest.data) not in due or not is_sound(manifest.data)):
        hint = "see who else writes there, then publish with --audit, which looks at every file"
        raise _refused(f"its {MANIFEST} was changed since sitegen wrote it", hint)


def _there(state: State, manifest: Held | None, ledger: Ledger) -> There:
    files = parse_manifest(manifest.data) if manifest else {}
    begun = state.begun
    known = ledger.known(begun.run) if begun else {}
    return There(
        named={path: files[path] for path in safe(files)},
        unsure={path: known.get(path, "") for path in safe(begun.paths)} if begun else {},
        turns=begun.paths if begun else {},
        waiting={path: state.waiting[path] for path in safe(state.waiting) if path not in state.beside},
    )


def safe(paths: Iterable[str]) -> list[str]:
    """Those that stay below the target: what stands there may have been tampered with."""
    return [path for path in paths if "\0" not in path and not {"", ".", ".."} & {*path.split("/")}]


def is_sound(manifest: bytes) -> bool:
    """Whether a manifest is as sitegen writes it, to the last bit, and names nothing outside the copy."""
    files = parse_manifest(manifest)
    return render_manifest(files) == manifest and len(safe(files)) == len(files)


def _refused(message: str, hint: str) -> SiteError:
    return SiteError([Problem(message=message, hint=hint)])


def publisher_at(target: Target) -> str:
    """Who is publishing at a target, or did so last."""
    try:
        held = target.read(STATE)
        state = parse_state(held.data) if held else State()
    except (DamagedStateError, SiteError):
        state = State()
    return (state.begun.who if state.begun else state.who) or "someone else"
