"""The whole way of a publish: see that the output is whole, look at each target, plan, carry out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config import Config
from sitegen.config import Target as Settings
from sitegen.errors import Problem, SiteError, nearest, told
from sitegen.manifest import MANIFEST, parse_manifest, sha256_of_file
from sitegen.places import allowance_of, place_of, span_of
from sitegen.publish.carry import carry_out, is_done
from sitegen.publish.ledger import Ledger
from sitegen.publish.look import Job, Seen, is_sound, look, publisher_at
from sitegen.publish.patience import PAUSE, Patient
from sitegen.publish.plan import Plan, folded, make_plan
from sitegen.publish.targets import LostRaceError, OvertakenError, Target
from sitegen.publish.targets.opening import environment_of, open_target
from sitegen.report import Progress, silent
from sitegen.signing import SIGNATURE

#: How many names an error tells.
_SHOWN = 5


class Options(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard wants of a publish."""

    dry_run: bool = False
    audit: bool = False
    adopt: bool = False
    max_delete: str = ""  #: "" leaves it to the settings
    patience: float = 60  #: seconds, see `look.Job`


class Done(NamedTuple):
    """What became of one target."""

    plan: Plan
    strangers: tuple[str, ...] = ()  #: files that an audit found there and nothing names

    def counts(self) -> dict[str, int]:
        return {
            "uploaded": len(self.plan.uploads),
            "deleted": len(self.plan.obstacles) + len(self.plan.deletions),
            "unchanged": self.plan.unchanged,
        }


class Outcome(NamedTuple):
    targets: dict[str, Done]
    problems: tuple[Problem, ...]


def publish(
    site: Path,
    config: Config,
    names: tuple[str, ...],
    options: Options,
    environ: Mapping[str, str],
    progress: Progress = silent,
) -> Outcome:
    """Publish output/ to the targets called `names`, or to all. One that fails does not stop the others.

    Raises SiteError when there is nothing that could be published anywhere.
    """
    settings = _chosen(config, names)
    job = job_of(site / "output", config, options, environ, progress)
    outcome = Outcome({}, ())
    with ThreadPoolExecutor(len(settings)) as pool:
        running = {
            name: pool.submit(_publish_to, name, one, site, job, options, environ, progress)
            for name, one in settings.items()
        }
        for name, future in running.items():
            try:
                outcome.targets[name] = future.result()
            except SiteError as error:
                problems = (replace(one, message=f"{name}: {one.message}") for one in error.problems)
                outcome = outcome._replace(problems=(*outcome.problems, *problems))
    return outcome


def _chosen(config: Config, names: tuple[str, ...]) -> dict[str, Settings]:
    unknown = [name for name in names if name not in config.publish]
    if not config.publish:
        hint = 'write [publish.NAME] with to = "…" into sitegen.toml; see docs/mirroring.md'
        raise SiteError([Problem(message="there is no target to publish to", hint=hint)])
    if unknown:
        raise SiteError(
            Problem(message=f'there is no target "{name}"', hint=nearest(name, config.publish))
            for name in unknown
        )
    return {name: config.publish[name] for name in names or config.publish}


def job_of(
    output: Path, config: Config, options: Options, environ: Mapping[str, str], progress: Progress = silent
) -> Job:
    """What is to be published; raises SiteError if the output is not as its manifest has it."""
    with told("the output can not be read; build first"):
        manifest = (output / MANIFEST).read_bytes()
        signature = (output / SIGNATURE).read_bytes() if (output / SIGNATURE).is_file() else b""
    local = parse_manifest(manifest)
    if not local or not is_sound(manifest):
        message = f"{output / MANIFEST} is {'damaged' if manifest else 'empty'}"
        raise SiteError([Problem(message=message, hint="build again")])
    _check_files(output, local, progress("Checking", len(local)))
    run = token_hex(8)
    return Job(
        output=output,
        local=local,
        manifest=manifest,
        signature=signature,
        site=config.base_url,
        run=run,
        who=environ.get("SITEGEN_PUBLISHER") or f"publish {run[:6]}",
        audit=options.audit,
        adopt=options.adopt,
        patience=options.patience,
    )


