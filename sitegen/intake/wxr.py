"""A WordPress export as a stream of plain values: one item in memory at a time, whatever its length.

The format, WXR, is RSS 2.0 with WordPress' own elements:
https://wordpress.org/documentation/article/tools-export-screen/
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from msgspec import Struct

from sitegen.errors import Problem, SiteError

#: More than so many times its packed size is no text that was packed, but a bomb.
_MOST_PACKED = 200

#: Bytes that XML 1.0 forbids, which plugins of WordPress leave in exports all the same.
_FORBIDDEN = bytes(sign for sign in range(32) if sign not in (9, 10, 13))


class Export(Struct, frozen=True, kw_only=True):
    """One XML file, which can be read from its beginning as often as needed."""

    name: str
    open: Callable[[], Any]  #: a context manager that gives a binary stream


class Element(Struct, frozen=True, kw_only=True):
    """An item, an author, a category or a tag of an export."""

    kind: str  #: `item`, `author`, `category`, `tag`, or the name of a fact of the site
    fields: Mapping[str, str]  #: `excerpt:encoded` and `encoded` are the summary and the text
    terms: tuple[tuple[str, str, str], ...] = ()  #: kind of term, name, slug
    extra: Mapping[str, str] = {}  #: the post's custom fields; of several with one key the last
    old_slugs: tuple[str, ...] = ()
    comments: tuple[Mapping[str, str], ...] = ()


class Broken(Exception):  # noqa: N818 - the export's fault
    """Why the rest of an export can't be read, as a clause."""


def exports(source: Path) -> list[Export]:
    """The XML files in `source`: itself, those in the folder, or those in the archive. Raises SiteError."""
    if source.is_dir():
        return [Export(name=path.name, open=_opener(path)) for path in sorted(source.glob("*.xml"))]
    if source.suffix.lower() != ".zip":
        return [Export(name=source.name, open=_opener(source))]
    try:
        with zipfile.ZipFile(source) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
    except (zipfile.BadZipFile, OSError):
        problem = Problem(file=source.name, message="is not a zip archive, or a damaged one")
        raise SiteError([problem]) from None
    for member in members:
        if member.file_size > _MOST_PACKED * max(member.compress_size, 1024):
            told = (
                f'"{member.filename[:80]}" in it would unpack to {member.file_size >> 20:,} MB: it is a bomb'
            )
            raise SiteError([Problem(file=source.name, message=told, hint="get the export anew")])
    return [Export(name=one.filename, open=_unpacker(source, one.filename)) for one in members]


def _opener(path: Path) -> Callable[[], Any]:
    return lambda: path.open("rb")


def _unpacker(archive: Path, name: str) -> Callable[[], Any]:
    @contextmanager
    def unpacked() -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(archive) as opened, opened.open(name) as stream:
            yield stream

    return unpacked


class _Clean:
    """A stream without the bytes that XML forbids."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        while data and not (clean := data.translate(None, _FORBIDDEN)):
            data = self._stream.read(size)
        return clean if data else b""


def elements(export: Export) -> Iterator[Element]:
    """Everything in an export, in its order. Raises Broken where it can't be read on."""
    try:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, iterparse
    except ImportError:
        message = "WordPress exports are read with defusedxml, which is not installed"
        raise SiteError([Problem(message=message, hint="run pip install 'sitegen[import]'")]) from None
    try:
        with export.open() as stream:
            yield from _stream(iterparse(_Clean(stream), events=("start", "end"), forbid_dtd=True))
    except ParseError as error:
        line = error.position[0]
        raise Broken(f"is not whole: the XML breaks at line {line:,}, and what follows is not read") from None
    except DefusedXmlException:
        raise Broken("declares entities of its own, as XML bombs do; it is not read") from None
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Broken(f"can not be read: {error}") from None


def _stream(events: Iterator[tuple[str, Any]]) -> Iterator[Element]:
    """Each child of the channel, which is forgotten as soon as it is told of."""
    channel, depth = None, 0
    for event, node in events:
        if event == "start":
            depth += 1
            if depth == 2:
                channel = node
            continue
        depth -= 1
        if depth == 2 and channel is not None:
            yield _element(node)
            channel.clear()


def _name(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return f"excerpt:{name}" if "excerpt" in space else name


def _element(node: Any) -> Element:
    kind = _name(node.tag)
    fields: dict[str, str] = {}
    terms, comments, extra, old_slugs = [], [], {}, []
    for child in node:
        name = _name(child.tag)
        if name == "category" and child.get("domain"):
            terms.append((child.get("domain"), child.text or "", child.get("nicename") or ""))
        elif name == "comment":
            comments.append({_name(one.tag): one.text or "" for one in child if not len(one)})
        elif name == "postmeta":
            pair = {_name(one.tag): one.text or "" for one in child}
            extra[pair.get("meta_key", "")] = pair.get("meta_value", "")
            if pair.get("meta_key") == "_wp_old_slug":
                old_slugs.append(pair.get("meta_value", ""))
        else:
            fields[name] = child.text or ""
    if not fields:
        fields[kind] = cast(str, node.text or "")
    return Element(
        kind=kind,
        fields=fields,
        terms=tuple(terms),
        extra=extra,
        old_slugs=tuple(old_slugs),
        comments=tuple(comments),
    )
