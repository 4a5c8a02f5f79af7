"""What the sanitiser would take away is taken away here, and reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from sitegen.markup.draft import Draft, outermost
from sitegen.markup.sanitize import EMPTIED, TAGS, allows

GROUP = "HTML removed"

#: They are set anew or have no effect without what they went with.
_SILENT = frozenset(
    {
        "target",
        "rel",
        "srcset",
        "sizes",
        "loading",
        "decoding",
        "referrerpolicy",
        "crossorigin",
        "fetchpriority",
    }
)

#: Obsolete elements that show their text as it is written, markup and all.
_VERBATIM = ("xmp", "listing", "plaintext")

_WHOLE = re.compile(r"[0-9]+(?=(?:px)?$)")
_FRAME_ELSEWHERE = 'iframe:not([src^="https://"])'
_OWN_EMBEDS = frozenset({"iframe"})


def remove_unsafe(draft: Draft) -> None:
    """Leave only elements and attributes that the policy knows; tell what went, each kind once."""
    if not draft.raw or draft.settings.html == "trusted":
        return
    kept = _OWN_EMBEDS if draft.settings.embeds == "live" else frozenset[str]()
    for empty in draft.css("p:empty"):  # what is left of a paragraph that a block inside it has ended
        empty.decompose()
    removed = Counter([*_remove_elements(draft, kept), *_remove_attributes(draft, kept)])
    for name, count in removed.items():
        times = f" ({count} times)" if count > 1 else ""
        draft.notice(f"{name} was removed{times}", GROUP, name.rstrip(">").rpartition(" ")[2])


def _remove_elements(draft: Draft, kept: frozenset[str]) -> Iterator[str]:
    """Take away the elements that the policy doesn't know; their tags are returned."""
    for tag in _VERBATIM:
        for node in draft.css(tag):
            draft.rename(node, "pre")
    emptied = {*EMPTIED - kept, *(_FRAME_ELSEWHERE for _ in kept)}
    for node in outermost(draft.css(",".join(emptied))):
        yield f"<{node.tag}>"
        node.decompose()
    known = TAGS | kept | {"body"}
    for node in draft.css("*"):
        if node.tag not in known or (node.tag == "input" and not _is_task(node)):
            yield f"<{node.tag}>"
            node.unwrap(delete_empty=True)


def _is_task(node: LexborNode) -> bool:
    attributes = node.attributes
    return (attributes.get("type") or "").lower() == "checkbox" and "disabled" in attributes


def _remove_attributes(draft: Draft, kept: frozenset[str]) -> Iterator[str]:
    """Take away the attributes that the policy doesn't know; those worth a word are returned."""
    for node in draft.css("*"):
        tag = node.tag or ""
        if tag in kept or not node.attributes:
            continue
        for name, value in node.attributes.items():
            if name == "data-embed":
                continue  # written by the pass; `sanitize` lets it pass where the settings want it
            if name == "name" and tag == "a" and not node.id:
                node.attrs["id"] = value
                del node.attrs[name]
            elif not allows(tag, name) or not _is_fit(node, tag, name, value or ""):
                del node.attrs[name]
                if name not in _SILENT:
                    yield f"the attribute {name}"


def _is_fit(node: LexborNode, tag: str, name: str, value: str) -> bool:
    """Whether the value is one that the attribute can have; a size in pixels is made a plain number."""
    if name == "cite":
        return re.match(r"https?://", value.strip(), re.IGNORECASE) is not None
    if name in ("width", "height"):
        size = _WHOLE.match(value.strip())
        if size:
            node.attrs[name] = size[0]
        return size is not None
    if tag == "input":
        return name in ("type", "checked", "disabled", "class")
    return True
