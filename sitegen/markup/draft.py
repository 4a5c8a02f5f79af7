"""A body on its way: the tree of its HTML, and what the steps of the pass have found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Literal
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sitegen import config
from sitegen.markup.addresses import tidy
from sitegen.markup.references import marker
from sitegen.markup.source import Source
from sitegen.model import Notice, Reference

_TAG = re.compile("<[^>]*>")


def parse(html: str) -> LexborHTMLParser:
    """The tree of `html`, everything of it in its body.

    A whole document is parsed and not a fragment: `<body>` makes stray `<html>`, `<head>` and `<frameset>`
    harmless, and the root stays the same whatever is replaced.
    """
    return LexborHTMLParser("<!doctype html><body>" + html)


class Draft:
    """What the steps of the pass work on. Lives as long as one call of `render`."""

    def __init__(
        self, html: str, settings: config.Markdown, source: Source, *, raw: bool, title: str, image: str
    ) -> None:
        self.html = html  #: of the engine
        #: What the quick looks are taken at that tell which steps are not needed; searching all of the text
        #: for each would take longer. Only an author may have written a ">" into an attribute.
        self.tags = html if raw else "".join(_TAG.findall(html))
        self.settings = settings
        self.source = source
        self.raw = raw  #: whether the author wrote tags or attributes
        self.title = title
        self.image = image
        self.references: list[Reference] = []
        self.notices: list[Notice] = []
        self.renamed: dict[str, str] = {}  #: ids of the author that stand under another name
        self._tree = parse(html)
        body = self._tree.body
        assert body is not None
        self.body: LexborNode = body

    def css(self, selector: str) -> list[LexborNode]:
        return self.body.css(selector)

    def notice(self, message: str, group: str, *needles: str) -> None:
        """Report what was replaced or removed; `needles` find its line in the source."""
        line = self.source.line_of_markup(*needles)
        self.notices.append(Notice(line=line, message=message, group=group))

    def refer(self, kind: Literal["link", "image"], address: str, *, sized: bool = False) -> str:
        """Record a reference; what to write into the attribute is returned."""
        target = unquote(tidy(address))
        line = self.source.line_of_address(address, target)
        self.references.append(Reference(kind=kind, target=target, line=line, sized=sized))
        return marker(len(self.references) - 1)

    def rename(self, node: LexborNode, tag: str) -> LexborNode:
        """`node` as another element, with its attributes and what is in it."""
        renamed = self._tree.create_node(tag)
        for name, value in node.attributes.items():
            renamed.attrs[name] = value
        for child in children(node):
            renamed.insert_child(child, move=True)
        node.replace_with(renamed, move=True)
        return renamed

    def wrap(self, node: LexborNode, tag: str) -> LexborNode:
        """A new element around `node`."""
        wrapper = self._tree.create_node(tag)
        node.insert_before(wrapper, move=True)
        wrapper.insert_child(node, move=True)
        return wrapper


def children(node: LexborNode) -> list[LexborNode]:
    """The nodes in `node`, text included, in a list that stays the same while they are moved."""
    return list(node.iter(include_text=True))


def replace(node: LexborNode, html: str) -> None:
    """Put the nodes of `html` in the place of `node`."""
    tree = parse(html)
    if tree.body is not None:
        for new in children(tree.body):
            node.insert_before(new)
    node.decompose()


def replace_block(node: LexborNode, html: str) -> None:
    """Put blocks in the place of `node`. A paragraph around it ends there, and another one begins."""
    paragraph = next((parent for parent in ancestors(node) if parent.tag == "p"), None)
    if paragraph is None:
        replace(node, html)
        return
    _move_rest(node, paragraph)
    node.decompose()
    tree = parse(html)
    for new in reversed(children(tree.body) if tree.body is not None else []):
        paragraph.insert_after(new)
    if _is_bare(paragraph):
        paragraph.decompose()


def _move_rest(node: LexborNode, paragraph: LexborNode) -> None:
    """Move what stands behind `node` in its paragraph into a new one."""
    rest = node.next
    if rest is None or node.parent is None or node.parent.mem_id != paragraph.mem_id:
        return
    second = LexborHTMLParser("").create_node("p")
    paragraph.insert_after(second)
    second = paragraph.next or second
    while rest is not None:
        moved, rest = rest, rest.next
        second.insert_child(moved, move=True)
    if _is_bare(second):
        second.decompose()


def _is_bare(paragraph: LexborNode) -> bool:
    return not paragraph.text(strip=True) and not paragraph.css("img, video, audio, input, iframe, object")


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and parent.tag != "body":
        yield parent
        parent = parent.parent


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those of `nodes` that stand in no other of them, so that each can be replaced whole."""
    own = {node.mem_id for node in nodes}
    return [node for node in nodes if not any(parent.mem_id in own for parent in ancestors(node))]


def words(node: LexborNode) -> str:
    """The text in `node`, its spaces collapsed."""
    return " ".join(node.text().split())


def link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text, quote=False)}</a>'
