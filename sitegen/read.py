"""content/ -> entries, profiles and bodies, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from sitegen import front_matter
from sitegen.config import Config
from sitegen.entries import read_entry
from sitegen.errors import Problem, SiteError
from sitegen.find import Found, Source
from sitegen.jobs import spread
from sitegen.model import Body, Content, Entry, Index, Profile
from sitegen.profiles import read_index, read_profile


class Result(Struct, frozen=True, kw_only=True):
    """What one file came to."""

    value: Entry | Profile | Index | None = None  #: None when it is too broken to stand in
    body: Body = Body(html="")
    problems: tuple[Problem, ...] = ()


class Choice(Struct, frozen=True, kw_only=True):
    """Which entries are wanted."""

    now: datetime
    drafts: bool = False
    future: bool = False


class Reading(NamedTuple):
    content: Content
    problems: list[Problem]
    warnings: list[Problem]


def read(
    found: Found, config: Config, choice: Choice, jobs: int = 1, advance: Callable[[], None] = lambda: None
) -> Reading:
    """Read every file that was found. `advance` is called once for each."""
    problems, warnings = list(found.problems), list(found.warnings)
    results: dict[str, Result] = {}
    for source, result in zip(
        found.sources, spread(partial(read_source, config), found.sources, jobs), strict=True
    ):
        advance()
        problems.extend(result.problems)
        if result.value is not None:
            results[source.key] = result
    entries = {key: one.value for key, one in results.items() if isinstance(one.value, Entry)}
    drafts = {key for key, entry in entries.items() if entry.draft and not choice.drafts}
    future = {
        key
        for key, entry in entries.items()
        if entry.date and entry.date > choice.now and not choice.future and key not in drafts
    }
    hidden = drafts | future
    bodies = {key: one.body for key, one in results.items() if key not in hidden}
    warnings.extend(_notices(bodies))
    content = Content(
        entries={key: entry for key, entry in entries.items() if key not in hidden},
        bodies=bodies,
        profiles=tuple(one.value for one in results.values() if isinstance(one.value, Profile)),
        indexes=tuple(one.value for one in results.values() if isinstance(one.value, Index)),
        assets=found.assets,
        drafts=tuple(sorted(drafts)),
        future=tuple(sorted(future)),
    )
    return Reading(content, problems, warnings)


def _notices(bodies: Mapping[str, Body]) -> Iterable[Problem]:
    for key, body in bodies.items():
        for notice in body.notices:
            yield Problem(file=f"content/{key}", line=notice.line, message=notice.message, group=notice.group)


def read_source(config: Config, source: Source) -> Result:
    """Read one file. Every mistake in it is told; what is left of it takes part in later checks."""
    try:
        document = front_matter.split(_text(source), source.file)
    except SiteError as error:
        return Result(problems=error.problems)
    problems: list[Problem] = []

    def report(field: str, message: str, hint: str) -> None:
        line = document.lines.get(field, 0)
        problems.append(Problem(file=source.file, line=line, field=field, message=message, hint=hint))

    value, body = _READERS[source.kind](source, document, config, report)
    return Result(value=value, body=body, problems=tuple(problems))


def _text(source: Source) -> str:
    try:
        data = Path(source.path).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        message = f"can not be read: {(error.strerror or 'unknown error').lower()}"
        raise SiteError([Problem(file=source.file, message=message)]) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SiteError(
            [Problem(file=source.file, line=line, message="is not UTF-8", hint="save it as UTF-8")]
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


_READERS: Mapping[str, Callable[..., tuple[Entry | Profile | Index | None, Body]]] = {
    "entry": read_entry,
    "profile": read_profile,
    "index": read_index,
}
