"""Fenced code with a language: coloured by Pygments, with classes that the theme styles."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

from sitegen.markup.draft import Draft

#: Longer code stays plain: lexers are slow, and nobody reads it for its colours.
LONGEST = 50_000


def highlight_code(draft: Draft) -> None:
    if "language-" not in draft.tags:
        return
    for node in draft.css("pre > code[class^='language-']"):
        block = node.parent
        language = (node.attributes.get("class") or "").split()[0].removeprefix("language-")
        lexer = _lexer(language.lower())
        text = node.text()
        if block is None or lexer is None or len(text) > LONGEST or node.css("code *"):
            continue
        coloured = _coloured(lexer, text)
        if coloured:
            node.inner_html = coloured
            draft.wrap(block, "div").attrs["class"] = "highlight"


@cache
def _lexer(language: str) -> Lexer | None:
    """The lexer of a language, None where Pygments has none or it would only repeat the text."""
    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return None if lexer.name == "Text only" else lexer


def _coloured(lexer: Lexer, text: str) -> str:
    """`text` as HTML with spans; "" where the lexer fails, or gives back another text than it was given."""
    try:
        tokens = list(lexer.get_tokens(text))
    except Exception:  # A lexer is foreign code; its colours are not worth a page.
        return ""
    if "".join(value for _, value in tokens).rstrip("\n") != text.rstrip("\n"):
        return ""
    runs = groupby(tokens, key=lambda token: _class(token[0]))
    return "".join(_span(name, "".join(value for _, value in run)) for name, run in runs)


def _span(name: str, value: str) -> str:
    text = escape(value, quote=False)
    return f'<span class="{name}">{text}</span>' if name and not value.isspace() else text


@cache
def _class(kind: _TokenType) -> str:
    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    return STANDARD_TYPES.get(kind, "")
