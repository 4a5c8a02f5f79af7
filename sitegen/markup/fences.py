"""Fenced code in the lines of a Markdown text.

python-markdown finds fences at the beginning of lines only; CommonMark (section 4.5) and GitHub know them
in lists and quotes too, and so do most texts that are imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_OPENING = re.compile(r"(?P<prefix>[ >]*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_CLOSING = re.compile(r"[ >]*(`{3,}|~{3,})[ ]*$")
_LANGUAGE = re.compile(r"[\s{.]*([\w#+.-]*)")

#: What may hold an indented block: an item of a list, a footnote, a definition.
_HOLDER = re.compile(r"[ >]*(?:[*+-]|\d+\.|\[\^[^\]]+\]:|:)[ ]")


def replace_fences(lines: list[str], store: Callable[[str, str], str]) -> list[str]:
    """`lines` with each fenced block replaced by what `store(language, code)` returns for it."""
    text = "\n".join(lines)
    # One sign is found far sooner than three.
    if ("`" not in text and "~" not in text) or ("```" not in text and "~~~" not in text):
        return lines
    out: list[str] = []
    unclosed: dict[str, int] = {}
    held = False
    at = 0
    while at < len(lines):
        line = lines[at]
        opening = _OPENING.match(line) if "```" in line or "~~~" in line else None
        end = 0
        if opening and (held or not line.startswith("    ")):
            end = _closing_line(lines, at, opening["fence"], unclosed)
        if opening and end:
            prefix = opening["prefix"]
            code = "".join(_without(prefix, inner) + "\n" for inner in lines[at + 1 : end])
            language = _LANGUAGE.match(opening["info"])
            placeholder = store(language[1] if language else "", code)
            blank = prefix.rstrip()
            out += [blank] * (at > 0 and out[-1].strip() != blank.strip())
            out.append(prefix + placeholder)
            out += [blank] * (end + 1 < len(lines) and lines[end + 1].strip() != blank.strip())
            at = end + 1
            continue
        if line.strip() and not line.startswith("    "):
            held = _HOLDER.match(line) is not None or (held and line.startswith("  "))
        out.append(line)
        at += 1
    return out


def _closing_line(lines: list[str], at: int, fence: str, unclosed: dict[str, int]) -> int:
    """The line that closes the fence opened at `at`; 0 if none does.

    `unclosed` remembers for each kind of fence how long one is that no line closes, so that a text full of
    opening fences is not searched to its end for each.
    """
    kind, length = fence[0], len(fence)
    if length >= unclosed.get(kind, length + 1):
        return 0
    for number in range(at + 1, len(lines)):
        closing = _CLOSING.match(lines[number])
        if closing and closing[1][0] == kind and len(closing[1]) >= length:
            return number
    unclosed[kind] = length
    return 0


def _without(prefix: str, line: str) -> str:
    """`line` without the quote marks and the indentation that its fence has."""
    for _ in range(prefix.count(">")):
        line = re.sub(r"^ {0,3}> ?", "", line, count=1)
    spaces = len(prefix.rsplit(">", 1)[-1]) - (">" in prefix)
    return re.sub(rf"^ {{0,{max(0, spaces)}}}", "", line, count=1)
