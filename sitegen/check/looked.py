"""What the rules found in each file, remembered for as long as the file is what it was."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sitegen.check import bodies, pictures, texts
from sitegen.check.outside import Answer, Place
from sitegen.check.rule import Text, look
from sitegen.check.twins import sketch
from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.find import Source
from sitegen.identity import digest
from sitegen.jobs import spread
from sitegen.join import Parts
from sitegen.markup.addresses import kind_of
from sitegen.model import Asset, Body, Entry, Index, Profile
from sitegen.read import Result, known_by
from sitegen.report import Progress, silent
from sitegen.rows import StoredBodies
from sitegen.store import Store
from sitegen.versions import versions

#: Libraries that shape what the rules find in a file by itself.
_LIBRARIES = ("msgspec",)


class Looked(Struct, frozen=True, kw_only=True):
    """What one file came to."""

    inputs: str  #: digest of all that it depends on
    findings: tuple[Problem, ...] = ()
    sketch: bytes = b""  #: of a text, see `twins`
    outside: tuple[Place, ...] = ()  #: links of a text to other sites


TEXTS, PICTURES = "checked texts", "checked pictures"


def shape_of(config: Config) -> str:
    """Digest of everything beside a text itself that shapes what it comes to."""
    shaping = (config.markdown.html, config.sections, config.taxonomies, versions(_LIBRARIES))
    return digest(msgspec.json.encode(shaping))


def look_while_reading(
    config: Config, shape: str, source: Source, data: bytes, result: Result, body: Body, known: str
) -> bytes:
    """What a text came to that is at hand, as JSON (see `read.Also`)."""
    one = _look(config, source, data, result.value, body if result.value else _NO_BODY)
    return msgspec.json.encode(replace(one, inputs=f"{known} {shape}"))


def look_at_texts(parts: Parts, store: Store, jobs: int, advance: Callable[[], None]) -> dict[str, Looked]:
    """What each text came to, by key."""
    fresh = {key: _decode_one(one) for key, one in parts.also.items()}
    if len(fresh) == len(parts.found.sources):
        # Nothing was read before: what is stored of it need not be read back, which takes longest here.
        for _ in fresh:
            advance()
        store.put_fact(TEXTS, msgspec.json.encode(fresh))
        return fresh
    shape, rendered = shape_of(parts.config), store.bodies()
    inputs = {
        key: f"{known_by(row.digest, row.result, rendered.digest(key))} {shape}"
        for key, row in store.sources().items()
    }
    tasks = {source.key: _Task(source, parts.results[source.key]) for source in parts.found.sources}
    work = partial(_look_at_text, parts.config, rendered)
    return _remembered(TEXTS, inputs, tasks, work, store, jobs, advance, fresh)


_NO_BODY = Body(html="")


class _Task(NamedTuple):
    source: Source
    result: Result


def _look_at_text(config: Config, rendered: StoredBodies, task: _Task) -> Looked:
    source, value = task.source, task.result.value
    try:
        data = Path(source.path).read_bytes()
    except OSError:
        data = b""  # told by `read`
    return _look(config, source, data, value, rendered[source.key] if value else _NO_BODY)


def _look(
    config: Config, source: Source, data: bytes, value: Entry | Profile | Index | None, body: Body
) -> Looked:
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError:
        written = ""  # likewise
    text = Text(source=source, data=written, value=value, body=body, config=config)
    return Looked(
        inputs="",
        findings=tuple(look((*texts.RULES, *bodies.RULES), text)),
        sketch=sketch(body) if isinstance(value, Entry) else b"",
        outside=tuple(_links_out(text)),
    )


_LINK = re.compile(r'<a\b(?:"[^"]*"|[^">])*?\shref="(https?://[^"]+)"', re.IGNORECASE)


def _links_out(text: Text) -> Iterator[Place]:
    """Each address outside the site that the text leads to, once."""
    value, day = text.value, ""
    written = [html.unescape(address) for address in _LINK.findall(text.body.html)]
    if isinstance(value, Entry):
        written += [value.source_url, value.license]
        day = value.date.strftime("%Y%m%d") if value.date else ""
    if isinstance(value, Profile):
        written += [value.website, *(link.url for link in value.links), *value.same_as]
    for address in dict.fromkeys(written):
        if address.startswith("http") and kind_of(address) == "external":
            at = bodies.place_of(text.data, address)
            yield Place(address, text.source.file, text.problem("", at=at).line, day)


def look_at_pictures(
    assets: Mapping[str, Asset], store: Store, jobs: int, progress: Progress
) -> dict[str, Looked]:
    """What each picture came to, by path."""
    tasks = {path: asset for path, asset in assets.items() if pictures.is_picture(path)}
    shaped = digest(msgspec.json.encode(versions(_LIBRARIES)))
    inputs = {path: f"{asset.identity} {shaped}" if asset.identity else "" for path, asset in tasks.items()}
    advance = (progress if tasks else silent)("Looking at", len(tasks))
    return _remembered(PICTURES, inputs, tasks, _look_at_picture, store, jobs, advance)


def _look_at_picture(asset: Asset) -> Looked:
    try:
        data = Path(asset.source).read_bytes()
    except OSError as error:
        told = f"can not be read: {(error.strerror or 'unknown error').lower()}"
        return Looked(
            inputs="", findings=(Problem(file=f"content/{asset.path}", message=told, group="file"),)
        )
    return Looked(inputs="", findings=tuple(look(pictures.RULES, pictures.picture(asset.path, data))))


Task = TypeVar("Task")


def _remembered(
    fact: str,
    inputs: Mapping[str, str],
    tasks: Mapping[str, Task],
    work: Callable[[Task], Looked],
    store: Store,
    jobs: int,
    advance: Callable[[], None],
    fresh: Mapping[str, Looked] = {},
) -> dict[str, Looked]:
    """Do the work of those tasks only whose inputs have changed since it was done last, and that are not
    `fresh`."""
    known = {**recall(fact, store), **fresh}
    kept = known.keys() & tasks.keys()
    done = {key: known[key] for key in kept if inputs[key] and known[key].inputs == inputs[key]}
    stale = [key for key in tasks if key not in done]
    for _ in done:
        advance()
    if stale:
        with store.resting():
            # By their keys, since what a forked process has already need not be sent to it.
            each = partial(map, partial(_work_of, work, tasks))
            for key, looked in zip(stale, spread(each, stale, jobs), strict=True):
                done[key] = replace(looked, inputs=inputs[key])
                advance()
    looked_at = {key: done[key] for key in tasks}
    if stale or fresh or known.keys() != done.keys():
        store.put_fact(fact, msgspec.json.encode(looked_at))
    return looked_at


def _work_of(work: Callable[[Task], Looked], tasks: Mapping[str, Task], key: str) -> Looked:
    return work(tasks[key])


def recall(fact: str, store: Store) -> dict[str, Looked]:
    """What was found the last time."""
    return _decode(store.fact(fact) or b"{}")


_decode: Callable[[bytes], dict[str, Looked]] = msgspec.json.Decoder(dict[str, Looked]).decode
_decode_one = msgspec.json.Decoder(Looked).decode


def places(store: Store) -> list[Place]:
    """The links to other sites of all texts, as they were found the last time."""
    return [place for one in recall(TEXTS, store).values() for place in one.outside]


def answers(store: Store) -> dict[str, Answer]:
    """What other sites answered, by address."""
    return msgspec.json.decode(store.fact(_ANSWERS) or b"{}", type=dict[str, Answer])


def put_answers(store: Store, known: Mapping[str, Answer]) -> None:
    store.put_fact(_ANSWERS, msgspec.json.encode(known))


_ANSWERS = "answers of other sites"
