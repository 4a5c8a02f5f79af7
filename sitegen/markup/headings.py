"""Headings and ids: every heading can be linked to, and no id stands twice."""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborNode

from sitegen.markup.draft import Draft, words
from sitegen.markup.sanitize import RESERVED_ID
from sitegen.model import Heading

_HEADINGS = "h1, h2, h3, h4, h5, h6"
_WRITTEN_ID = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_NO_LETTER = re.compile(r"[^\w\s-]")


def take_written_ids(draft: Draft) -> None:
    """`## Title {#id}`, which pyromark would only know together with braces that mean something else."""
    if draft.settings.engine != "commonmark" or "{#" not in draft.html:
        return
    for node in draft.css(_HEADINGS):
        last = node.last_child
        found = (
            _WRITTEN_ID.search(last.text_content or "") if last is not None and last.is_text_node else None
        )
        if last is not None and found:
            node.attrs["id"] = found[1]
            last.replace_with((last.text_content or "")[: found.start()])


def settle_ids(draft: Draft) -> None:
    """Ids of the author are kept, but not twice, and not where the theme has its own."""
    if " id=" not in draft.tags and not draft.raw:
        return
    seen: set[str] = set()
    for node in draft.css("[id]"):
        wanted = "-".join((node.id or "").split())
        if wanted.startswith(RESERVED_ID):
            draft.renamed[wanted] = f"post{wanted}"
            wanted = draft.renamed[wanted]
        if wanted and wanted not in seen:
            seen.add(wanted)
            if wanted != node.id:
                node.attrs["id"] = wanted
            continue
        del node.attrs["id"]
        if wanted:
            draft.notice(f'the id "{wanted}" is there twice; the second one was removed', "HTML removed")


def settle_headings(draft: Draft) -> None:
    """Headings get ids, and step down by one if there is an h1: the title of the page is the only one."""
    if "<h" not in draft.tags:
        return
    nodes = draft.css(_HEADINGS)
    if any(node.tag == "h1" for node in nodes):
        nodes = [_lowered(draft, node) for node in nodes]
    taken = {node.id or "": 0 for node in draft.css("[id]")}
    for node in nodes:
        if not node.id:
            node.attrs["id"] = _take(slug(_title(node)), taken)


def contents(draft: Draft) -> tuple[Heading, ...]:
    """The headings that a table of contents lists."""
    if "<h" not in draft.tags:
        return ()
    found = ((node, _title(node)) for node in draft.css("h2, h3"))
    return tuple(
        Heading(level=int((node.tag or "h2")[1]), id=node.id or "", text=text) for node, text in found if text
    )


def slug(text: str) -> str:
    """The id of a heading: lower case, letters of any script kept, hyphens for spaces.

    As GitHub, Hugo and kramdown make it, so that links to parts of imported texts keep working.
    """
    plain = unicodedata.normalize("NFC", text).lower()
    kept = _NO_LETTER.sub(lambda sign: sign[0] if unicodedata.category(sign[0])[0] == "M" else "", plain)
    return re.sub(r"\s+", "-", kept.strip()).strip("-") or "section"


def _title(node: LexborNode) -> str:
    """The words of a heading without the marks of its footnotes."""
    if not node.css("sup"):
        return words(node)
    plain = node.clone()
    for mark in plain.css("sup:has(a.footnote-ref)"):
        mark.decompose()
    return words(plain)


def _take(wanted: str, taken: dict[str, int]) -> str:
    """An id that is not in `taken`, which maps ids to the last number tried for each; it is put there."""
    if wanted.startswith(RESERVED_ID):
        wanted = f"post{wanted}"
    identifier = wanted
    while identifier in taken:
        taken[wanted] = taken.get(wanted, 0) + 1
        identifier = f"{wanted}-{taken[wanted]}"
    taken[identifier] = 0
    return identifier


def _lowered(draft: Draft, node: LexborNode) -> LexborNode:
    level = int((node.tag or "h1")[1])
    return draft.rename(node, f"h{level + 1}") if level < 6 else node
