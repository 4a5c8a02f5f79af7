"""A plan -> a target, in such an order that whoever reads there meanwhile finds every link of every page."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec.structs import replace

from sitegen.manifest import MANIFEST, sha256
from sitegen.publish.kinds import STATE
from sitegen.publish.ledger import Ledger
from sitegen.publish.look import Job, Seen
from sitegen.publish.plan import Plan, Upload
from sitegen.publish.state import Begun, State, render_state
from sitegen.publish.targets import LostRaceError, OvertakenError, Sending, Target
from sitegen.signing import SIGNATURE

Advance = Callable[[], None]


def is_done(target: Target, job: Job, seen: Seen, plan: Plan) -> bool:
    """Whether a target holds already what it is to hold."""
    if plan.uploads or plan.obstacles or plan.deletions or plan.retired or seen.state.begun is not None:
        return False
    if seen.manifest is None or seen.manifest.data != job.manifest or seen.state.manifest == "":
        return False
    held = target.read(SIGNATURE)
    return (held.data if held else b"") == job.signature and seen.beside == seen.state.beside


def carry_out(
    target: Target,
    job: Job,
    seen: Seen,
    plan: Plan,
    ledger: Ledger,
    now: Callable[[], datetime],
    advance: Advance,
) -> None:
    """Do what the plan says. Stopped at any moment, it leaves a site without a broken link, which the next
    publish completes. Raises LostRaceError when another publisher has come first, OvertakenError when one
    came after this one had begun."""
    going = _Going(target, job, seen, plan)
    going.claim()
    sent = {upload.path for upload in plan.uploads}
    ledger.begin(job.run, {path: one for path, one in seen.there.unsure.items() if one and path not in sent})

    def arrived(path: str) -> None:
        ledger.note(path, job.local[path])
        advance()
        going.live()

    target.delete([one.path for one in plan.obstacles])
    for group in _groups(plan):
        target.put([Sending(upload.path, job.output / upload.path) for upload in group], arrived)
    going.put_manifest()
    target.delete([one.path for one in plan.deletions])
    going.end(now())
    target.commit()
    ledger.end()


def _groups(plan: Plan) -> Iterator[list[Upload]]:
    for _, group in itertools.groupby(plan.uploads, key=lambda upload: upload.rank):
        yield list(group)


class _Going:
    """A publish that has begun: what the target is told of it."""

    def __init__(self, target: Target, job: Job, seen: Seen, plan: Plan) -> None:
        self._target, self._job, self._seen, self._plan = target, job, seen, plan
        self._version = seen.state_version
        self._seen_alive = time.time()
        self._state = self._begin()

    def _begin(self) -> State:
        job, before, plan = self._job, self._seen.state.begun, self._plan
        turn = before.turn + 1 if before else 1
        paths = {upload.path: turn for upload in plan.uploads} | dict(before.paths if before else {})
        begun = Begun(run=job.run, who=job.who, manifest=sha256(job.manifest), turn=turn, paths=paths)
        return replace(
            self._seen.state,
            site=job.site,
            beside=tuple(sorted({*self._seen.beside, *self._target.beside} - job.local.keys())),
            waiting={**plan.waiting, **{one.path: one.since for one in plan.deletions}},
            begun=begun,
        )

    def claim(self) -> None:
        """From here on, other publishers know of this one."""
        if not self._target.at_once:
            self._version = self._target.swap(STATE, render_state(self._state), self._version)

    def live(self) -> None:
        """Give a sign of life, now and then; LostRaceError when another one took us for stopped."""
        # The clock on the wall, set back or not: the other one stands still while a computer sleeps.
        if abs(time.time() - self._seen_alive) > self._job.pause and not self._target.at_once:
            self._beat()

    def _beat(self) -> None:
        begun = self._state.begun
        self._state = replace(self._state, begun=begun and replace(begun, beat=begun.beat + 1))
        self._version = self._swap(STATE, render_state(self._state), self._version)
        self._seen_alive = time.time()

    def _swap(self, path: str, data: bytes, version: str) -> str:
        try:
            return self._target.swap(path, data, version)
        except LostRaceError:
            if self._target.at_once:
                raise  # nothing of this one is to be seen
            raise OvertakenError(path) from None

    def put_manifest(self) -> None:
        """The manifest is the commit; the signature is there a moment before it."""
        job, held = self._job, self._target.read(SIGNATURE)
        if not self._target.at_once:
            self._beat()
        if job.signature and (held is None or held.data != job.signature):
            self._swap(SIGNATURE, job.signature, held.version if held else "")
        elif held and not job.signature:
            self._target.delete([SIGNATURE])
        manifest = self._seen.manifest
        if manifest is None or manifest.data != job.manifest:
            self._swap(MANIFEST, job.manifest, manifest.version if manifest else "")

    def end(self, now: datetime) -> None:
        """Tell that nobody is publishing any more, and what is there beside the manifest's files."""
        retired = dict.fromkeys(self._plan.retired, now.isoformat(timespec="seconds"))
        state = replace(
            self._state,
            manifest=sha256(self._job.manifest),
            who=self._job.who,
            waiting={path: retired.get(path, since) for path, since in self._plan.waiting.items()},
            begun=None,
        )
        self._swap(STATE, render_state(state), self._version)
