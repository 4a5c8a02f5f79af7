"""What sitegen adds to python-markdown, so that texts written for other programs come out as meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListExtension, AttrListTreeprocessor
from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import AtomicString

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
        text = "\n".join(lines)
        if any(map(str.isspace, lines)) or any(map(text.__contains__, "\x02\x03\r\t")):
            return super().run(lines)
        return [*lines, "", ""]


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
        if "<" not in text and "&#" not in text:
            return lines
        reader = _HtmlReader(self.md)
        reader.feed(text)
        reader.close()
        return "".join(reader.cleandoc).split("\n")


#: For each pattern the signs without which it finds nothing.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("reference", "link", "short_reference"), ("[",)),
    "footnote": ("^",),
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


#: Emphasis by asterisks, and links. It begins with what a search jumps to.
_SIMPLE = re.compile(
    r"[*\[](?:"
    r"(?<=\*)(\*?)(?!\s)([^*]*[^*\s])\*\1(?!\*)|"
    r"(?<=\[)(?<!!\[)([^\[\]]*)\]\(([^\s()<\[\]\"'`\\\x02]*)\))"
)


class _Inline(InlineTreeprocessor):
    """Looks only for what can be there: to try every pattern on every text is most of the engine's work."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.escaping = (
            False  #: whether there is a backslash in the text of the tree that was last run through
        )
        signs = {md.inlinePatterns[name]: frozenset(signs) for name, signs in _SIGNS.items()}
        # A pattern that a later python-markdown brings may find something anywhere.
        self._signs = {one: signs.get(one, frozenset({""})) for one in md.inlinePatterns}
        self._any_sign = frozenset().union(*self._signs.values())
        self._referring = {md.inlinePatterns[name] for name in _REFERRING}

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        everything = "".join(tree.itertext())
        self.escaping = "\\" in everything
        signs = {sign for sign in self._any_sign if sign in everything}
        idle = () if self.md.references else self._referring
        self.inlinePatterns = [  # type: ignore[assignment]
            one for one, own in self._signs.items() if one not in idle and not signs.isdisjoint(own)
        ]
        nodes = list(tree.iter())
        simple = [(one, *parts) for one in nodes if (parts := _simple(one.text, signs))]
        for one, _, _ in simple:
            one.text = None
        if len(simple) < len(nodes) or any(one.tail for one in nodes):
            super().run(tree, ancestors)
        for one, text, marked in simple:
            one.text = text
            one[:0] = marked
        return tree


class _Unescape(UnescapeTreeprocessor):
    """Has nothing to do where `inline` has seen no backslash."""

    def __init__(self, inline: _Inline) -> None:
        super().__init__(inline.md)
        self._inline = inline

    def run(self, root: Element) -> None:
        if self._inline.escaping:
            super().run(root)


def _simple(text: str | None, signs: Collection[str]) -> tuple[str | None, list[Element]] | None:
    """What patterns make of a `text` with no more than simple emphasis and links: the text before them, and
    their elements; None for any other. `signs` are all that there can be."""
    if not text or isinstance(text, AtomicString) or not any(map(text.__contains__, signs)):
        return text, []
    start, *parts = _SIMPLE.split(text)
    said = "\0".join(filter(None, (start, *parts[1::5], *parts[2::5], *parts[4::5])))
    if any(map(said.__contains__, signs)):
        return None
    nodes = []
    for strong, stressed, label, address, tail in zip(*[iter(parts)] * 5, strict=True):
        node = Element("a", href=address) if stressed is None else Element("strong" if strong else "em")
        node.text = label if stressed is None else stressed
        node.tail = tail
        nodes.append(node)
    return start, nodes


def _look_for(processor: BlockProcessor, pattern: str) -> None:
    """Let `processor` look only at blocks in which `pattern` is found."""
    search, test = re.compile(pattern).search, processor.test
    processor.test = (  # type: ignore[method-assign]
        lambda parent, block: search(f"\n{block}") is not None and test(parent, block)
    )


def _parse_blocks(parser: BlockParser) -> Callable[[Element, list[str]], None]:
    """What stands for `parser.parseBlocks`: it asks no processor about what can only be a paragraph, since
    all other blocks begin a line with something else than a letter."""
    processors = list(parser.blockprocessors)
    paragraph = parser.blockprocessors["paragraph"]
    other = re.compile(r"\n(?![^\W\d_])").search

    def parse(parent: Element, blocks: list[str]) -> None:
        while blocks:
            if not other(f"\n{blocks[0]}"):
                paragraph.run(parent, blocks)
                continue
            for processor in processors:
                if processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                    break

    return parse


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
            # Asked several times for each element.
            md.is_block_level = lru_cache(256)(md.is_block_level)  # type: ignore[method-assign]
            inline = _Inline(md)
            md.treeprocessors.register(inline, "inline", 20)
            md.treeprocessors.register(_Unescape(inline), "unescape", 0)
            for name, pattern in _BLOCK_SIGNS.items():
                _look_for(md.parser.blockprocessors[name], pattern)
            md.parser.parseBlocks = _parse_blocks(md.parser)  # type: ignore[method-assign, assignment]
        AttrListExtension().extendMarkdown(md)
        md.treeprocessors.register(_Attributes(md), "attr_list", 8)
