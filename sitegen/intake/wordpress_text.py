"""The text of a WordPress post -> Markdown: its shortcodes, its blocks, its addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from sitegen.intake.html import to_markdown
from sitegen.intake.items import Note, changed, lost


class Media(Struct, frozen=True, kw_only=True):
    """A picture or file of the old site."""

    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""


class Blog(Struct, frozen=True, kw_only=True):
    """What a text needs to know of the old site."""

    base: str = ""  #: its address, without "/" at the end
    media: Mapping[str, Media] = {}  #: by the number of the attachment
    links: Mapping[str, str] = {}  #: number of a post -> its address
    files: frozenset[str] = frozenset()  #: site paths of the files that are brought along


_SHORTCODE = re.compile(r"\[(\w[\w-]*)((?:\s[^\]<>]*)?)\](?:(.*?)\[/\1\])?", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")


def text_of(html: str, blog: Blog) -> tuple[str, list[Note]]:
    """The Markdown of a post's text, and what had to be done to it."""
    notes: list[Note] = []
    if re.search(r"<!--\s*(more|nextpage)", html):
        notes.append(changed("the marks for “read more” and page breaks are taken out"))
    blocks = re.findall(r"<!--\s*wp:([\w/-]+)[^>]*?/-->", html)
    notes += [lost(f'the block "{block}" has no text of its own') for block in dict.fromkeys(blocks)]
    is_blocks = "<!-- wp:" in html
    html = _embeds(html)
    html = _shortcodes(html, blog, notes)
    html = _addresses(html, blog, notes)
    if re.search(r"<(script|style)\b", html, re.IGNORECASE):
        notes.append(lost("scripts and styles in the text are left out"))
    return to_markdown(html, breaks=not is_blocks), notes


def _embeds(html: str) -> str:
    """The blocks that hold nothing but the address of a post or video elsewhere."""
    pattern = r'<figure class="wp-block-embed[^>]*>\s*<div[^>]*>\s*(https?://[^\s<]+)\s*</div>(.*?)</figure>'
    return re.sub(pattern, lambda found: f"<p>{_anchor(found[1])}</p>{found[2]}", html, flags=re.DOTALL)


def _anchor(address: str) -> str:
    return f'<a href="{escape(unescape(address))}">{escape(unescape(address))}</a>'


def _shortcodes(html: str, blog: Blog, notes: list[Note]) -> str:
    def replaced(found: re.Match[str]) -> str:
        name, inner = found[1], found[3] or ""
        attributes = {key: a or b or c for key, a, b, c in _ATTRIBUTE.findall(found[2])}
        if handler := _KNOWN.get(name):
            notes.append(changed(f"the shortcode [{name}] is replaced"))
            return handler(attributes, inner, blog)
        if attributes or inner or name in _ALONE:
            notes.append(lost(f"the shortcode [{name}] is kept as text"))
        if inner:
            return f"[{name}{found[2]}]{_shortcodes(inner, blog, notes)}[/{name}]"
        return found[0]

    return _SHORTCODE.sub(replaced, html)


#: Shortcodes of widespread plugins that stand alone and without attributes.
_ALONE = frozenset({"contact-form", "archives", "sitemap", "toc", "woocommerce_cart", "gallery_slideshow"})


def _caption(attributes: Mapping[str, str], inner: str, _blog: Blog) -> str:
    picture = re.match(r"\s*(<a\b.*?</a>|<img\b[^>]*>)(.*)", inner, re.DOTALL)
    if not picture:
        return inner
    words = attributes.get("caption") or picture[2].strip()
    return f"<figure>{picture[1]}<figcaption>{words}</figcaption></figure>" if words else picture[1]


def _gallery(attributes: Mapping[str, str], _inner: str, blog: Blog) -> str:
    numbers = re.findall(r"\d+", attributes.get("ids") or attributes.get("include") or "")
    shown = []
    for number in numbers:
        if media := blog.media.get(number):
            picture = f'<img src="{escape(media.url)}" alt="{escape(media.alt or media.title)}">'
            words = f"<figcaption>{media.caption}</figcaption>" if media.caption else ""
            shown.append(f"<figure>{picture}{words}</figure>" if words else f"<p>{picture}</p>")
    return "\n\n".join(shown) or "[gallery]"


def _embed(_attributes: Mapping[str, str], inner: str, _blog: Blog) -> str:
    address = inner.strip()
    return f"\n\n{_anchor(address)}\n\n" if address.startswith(("http://", "https://")) else inner


def _player(tag: str) -> Callable[[Mapping[str, str], str, Blog], str]:
    def player(attributes: Mapping[str, str], inner: str, _blog: Blog) -> str:
        keys = ("src", "mp4", "mp3", "webm", "ogg", "m4a", "m4v", "ogv", "wav")
        address = next((attributes[key] for key in keys if key in attributes), inner.strip())
        return f'<{tag} src="{escape(address)}" controls></{tag}>' if address else inner

    return player


_KNOWN: Mapping[str, Callable[[Mapping[str, str], str, Blog], str]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _embed,
    "video": _player("video"),
    "audio": _player("audio"),
}


def _addresses(html: str, blog: Blog, notes: list[Note]) -> str:
    """Addresses of the old site as paths of the new one; those of files that did not come stay."""

    def replaced(found: re.Match[str]) -> str:
        address = path_of(unescape(found[2]), blog)
        if address is None:
            return found[0]
        if "/wp-content/uploads/" in address and address.split("?")[0] not in blog.files:
            notes.append(lost(f"{unescape(found[2])[:120]} still lies on the old site"))
            return found[0]
        return f'{found[1]}="{escape(address)}"'

    html = re.sub(r"""\bsrcset=("[^"]*"|'[^']*')""", "", html)
    return re.sub(r"""\b(href|src)=["']([^"']+)["']""", replaced, html)


def path_of(address: str, blog: Blog) -> str | None:
    """The site path of an address of the old site; None for any other."""
    host = urlsplit(blog.base).netloc.removeprefix("www.")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if not host or parts.netloc.removeprefix("www.") != host or parts.scheme not in ("http", "https", ""):
        return None
    number = next(iter(parse_qs(parts.query).get("p", parse_qs(parts.query).get("page_id", []))), "")
    if number in blog.links and number:
        return path_of(blog.links[number], Blog(base=blog.base))
    if number:
        return None
    path = parts.path.removeprefix(urlsplit(blog.base).path) or "/"
    return path + (f"#{parts.fragment}" if parts.fragment else "")
