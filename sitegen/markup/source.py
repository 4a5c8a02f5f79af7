"""Where in its file something stands that was found in the HTML."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from html import escape

#: What may stand on either side of an address in Markdown or HTML.
_EDGES = frozenset(" \t\n()<>[]\"'=,;:|*_!")


class Source:
    """The Markdown text of a post, and how often each of its parts was asked for."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text = text
        self._lower = ""
        self._first_line = first_line
        self._after: dict[str, int] = {}
        self._ends: list[int] = []

    def line_of_address(self, *spellings: str) -> int:
        """The line with the next use of an address, written in one of `spellings`."""
        for spelling in dict.fromkeys((*spellings, *(escape(s) for s in spellings))):
            found = self._next(self._text, spelling, whole=True) if spelling else -1
            if found >= 0:
                return self._line(found)
        return self._first_line

    def line_of_markup(self, *needles: str) -> int:
        """The line with the next use of a tag or attribute, e.g. `<script`; upper and lower case are one."""
        self._lower = self._lower or self._text.lower()
        positions: Iterable[int] = (
            self._next(self._lower, needle.lower(), whole=False) for needle in needles if needle
        )
        return next((self._line(found) for found in positions if found >= 0), self._first_line)

    def _next(self, text: str, needle: str, *, whole: bool) -> int:
        start = self._after.get(needle, 0)
        while start >= 0:
            found = text.find(needle, start)
            start = found + len(needle) if found >= 0 else -1
            if found >= 0 and (not whole or _stands_alone(text, found, start)):
                break
        self._after[needle] = start
        return found if start >= 0 else -1

    def _line(self, position: int) -> int:
        if not self._ends:
            self._ends = [found.start() for found in re.finditer("\n", self._text)]
        return self._first_line + bisect_right(self._ends, position)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return before in _EDGES and after in _EDGES
