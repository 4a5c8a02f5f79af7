"""Nothing active gets from a post into a page (settings: html = "sanitized")."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.config import Markdown
from sitegen.markup import engines, sanitize
from sitegen.markup.addresses import kind_of, tidy
from tests.markup.bodies import render
from tests.markup.payloads import ALL
from tests.markup.strict import findings

ENGINES = ["python-markdown", "commonmark"]
EMBEDS = ["static", "click", "live"]


def bad(text: str, engine: str, embeds: str = "static") -> list[str]:
    body = render(text, Markdown(engine=engine, embeds=embeds), title="T", image="/a.jpg")  # type: ignore[arg-type]
    for reference in body.references:
        if not reference.target.startswith("#"):
            assert kind_of(tidy(reference.target)) == "internal", reference
    return findings(body.html, len(body.references), live=embeds == "live")


def test_there_are_enough_payloads() -> None:
    assert len(set(ALL)) == len(ALL) >= 80


def test_the_strict_check_finds_what_it_looks_for() -> None:
    assert findings('<p onclick="x">a</p>', 0) == ["p onclick"]
    assert findings("<script>x</script>", 0) == ["<script>"]
    assert findings('<a href="JAVA&#10;script&colon;x">a</a>', 0) == ["a href=JAVA\nscript:x"]
    assert findings('<img src="\ufdd03\ufdd1">', 3) == ["a forged marker in src"]
    assert findings("<p>\ufdd00\ufdd1</p>", 3) == ["a noncharacter in the text"]
    assert findings('<a href="../x/">a</a><a href="\ufdd00\ufdd1">b</a><a href="mailto:a@b">c</a>', 1) == []


@pytest.mark.parametrize("embeds", EMBEDS)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("payload", ALL)
def test_a_payload_does_not_get_through(payload: str, engine: str, embeds: str) -> None:
    for text in (payload, f"a paragraph {payload} with it", f"- item\n\n  {payload}\n", f"> {payload}"):
        assert bad(text, engine, embeds) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("payload", [payload for payload in ALL if "cite=" not in payload])
def test_the_sanitizer_alone_lets_nothing_active_through(payload: str, engine: str) -> None:
    """The pass takes the same things away, to report them; if it missed one, this would still hold."""
    html, _ = engines.to_html(engines.clean(payload), Markdown(engine=engine))  # type: ignore[arg-type]
    for finding in findings(sanitize.clean(html, "static"), 0):
        # Browsers see no scheme in these two, and only the pass is stricter.
        assert re.search("href=java(\xad|   )script", finding), finding


FRAGMENTS = st.sampled_from(
    [
        *ALL,
        "<", ">", '"', "'", "`", "&", "#", ";", "=", "\n", "\n\n", " ", "<!--", "-->", "</", "/>", "<p>",
        "</p>", "<b>", "</b>", "<a href=", "<img src=", "<svg>", "</svg>", "<math>", "</math>", "<style>",
        "</style>", "<table>", "<td>", "</table>", "<select>", "<option>", "[", "](", ")", "javascript:",
        "onerror=alert(1)", "&#x", "\x00", "\t", "\ufdd0", "\ufdd1", "0", "- ", "> ", "    ", "```\n", "{: ",
        "}", "</blockquote>", "<blockquote class=twitter-tweet>", "<iframe src=", "</iframe>", "<video src=",
        "<template>", "<noscript>", "</noscript>", "<title>", "</title>", "<textarea>", "<mglyph>", "<mtext>",
    ]
)  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@given(pieces=st.lists(FRAGMENTS, min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_no_mixture_of_payloads_gets_through(engine: str, pieces: list[str]) -> None:
    assert bad("".join(pieces), engine) == []
    assert bad("".join(pieces), engine, "click") == []


def test_plain_tags_need_no_cleaning() -> None:
    for html in (
        '<h2 id="a">T</h2>\n<p>a <em>b</em> &amp; <a href="https://a.example/a?b#c" rel="external">c</a></p>',
        '<p><a href="#a">a</a> <a href="\ufdd00\ufdd1">b</a> <img src="\ufdd01\ufdd1" alt="c"> d</p>',
        '<div class="table" tabindex="0"><table><tbody><tr><td class="b">a</td></tr></tbody></table></div>',
        "no tags at all, and &lt;script&gt;",
    ):
        assert sanitize.is_clean(html)
        assert sanitize.clean(html, "static") == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>", "</script>", "<p onclick=\"x\">", "<p style=\"x\">", "<p class='a'>", "<p class=a>",
        "<p\tclass=\"a\">", "<P>", "<p/>", "<p", "a < b", "<>", "<!-- -->", "<!doctype html>", "<?x?>",
        '<p title="a>b">', '<p title="&quot;">', '<p title="a"onclick="x">', '<p data-embed="x">',
        '<div tabindex="1">', '<p tabindex="0">', '<a href="javascript:x">', '<a href=" javascript:x">',
        '<a href="//a.example">', '<a href="https://1.2.3.4/">', '<a href="https://xn--a.example/">',
        '<a href="https://a.example@b.example/">', '<a href="#\n">', '<img src="data:x">', "<svg>", "<input>",
        '<blockquote cite="javascript:x">', '<video poster="x">', "<iframe>", "<p\x0c>", "<p >", "<p\u212a>",
    ],
)  # fmt: skip
def test_any_other_tag_is_cleaned(html: str) -> None:
    assert not sanitize.is_clean(f"<p>a</p>{html}<p>b</p>")
    assert not sanitize.is_clean(f"<p>a</p>{html}")


TAGS = st.sampled_from(["p", "a", "div", "img", "td", "script", "svg", "input", "iframe", "b", "P"])
ATTRIBUTES = st.sampled_from(
    ["class", "href", "src", "cite", "onclick", "style", "tabindex", "title", "name"]
)
VALUES = st.sampled_from(
    [
        "a",
        "0",
        "",
        "https://a.example/b",
        "javascript:x",
        "#a",
        "/a",
        "data:,x",
        "\ufdd00\ufdd1",
        "&#106;avascript:x",
    ]
) | st.text(st.sampled_from("a:/.#&;<> \n\t-x@1"), max_size=12)
PIECES = st.one_of(
    st.sampled_from(["a", "&lt;", "</p>", "</div>", "</a>", "<b>", "<", ">", '"', "<!--", "-->", " ", "<p>"]),
    st.builds(
        lambda tag, attributes: f"<{tag}" + "".join(f' {name}="{value}"' for name, value in attributes) + ">",
        TAGS,
        st.lists(st.tuples(ATTRIBUTES, VALUES), max_size=2),
    ),
)


@given(pieces=st.lists(PIECES, min_size=1, max_size=4))
@settings(max_examples=2000, deadline=None)
def test_nothing_active_is_taken_for_clean(pieces: list[str]) -> None:
    html = "".join(pieces)
    if sanitize.is_clean(html):
        text = html.replace("\ufdd00\ufdd1", "")  # which authors can't write, and the pass puts anywhere
        assert findings(text, 0) == []


HOSTS = st.lists(st.text(st.sampled_from("ax0-n"), min_size=1, max_size=6), min_size=1, max_size=3).map(
    ".".join
)


@given(host=HOSTS, rest=st.text(st.sampled_from("/?#a.:@%[]\\ \u2028é"), max_size=8))
@settings(max_examples=1000)
def test_an_address_that_is_taken_for_clean_is_left_by_the_sanitizer(host: str, rest: str) -> None:
    html = f'<p><a href="https://{host}{rest}">a</a></p>'
    if sanitize.is_clean(html):
        assert sanitize.clean(html, "static") == html


MARKDOWN = st.sampled_from(
    [
        "a", "B", " ", "\n", "\n\n", "*", "**", "_", "`", "```\n", "~~", "# ", "## ", "- ", "1. ", "3. ",
        "> ", "    ", "[x](", "[x](https://a.example/b", "[x](#a", "[x](/a/", ")", ' "t")', "![x](", "[^1]",
        "[^1]: ", "[x]: https://a.example\n", "| a | b |\n", "|---|:-:|\n", "---\n", ": ", "*[B]: c\n", "&",
        "&amp;", "&nbsp;", "\u00a0", "\\", "https://b.example/c", "- [ ] ", "«", "🙂", "日", '"', "'",
        "```py\nx = 1\n",
    ]
)  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@given(pieces=st.lists(MARKDOWN, min_size=1, max_size=20))
@settings(max_examples=600, deadline=None)
def test_what_is_taken_for_clean_is_what_the_sanitizer_would_leave(engine: str, pieces: list[str]) -> None:
    body = render("".join(pieces), Markdown(engine=engine))  # type: ignore[arg-type]
    assert sanitize.clean(body.html, "static") == body.html
