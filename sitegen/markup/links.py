"""Links: which lead into the site, which out of it, and which nowhere."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from sitegen.markup.addresses import kind_of, tidy
from sitegen.markup.draft import Draft, ancestors, replace

GROUP = "addresses removed"

EXTERNAL = "external noopener"

_BARE = re.compile(r"https?://[^\s<>\\`\"]+")
_NO_LINKS_IN = frozenset({"a", "code", "kbd", "pre", "samp", "script", "style", "textarea", "var"})


def settle_links(draft: Draft) -> None:
    """Internal links become references, external ones say so, and no other scheme passes."""
    for node in draft.css("a[href]"):
        if "href" not in node.attributes:
            continue  # the selector finds SVG's `xlink:href` too
        href = node.attributes["href"] or ""
        address = tidy(href)
        kind = kind_of(address)
        if kind == "external":
            node.attrs["href"] = address
            node.attrs["rel"] = EXTERNAL
            continue
        if "rel" in node.attrs:
            del node.attrs["rel"]
        if kind == "internal":
            node.attrs["href"] = draft.refer("link", href)
        elif kind == "part":
            _settle_part(draft, node, address)
        elif kind == "other":
            del node.attrs["href"]
            what = (
                f'the address "{address[:80]}" is of no kind that readers can follow'
                if address
                else ("a link has no address")
            )
            draft.notice(f"{what}, so the link was removed", GROUP, href, "href")


def _settle_part(draft: Draft, node: LexborNode, address: str) -> None:
    name = unquote(address[1:])
    if name in draft.renamed:
        node.attrs["href"] = address = f"#{draft.renamed[name]}"
    if not (node.attributes.get("class") or "").startswith("footnote-"):
        draft.refer("link", address)


def link_bare_addresses(draft: Draft) -> None:
    """Web addresses in the text become links, wherever the author did not make them one."""
    if "://" not in draft.html:
        return
    for node in list(draft.body.traverse(include_text=True)):
        text = node.text_content if node.is_text_node else None
        if text and "://" in text and not _is_literal(node):
            linked = _linked(text, ends_here=node.next is None or node.next.tag == "br")
            if linked:
                replace(node, linked)


def _is_literal(node: LexborNode) -> bool:
    return any(parent.tag in _NO_LINKS_IN for parent in ancestors(node))


def _linked(text: str, *, ends_here: bool) -> str:
    """`text` as HTML with its addresses as links; "" when it has none.

    Unless the text `ends_here`, an address at its end may be the beginning of one only: CommonMark takes the
    underscores of `/_a_/` for emphasis.
    """
    out, end = [], 0
    for found in _BARE.finditer(text):
        address = _without_punctuation(found[0])
        if kind_of(address) != "external" or (found.end() == len(text) and not ends_here):
            continue
        out.append(escape(text[end : found.start()], quote=False))
        out.append(f'<a href="{escape(address)}">{escape(address, quote=False)}</a>')
        end = found.start() + len(address)
    return "".join(out) + escape(text[end:], quote=False) if out else ""


def _without_punctuation(address: str) -> str:
    """`address` without what belongs to the sentence around it (GitHub Flavored Markdown, section 6.9)."""
    while True:
        shorter = address.rstrip("?!.,:;*_~'\"»“”’…")
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
