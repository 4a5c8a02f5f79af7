"""Plain text -> Markdown that shows it as it is, whichever engine reads it."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\*`\[\]]|<|&(?=#|\w+;)|(?<![^\W_])_|_(?![^\W_])|~|!\Z|\{(?=[:.# {]|\Z|[^}]*=)")
_AS_ENTITY = {"<": "&lt;", "&": "&amp;", "~": "&#126;", "{": "&#123;"}


def escape(text: str) -> str:
    """Text in which no sign means anything in Markdown, whichever engine reads it."""
    return _SIGNS.sub(lambda found: _AS_ENTITY.get(found[0], "\\" + found[0]), text)


def guard(line: str) -> str:
    """A line of a paragraph whose beginning means nothing in Markdown."""
    if re.match(r"#|>|[+-](\s|$)|-[-\s]*$", line):
        return "\\" + line
    if found := re.match(r"(\d{1,9})([.)])(?=\s|$)", line):
        return f"{found[1]}\\{line[len(found[1]) :]}"
    if re.match(r"=+\s*$|~~|:\s", line):
        return f"&#{ord(line[0])};{line[1:]}"
    return line


def paragraphs(text: str) -> str:
    """Plain text, its paragraphs parted by blank lines, as Markdown that shows it as it is."""
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    shown = (
        "  \n".join(guard(escape(" ".join(line.split()))) for line in block.split("\n") if line.strip())
        for block in blocks
    )
    return "\n\n".join(block for block in shown if block)
