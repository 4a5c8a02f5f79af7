"""Words and excerpts: what readers see, in any script."""

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import Markdown
from sitegen.markup import text
from sitegen.markup.draft import parse
from sitegen.model import Body
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]


def make(text: str, engine: str = "python-markdown") -> Body:
    return render(text, Markdown(engine=engine))  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two, three.", 3),
        ("Он сказал — нет.", 3),
        ("هذا نص قصير", 3),
        ("हिन्दी में लिखा", 3),
        ("日本語です", 5),
        ("It's half-done: *yes*, **no**.", 4),
        ("one\n\n```\ncode is not counted\n```\n\ntwo `neither` three", 3),
        ("## A title\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |", 8),
    ],
)
def test_words_are_counted_in_any_script_and_code_is_not(text: str, words: int, engine: str) -> None:
    assert make(text, engine).words == words


@given(
    st.text(st.sampled_from("a1_.'- \n"))
    | st.text(st.sampled_from("aЯ²_.— \u00a0\u0301日ー𠀀豈ﬁ↩🙂"))
    | st.text(st.characters(categories=("L", "M", "P", "S", "Z")), min_size=20)
    | st.text()
)
def test_words_are_what_has_a_letter_however_they_are_counted(said: str) -> None:
    body = parse(escape(said)).body
    assert body is not None
    apart = text._SIGN.sub(r" \g<0> ", body.text(separator=" ")).split()
    assert text._count(body) == sum(re.search(r"\w", word) is not None for word in apart)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_excerpt_is_the_first_paragraphs_as_plain_text(engine: str) -> None:
    text = "## T\n\nOne *two* <b>three</b>[^1] &amp; [four](/x/).\n\n> quote\n\n- item\n\nFive.\n\n[^1]: note"
    assert make(text, engine).excerpt == "One two three & four. Five."


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["word, " * 100, "слово " * 100, "x" * 300, "a " + "b" * 300, "一" * 300])
def test_a_long_excerpt_is_cut_at_a_word_to_at_most_200_characters(text: str, engine: str) -> None:
    excerpt = make(text, engine).excerpt
    assert len(excerpt) <= 200
    assert excerpt.endswith("…")
    assert text.startswith(excerpt[:-1])
    following = text[len(excerpt) - 1]
    assert " " not in text[:200] or following in " ,"


def test_an_excerpt_of_exactly_200_characters_is_whole() -> None:
    assert make("x" * 200).excerpt == "x" * 200


def test_a_post_that_begins_with_an_embed_has_the_words_of_its_author_as_excerpt() -> None:
    assert make('<blockquote class="twitter-tweet"><p>theirs</p></blockquote>\n\nOurs.').excerpt == "Ours."
