"""Other sites' pages inside a post: videos become figures, all other frames links."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborNode

from sitegen.markup.addresses import host, kind_of, tidy
from sitegen.markup.draft import Draft, link, outermost, replace_block, words
from sitegen.markup.embeds import GROUP, remove_widget_scripts
from sitegen.markup.sanitize import FRAME

#: Players of videos, and the page of each video. Query parameters are matched as `name=value` after `?`.
_VIDEOS = (
    (r"https?://(?:www\.|m\.)?youtube(?:-nocookie)?\.com/embed/videoseries\?(?:.*&)?list=([\w-]+)", r"https://www.youtube.com/playlist?list=\1"),
    (r"https?://(?:www\.|m\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)\?(?:.*&)?start=(\d+)", r"https://www.youtube.com/watch?v=\1&t=\2s"),
    (r"https?://(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/([\w-]+)", r"https://www.youtube.com/watch?v=\1"),
    (r"https?://player\.vimeo\.com/video/(\d+)\?(?:.*&)?h=(\w+)", r"https://vimeo.com/\1/\2"),
    (r"https?://player\.vimeo\.com/video/(\d+)", r"https://vimeo.com/\1"),
    (r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+)", r"https://www.dailymotion.com/video/\1"),
    (r"https?://geo\.dailymotion\.com/player(?:/\w+)?\.html\?(?:.*&)?video=(\w+)", r"https://www.dailymotion.com/video/\1"),
    (r"https?://(?:www\.)?vk(?:video)?\.(?:com|ru)/video_ext\.php\?(?:.*&)?oid=(-?\d+)&(?:.*&)?id=(\d+)", r"https://vk.com/video\1_\2"),
    (r"https?://(?:www\.)?rutube\.ru/(?:play|video)/embed/(\w+)", r"https://rutube.ru/video/\1/"),
    (r"https?://ok\.ru/videoembed/(\d+)", r"https://ok.ru/video/\1"),
    (r"(https?://[^/?#]+)/videos/embed/([\w-]+)", r"\1/videos/watch/\2"),
)  # fmt: skip

#: Frames with a post, and the page of the post.
_POSTS = (
    (r"(https?://[^/?#]+/@[^/?#]+/\d+)/embed", r"\1"),
    (r"https?://(?:www\.)?instagram\.com/(p|reel|tv)/([\w-]+)/embed", r"https://www.instagram.com/\1/\2/"),
    (r"(https?://t\.me/[\w/]+)\?.*embed=1", r"\1"),
)


def drop_claims(draft: Draft) -> None:
    """Only this pass may say what the theme loads on a click."""
    if draft.raw:
        for node in draft.css("[data-embed]"):
            del node.attrs["data-embed"]


def freeze_frames(draft: Draft) -> None:
    """Replace iframes, objects and applets by figures or links to what they would have shown."""
    if not draft.raw:
        return
    live = draft.settings.embeds == "live"
    frozen = 0
    for node in outermost(draft.css("iframe, object, embed, applet")):
        address = _address(node)
        if live and node.tag == "iframe" and address.startswith("https://"):
            _keep_live(node, address)
        elif address:
            _freeze(draft, node, address)
            frozen += 1
    if frozen and not live:
        remove_widget_scripts(draft)


def _address(node: LexborNode) -> str:
    """Where a frame leads to, "" when nowhere that a reader could follow."""
    written = [node.attributes.get(name) for name in ("src", "data", "data-src", "code")]
    written += [part.attributes.get("value") for part in node.css('param[name="movie"], param[name="src"]')]
    written += [part.attributes.get("src") for part in node.css("embed[src], iframe[src]")]
    addresses = (tidy(address) for address in written if address)
    return next((address for address in addresses if kind_of(address) in ("external", "internal")), "")


def _freeze(draft: Draft, node: LexborNode, address: str) -> None:
    tag = node.tag or ""
    inner = words(node) if tag == "object" else ""
    title = " ".join((node.attributes.get("title") or "").split())
    page = _page(_VIDEOS, address)
    if page:
        replace_block(node, _figure(draft, page, address, title or draft.title or host(page)))
        message = f"a video of {host(page)} was frozen into a link to it"
    else:
        target = _page(_POSTS, address) or _shared_page(address) or address
        text = title or inner or host(target) or unquote(target.rpartition("/")[2]) or target
        replace_block(node, f"<p>{link(target, text)}</p>\n")
        message = f"<{tag}> of {host(target) or target} became a link"
    draft.notice(message, GROUP, f"<{tag}")


def _figure(draft: Draft, page: str, address: str, title: str) -> str:
    loaded = f' data-embed="{escape(address)}"' if draft.settings.embeds == "click" else ""
    picture = ""
    if kind_of(tidy(draft.image)) in ("internal", "external"):
        picture = f'<a href="{escape(page)}"><img src="{escape(draft.image)}" alt="{escape(title)}"></a>'
    caption = f"<figcaption>{link(page, title)}</figcaption>"
    return f'<figure class="embed video"{loaded}>{picture}{caption}</figure>\n'


def _page(known: tuple[tuple[str, str], ...], address: str) -> str:
    for pattern, page in known:
        found = re.match(pattern, address, re.IGNORECASE)
        if found:
            return found.expand(page)
    return ""


def _shared_page(address: str) -> str:
    """Facebook's frames name the page they show in `href`."""
    if host(address) != "facebook.com" or "/plugins/" not in address:
        return ""
    return parse_qs(urlsplit(address).query).get("href", [""])[0]


def _keep_live(node: LexborNode, address: str) -> None:
    for name in node.attributes:
        if name not in FRAME:
            del node.attrs[name]
    node.attrs["src"] = address
    node.attrs["loading"] = "lazy"
    node.inner_html = ""
