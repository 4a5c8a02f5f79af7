"""The text of a Jekyll page -> Markdown: Liquid, and what kramdown adds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from sitegen.dates import split_dated_name
from sitegen.intake.fields import plain
from sitegen.intake.html import to_markdown
from sitegen.intake.items import Note, changed, lost
from sitegen.intake.old_site import Convert, Planned, resolve
from sitegen.intake.shortcodes import Handler, Tag, highlight, replaced, without_more


def converter(addresses: Mapping[str, str], told: Mapping[str, Any]) -> Convert:
    """Turns the bodies of pages; `addresses` has the old address of each, `told` is _config.yml."""
    posts = {
        split_dated_name(posixpath.basename(path).rpartition(".")[0])[1]: url
        for path, url in addresses.items()
        if "_posts/" in path
    }

    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def reference(tag: Tag) -> str | None:
            target = tag.raw.strip()
            name = split_dated_name(posixpath.basename(target))[1]
            found = resolve(target, page.file.path, addresses) or posts.get(name)
            if found is None:
                notes.append(lost(f'the reference "{target}" leads to no text'))
            return found

        handlers: dict[str, Handler] = {
            "post_url": reference,
            "link": reference,
            "highlight": highlight,
            "raw": lambda tag: tag.inner,
            "comment": lambda _: "",
        }
        if separator := plain(page.meta.get("excerpt_separator") or told.get("excerpt_separator")):
            body = body.replace(separator, "")
        body = without_more(body, notes)
        body = _variables(body, page)
        body = replaced(body, r"\{%-?", r"-?%\}", handlers, notes)
        if page.file.path.endswith((".html", ".htm")):
            return to_markdown(body)
        return _kramdown(body, notes)

    return convert


def _variables(body: str, page: Planned) -> str:
    """The variables that are the same wherever a site lies."""
    body = re.sub(r"\{\{\s*site\.(base)?url\s*\}\}", "", body)
    body = re.sub(r"\{\{\s*[\"']([^\"']*)[\"']\s*\|\s*(relative|absolute)_url\s*\}\}", r"\1", body)
    title = plain(page.meta.get("title"))
    return re.sub(r"\{\{\s*page\.title\s*\}\}", lambda _: title, body)


_CONTENTS = re.compile(r"^[ \t]*([*+-]|\d+\.)[ \t]+.*\n[ \t]*\{:\s*toc[^}]*\}[ \t]*$\n?", re.MULTILINE)


def _kramdown(body: str, notes: list[Note]) -> str:
    """What kramdown adds to Markdown: its table of contents, and attributes on lines of their own."""
    bare, contents = _CONTENTS.subn("", body)
    if contents:
        notes.append(changed("the mark for a table of contents is taken out; sitegen makes one itself"))
    bare, options = re.subn(r"^\{::?(options|comment)[^}]*/\}[ \t]*$\n?", "", bare, flags=re.MULTILINE)
    if options:
        notes.append(changed("options for kramdown are taken out"))
    # python-markdown reads attributes at the end of headings and paragraphs, and nowhere else.
    bare = re.sub(r"^(#{1,6}[ ].*?)[ ]*#*\n(\{:[^}\n]*\})[ \t]*$", r"\1 \2", bare, flags=re.MULTILINE)
    bare, others = re.subn(r"^([>|`~].*)\n\{:[^}\n]*\}[ \t]*$", r"\1", bare, flags=re.MULTILINE)
    if others:
        notes.append(lost("attributes of a quotation, a table or code are left out"))
    return bare
