"""What sitegen adds to python-markdown, so that texts written for other programs come out as meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListExtension, AttrListTreeprocessor
from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from sitegen.markup.fences import replace_fences
from sitegen.markup.lists import relay_lists

EXTENSIONS = (
    "markdown.extensions.tables",
    "markdown.extensions.footnotes",
    "markdown.extensions.def_list",
    "markdown.extensions.abbr",
    "markdown.extensions.md_in_html",
    "markdown.extensions.sane_lists",
    "pymdownx.tilde",
    "pymdownx.tasklist",
)

CONFIGS: Mapping[str, dict[str, Any]] = {
    # Any title of a link back would be in one language, and readers have many.
    "markdown.extensions.footnotes": {"BACKLINK_TITLE": "", "USE_DEFINITION_ORDER": False},
    "pymdownx.tilde": {"subscript": False},
}

#: A bare address: up to a space or what can't be part of one.
ADDRESS = r"(https?://[^\s<>\x02\x03\\`]+)"


class _Fences(Preprocessor):
    """Fenced code wherever it stands, in lists and quotes too."""

    def run(self, lines: list[str]) -> list[str]:
        return replace_fences(lines, self._store)

    def _store(self, language: str, code: str) -> str:
        name = f' class="language-{escape(language)}"' if language else ""
        return self.md.htmlStash.store(f"<pre><code{name}>{escape(code, quote=False)}</code></pre>")


class _Lists(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return relay_lists(lines)


class _Address(InlineProcessor):
    """Keeps a bare address from being read as emphasis; the pass makes it a link."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override] # noqa: ARG002, N802
        return m[1], m.start(1), m.end(1)


class _Attributes(AttrListTreeprocessor):
    """Attribute lists that look like some: `{{ x }}`, `{% y %}` and a `{remark}` stay text."""

    BASE_RE = r"\{(?![{%<])(?=:|[ ]*[.#]|[^}\n]*=)\:?[ ]*([^\}\n ][^\n]*)\}"  # type: ignore[misc]
    HEADER_RE = re.compile(rf"[ ]+{BASE_RE}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{BASE_RE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{BASE_RE}")  # type: ignore[misc]


class _HtmlReader(HTMLExtractorExtra):
    """Closes every block that is open at the end; md_in_html by itself loses the text in all but one."""

    mdstack: list[str]

    def close(self) -> None:
        super().close()
        for tag in reversed(list(self.mdstack)):
            self.handle_endtag(tag)


class _Html(Preprocessor):
    """Sets raw HTML aside, but for the Markdown in blocks like `<div markdown="1">`."""

    def run(self, lines: list[str]) -> list[str]:
        reader = _HtmlReader(self.md)
        reader.feed("\n".join(lines))
        reader.close()
        return "".join(reader.cleandoc).split("\n")


class Dialect(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        # After the spaces are made even (30) and before raw HTML is set aside (20).
        md.preprocessors.register(_Fences(md), "fenced_code_block", 25)
        md.preprocessors.register(_Html(md), "html_block", 20)
        # After raw HTML is set aside, so that none of its lines is taken for a list.
        md.preprocessors.register(_Lists(md), "sitegen_lists", 15)
        # After links and raw tags (90), before emphasis (60).
        md.inlinePatterns.register(_Address(ADDRESS, md), "sitegen_address", 85)
        AttrListExtension().extendMarkdown(md)
        md.treeprocessors.register(_Attributes(md), "attr_list", 8)
