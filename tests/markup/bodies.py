"""A text and its settings -> its body, in one call."""

from __future__ import annotations

from sitegen import config
from sitegen.markup import convert, settle
from sitegen.model import Body


def render(
    text: str, settings: config.Markdown, *, first_line: int = 1, title: str = "", image: str = ""
) -> Body:
    return settle(convert(text, settings), settings, first_line=first_line, title=title, image=image)
