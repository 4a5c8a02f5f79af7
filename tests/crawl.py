"""Walks a built output as a browser would, and tells what leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

#: A host and folder that no site knows, so that only relative links can lead back to it.
HERE = "http://here.invalid/some/folder/"

#: Where a site that knows no address is served from its root, as its page for what is missing has to assume.
ROOT = "http://root.invalid/"

BUNDLE = "search/pagefind/"

_ADDRESSES = ("href", "src", "action", "poster", "data-pagefind", "data-root", "cite")


def addresses(html: bytes) -> Iterator[str]:
    """Every address that a page names."""
    for node in LexborHTMLParser(html).css("*"):
        attributes = node.attributes
        for name in _ADDRESSES:
            if name in attributes:
                yield attributes[name] or ""
        yield from (part.split()[0] for part in (attributes.get("srcset") or "").split(",") if part.strip())
        if node.tag == "meta" and attributes.get("http-equiv") == "refresh":
            yield (attributes.get("content") or "").partition("url=")[2]


def ids(html: bytes) -> set[str]:
    """Every id of a page."""
    return {node.attributes["id"] or "" for node in LexborHTMLParser(html).css("[id]")}


def dead_ends(files: Mapping[str, bytes], base_url: str = "") -> list[str]:
    """Each address in the pages of `files` that leads to no file of theirs, or to no part of one.

    `base_url` is the site's own address; what begins with it must lead to a file too.
    """
    parts = {path: ids(data) for path, data in files.items() if path.endswith(".html")}
    dead = []
    for path, data in files.items():
        if path.endswith(".html"):
            # The page for what is missing is served anywhere, so its links are whole or from the root.
            base = base_url or ROOT if path == "404.html" else HERE + path
            for address in addresses(data):
                fault = _fault(address, base, files, parts, base_url)
                if fault:
                    dead.append(f"{path}: {address!r} {fault}")
    return dead


def _fault(
    address: str, base: str, files: Mapping[str, bytes], parts: Mapping[str, set[str]], base_url: str
) -> str:
    whole = urljoin(base, address)
    for home in (HERE, ROOT, base_url):
        if home and whole.startswith(home):
            below = whole.removeprefix(home)
            break
    else:
        if whole.startswith("http://here.invalid"):
            return "climbs out of the site"
        scheme = urlsplit(whole).scheme
        return "" if scheme in ("http", "https", "mailto", "tel") else f"has the scheme {scheme!r}"
    target, _, part = below.partition("#")
    target = unquote(target.partition("?")[0])
    if target.startswith(BUNDLE) and not any(path.startswith(BUNDLE) for path in files):
        return ""  # built without its search, which the page for searching tells its readers
    if target.endswith("/") or not target:
        target += "index.html"
    if target not in files:
        return f"leads to no file ({target})"
    if part and unquote(part) not in parts.get(target, {unquote(part)}):
        return "leads to no part of its page"
    return ""
