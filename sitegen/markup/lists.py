"""Lists in the lines of a Markdown text, laid out as python-markdown wants them.

It knows a list only after a blank line and nests by four spaces; most other programs follow CommonMark
(section 5.2), where a list may stand right under a paragraph and nests under the text of its item. What is
already laid out for python-markdown comes out the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"( *)([*+-]|(\d{1,9})\.)( +)(?=\S)")
_ANY_ITEM = re.compile(r"[ >]*(?:[*+-]|\d{1,9}\.) +\S")
_RULE = re.compile(r" {0,3}([*_-]) *(?:\1 *){2,}$")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_QUOTE = re.compile(r" {0,3}> ?")
_STEP = 4  # spaces by which python-markdown nests

#: A number this far from the one before is a year at the beginning of a line, not the next item.
_LEAP = 100

_DEEPEST_QUOTE = 20


@dataclass
class _Item:
    column: int  #: of its marker
    text: int  #: column of its first word
    number: int  #: -1 in a list with bullets
    base: int = -1  #: column of what belongs to it, once a line has shown it


def relay_lists(lines: list[str], depth: int = 0) -> list[str]:
    """`lines` with a blank line before each list and every level indented by four spaces."""
    if not any(map(_ANY_ITEM.match, lines)):
        return lines
    layout = _Layout()
    at = 0
    while at < len(lines):
        end = at
        while depth < _DEEPEST_QUOTE and end < len(lines) and _QUOTE.match(lines[end]):
            end += 1
        if end == at:
            layout.add(lines[at])
            at += 1
        else:
            inner = [_QUOTE.sub("", line, count=1) for line in lines[at:end]]
            layout.add_quote(["> " + line for line in relay_lists(inner, depth + 1)])
            at = end
    return layout.out


class _Layout:
    """The lines laid out so far, and the items that are still open at their end."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[_Item] = []
        self.after_blank = True

    def add_quote(self, lines: list[str]) -> None:
        self.out += lines
        self.open.clear()
        self.after_blank = False

    def add(self, line: str) -> None:
        indent = len(line) - len(line.lstrip(" "))
        if indent == len(line):
            self.out.append("")
            self.after_blank = True
            return
        found = _ITEM.match(line)
        if found and not _RULE.match(line) and self._begins_item(found, indent):
            self._add_item(line, found, indent)
        elif not self.open:
            self.out.append(line)
        elif self.after_blank:
            self._add_block(line, indent)
        else:
            self._add_continuation(line, found, indent)
        self.after_blank = False

    def _parent_count(self, indent: int) -> int:
        """How many open items hold what begins at column `indent`."""
        return next((n for n, item in enumerate(self.open) if indent < item.column + 2), len(self.open))

    def _settled_base(self, item: _Item, indent: int) -> int:
        """The column where the blocks of `item` begin, seen from one that begins at `indent`."""
        if item.base < 0:
            own = min(item.text, item.column + _STEP)
            code = indent >= own + _STEP
            item.base = (
                (item.column + _STEP if indent >= item.column + 2 * _STEP else own) if code else indent
            )
        return item.base

    def _begins_item(self, found: re.Match[str], indent: int) -> bool:
        held = self._parent_count(indent)
        if self.after_blank:
            if held:
                return indent < self._settled_base(self.open[held - 1], indent) + _STEP
            return indent < _STEP or bool(self.open)
        if not self.open and indent >= _STEP:
            return False
        if found[3] is None or int(found[3]) == 1:
            return True
        sibling = self.open[held] if held < len(self.open) else None
        if sibling is None:
            return bool(self.out) and _HEADING.match(self.out[-1]) is not None
        return sibling.number >= 0 and int(found[3]) - sibling.number <= _LEAP

    def _add_item(self, line: str, found: re.Match[str], indent: int) -> None:
        held = self._parent_count(indent)
        sibling = self.open[held] if held < len(self.open) else None
        number = int(found[3]) if found[3] else -1
        apart = not held if sibling is None else (sibling.number < 0) != (number < 0)
        if apart and not self.after_blank:
            self.out.append("")
        del self.open[held:]
        if held and self.open[-1].base < 0:
            self.open[-1].base = indent
        self.open.append(_Item(column=indent, text=found.end(), number=number))
        self.out.append(" " * _STEP * held + found[2] + " " + line[found.end() :])

    def _add_block(self, line: str, indent: int) -> None:
        """A paragraph, or code, that begins after a blank line."""
        held = self._parent_count(indent)
        del self.open[held:]
        if held:
            inside = max(0, indent - self._settled_base(self.open[-1], indent))
            line = " " * (_STEP * held + inside) + line[indent:]
        self.out.append(line)

    def _add_continuation(self, line: str, found: re.Match[str] | None, indent: int) -> None:
        """A line that goes on with the paragraph above it, unless it is of a kind that ends one."""
        if not self._parent_count(indent) and (_RULE.match(line) or _HEADING.match(line)):
            self.open.clear()
            self.out += ["", line]
            return
        text = line[indent:]
        if found and found[3]:
            # python-markdown would read the number as the next item.
            text = text.replace(".", "\\.", 1)
        self.out.append(text)
