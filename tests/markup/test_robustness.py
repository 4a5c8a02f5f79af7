"""Any text gives a body, the same one each time, in any process."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown as Parser

from sitegen.config import Markdown
from sitegen.errors import SiteError
from sitegen.markup import engines
from sitegen.markup.references import resolve
from sitegen.model import Body
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]
MARKS = st.sampled_from(
    ["> ", "- ", "1. ", "    ", "  ", "\n", "\n\n", "#", "```", "~~~", "|", "---", "[", "](", ")", "[^",
     "]: ", "*", "_", "`", "<", ">", "</", "<div>", "</div>", "<p>", "<td>", "<li>", "<h1>", "&", "{", "}",
     "{: ", "x", "слово", "\x00", "\x02", "\x03", "\t", "\r", "\ufdd0", "\ufeff", "\u2028", "!", "://",
     "https://a.b/", ":   "]
)  # fmt: skip


def make(text: str, engine: str, html: str = "sanitized") -> Body:
    return render(text, Markdown(engine=engine, html=html), first_line=3, image="a.jpg")  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
@given(text=st.text(st.characters(exclude_categories=["Cs"])) | st.lists(MARKS, max_size=30).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_a_body(engine: str, text: str) -> None:
    body = make(text, engine)
    lines = range(3, 4 + engines.clean(text).count("\n"))
    assert {reference.line for reference in body.references} | {notice.line for notice in body.notices} <= {
        *lines
    }
    assert len(set(body.ids)) == len(body.ids)
    assert len(body.excerpt) <= 200
    assert "\ufdd0" not in resolve(body.html, lambda index: body.references[index].kind)
    assert make(text, engine) == body


@pytest.mark.parametrize("engine", ENGINES)
@given(text=st.lists(MARKS, max_size=30).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_a_body_where_html_is_trusted(engine: str, text: str) -> None:
    make(text, engine, "trusted")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "mark",
    [">", "> ", "- ", "1. ", "[", "![", "[a](", "<div>", "<b>", "<blockquote>", "<svg>", "<a href=x>", "<a",
     "<!--", "*a ", "**a", "`", "&", "<template>", "<![CDATA[", "{", "~~a"],
)  # fmt: skip
def test_ten_thousand_levels_lose_no_word(mark: str, engine: str) -> None:
    body = make(mark * 10_000 + " the word\n\nand another", engine)
    assert "another" in body.html or mark in ("<svg>", "<template>", "<!--", "<![CDATA[")


@pytest.mark.parametrize("engine", ENGINES)
def test_closed_brackets_may_be_nested_ten_thousand_times(engine: str) -> None:
    assert "word" in make("[" * 10_000 + "word" + "]" * 10_000, engine).html
    assert "word" in make("word" + "]" * 10_000 + "\n\n" + "![a" * 10_000, engine).html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", ["word " * 60_000, "x" * 300_000, "я" * 300_000, "a*b_c`d" * 40_000])
def test_300_kilobytes_may_stand_on_one_line(line: str, engine: str) -> None:
    assert make(line, engine).words > 0


def test_too_deep_a_text_is_shown_plainly_and_reported() -> None:
    body = make("- " * 10_000 + "<i>x</i>\n\nsecond *paragraph*", "python-markdown")
    assert "&lt;i&gt;x&lt;/i&gt;</p>\n<p>second *paragraph*</p>" in body.html
    assert [(n.line, n.group) for n in body.notices] == [(3, "Markdown not understood")]
    assert "<em>paragraph</em>" in make("second *paragraph*", "python-markdown").html


def test_a_failing_extension_costs_one_text_its_markup_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    engines._engine.cache_clear()
    monkeypatch.setattr(Parser, "convert", lambda *_: 1 / 0)
    body = make("a *b*", "python-markdown")
    assert body.html == "<p>a *b*</p>\n"
    assert "ZeroDivisionError" in body.notices[0].message
    monkeypatch.undo()
    assert make("a *b*", "python-markdown").html == "<p>a <em>b</em></p>"


def test_control_characters_are_taken_out() -> None:
    for engine in ENGINES:
        body = make("a\x00b\x01c\x7fd\x9fe\ufeff\ufdd0f\r\ng\rh", engine)
        assert body.html.strip() == "<p>abcdef\ng\nh</p>"


def test_a_further_extension_works_and_an_unknown_one_is_a_mistake_in_the_settings() -> None:
    assert "<mark>x</mark>" in render("==x==", Markdown(extensions=("pymdownx.mark",))).html
    with pytest.raises(SiteError, match=r"markdown\.extensions"):
        render("x", Markdown(extensions=("no.such.extension",)))


def test_texts_do_not_leak_into_each_other() -> None:
    make("[a]: /x/\n\n[^1]: note\n\n*[b]: title\n\n# H", "python-markdown")
    assert make("[a] b [^1]\n\n# H", "python-markdown").html == '<p>[a] b [^1]</p>\n<h2 id="h">H</h2>'


@pytest.mark.parametrize("engine", ENGINES)
def test_another_process_gives_the_same_bytes(engine: str) -> None:
    texts = [
        "# A\n\n[b](c.md) ![d](e.jpg)[^1]\n\n[^1]: f\n\n```python\nx\n```",
        "<script>x</script>\n\n- a\n  - b",
    ]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        theirs = list(pool.map(make, texts, [engine] * 2))
    ours = [make(text, engine) for text in texts]
    assert theirs == ours
    assert pickle.loads(pickle.dumps(ours)) == ours


def test_the_engine_is_made_once() -> None:
    engines._engine.cache_clear()
    for _ in range(3):
        make("x", "python-markdown")
    assert engines._engine.cache_info().misses == 1


def test_every_function_of_the_package_is_short() -> None:
    import ast

    for path in Path(engines.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") < 300, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 40, f"{path}: {node.name}"
