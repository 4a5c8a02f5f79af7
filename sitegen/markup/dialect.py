"""What sitegen adds to python-markdown, so that texts written for other programs come out as meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ParagraphProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListExtension, AttrListTreeprocessor
from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.inlinepatterns import LINK_RE, DelimiterProcessor, InlineProcessor, LinkInlineProcessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor

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


class _Spaces(NormalizeWhitespace):
    """Makes spaces even where any are not; to look for lines of spaces alone takes longest."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines) + "\n\n"
        if ("\n " in text and " \n" in text) or any(map(text.__contains__, "\x02\x03\r\t")):
            return super().run(lines)
        return text.split("\n")


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

    def run(self, doc: Element) -> None:
        if any("{" in text for text in doc.itertext()):
            super().run(doc)


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
        text = "\n".join(lines)
        if "<" not in text and "&" not in text:
            return lines
        reader = _HtmlReader(self.md)
        reader.feed(text)
        reader.close()
        return "".join(reader.cleandoc).split("\n")


#: For each pattern the signs without which it finds nothing.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("reference", "link", "short_reference"), ("[",)),
    "footnote": ("[^",),
    **dict.fromkeys(("image_link", "image_reference", "short_image_ref"), ("![",)),
    **dict.fromkeys(("autolink", "automail", "html"), ("<",)),
    "backtick": ("`",),
    "escape": ("\\",),
    "linebreak": ("  \n",),
    "sitegen_address": ("http",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
    "delimiter": ("~",),
}

#: Patterns that find nothing where no reference is defined.
_REFERRING = ("reference", "short_reference", "image_reference", "short_image_ref")

#: For each kind of block a pattern that is quickly looked for, and without which there is none; the block's
#: first line follows a line break, as the others do.
_BLOCK_SIGNS = {
    "abbr": r"\*\[",
    "deflist": ":",
    "footnote": r"\[\^",
    "hashheader": "#",
    "hr": "\n *[-_*]",
    "quote": ">",
    "reference": r"\[",
    "setextheader": "\n[=-]",
    "table": r"\|",
}


class _Inline(InlineTreeprocessor):
    """Looks only for what can be there: to try every pattern on every text is most of the engine's work."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        signs = {md.inlinePatterns[name]: signs for name, signs in _SIGNS.items()}
        # A pattern that a later python-markdown brings may find something anywhere.
        self._signs = [(one, signs.get(one, ("",))) for one in md.inlinePatterns]
        self._referring = [md.inlinePatterns[name] for name in _REFERRING]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        everything = "".join(tree.itertext())
        idle = () if self.md.references else self._referring
        found = {
            one: [sign for sign in signs if sign in everything]
            for one, signs in self._signs
            if one not in idle
        }
        self.inlinePatterns = [one for one, signs in found.items() if signs]  # type: ignore[assignment]
        signs = {sign for signs in found.values() for sign in signs}
        plain = [
            (one, text)
            for one in tree.iter()
            if (text := one.text) and not any(map(text.__contains__, signs))
        ]
        for one, _ in plain:
            one.text = None
        tree = super().run(tree, ancestors)
        for one, text in plain:
            one.text = text
        return tree


def _look_for(processor: BlockProcessor, pattern: str) -> None:
    """Let `processor` look only at blocks in which `pattern` is found."""
    search, test = re.compile(pattern).search, processor.test
    processor.test = (  # type: ignore[method-assign]
        lambda parent, block: search(f"\n{block}") is not None and test(parent, block)
    )


class _Paragraph(ParagraphProcessor):
    """Takes what can only be a paragraph: every other kind of block begins a line with something else."""

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        return all(line[:1].isalpha() for line in block.split("\n"))


#: Emphasis that holds no other, begins behind a space and ends with as many signs.
_SIMPLE_EMPHASIS = re.compile(r"(?<!\S)(\*\*?)(?!\s)([^*_]*[^\s*_])\1(?!\*)")


class _Emphasis(DelimiterProcessor):
    """Sees most emphasis at once: the library looks at each letter up to its end."""

    def handleMatch(  # type: ignore[override] # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        simple = None if self.regions else _SIMPLE_EMPHASIS.match(data, m.start())
        if not simple:
            return super().handleMatch(m, data)
        node = Element("em" if len(simple[1]) == 1 else "strong")
        node.text = simple[2]
        return node, simple.start(), simple.end()


#: The address of most links: the library looks at others letter by letter.
_SIMPLE_LINK = re.compile(r"\(([^\s()<\"'\x02]*)\)")

_SQUARE = re.compile(r"[\[\]]")


class _Link(LinkInlineProcessor):
    """Jumps from bracket to bracket, where python-markdown goes letter by letter."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        depth = 1
        for bracket in _SQUARE.finditer(data, index):
            depth += 1 if bracket[0] == "[" else -1
            if not depth:
                return data[index : bracket.start()], bracket.end(), True
        return data[index:], len(data), False

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        simple = _SIMPLE_LINK.match(data, index)
        return (simple[1], None, simple.end(), True) if simple else super().getLink(data, index)


class Dialect(Extension):
    """Quicker when it is `alone`: other extensions may teach the patterns other signs."""

    def __init__(self, *, alone: bool) -> None:
        super().__init__()
        self._alone = alone

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(_Spaces(md), "normalize_whitespace", 30)
        # After the spaces are made even (30) and before raw HTML is set aside (20).
        md.preprocessors.register(_Fences(md), "fenced_code_block", 25)
        md.preprocessors.register(_Html(md), "html_block", 20)
        # After raw HTML is set aside, so that none of its lines is taken for a list.
        md.preprocessors.register(_Lists(md), "sitegen_lists", 15)
        # After links and raw tags (90), before emphasis (60).
        md.inlinePatterns.register(_Address(ADDRESS, md), "sitegen_address", 85)
        if self._alone:
            md.inlinePatterns.register(_Link(LINK_RE, md), "link", 160)
            emphasis = _Emphasis("*", "strong,em", md)
            emphasis.add("_", "strong,em", smart=True)
            md.inlinePatterns.register(emphasis, "em_strong", 61)
            md.treeprocessors.register(_Inline(md), "inline", 20)
            md.parser.blockprocessors.register(_Paragraph(md.parser), "sitegen_paragraph", 200)
            for name, pattern in _BLOCK_SIGNS.items():
                _look_for(md.parser.blockprocessors[name], pattern)
        AttrListExtension().extendMarkdown(md)
        md.treeprocessors.register(_Attributes(md), "attr_list", 8)
