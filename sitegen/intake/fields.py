"""Front matter of other programs -> sitegen's fields: what is the same in most of them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from sitegen.intake.items import Note, changed, guessed, lost
from sitegen.intake.times import read_time

#: What others call it -> what sitegen does; the first that is there counts, the others stay as they are.
_OTHER_NAMES = {
    "date": ("pubdate", "published_at", "publishdate", "created", "created_at"),
    "updated": ("lastmod", "last_modified_at", "last_modified", "modified", "updated_at", "update_date"),
    "description": ("summary", "excerpt", "subtitle", "abstract"),
    "author": ("authors", "byline"),
    "category": ("categories",),
    "image": ("featured_image", "featuredimage", "cover", "thumbnail", "feature_image", "og_image", "images"),
    "lang": ("language", "locale"),
    "translation_key": ("translationkey",),
}


def plain(value: Any) -> str:
    """A scalar as one line of text, HTML entities decoded, without control characters."""
    if value is None or isinstance(value, list | dict):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Zs") else sign
        for sign in text
        if unicodedata.category(sign) not in ("Cs", "Cn")
    )
    return " ".join(text.split())


def texts(value: Any) -> list[str]:
    """A list, a list of lists, a table with a name, one text or nothing, as texts, each once."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "label") if value.get(key)), list(value))
    items = value if isinstance(value, list | tuple) else [value]
    found: list[str] = []
    for item in items:
        found += texts(item) if isinstance(item, list | tuple | Mapping) else [plain(item)]
    return [text for text in dict.fromkeys(found) if text]


def truth(value: Any) -> bool | None:
    """What YAML 1.1 and people take for true and false; None for anything else."""
    text = plain(value).lower()
    if text in ("true", "yes", "on", "1", "y"):
        return True
    return False if text in ("false", "no", "off", "0", "n") else None


def title_of(value: Any, name: str) -> tuple[str, list[Note]]:
    """A title; without one, the file's name in words."""
    title = plain(value)
    if title.strip("\u200b\ufeff\u00ad "):
        was = " ".join(str(value).split())
        notes = (
            [changed(f'HTML entities in the title are decoded: "{title}"')]
            if was != title and "&" in was
            else []
        )
        return title, notes
    words = re.sub(r"[-_\s]+", " ", name).strip()
    title = words[:1].upper() + words[1:] or "Untitled"
    return title, [guessed(f'it has no title; the name gives "{title}"')]


def common(meta: Mapping[str, Any], name: str, zone: tzinfo) -> tuple[dict[str, Any], list[Note]]:
    """The keys that mean the same in most programs, in sitegen's words; all others as they are."""
    left = _renamed(meta)
    title, notes = title_of(left.pop("title", None), name)
    result: dict[str, Any] = {"title": title}
    for field in ("date", "updated"):
        if field in left:
            result.update(_time(field, left.pop(field), zone, notes))
    if description := plain(left.pop("description", None)):
        result["description"] = description
    for field in ("author", "category"):
        if names := texts(left.pop(field, None)):
            result[field] = names if len(names) > 1 else names[0]
    if tags := texts(left.pop("tags", None)):
        result["tags"] = tags
    result.update(_picture(left.pop("image", None), left))
    draft = truth(left.pop("draft", None))
    if draft or truth(left.pop("published", None)) is False:
        result["draft"] = True
    if aliases := texts(left.pop("aliases", None)):
        result["aliases"] = aliases
    return result | {key: value for key, value in left.items() if value is not None}, notes


def _renamed(meta: Mapping[str, Any]) -> dict[str, Any]:
    known = {key.lower(): key for key in meta}
    renamed = {}
    for field, others in _OTHER_NAMES.items():
        if meta.get(field) is None:
            name = next((known[one] for one in others if one in known and meta[known[one]] is not None), "")
            renamed[name] = field
    return {
        renamed.get(key, key): value
        for key, value in meta.items()
        if key not in renamed.values() or value is not None
    }


def _time(field: str, value: Any, zone: tzinfo, notes: list[Note]) -> Iterator[tuple[str, Any]]:
    if not plain(value):
        return
    time = read_time(value, zone)
    if not time.text:
        notes.append(lost(f'the {field} "{plain(value)[:60]}" could not be read; it is kept as old_{field}'))
        yield f"old_{field}", plain(value)
        return
    if time.guess:
        notes.append(guessed(f"the {field} {time.guess}"))
    yield field, time.text


def _picture(value: Any, meta: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """`image` as an address, a list of them, or a table with address and words."""
    value = value[0] if isinstance(value, list) and value else value
    words = meta.get("image_alt")
    if isinstance(value, Mapping):
        words = words or value.get("alt") or value.get("caption")
        value = next(
            (value[key] for key in ("image", "src", "url", "path", "feature") if value.get(key)), None
        )
    if address := plain(value):
        yield "image", address
        if words := plain(words):
            meta.pop("image_alt", None)
            yield "image_alt", words


def unique(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Each note once, in their order."""
    return tuple(dict.fromkeys(notes))
