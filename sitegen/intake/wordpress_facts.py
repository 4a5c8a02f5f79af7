"""What a WordPress export says of a post beside its text: dates, people, terms, picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from sitegen.intake.fields import plain
from sitegen.intake.items import Note, Wishes, changed
from sitegen.intake.wordpress_text import Blog, Media, path_of
from sitegen.intake.wxr import Element

#: Login of an author -> what the export says of them.
People = Mapping[str, Mapping[str, str]]


def name_of(login: str, fields: Mapping[str, str]) -> str:
    whole = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}"
    return plain(fields.get("author_display_name")) or plain(whole) or login


def facts_of(
    element: Element,
    people: People,
    blog: Blog,
    wishes: Wishes,
    notes: list[Note],
) -> dict[str, Any]:
    fields, extra = element.fields, element.extra
    login = fields.get("creator", "")
    names = {
        kind: list(
            dict.fromkeys(plain(name) for domain, name, _ in element.terms if domain == kind and plain(name))
        )
        for kind in dict.fromkeys(domain for domain, *_ in element.terms)
    }
    categories = names.pop("category", [])
    summary = fields.get("excerpt:encoded") or extra.get("_yoast_wpseo_metadesc") or ""
    media = blog.media.get(extra.get("_thumbnail_id", ""))
    meta: dict[str, Any] = {
        "description": plain(_without_tags(summary)),
        "date": _time(fields, "post_date"),
        "updated": _time(fields, "post_modified"),
        "author": name_of(login, people.get(login, {})) if login else wishes.author,
        "category": categories if len(categories) != 1 else categories[0],
        "tags": names.pop("post_tag", []),
        "group": "Featured" if fields.get("is_sticky") == "1" else "",
        "image": _image(media, blog),
        "image_alt": media.alt if media else "",
        "draft": _is_draft(fields, notes),
        **{kind: found for kind, found in names.items() if kind not in ("author", "group", "nav_menu")},
    }
    if meta["updated"] == meta["date"]:
        meta["updated"] = ""
    if meta["group"]:
        notes.append(changed("it was sticky, so it stands in the group Featured"))
    return {key: value for key, value in meta.items() if value}


def _is_draft(fields: Mapping[str, str], notes: list[Note]) -> bool:
    status = fields.get("status", "publish")
    if fields.get("post_password"):
        notes.append(changed("it was behind a password, so it is a draft"))
        return True
    if status == "private":
        notes.append(changed("it was private, so it is a draft"))
    return status not in ("publish", "future", "inherit")


def _image(media: Media | None, blog: Blog) -> str:
    if media is None:
        return ""
    path = path_of(media.url, blog)
    return path if path in blog.files and path else media.url


def _time(fields: Mapping[str, str], name: str) -> str:
    """A time with the zone that it and its twin in Greenwich tell; "" for none."""
    shape = "%Y-%m-%d %H:%M:%S"
    try:
        local = datetime.strptime(fields.get(name, ""), shape).replace(tzinfo=UTC)
    except ValueError:
        return ""
    try:
        offset = local - datetime.strptime(fields.get(f"{name}_gmt", ""), shape).replace(tzinfo=UTC)
    except ValueError:
        offset = timedelta()
    zone = timezone(offset) if abs(offset) <= timedelta(hours=14) else UTC
    return local.replace(tzinfo=zone).isoformat()


def _without_tags(html: str) -> str:
    body = LexborHTMLParser(html).body if html else None
    return body.text(separator=" ") if body else ""
