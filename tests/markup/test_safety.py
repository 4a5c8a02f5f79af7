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
