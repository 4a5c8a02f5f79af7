"""What a body says, as plain text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from sitegen.markup.draft import Draft, ancestors, outermost, words

EXCERPT = 200  # characters

# Scripts that write words without spaces between them: each sign counts.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_SIGN = re.compile(f"[{_SIGNS}]")

#: What UTF-8 begins every such sign with, and hardly anything else: bytes are quicker to look through.
_LEADS = bytes([*range(0xE3, 0xEA), 0xEF, 0xF0])

#: For `translate` of bytes: a space stays one, all other signs become the same letter, and those of ASCII go
#: that make no word by themselves. So words can be counted without making a string of each.
_SAME = bytes(ord(" ") if code < 128 and chr(code).isspace() else ord("w") for code in range(256))
_PUNCTUATION = bytes(code for code in range(128) if re.match(r"[^\w\s]", chr(code)))

_ASCII = bytes(range(128))
_NO_LETTER = re.compile(r"\W")

#: So many different signs are taken out one after the other, since it is quicker.
_FEW = 16

_UNREAD = "pre, code, script, style"
_NOT_OPENING = frozenset({"figure", "blockquote", "li", "td", "th", "dd", "aside", "details"})


def count_words(draft: Draft) -> int:
    """The words that readers see, code left out; in Chinese and Japanese the signs."""
    total = _count(draft.body)
    if "<code" in draft.tags or "<pre" in draft.tags or draft.raw:
        total -= sum(_count(node) for node in outermost(draft.css(_UNREAD)))
    return max(0, total)


def excerpt(draft: Draft) -> str:
    """The beginning of the text: whole paragraphs, at most 200 characters, cut at a word."""
    said = ""
    for node in draft.css("p"):
        if len(said) > EXCERPT:
            break
        if not any(parent.tag in _NOT_OPENING or _is_footnotes(parent) for parent in ancestors(node)):
            said = f"{said} {_paragraph(node)}".strip()
    if len(said) <= EXCERPT:
        return said
    cut = said[:EXCERPT]
    if " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut[: EXCERPT - 1].rstrip(" ,;:.–—-") + "…"


def _paragraph(node: LexborNode) -> str:
    if not node.css("sup, script, style"):
        return words(node)
    plain = node.clone()
    for part in plain.css("sup:has(a.footnote-ref), script, style"):
        part.decompose()
    return words(plain)


def _is_footnotes(node: LexborNode) -> bool:
    return node.tag == "div" and node.attributes.get("class") == "footnote"


def _count(node: LexborNode) -> int:
    text = node.text(separator=" ")
    letters = text if text.isascii() else _letters(text)
    return (b" " + letters.encode(errors="replace").translate(_SAME, _PUNCTUATION)).count(b" w")


def _letters(text: str) -> str:
    """`text` with each sign of Chinese and Japanese apart, and of what is not ASCII only what words have."""
    data = text.encode(errors="replace")
    if len(data.translate(None, _LEADS)) != len(data):
        text = _SIGN.sub(r" \g<0> ", text)
    others = {*_NO_LETTER.findall(data.translate(None, _ASCII).decode())}
    if len(others) > _FEW:
        return text.translate({ord(sign): " " if sign.isspace() else None for sign in others})
    for sign in others:
        text = text.replace(sign, " " if sign.isspace() else "")
    return text
