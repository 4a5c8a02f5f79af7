"""content/ -> entries, profiles and bodies, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen import front_matter
from sitegen.config import Config
from sitegen.entries import read_entry
from sitegen.errors import Problem, SiteError
from sitegen.find import Found, Source
from sitegen.identity import digest
from sitegen.jobs import Stages, in_step, spread
from sitegen.markup import convert
from sitegen.model import Body, Content, Entry, Index, LeftOut, Profile
from sitegen.profiles import read_index, read_profile
from sitegen.rows import BodyRow, SourceRow
from sitegen.store import Store
from sitegen.versions import READING, code_of, versions


class Result(Struct, frozen=True, kw_only=True):
    """What one file came to."""

    value: Entry | Profile | Index | None = None  #: None when it is too broken to stand in
    outline: Body = Body(html="")  #: its body, html left out
    problems: tuple[Problem, ...] = ()


#: What else is wanted of a text while it is at hand: its file, the bytes in it, what it came to, its body,
#: and what these are known by.
Also = Callable[[Source, bytes, Result, Body, str], bytes]


class Choice(Struct, frozen=True, kw_only=True):
    """Which entries are wanted."""

    now: datetime
    drafts: bool = False
    future: bool = False


class Reading(NamedTuple):
    content: Content
    left_out: LeftOut
    problems: list[Problem]


class Read(NamedTuple):
    results: dict[str, Result]  #: what each file came to, by key
    also: dict[str, bytes]  #: what `also` told of those that were read anew, by key


def read(
    found: Found,
    config: Config,
    store: Store,
    jobs: int = 1,
    advance: Callable[[], None] = lambda: None,
    also: Also | None = None,
) -> Read:
    """Read every file that was found, those only that have changed since they were read into `store`.

    `advance` is called once for each file.
    """
    known = store.sources()
    if store.fact("reading").decode() != shape_of(config):
        known = {key: row._replace(identity="", digest="") for key, row in known.items()}
    results: dict[str, Result] = {}
    told: dict[str, bytes] = {}
    tasks: list[_Task] = []
    for source in found.sources:
        row = known.get(source.key)
        if row and source.identity and row.identity == source.identity:
            results[source.key] = _decode(row.result)
            advance()
        else:
            tasks.append(_Task(source, row.digest if row else ""))
    gone = known.keys() - {source.key for source in found.sources}

    def read_now() -> Iterator[tuple[SourceRow, BodyRow | None]]:
        for (source, _), done in zip(tasks, spread(partial(_work, config, also), tasks, jobs), strict=True):
            advance()
            result = done.result or known[source.key].result
            results[source.key] = _decode(result)
            if done.also:
                told[source.key] = done.also
            yield SourceRow(source.key, source.identity, done.digest, result), done.body

    if tasks or gone:
        with store.changes():
            store.put_sources(read_now(), gone)
            store.put_fact("reading", shape_of(config).encode())
    # What is joined later must not depend on which of them were read anew.
    return Read({source.key: results[source.key] for source in found.sources}, told)


def read_again(source: Source, config: Config) -> tuple[Result, bytes]:
    """What one file comes to now: its result, and its body as JSON."""
    (done,) = _work(config, None, [_Task(source, "")])
    assert done.body
    return _decode(done.result), done.body.body


class Again(NamedTuple):
    """A file that was read before, and now again."""

    old: Result
    new: Result
    body_is_new: bool


def reread(sources: Iterable[Source], config: Config, store: Store) -> dict[str, Again]:
    """Read a few files again, of which nothing but the bytes can have changed."""
    again: dict[str, Again] = {}
    rows = []
    for source in sources:
        row = store.source(source.key)
        (done,) = _work(config, None, [_Task(source, row.digest)])
        result = done.result or row.result
        body_is_new = done.body is not None and done.body.digest != store.body_digest(source.key)
        again[source.key] = Again(_decode(row.result), _decode(result), body_is_new)
        rows.append((SourceRow(source.key, source.identity, done.digest, result), done.body))
    with store.changes():
        store.put_sources(rows, ())
    return again


def outline_of(key: str, store: Store) -> Body | None:
    """The outline of a file that was read before."""
    return _decode(store.source(key).result).outline


def choose(found: Found, results: Mapping[str, Result], choice: Choice) -> Reading:
    """What was read, as content, without the drafts and the entries of the future that nobody asked for."""
    entries = {key: one.value for key, one in results.items() if isinstance(one.value, Entry)}
    drafts = {key for key, entry in entries.items() if entry.draft and not choice.drafts}
    future = {
        key
        for key, entry in entries.items()
        if entry.date and entry.date > choice.now and not choice.future and key not in drafts
    }
    hidden = drafts | future
    outlines = {key: one.outline for key, one in results.items() if one.value and key not in hidden}
    content = Content(
        entries={key: entry for key, entry in entries.items() if key not in hidden},
        outlines=outlines,
        profiles=tuple(one.value for one in results.values() if isinstance(one.value, Profile)),
        indexes=tuple(one.value for one in results.values() if isinstance(one.value, Index)),
        assets=found.assets,
    )
    left_out = LeftOut(
        drafts=tuple(sorted(drafts)),
        future=tuple(sorted(future)),
        since=max(
            (entry.date for key, entry in entries.items() if entry.date and key not in hidden), default=None
        ),
        until=min((date for key in future if (date := entries[key].date)), default=None),
    )
    problems = [*found.problems, *(problem for one in results.values() for problem in one.problems)]
    return Reading(content, left_out, problems)


class _Task(NamedTuple):
    source: Source
    digest: str  #: of the bytes it was read from last; "" to read it in any case


class _Done(NamedTuple):
    digest: str
    result: bytes = b""  #: JSON; b"" when the bytes are those that were read last
    body: BodyRow | None = None  #: likewise None
    also: bytes = b""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Result).decode


def _work(config: Config, also: Also | None, tasks: Sequence[_Task]) -> list[_Done]:
    return in_step([_stages(config, also, task) for task in tasks])


def _stages(config: Config, also: Also | None, task: _Task) -> Stages[_Done]:
    source = task.source
    try:
        data = Path(source.path).read_bytes()
    except OSError as error:
        message = f"can not be read: {(error.strerror or 'unknown error').lower()}"
        problem = Problem(file=source.file, message=message)
        return _done(source, "", Result(problems=(problem,)), Body(html=""))
    now = digest(data)
    if now == task.digest:
        return _Done(now)
    result, body = yield from _source_stages(config, source, data)
    done = _done(source, now, result, body)
    yield
    if also is None or done.body is None:
        return done
    known = known_by(now, done.result, done.body.digest)
    return done._replace(also=also(source, data, result, body, known))


def _done(source: Source, now: str, result: Result, body: Body) -> _Done:
    data = _encode(body)
    return _Done(now, _encode(result), BodyRow(source.key, digest(data), data))


def known_by(of_bytes: str, result: bytes, of_body: str) -> str:
    """What tells whether a text and what it came to are what they were. `of_bytes` and `of_body` are digests,
    and `result` is as it is stored."""
    return f"{of_bytes} {of_body} {digest(result)}"


def shape_of(config: Config) -> str:
    """Digest of everything beside the files themselves that shapes what they come to."""
    shaping = (config.markdown, config.sections, config.taxonomies, config.timezone, config.languages)
    used = (*versions(READING), *code_of(config.markdown.extensions))
    return digest(_encode((shaping, config.language, used)))


def notices(bodies: Mapping[str, Body]) -> Iterable[Problem]:
    """What was replaced in bodies, or taken out of them."""
    for key, body in bodies.items():
        for notice in body.notices:
            yield Problem(file=f"content/{key}", line=notice.line, message=notice.message, group=notice.group)


def read_source(config: Config, source: Source, data: bytes) -> tuple[Result, Body]:
    """Read one file. Every mistake in it is told; what is left of it takes part in later checks."""
    (read,) = in_step([_source_stages(config, source, data)])
    return read


def _source_stages(config: Config, source: Source, data: bytes) -> Stages[tuple[Result, Body]]:
    try:
        document = front_matter.split(_text(source, data), source.file)
    except SiteError as error:
        return Result(problems=error.problems), Body(html="")
    yield
    converted = convert(document.body, config.markdown)
    yield
    problems: list[Problem] = []

    def report(field: str, message: str, hint: str) -> None:
        line = document.lines.get(field, 0)
        problems.append(Problem(file=source.file, line=line, field=field, message=message, hint=hint))

    value, body = _READERS[source.kind](source, document, converted, config, report)
    yield
    return Result(value=value, outline=replace(body, html=""), problems=tuple(problems)), body


def _text(source: Source, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SiteError(
            [Problem(file=source.file, line=line, message="is not UTF-8", hint="save it as UTF-8")]
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_READERS: Mapping[str, Callable[..., tuple[Entry | Profile | Index | None, Body]]] = {
    "entry": read_entry,
    "profile": read_profile,
    "index": read_index,
}
