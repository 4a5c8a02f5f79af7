"""Lists of imported texts come out as lists in python-markdown too."""

import re

import pytest

from sitegen.config import Markdown
from sitegen.markup.lists import relay_lists
from tests.markup.bodies import render


def outline(text: str, engine: str = "python-markdown") -> str:
    """The HTML of `text` without paragraphs in items and without spaces between tags."""
    html = render(text, Markdown(engine=engine)).html  # type: ignore[arg-type]
    html = re.sub(r"(<li>)\s*<p>|</p>\s*(?=</li>|<ul>|<ol>)", r"\1", html)
    return re.sub(r"\s*(</?(?:ul|ol|li|p|blockquote|pre)[^>]*>)\s*", r"\1", html)


AS_IN_COMMONMARK = {
    "a list right under a paragraph": "para\n- a\n- b\n\nend",
    "a numbered list right under a paragraph": "para\n1. a\n2. b",
    "a list right under a heading": "## h\n- a",
    "nested by two": "- a\n  - b\n    - c\n- d",
    "nested by four": "- a\n    - b\n        - c\n- d",
    "nested under a number by three": "1. a\n   - b\n   - c\n2. d",
    "numbers under a bullet": "- a\n  1. b\n  2. c\n- d",
    "nested with blank lines": "* a\n\n  * b\n\n    * c\n\n* d",
    "a paragraph in an item by two": "- a\n\n  para\n\n- b",
    "a paragraph in an item by four": "- a\n\n    para\n\n- b",
    "code in an item": "1. a\n\n   ```\n   x\n     y\n   ```\n\n2. b",
    "bullets, then numbers": "- a\n1. b",
    "a rule under a list": "- a\n\n---\n\nb",
    "a rule right under a list": "- a\n---\nb",
    "a list in a quote": "> q\n> - a\n>   - b\n\nx",
    "a year inside a paragraph": "He was exiled in\n1943. It was a cold year.",
    "a year inside a bullet": "- exiled in\n  1943. It was cold.\n- b",
    "a list that begins with a year": "1943. It was cold.",
    "an item that goes on": "- a\ngoes on\n- b",
    "a deeper return": "- a\n  - b\n    - c\n  - d\n- e",
    "indented code that looks like a list": "text\n\n    - a\n      - b",
    "a rule of stars": "* * *\n\na",
    "emphasis at the beginning of a line": "a\n*b* c\n- d",
    "a minus inside a paragraph": "5\n-3 is 2",
    "raw html": "<div>\n- a\n  - b\n</div>\n\nc",
}


@pytest.mark.parametrize("name", AS_IN_COMMONMARK)
def test_a_list_comes_out_as_in_commonmark(name: str) -> None:
    text = AS_IN_COMMONMARK[name] + "\n"
    assert outline(text) == outline(text, "commonmark")


def test_a_year_in_a_numbered_item_is_not_the_next_item() -> None:
    assert outline("1. exiled in\n1943. It was cold.\n2. b") == (
        "<ol><li>exiled in\n1943. It was cold.</li><li>b</li></ol>"
    )


def test_bullets_nested_by_two_under_a_number_are_nested() -> None:
    assert outline("1. a\n  - b\n2. c") == "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"


def test_what_is_laid_out_for_python_markdown_is_not_touched() -> None:
    text = "para\n\n- a\n    - b\n\n        para\n\n            code\n\n    - c\n\n1. x\n\n    y\n\n> q\n> q"
    assert relay_lists(text.split("\n")) == text.split("\n")
