"""Tables can scroll sideways on narrow screens; alignment is a class, as styles don't pass."""

from __future__ import annotations

import re

from sitegen.markup.draft import Draft, ancestors

_ALIGNED = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|center|right|justify)\s*(?=;|$)", re.IGNORECASE)


def keep_alignment(draft: Draft) -> None:
    """`style="text-align: x"` and `align="x"` become `class="x"`."""
    if "text-align" not in draft.tags and not draft.raw:
        return
    for node in draft.css("[style], [align]"):
        attributes = node.attributes
        style = attributes.get("style") or ""
        found = _ALIGNED.search(style)
        side = (found[1] if found else attributes.get("align") or "").strip().lower()
        if side not in ("left", "center", "right", "justify"):
            continue
        node.attrs["class"] = f"{attributes.get('class') or ''} {side}".strip()
        if "align" in attributes:
            del node.attrs["align"]
        if found and not _ALIGNED.sub("", style).strip("; "):
            del node.attrs["style"]


def wrap_tables(draft: Draft) -> None:
    if "<table" not in draft.tags:
        return
    for node in draft.css("table"):
        if not any(parent.tag == "table" for parent in ancestors(node)):
            box = draft.wrap(node, "div")
            box.attrs["class"] = "table"
            # A box that scrolls must be within reach of the keyboard, with scripts or without.
            box.attrs["tabindex"] = "0"
