"""`engine = "commonmark"` is CommonMark: the bare engine passes every example of the spec."""

import json
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyromark
import pytest

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "data" / "commonmark-0.31.2.json").read_text(encoding="utf-8")
)


class Normal(HTMLParser):
    """The part of the spec's own `normalize.py` that is needed: `<br />` is `<br>`, attributes are in order
    of their names, character references are the characters they mean, a line break behind `<li>` is none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = "".join(f' {name}="{escape(value or "")}"' for name, value in sorted(attrs))
        self.out += f"<{tag}{told}>"

    def handle_endtag(self, tag: str) -> None:
        self.out += f"</{tag}>"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.out += escape(data.removeprefix("\n") if self.out.endswith("<li>") else data)

    def handle_comment(self, data: str) -> None:
        self.out += f"<!--{data}-->"

    def handle_decl(self, decl: str) -> None:
        self.out += f"<!{decl}>"

    def unknown_decl(self, data: str) -> None:
        self.out += f"<![{data}]>"

    def handle_pi(self, data: str) -> None:
        self.out += f"<?{data}>"


def normal(html: str) -> str:
    parser = Normal()
    # html.parser takes the brackets of CDATA for markup inside HTML and may not see its end.
    parser.feed(re.sub(r"<!\[CDATA\[(.*?)\]\]>", lambda m: escape(m[0]), html, flags=re.DOTALL))
    parser.close()
    return parser.out


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['example']} {e['section']}")
def test_the_bare_engine_passes_an_example_of_the_spec(example: dict[str, Any]) -> None:
    assert normal(pyromark.html(example["markdown"])) == normal(example["html"])


def test_no_example_is_missing() -> None:
    assert [example["example"] for example in EXAMPLES] == list(range(1, 653))
