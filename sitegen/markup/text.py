"""What a body says, as plain text."""

from __future__ import annotations

import re
from itertools import filterfalse

from selectolax.lexbor import LexborNode

from sitegen.markup.draft import Draft, ancestors, outermost, words

EXCERPT = 200  # characters

# Scripts that write words without spaces between them: each sign counts.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_SIGN = re.compile(f"[{_SIGNS}]")
_LETTER = re.compile(r"\w")

#: What UTF-8 begins every sign with, and hardly anything else: bytes are quicker to look through.
_LEADS = bytes([*range(0xE3, 0xEA), 0xEF, 0xF0])

#: For `translate` of ASCII: a space stays one, all other signs become the same letter, and those go that make
#: no word by themselves. So words can be counted without making a string of each.
_SAME = bytes(ord(" ") if chr(code).isspace() else ord("w") for code in range(256))
_PUNCTUATION = bytes(code for code in range(128) if re.match(r"[^\w\s]", chr(code)))

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
    if text.isascii():
        return (b" " + text.encode().translate(_SAME, _PUNCTUATION)).count(b" w")
    split = split_words(text)
    # Nearly all are letters and digits alone, which is far quicker to see than to match.
    return len(split) - sum(
        not (word[0].isalnum() or _LETTER.search(word)) for word in filterfalse(str.isalnum, split)
    )


def split_words(text: str) -> list[str]:
    """The words of a text with the punctuation that touches them; in Chinese and Japanese the signs."""
    data = b"" if text.isascii() else text.encode(errors="replace")
    return (text if len(data.translate(None, _LEADS)) == len(data) else _SIGN.sub(r" \g<0> ", text)).split()
