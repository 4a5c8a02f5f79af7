"""python-markdown looks only for what can be there, and finds what it would have found."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree

from hypothesis import given, settings
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
    *("    *code*\n", "- # H\n*tail*\n", "`*c*`", "\n\n[r]: /y\n\n[x][r]", "\n\n[a]: /z\n\n[a]"),
]

#: What emphasis and links are made of, and what stands in their way.
MARKS = [
    "*",
    "*",
    "**",
    "_",
    "a",
    "b",
    " ",
    "\n",
    "[",
    "]",
    "](",
    ")",
    "[a](",
    "[*a*](b)",
    "![",
    "<",
    ">",
    "<b>",
]
MARKS += ['"', "'", "\\", "`", "~~", "&", "http://a", "\u00a0", "(", "[^1]"]
MARKS += [
    "[a](<b>)",
    '[a](b"c")',
    "[a]('c')",
    "[a](b[^1])",
    "[a]( b )",
    "[a](`b`)",
    "[a](\\*)",
    "* a*",
    "*a *",
]


@cache
def engine(*, alone: bool) -> Markdown:
    extensions: list[str | Extension] = [*dialect.EXTENSIONS, dialect.Dialect(alone=alone)]
    return Markdown(extensions=extensions, extension_configs=dialect.CONFIGS)


def convert(text: str, *, alone: bool) -> str:
    return engine(alone=alone).reset().convert(text)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=20))
def test_patterns_that_have_no_sign_in_a_text_would_find_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    assert convert(text, alone=True) == convert(text, alone=False)


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=10))
def test_simple_emphasis_and_links_are_what_the_library_finds(parts: list[str]) -> None:
    text = f"a *b* {''.join(parts)}\n\n[^1]: note"
    assert convert(text, alone=True) == convert(text, alone=False)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("aé1² \n\u2028#>*+-_=`~|:.[]^&<")))
def test_what_is_taken_for_a_paragraph_is_one(text: str) -> None:
    for whole in (text, f"- item\n\n    {text}", f"> {text}", f"[^1]: note\n\n    {text}", f"term\n\n{text}"):
        assert convert(whole, alone=True) == convert(whole, alone=False)


@given(st.text(st.sampled_from("a \n\t\r\x02\x03\u2028")))
def test_spaces_are_made_even_as_python_markdown_makes_them(text: str) -> None:
    lines = text.split("\n")
    assert dialect._Spaces(Markdown()).run(lines) == NormalizeWhitespace(Markdown()).run(lines)


@given(st.lists(st.sampled_from([*"ab1 \n\t#>*-`[]{}:=|\\!&;\x02\x03\r\u2028", "&#1", "&#xa"])).map("".join))
def test_html_and_attributes_are_looked_for_only_where_they_can_be(text: str) -> None:
    md = Markdown(extensions=[*dialect.EXTENSIONS, dialect.Dialect(alone=True)])
    reader = dialect._HtmlReader(md)
    reader.feed(text)
    reader.close()
    assert "".join(reader.cleandoc).split("\n") == dialect._Html(md).run(text.split("\n"))
    tree = ElementTree.fromstring("<div><h1/><p><b/></p><ul><li/></ul></div>")
    for node in tree.iter():
        node.text = node.tail = text.replace("{", "")
    before = ElementTree.tostring(tree, encoding="unicode", method="html")
    AttrListTreeprocessor(md).run(tree)
    assert ElementTree.tostring(tree, encoding="unicode", method="html") == before
