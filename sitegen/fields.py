"""What front matter may say, field by field: its type, and how loosely it may be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from sitegen.dates import EXAMPLES, parse_date
from sitegen.typed import described, example, shown

#: Takes the front matter key, what is wrong, and what to write instead.
Report = Callable[[str, str, str], None]


T = TypeVar("T", bound=Struct)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class EntryFields(Struct, frozen=True, kw_only=True):
    """The front matter of a post or page. Taxonomies' fields and unknown keys are kept beside it."""

    title: str = ""
    description: str = ""
    image: str = ""
    image_alt: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    time_to_read_in_minutes: int = 0
    views: int = 0
    slug: str | None = None
    permalink: str | None = None
    aliases: tuple[str, ...] = ()
    lang: str = ""
    translation_key: str = ""
    draft: bool = False
    source_url: str = ""
    license: str = ""


class ProfileFields(Struct, frozen=True, kw_only=True):
    """The front matter of a profile."""

    name: str = ""
    description: str = ""
    image: str = ""
    image_alt: str = ""
    role: str = ""
    order: int = 0
    aliases: tuple[str, ...] = ()
    lang: str = ""


class IndexFields(Struct, frozen=True, kw_only=True):
    """The front matter of an `_index.md`."""

    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    lang: str = ""


@cache
def types_of(kind: type[Struct]) -> Mapping[str, Any]:
    """Field name -> type. Working it out costs more than reading a whole file does."""
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def read_fields(kind: type[T], meta: Mapping[str, Any], zone: tzinfo, report: Report) -> T:
    """Read the keys of `kind` out of `meta`; other keys are not looked at.

    A value that can not be read is reported and left at its default.
    """
    values: dict[str, Any] = {}
    for name, wanted in types_of(kind).items():
        value = meta.get(name)
        if value is None:
            continue
        try:
            values[name] = _read(wanted, value, zone)
        except ValueError as error:
            message, _, hint = str(error).partition("\n")
            report(name, message, hint)
    return kind(**values)


def _read(kind: Any, value: Any, zone: tzinfo) -> Any:
    if kind in (str, str | None):
        return text_of(value)
    if kind == datetime | None:
        text = text_of(value)
        try:
            return parse_date(text, zone)
        except ValueError as error:
            raise ValueError(f"{error}\n{EXAMPLES}") from None
    if kind == tuple[str, ...]:
        return texts_of(value)
    try:
        number = msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        raise ValueError(f"{shown(value)} is not {described(kind)}\nwrite {example(kind)}") from None
    if kind is int and not 0 <= number < 2**53:
        raise ValueError(f"{shown(value)} is out of range\nwrite a number of 0 or more")
    return number


def text_of(value: Any) -> str:
    """A scalar as text, on one line; raises ValueError for a list or table, or for control characters."""
    if isinstance(value, list):
        raise ValueError(f"{_shown(value)} is a list\nwrite one text")
    if isinstance(value, dict):
        raise ValueError(f'{_shown(value)} has keys of its own\nwrite one text, in "quotes"')
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if found := _CONTROL.search(text):
        raise ValueError(
            f"it holds the control character U+{ord(found[0]):04X}, which feeds can not carry\ndelete it"
        )
    return " ".join(unicodedata.normalize("NFC", text).split())


def _shown(value: list[Any] | dict[Any, Any]) -> str:
    """A list or table as front matter writes it, in short."""
    inner = (f"{key}: {one}" for key, one in value.items()) if isinstance(value, dict) else map(str, value)
    text = ", ".join(inner)
    text = text if len(text) <= 60 else text[:57] + "…"
    return f"{{{text}}}" if isinstance(value, dict) else f"[{text}]"


def texts_of(value: Any, *, split_commas: bool = False) -> tuple[str, ...]:
    """A list, one text, or nothing, as texts without empty ones and repetitions."""
    if isinstance(value, dict):
        raise ValueError(f"{_shown(value)} has keys of its own\nwrite a list, [like, this]")
    items = value if isinstance(value, list) else [] if value is None else [value]
    texts = [text_of(item) for item in items if item is not None]
    if split_commas and isinstance(value, str):
        texts = [text_of(part) for part in value.split(",")]
    return tuple(dict.fromkeys(text for text in texts if text))
