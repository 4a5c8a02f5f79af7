"""What a text of Pelican's says of itself: https://docs.getpelican.com/en/latest/content.html"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from sitegen.intake.files import read_text
from sitegen.intake.front import Taken
from sitegen.intake.old_site import File

_META = re.compile(r"^[ ]{0,3}([A-Za-z0-9_-]+):[ \t]*(.*)$")


def with_front(file: File, files: Mapping[str, Path]) -> File:
    """The file with its `Title:` lines, or the `<meta>` elements of its head, as front matter."""
    if file.path.endswith((".html", ".htm")):
        return msgspec.structs.replace(file, taken=_from_html(read_text(files[file.path])[0]))
    if file.taken.has_block:
        lowered = {key.lower(): value for key, value in file.taken.meta.items()}
        return msgspec.structs.replace(file, taken=file.taken._replace(meta=lowered))
    lines = file.taken.body.lstrip("\n").split("\n")
    meta: dict[str, Any] = {}
    key, read = "", 0
    for line in lines:
        found = _META.match(line)
        if found:
            key = found[1].lower()
            meta[key] = f"{meta[key]}, {found[2].strip()}" if meta.get(key) else found[2].strip()
        elif key and re.match(r"[ ]{4,}\S|\t\S", line):
            meta[key] = f"{meta[key]} {line.strip()}"
        else:
            break
        read += 1
    body = "\n".join(lines[read:]) if meta else file.taken.body
    return msgspec.structs.replace(file, taken=Taken(meta, body, has_block=bool(meta)))


def _from_html(html: str) -> Taken:
    tree = LexborHTMLParser(html)
    title = tree.css_first("title")
    meta: dict[str, Any] = {"title": title.text() if title else ""}
    for node in tree.css("meta[name]"):
        meta[(node.attributes["name"] or "").lower()] = node.attributes.get("content") or ""
    return Taken(meta, tree.body.html or "" if tree.body else "", has_block="date" in meta or bool(title))
