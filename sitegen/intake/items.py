"""What a reader of another program's files hands over: plain values, one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

#: Asks a person something; what is returned is the answer, "" when there is none.
Ask = Callable[[str], str]

#: The largest text that is read, in bytes: more is no text that a person wrote.
LARGEST_TEXT = 32 * 1024 * 1024


class Note(Struct, frozen=True, order=True):
    """One thing that the report tells about a file."""

    kind: Literal["changed", "guessed", "lost"]
    message: str  #: a clause without a full stop


class Text(Struct, frozen=True, kw_only=True):
    """A text to be: a post, a page, or a profile, as its place says."""

    source: str  #: what the report calls it: its path below the source, or its number in an export
    path: str  #: where it is to lie below content/, like `posts/2020/crane.md`
    meta: Mapping[str, Any]  #: front matter, in sitegen's own fields
    body: str
    url: str = ""  #: the site path at which it was published, percent-encoding undone; "" if unknown
    digest: str = ""  #: of what was read, so that it is known when it comes again
    notes: tuple[Note, ...] = ()


class Copy(Struct, frozen=True, kw_only=True):
    """A file to be copied as it is."""

    source: str
    path: str  #: below content/
    file: Path  #: where it lies on this machine
    notes: tuple[Note, ...] = ()


class Data(Struct, frozen=True, kw_only=True):
    """Something that was within another file, and becomes one of its own."""

    source: str
    path: str  #: below content/; where a part of it begins with "_", a build passes it by
    data: bytes
    notes: tuple[Note, ...] = ()


class Left(Struct, frozen=True, kw_only=True):
    """A file that is not carried over."""

    source: str
    reason: str  #: a clause without a full stop


class Old(Struct, frozen=True, kw_only=True):
    """The settings of the old site, as far as they mean something here. Comes at most once."""

    title: str = ""
    description: str = ""
    base_url: str = ""
    language: str = ""
    timezone: str = ""
    engine: Literal["", "commonmark"] = ""
    languages: tuple[str, ...] = ()


Item = Text | Copy | Data | Left | Old


class Wishes(Struct, frozen=True, kw_only=True):
    """What the person who imports wants."""

    section: str = "posts"  #: where posts go
    author: str = ""  #: of texts that name none
    date: str = ""  #: of texts that have none
    ask: Ask | None = None  #: None where nobody can be asked
    zone: tzinfo = UTC  #: of times without one, where the source doesn't say


class Format(Struct, frozen=True, kw_only=True):
    """One reader: whether a source is of its kind, and what is in it."""

    name: str  #: as --from has it
    title: str  #: as the report has it
    fits: Callable[[Path], bool]
    read: Callable[[Path, Wishes], Iterator[Item]]


def changed(message: str) -> Note:
    return Note("changed", message)


def guessed(message: str) -> Note:
    return Note("guessed", message)


def lost(message: str) -> Note:
    return Note("lost", message)


def digest_of(*parts: str | bytes) -> str:
    """What is the same whenever the same is read."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()
