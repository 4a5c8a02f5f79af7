"""The text of a Hugo page -> Markdown: its shortcodes (https://gohugo.io/content-management/shortcodes/)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sitegen.intake.items import Note, lost
from sitegen.intake.old_site import Convert, Planned, resolve
from sitegen.intake.shortcodes import (
    VIMEO,
    YOUTUBE,
    Handler,
    Tag,
    figure,
    highlight,
    link,
    replaced,
    without_more,
)


def converter(addresses: Mapping[str, str]) -> Convert:
    """Turns the body of a page: its shortcodes, and links to other texts' files."""

    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def reference(tag: Tag) -> str | None:
            target = tag.named.get("path") or next(iter(tag.values), "")
            names = {path.partition("/")[2]: url for path, url in addresses.items()}
            found = resolve(target, page.file.path.partition("/")[2], names)
            if found is None:
                notes.append(lost(f'the reference "{target}" leads to no text'))
            return found

        handlers: dict[str, Handler] = {"ref": reference, "relref": reference, **_KNOWN}
        body = without_more(body, notes)
        body = replaced(body, r"\{\{[<%]", r"[>%]\}\}", handlers, notes)
        return re.sub(r"(\{\{[<%])/\*(.*?)\*/([>%]\}\})", r"\1\2\3", body)

    return convert


_KNOWN: Mapping[str, Handler] = {
    "figure": figure,
    "highlight": highlight,
    "youtube": YOUTUBE,
    "vimeo": VIMEO,
    "tweet": link("https://x.com/{}"),
    "x": link("https://x.com/{}"),
    "gist": link("https://gist.github.com/{}"),
    "instagram": link("https://www.instagram.com/p/{}/"),
}
