"""Reads a built output for its languages: whether each page and card says what tongue it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: The language of a text told by its letters, so that the site's own word is not taken for it.
SCRIPTS = {"en": "A-Za-z", "ru": "Ѐ-ӿ", "ar": "؀-ۿ", "he": "֐-׿"}

LEFTWARD = ("ar", "he")

HERE = "http://here.invalid/"


def pages(files: Mapping[str, bytes]) -> dict[str, LexborHTMLParser]:
    """Every page of an output, by its path."""
    return {path: LexborHTMLParser(data) for path, data in files.items() if path.endswith(".html")}


def root(page: LexborHTMLParser) -> LexborNode:
    """The html element."""
    found = page.css_first("html")
    assert found is not None
    return found


def own(page: LexborHTMLParser) -> tuple[str, str]:
    """The language and direction that a page claims."""
    attributes = root(page).attributes
    return attributes.get("lang") or "", attributes.get("dir") or ""


def direction(lang: str) -> str:
    return "rtl" if lang.partition("-")[0] in LEFTWARD else "ltr"


def language_of(text: str) -> str:
    """The language whose letters a text has most of; "" without any."""
    counts = {lang: len(re.findall(f"[{letters}]", text)) for lang, letters in SCRIPTS.items()}
    most = max(counts, key=lambda lang: counts[lang])
    return most if counts[most] else ""


def wrong_pages(files: Mapping[str, bytes], languages: tuple[str, ...]) -> list[str]:
    """The pages whose lang or dir is not that of their place, and entries whose text speaks another."""
    wrong = []
    for path, page in pages(files).items():
        away = page.css_first("meta[http-equiv=refresh]")
        # A page that has moved away speaks the language of where it went.
        href = (away.attributes["content"] or "").partition("url=")[2] if away else ""
        first = (_path(path, href) if href else path).partition("/")[0]
        expected = first if first in languages[1:] else languages[0]
        if own(page) != (expected, direction(expected)):
            wrong.append(f"{path}: {own(page)} instead of {expected}")
        text = page.css_first("article.post .body")
        if text is not None and language_of(text.text()) not in ("", expected):
            wrong.append(f"{path}: its text is not in {expected}")
    return wrong


def wrong_names(files: Mapping[str, bytes]) -> list[str]:
    """Each link that carries the title of a text without the language and direction of that text."""
    every = pages(files)
    titles = {
        path: " ".join(title.text().split())
        for path, page in every.items()
        if (title := page.css_first("article.post h1")) is not None
    }
    wrong = []
    for path, page in every.items():
        for link in page.css("main a[href]"):
            target = _path(path, link.attributes["href"] or "")
            if target not in titles or titles[target] not in " ".join(link.text().split()):
                continue
            expected = own(every[target])
            told = (_nearest(link, titles[target], "lang"), _nearest(link, titles[target], "dir"))
            if told != expected:
                wrong.append(f"{path}: {link.text()!r} is told as {told}, its page is {expected}")
    return wrong


def foreign(page: LexborHTMLParser) -> Iterator[LexborNode]:
    """The cards of a page that lead to a text in another language."""
    lang, _ = own(page)
    for card in page.css("article.card"):
        link = card.css_first("[lang]")
        if link is not None and link.attributes["lang"] != lang:
            yield card


def _path(page: str, href: str) -> str:
    path = unquote(urlsplit(urljoin(HERE + page, href)).path.removeprefix("/"))
    return path + "index.html" if path.endswith("/") or not path else path


def _nearest(link: LexborNode, title: str, name: str) -> str:
    """What is said of a title within its link, or else of the nearest element around it."""
    inner = [
        node for node in link.css(f"[{name}]") if node is not link and title in " ".join(node.text().split())
    ]
    if inner:
        return inner[-1].attributes[name] or ""
    node: LexborNode | None = link
    while node is not None:
        if node.attributes.get(name):
            return node.attributes[name] or ""
        node = node.parent
    return ""
