"""Is a copy whole? Every byte of it against its manifest, and the manifest against the key of who made it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from sitegen.errors import Problem, SiteError
from sitegen.manifest import MANIFEST, parse_manifest
from sitegen.publish.kinds import OWN, STATE
from sitegen.publish.look import is_sound, safe
from sitegen.publish.state import DamagedStateError, State, parse_state
from sitegen.publish.targets import Held
from sitegen.signing import PUBLIC_KEY, SIGNATURE, PublicKey, public_key, signature_fault

#: How many files are asked for at a time, so that progress can be shown.
_BATCH = 200


class Copy(Protocol):
    """What verifying asks of a place; every target can answer, and so can a web address."""

    def read(self, path: str) -> Held | None: ...

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]: ...

    def paths(self) -> Collection[str]:
        """Every file; none where that can't be known."""


class Verdict(Struct, frozen=True, kw_only=True):
    total: int  #: files that the manifest names
    checked: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    extra: tuple[str, ...]  #: there, and named nowhere
    signature: str  #: "valid", "invalid", "none" or "unchecked"
    signer: str  #: in words: by which key, or what is wrong

    @property
    def whole(self) -> bool:
        return not self.missing and not self.changed and self.signature != "invalid"


def verify(
    copy: Copy,
    key: PublicKey | None = None,
    sample: int = 0,
    begin: Callable[[int], Callable[[], None]] = lambda _steps: lambda: None,
) -> Verdict:
    """Check a copy; `sample` files of it, if that is more than 0. Raises SiteError if it can't be read.

    Without a `key` the signature is checked against the one that the copy itself holds.
    """
    held = copy.read(MANIFEST)
    if held is None:
        hint = "name the folder or address at which the site itself lies"
        raise SiteError([Problem(message=f"there is no {MANIFEST}, so nothing can be proven", hint=hint)])
    named = parse_manifest(held.data)
    state, damaged = _state(copy)
    chosen = sorted(safe(named))
    if 0 < sample < len(chosen):
        chosen = sorted(random.SystemRandom().sample(chosen, sample))
    found = dict(_digests(copy, chosen, begin(len(chosen))))
    changed = [path for path in chosen if path in found and found[path] != named[path]]
    changed += [MANIFEST] if not is_sound(held.data) else []
    changed += [STATE] if damaged else []
    known = {*OWN, *named, *state.waiting, *state.beside}
    signature, signer = _signature(copy, held.data, key)
    return Verdict(
        total=len(named),
        checked=len(chosen),
        missing=tuple(path for path in chosen if path not in found),
        changed=tuple(sorted(changed)),
        extra=tuple(sorted(set(copy.paths()) - known)),
        signature=signature,
        signer=signer,
    )


def _digests(copy: Copy, paths: list[str], advance: Callable[[], None]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(paths), _BATCH):
        batch = paths[start : start + _BATCH]
        yield from copy.digests(batch)
        for _ in batch:
            advance()


def _state(copy: Copy) -> tuple[State, bool]:
    """What is told of the files beside the manifest's, and whether that is damaged."""
    held = copy.read(STATE)
    if held is None:
        return State(), False
    try:
        state = parse_state(held.data)
    except DamagedStateError:
        return State(), True
    if state.begun is not None:
        # A publish is at work, or was stopped: what it brings is not strange.
        waiting: Mapping[str, str] = {**dict.fromkeys(state.begun.paths, ""), **state.waiting}
        state = State(waiting=waiting, beside=state.beside)
    return state, False


def _signature(copy: Copy, manifest: bytes, key: PublicKey | None) -> tuple[str, str]:
    held = copy.read(SIGNATURE)
    if held is None:
        if key is None:
            return "none", "it is not signed"
        return "invalid", f"there is no signature by {key.name}"
    whose = "the key that was asked for"
    if key is None:
        own = copy.read(PUBLIC_KEY)
        try:
            key = public_key(own.data.decode("utf-8", "replace")) if own else None
        except ValueError:
            key = None
        if key is None:
            return "unchecked", "it is signed, but by an unknown key; name the publisher's with --key"
        whose = "the key that lies in the copy; compare it with what its publisher says"
    fault = signature_fault(manifest, held.data, key)
    if fault:
        return "invalid", f"the signature {fault}"
    return "valid", f"signed by {key.text} ({whose})"