def _check_files(output: Path, local: Mapping[str, str], advance: Callable[[], None]) -> None:
    wrong = []
    for path, digest in local.items():
        try:
            if sha256_of_file(output / path) != digest:
                wrong.append(f"{path} was changed")
        except OSError:
            wrong.append(f"{path} is missing")
        advance()
    if wrong:
        rest = f", and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        message = f"the output is not as its manifest has it: {', '.join(wrong[:_SHOWN])}{rest}"
        raise SiteError([Problem(message=message, hint="build again")])


def _publish_to(
    name: str,
    settings: Settings,
    site: Path,
    job: Job,
    options: Options,
    environ: Mapping[str, str],
    progress: Progress,
) -> Done:
    own = environment_of(name, environ)
    target = Patient(open_target(place_of(settings.to), site, name, own, at_once=settings.atomic), PAUSE)
    with contextlib.closing(target), Ledger(site / ".sitegen" / "publish" / f"{name}.txt") as ledger:

        def say(text: str) -> None:
            progress(f"{name}: {text}", 0)

        return publish_to(target, job, settings, options, ledger, lambda steps: progress(name, steps), say)


def publish_to(
    target: Target,
    job: Job,
    settings: Settings,
    options: Options,
    ledger: Ledger,
    begin: Callable[[int], Callable[[], None]] = lambda _steps: lambda: None,
    say: Callable[[str], None] = lambda _text: None,
) -> Done:
    """Publish to one target that is open. Raises SiteError, also when another publisher came first."""
    grace = span_of(settings.grace)
    try:
        seen = look(target, job, ledger, say)
        plan = make_plan(job.local, seen.there, _now(), grace)
        _guard(plan, seen, options.max_delete or settings.max_delete)
        if options.dry_run or is_done(target, job, seen, plan):
            return Done(plan, seen.strangers)
        target.begin()
        plan = make_plan(job.local, seen.there, _now(), grace, folds=target.folds)
        _refuse_names({**target.faults([upload.path for upload in plan.uploads]), **_twins(target, job)})
        carry_out(target, job, seen, plan, ledger, _now, begin(len(plan.uploads)))
    except LostRaceError as error:
        raise _lost(target, error) from None
    return Done(plan, seen.strangers)


def _guard(plan: Plan, seen: Seen, allowance: str) -> None:
    """A site that has suddenly lost much of itself is more likely a mistake than a wish."""
    total, gone = len(seen.there.named), len(plan.retired)
    if gone > allowance_of(allowance, total):
        message = f"{gone:,} of its {total:,} files would vanish, which is more than {allowance}"
        hint = f"if that is meant: --max-delete {gone}"
        raise SiteError([Problem(message=message, hint=hint)])


def _twins(target: Target, job: Job) -> Mapping[str, str]:
    """Files that would be one file there."""
    if not target.folds:
        return {}
    first: dict[str, str] = {}
    pairs = ((path, first.setdefault(folded(path), path)) for path in job.local)
    return {path: f"it would be the same file as {twin}" for path, twin in pairs if path != twin}


def _refuse_names(faults: Mapping[str, str]) -> None:
    if faults:
        raise SiteError(
            Problem(message=f"{path} can not be held there: {fault}", hint="give it another name")
            for path, fault in sorted(faults.items())[:_SHOWN]
        )


def _lost(target: Target, error: LostRaceError) -> SiteError:
    message = f"another publisher came first: {publisher_at(target)}"
    hint = "publish again when that is done, if it is still needed"
    if isinstance(error, OvertakenError):
        message = f"another publisher went past this one, which gave no sign of life: {publisher_at(target)}"
        hint = "publish with --audit when that is done: files on their way may have come after its own"
    return SiteError([Problem(message=message, hint=hint)])


def _now() -> datetime:
    return datetime.now(UTC)
