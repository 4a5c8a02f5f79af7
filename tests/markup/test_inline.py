"""python-markdown looks only for what can be there, and finds what it would have found."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.preprocessors import NormalizeWhitespace

from sitegen.markup import dialect

PARTS = [
    *("word ", "\n", "\n\n", "  \n", " ", "# H\n", "- item\n", "1. one\n", "> q\n", "    code\n"),
    *("*em*", "**b**", "_u_", "`c`", "``a`b``", "\\*", "\\", "~~d~~", "~", "&amp;", "&no;", "HTML"),
    *("[x](y)", "![i](p.png)", "[r]", "[r]: http://e.org 'T'\n", "http://a.b/_x_", "<http://e.org>"),
    *("<a@b.c>", "<b>raw</b>", "<div>", "</div>", "<div markdown=1>", "*[HTML]: Hyper\n", "[^1]"),
    *("[^1]: note\n", "| a | b |\n|---|---|\n| 1 | * |\n", "{: .x}", "- [ ] task\n", "term\n: def\n"),
    *("!", "[", "]", "(", ")", "\x02", "---\n", "- - -\n", "***", "*  *  *\n", "___\n", "\n===\n", "\n-\n"),
]


def convert(text: str, *, alone: bool) -> str:
    extensions: list[str | Extension] = [*dialect.EXTENSIONS, dialect.Dialect(alone=alone)]
    return Markdown(extensions=extensions, extension_configs=dialect.CONFIGS).convert(text)


@given(st.lists(st.sampled_from(PARTS), max_size=20))
def test_patterns_that_have_no_sign_in_a_text_would_find_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    assert convert(text, alone=True) == convert(text, alone=False)


@given(st.text(st.sampled_from("a1é *_~\n\\.")), st.text(st.sampled_from("a [](!)<>\"'*\\`\n\u00a0")))
def test_emphasis_and_links_are_what_the_library_finds(marks: str, brackets: str) -> None:
    for text in (f"a {marks}", f"[a]({brackets}", f"a [{brackets}", f"[a](b) *{brackets}* **{marks}**"):
        assert convert(text, alone=True) == convert(text, alone=False)


@given(st.text(st.sampled_from("aé1 \n\u2028#>*+-_=`~|:.[]^&<")))
def test_what_is_taken_for_a_paragraph_is_one(text: str) -> None:
    for whole in (text, f"- item\n\n    {text}", f"> {text}", f"[^1]: note\n\n    {text}", f"term\n\n{text}"):
        assert convert(whole, alone=True) == convert(whole, alone=False)


@given(st.text(st.sampled_from("a \n\t\r\x02\x03\u2028")))
def test_spaces_are_made_even_as_python_markdown_makes_them(text: str) -> None:
    lines = text.split("\n")
    assert dialect._Spaces(Markdown()).run(lines) == NormalizeWhitespace(Markdown()).run(lines)


@given(st.text(st.sampled_from("ab1 \n\t#>*-`[]{}:=|\\!&;\x02\x03\r\u2028")))
def test_html_and_attributes_are_looked_for_only_where_they_can_be(text: str) -> None:
    text = text.replace("&#", "&")
    md = Markdown(extensions=[*dialect.EXTENSIONS, dialect.Dialect(alone=True)])
    reader = dialect._HtmlReader(md)
    reader.feed(text)
    reader.close()
    assert "".join(reader.cleandoc) == text
    tree = ElementTree.fromstring("<div><h1/><p><b/></p><ul><li/></ul></div>")
    for node in tree.iter():
        node.text = node.tail = text.replace("{", "")
    before = ElementTree.tostring(tree, encoding="unicode", method="html")
    AttrListTreeprocessor(md).run(tree)
    assert ElementTree.tostring(tree, encoding="unicode", method="html") == before
