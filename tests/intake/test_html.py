"""HTML and plain text become Markdown that both engines read alike, with every word kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sitegen.config import Markdown
from sitegen.intake.escaping import paragraphs
from sitegen.intake.html import to_markdown
from tests.markup.bodies import render

#: Elements that a piece may stand in.
TAGS = st.sampled_from(["", "b", "i", "a", "sup", "p", "li", "h2"])

ENGINES = [Markdown(engine="python-markdown"), Markdown(engine="commonmark")]

#: Pieces of text that mean something in Markdown, in one engine or the other.
PIECES = st.sampled_from(
    [
        *"*_`[](){}<>#+-.!|~=:&\\^$\"'1aБ ",
        *("  ", "**", "__", "```", "~~", "1. ", "- ", "# ", "> ", ": ", "---", "&amp;", "<b>", "</b>"),
        *("https://a.b/c_d", "{: .x}", "{#x}", "[^1]", "[a]: b", "*[a]: b", "![", "\n", "| a |"),
        *("word", "слово", "{{< x >}}", "{% y %}", "<!--", "-->", "<script>"),
    ]
)


def shown(markdown: str, settings: Markdown) -> str:
    """What a reader sees of a text, in one line."""
    body = render(markdown, settings)
    node = LexborHTMLParser(body.html).body
    return " ".join(node.text().split()) if node else ""


@pytest.mark.parametrize("settings", ENGINES, ids=lambda one: one.engine)
@given(pieces=st.lists(PIECES, max_size=12))
@example(pieces=["---", " ", "---"])
def test_plain_text_is_shown_as_it_is(settings: Markdown, pieces: list[str]) -> None:
    text = "".join(pieces)
    assert shown(paragraphs(text), settings) == " ".join(text.split())


@pytest.mark.parametrize("settings", ENGINES, ids=lambda one: one.engine)
@given(pieces=st.lists(st.tuples(PIECES, TAGS), max_size=8))
@example(pieces=[("1", "b"), ("1", "b")])
@example(pieces=[("!", ""), ("x", "a")])
@example(pieces=[("https://a.b/c_d", ""), ("1", "b")])
@example(pieces=[("https://a.b/c_d", ""), ("1", "a")])
@example(pieces=[("https://a.b/c_d", ""), ("1", "del")])
def test_every_sign_of_html_is_shown(settings: Markdown, pieces: list[tuple[str, str]]) -> None:
    # With `commonmark`, {#x} at the end of a heading is its id, however it is written.
    pieces = [(text, "" if tag == "h2" and "{" in text else tag) for text, tag in pieces]
    escaped = [(text.replace("&", "&amp;").replace("<", "&lt;"), tag) for text, tag in pieces]
    html = "".join(f'<{tag} href="x">{text}</{tag}>' if tag else text for text, tag in escaped)
    body = LexborHTMLParser(html).body
    wanted = re.sub(r"\s", "", body.text() if body else "")
    assert re.sub(r"\s", "", shown(to_markdown(html), settings)) == wanted
