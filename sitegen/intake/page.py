"""Saved web pages: the text without what stands around it, and the pictures that were saved beside it.

trafilatura finds title, author, date and text. Where an element of the page holds that very text, it is
taken instead, since captions and embeds are still in it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sitegen.errors import Problem, SiteError
from sitegen.intake import mhtml
from sitegen.intake.fields import plain, texts, title_of, unique
from sitegen.intake.files import Unreadable, decode_page, files_of, read_bytes, readable
from sitegen.intake.html import to_markdown
from sitegen.intake.items import (
    Copy,
    Data,
    Format,
    Item,
    Left,
    Note,
    Text,
    Wishes,
    changed,
    digest_of,
    guessed,
    lost,
)
from sitegen.intake.times import read_time
from sitegen.urls import slug_of_term

_ENDINGS = (".html", ".htm", ".xhtml", *mhtml.ENDINGS)

#: Where themes put a text, the narrowest first.
_PLACES = (
    "[itemprop=articleBody]",
    ".entry-content",
    ".post-content",
    ".article-body",
    ".article-content",
    "article",
    "main",
)

#: What stands within a text and is none of it.
_AROUND = "nav, aside, form, button, script, style, noscript, template, #comments, .comments, .comment-list"

#: How much longer an element may be than the text that was found, and how much of that it must hold.
_LONGER, _HELD = 1.3, 0.9


class _Page(NamedTuple):
    """A page as trafilatura and its own head describe it."""

    tree: LexborHTMLParser
    found: Any  #: trafilatura's Document
    html: str  #: the text alone, in HTML


def _fits(source: Path) -> bool:
    if source.is_dir():
        return any(path.suffix.lower() in _ENDINGS for path in source.iterdir() if path.is_file())
    return source.suffix.lower() in _ENDINGS


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    _extract()
    folder = source if source.is_dir() else source.parent
    files = files_of(source)
    beside: set[Path] = set()
    pages = [(name, path) for name, path in files if path.suffix.lower() in _ENDINGS]
    # What a browser saves in the folder of a page (its frames) is no page of its own.
    pages = [(name, path) for name, path in pages if not re.search(r"_files/|\.files/", name)]
    for name, path in pages:
        for item in _page(readable(name), path, folder, wishes):
            if isinstance(item, Copy):
                beside.add(item.file)
            yield item
    for name, path in files:
        if path not in beside and (name, path) not in pages:
            yield Left(source=readable(name), reason="no page's text shows it")


def _extract() -> Any:
    try:
        from trafilatura import bare_extraction, extract
    except ImportError:
        message = "saved web pages are read with trafilatura, which is not installed"
        raise SiteError([Problem(message=message, hint="run pip install 'sitegen[import]'")]) from None
    return bare_extraction, extract


def _page(name: str, path: Path, folder: Path, wishes: Wishes) -> Iterator[Item]:
    try:
        data = read_bytes(path)
        html = mhtml.page_of(data) if path.suffix.lower() in mhtml.ENDINGS else decode_page(data)
    except Unreadable as error:
        yield Left(source=name, reason=str(error))
        return
    notes: list[Note] = []
    page = _find(html, notes)
    if page is None:
        yield Left(source=name, reason="no text was found in it")
        return
    title, told = title_of(page.found.title, path.stem)
    place = f"{slug_of_term(title)}-{digest_of(data)[:6]}"
    pictures = _Pictures(name, path.parent, folder, place)
    tree = LexborHTMLParser(page.html)
    for node in tree.css("img"):
        _settle_picture(node, pictures)
    meta = {"title": title, **_facts(page, wishes, notes)}
    yield from pictures.items()
    body = tree.body
    yield Text(
        source=name,
        path=f"{wishes.section}/{slug_of_term(title)}.md",
        meta=meta,
        body=to_markdown(body.html or "" if body else ""),
        digest=digest_of(data),
        notes=unique([*told, *notes, *pictures.notes]),
    )


def _find(html: str, notes: list[Note]) -> _Page | None:
    bare_extraction, extract = _extract()
    options = {"include_comments": False, "include_images": True, "include_links": True}
    try:
        found = bare_extraction(html, with_metadata=True, include_formatting=True, **options)
        text = extract(html, output_format="html", include_formatting=True, **options)
    except Exception as error:  # foreign code on foreign pages: one page must not stop all
        notes.append(lost(f"trafilatura failed: {type(error).__name__}"))
        return None
    if found is None or not text:
        return None
    tree = LexborHTMLParser(html)
    narrow = _element_of(tree, _words(text), plain(found.title))
    kept = len(_words(narrow or text))
    notes.append(changed(f"{kept:,} words of the page are its text; what stands around them is left out"))
    return _Page(LexborHTMLParser(html), found, narrow or text)


def _element_of(tree: LexborHTMLParser, words: list[str], title: str) -> str:
    """The HTML of the element that holds the text and little else; "" if there is none."""
    for selector in _PLACES:
        nodes = tree.css(selector)
        if len(nodes) != 1:
            continue
        for node in nodes[0].css(_AROUND):
            node.decompose()
        for heading in nodes[0].css("h1, h2"):
            if plain(heading.text()) == title:
                heading.decompose()
        held = _words(nodes[0].html or "")
        wanted = set(words)
        if len(held) <= _LONGER * len(words) and len(wanted & set(held)) >= _HELD * len(wanted):
            return nodes[0].html or ""
    return ""


def _words(html: str) -> list[str]:
    body = LexborHTMLParser(html).body
    return re.findall(r"\w+", body.text(separator=" ")) if body else []


def _facts(page: _Page, wishes: Wishes, notes: list[Note]) -> dict[str, Any]:
    """Author, date, tags and the like, as far as the page tells."""
    found = page.found
    meta: dict[str, Any] = {"description": plain(found.description)}
    meta["date"] = _date(page, wishes, notes)
    if not meta["date"]:
        notes.append(lost("it names no date"))
    authors = [plain(name) for name in re.split(r";", found.author or "") if plain(name)]
    if authors:
        notes.append(guessed(f"the author: {', '.join(authors)}"))
    meta["author"] = (authors if len(authors) > 1 else "".join(authors)) or wishes.author
    meta["tags"] = [tag for tag in texts(found.tags) if len(tag) < 100]
    url = _source_url(page)
    meta["source_url"] = url
    if not url:
        notes.append(lost("its address is not known"))
    root = page.tree.css_first("html")
    meta["lang"] = plain(root.attributes.get("lang")) if root else ""
    return {key: value for key, value in meta.items() if value}


def _date(page: _Page, wishes: Wishes, notes: list[Note]) -> str:
    selectors = {
        "meta[property='article:published_time'], meta[itemprop=datePublished]": "content",
        "[itemprop=datePublished], article time[datetime]": "datetime",
    }
    for selector, attribute in selectors.items():
        node = page.tree.css_first(selector)
        if node and (time := read_time(node.attributes.get(attribute) or "", wishes.zone)).text:
            return time.text
    if page.found.date:
        notes.append(guessed(f"the date: {page.found.date}"))
        return read_time(page.found.date, wishes.zone).text
    return read_time(wishes.date, wishes.zone).text


def _source_url(page: _Page) -> str:
    html = page.tree.html or ""
    saved = re.search(
        r"<!--\s*saved from url=\(\d+\)(\S+)|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)", html
    )
    address = page.found.url or (saved and (saved[1] or saved[2])) or ""
    return str(address) if str(address).startswith(("http://", "https://")) else ""


class _Pictures:
    """The pictures of one page: those saved beside it are brought along."""

    def __init__(self, page: str, here: Path, root: Path, place: str) -> None:
        self._page, self._here, self._root, self._place = page, here, root.resolve(), place
        self._found: dict[str, Copy | Data] = {}
        self.notes: list[Note] = []

    def items(self) -> list[Item]:
        return list(self._found.values())

    def settle(self, address: str) -> str:
        """The address of a picture in the new site."""
        if address.startswith("data:"):
            return self._inline(address)
        if urlsplit(address).scheme or address.startswith("//"):
            self.notes.append(lost(f"the picture {address[:120]} still lies on its site"))
            return address
        file = (self._here / unquote(unescape(address).split("?")[0])).resolve()
        if not file.is_file() or not file.is_relative_to(self._root):
            self.notes.append(lost(f'the picture "{address[:120]}" was not saved with the page'))
            return address
        path = f"images/{self._place}/{readable(file.name)}"
        told = readable(str(file.relative_to(self._root)))
        self._found[path] = Copy(source=told, path=path, file=file)
        return f"/{path}"

    def _inline(self, address: str) -> str:
        match = re.match(r"data:image/(\w+)[^,]*;base64,(.+)", address, re.DOTALL)
        try:
            data = base64.b64decode(match[2], validate=False) if match else b""
        except binascii.Error:
            data = b""
        if not match or not data:
            self.notes.append(lost("a picture within the page could not be read"))
            return ""
        path = f"images/{self._place}/{len(self._found) + 1}.{match[1].replace('jpeg', 'jpg')}"
        self._found[path] = Data(source=f"{self._page}, picture {len(self._found) + 1}", path=path, data=data)
        return f"/{path}"


def _settle_picture(node: LexborNode, pictures: _Pictures) -> None:
    if address := node.attributes.get("src"):
        node.attrs["src"] = pictures.settle(address.strip())
    for name in ("srcset", "sizes", "data-src", "data-lazy-src", "style"):
        if name in node.attributes:
            del node.attrs[name]


FORMAT = Format(name="page", title="saved web pages", fits=_fits, read=_read)
