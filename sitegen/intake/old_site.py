"""What the folders of other site generators have in common."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from sitegen.config import DEFAULT_TAXONOMIES, RESERVED
from sitegen.dates import parse_date
from sitegen.intake.fields import plain, unique
from sitegen.intake.files import Unreadable, about_files, read_text, readable
from sitegen.intake.front import Taken, read_settings, take_apart
from sitegen.intake.items import Copy, Item, Left, Note, Text, digest_of, guessed
from sitegen.urls import normal, slug_of_file

MARKDOWN = (".md", ".markdown", ".mkd", ".mdown")

#: Turns the body of a page into sitegen's Markdown: the body, the page, notes -> the body.
Convert = Callable[[str, "Planned", list[Note]], str]


class File(Struct, frozen=True, kw_only=True):
    """A text of the old site, as it was read."""

    path: str  #: below the old site, with "/"
    taken: Taken
    digest: str
    notes: tuple[Note, ...] = ()
    changed_at: datetime  #: when the file was last changed


class Planned(Struct, frozen=True, kw_only=True):
    """A text of which it is known where it will lie, before its body is turned."""

    file: File
    path: str  #: below content/
    url: str
    meta: Mapping[str, Any]
    notes: tuple[Note, ...] = ()


def read_files(files: Mapping[str, Path]) -> Iterator[File | Left]:
    """Each text, taken apart; or why it can't be."""
    for name, path in files.items():
        told = readable(name)
        if about_files(told):
            yield Left(source=told, reason="is about files, not a text of the site")
            continue
        try:
            text, unsure = read_text(path)
        except Unreadable as error:
            yield Left(source=told, reason=str(error))
            continue
        notes = (guessed("it is not UTF-8; its encoding was guessed"),) if unsure else ()
        yield File(
            path=told,
            taken=take_apart(text),
            digest=digest_of(text),
            notes=notes,
            changed_at=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
        )


def sorted_out(
    found: Iterable[File | Left], plan: Callable[[File], Planned | Left]
) -> tuple[list[Planned], list[Left]]:
    """Each text planned: the pages, and what is left, and why."""
    outcomes = [one if isinstance(one, Left) else plan(one) for one in found]
    pages = [one for one in outcomes if isinstance(one, Planned)]
    return pages, [one for one in outcomes if isinstance(one, Left)]


def finish(pages: list[Planned], convert: Convert) -> Iterator[Text]:
    """The planned pages with their bodies turned."""
    for page in pages:
        notes: list[Note] = []
        body = convert(page.file.taken.body, page, notes)
        yield Text(
            source=page.file.path,
            path=page.path,
            meta=page.meta,
            body=body,
            url=normal(page.url) if page.url else "",
            digest=page.file.digest,
            notes=unique([*page.file.notes, *page.file.taken.notes, *page.notes, *notes]),
        )


def copies(files: Mapping[str, tuple[str, Path]]) -> Iterator[Item]:
    """Files that are copied: their path in the old site -> their path below content/, and where they lie."""
    for name, (path, file) in files.items():
        if path.lower().endswith(MARKDOWN):
            yield Left(
                source=readable(name), reason="is a file for download that sitegen would take for a text"
            )
        else:
            yield Copy(source=readable(name), path=readable(path), file=file)


def settings(root: Path, *names: str) -> dict[str, Any]:
    """The first of the settings files that is there."""
    for name in names:
        if (root / name).is_file():
            try:
                return read_settings(name, read_text(root / name)[0])
            except Unreadable:
                continue
    return {}


def zone_of(name: Any) -> tzinfo:
    """A time zone by its name; UTC where there is no such zone."""
    try:
        return ZoneInfo(plain(name)) if plain(name) else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def when(meta: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    """The date of a text whose fields are settled, in `zone` as the old site's addresses have it."""
    try:
        return parse_date(str(meta["date"]), zone).astimezone(zone) if meta.get("date") else None
    except ValueError:
        return None


def section_named(name: str) -> str:
    """A folder's name as a section, out of the way of what sitegen makes itself."""
    taken = {*RESERVED, *DEFAULT_TAXONOMIES, *(one.profiles for one in DEFAULT_TAXONOMIES.values())}
    slug = slug_of_file(name)
    return f"pages/{slug}" if slug in taken else slug


def filled(pattern: str, parts: Mapping[str, str], sign: str = ":") -> str:
    """A pattern of addresses, like `/:year/:title/`, with its parts; longest names first."""
    names = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
    return re.sub(rf"{sign}({names})", lambda found: parts[found[1]], pattern)


def date_parts(date: datetime | None) -> dict[str, str]:
    """The parts of a date as most programs call them."""
    if date is None:
        return {}
    return {
        "year": f"{date:%Y}",
        "short_year": f"{date:%y}",
        "month": f"{date:%m}",
        "i_month": str(date.month),
        "short_month": f"{date:%b}",
        "long_month": f"{date:%B}",
        "monthname": f"{date:%B}".lower(),
        "day": f"{date:%d}",
        "i_day": str(date.day),
        "y_day": f"{date:%j}",
        "yearday": str(date.timetuple().tm_yday),
        "weekday": f"{date:%A}".lower(),
        "hour": f"{date:%H}",
        "minute": f"{date:%M}",
        "second": f"{date:%S}",
    }


def resolve(target: str, page: str, addresses: Mapping[str, str]) -> str | None:
    """The address of the text that `target` names from the text at `page`; None when there is none.

    `addresses` has the address of each text by its path; a name without folders may be of any folder.
    """
    path, mark, part = unquote(target).partition("#")
    path = unicodedata.normalize("NFC", path)
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
    for name in (
        path.strip("/"),
        beside,
        *(f"{path.strip('/')}{end}" for end in (".md", "/index.md", "/_index.md")),
    ):
        if name in addresses:
            return addresses[name] + mark + part
    wanted = f"/{path.strip('/')}"
    ends = [
        name
        for name in addresses
        if f"/{name}".endswith((wanted, f"{wanted}/index.md"))
        or posixpath.splitext(f"/{name}")[0].endswith(wanted)
    ]
    return addresses[ends[0]] + mark + part if len(ends) == 1 else None


def with_meta(page: Planned, **more: Any) -> Planned:
    """The page with further front matter."""
    return msgspec.structs.replace(page, meta={**page.meta, **more})
