"""Nothing that an author wrote vanishes unreported."""

import pytest

from sitegen.config import Markdown
from sitegen.model import Body, Notice
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]


def make(text: str, engine: str = "python-markdown", html: str = "sanitized") -> Body:
    return render(text, Markdown(engine=engine, html=html), first_line=20)  # type: ignore[arg-type]


REMOVED = {
    "<script>x()</script>": "<script>",
    "<style>p { color: red }</style>": "<style>",
    '<p onclick="x()">a</p>': "the attribute onclick",
    '<p style="color: red">a</p>': "the attribute style",
    '<form action="/x">a</form>': "<form>",
    "<button>a</button>": "<button>",
    "<input type=text>": "<input>",
    '<link rel="stylesheet" href="x">': "<link>",
    '<meta charset="utf-8">': "<meta>",
    '<base href="/x/">': "<base>",
    "<svg><path></svg>": "<svg>",
    "<math><mi>x</mi></math>": "<math>",
    "<marquee>a</marquee>": "<marquee>",
    '<p data-x="1">a</p>': "the attribute data-x",
    "<font>a</font>": "<font>",
    "<noscript>a</noscript>": "<noscript>",
    "<template>a</template>": "<template>",
    '<img src="a.jpg" usemap="#x">': "the attribute usemap",
    '<img src="a.jpg" width="100%">': "the attribute width",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("written", REMOVED)
def test_what_is_removed_is_named_with_its_line(written: str, engine: str) -> None:
    body = make(f"one\n\n{written}\n", engine)
    expected = Notice(line=22, message=f"{REMOVED[written]} was removed", group="HTML removed")
    assert body.notices == (expected,)


@pytest.mark.parametrize("engine", ENGINES)
def test_many_of_a_kind_are_one_notice(engine: str) -> None:
    body = make('<p style="x">a</p>\n\n<p style="y">b</p>', engine)
    assert [n.message for n in body.notices] == ["the attribute style was removed (2 times)"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "written",
    [
        "<form>words</form>",
        "<marquee>words</marquee>",
        "<noscript>words</noscript>",
        "<button>words</button>",
    ],
)
def test_the_words_in_removed_elements_stay(written: str, engine: str) -> None:
    assert "words" in make(written, engine).html


@pytest.mark.parametrize("tag", ["xmp", "plaintext"])
def test_obsolete_elements_keep_their_text_as_it_is_written(tag: str) -> None:
    assert "<pre>a &lt;i&gt;b" in make(f"<{tag}>a <i>b</{tag}>", "commonmark").html


@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_pass_writes_itself_is_not_reported(engine: str) -> None:
    text = (
        "# A\n\n| a |\n|:-:|\n| b |\n\n- [ ] c\n\n```python\nx\n```\n\nd[^1] https://a.example/ <br> "
        '<a href="/x" target="_blank" rel="nofollow">e</a> ![f](g.jpg)\n\n[^1]: h\n'
    )
    assert make(text, engine).notices == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_trusted_html_is_not_sanitized_and_still_passed_over(engine: str) -> None:
    body = make('<p style="x" onclick="y()"><a href="/z/">a</a></p>\n\n# B', engine, "trusted")
    assert '<p style="x" onclick="y()"><a href="\ufdd00\ufdd1">a</a></p>' in body.html
    assert body.headings[0].id == "b"
    assert body.notices == ()


def test_comments_are_removed() -> None:
    assert "secret" not in make("a\n\n<!-- secret -->\n\nb <!-- secret --> c").html
