"""Posts of social media that were pasted with their widget: frozen into quotations that need no script.

The shapes are those that each service's "embed" button gives (2013 to 2026):
- Twitter/X `blockquote.twitter-tweet`, `.twitter-video`: `<p lang dir>words</p>&mdash; Name (@handle)
  <a>date</a>`
- Bluesky `blockquote.bluesky-embed`: the same, the handle being a link
- Instagram `blockquote.instagram-media[data-instgrm-permalink]`: a skeleton of styled div, a link "View this
  post", `<p>` with the words, the last `<p>` "A post shared by Name (@handle) on <time>"
- TikTok `blockquote.tiktok-embed[cite]`: `<section><a>@handle</a><p>words</p><a>♬ sound</a></section>`
- Mastodon `blockquote.mastodon-embed[data-embed-url]`: a link "Post by @x@y View on Mastodon", no words
- Threads `blockquote.text-post-media[data-text-post-permalink]`, Reddit `blockquote.reddit-embed-bq`
- Facebook `div.fb-post`, `.fb-video` `[data-href]`: `<blockquote><p>words</p>Posted by <a>Name</a> on
  <a>date</a>`
- Telegram `<script data-telegram-post="channel/123">`, VK `<div id="vk_post_OWNER_ID">`: an address only
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

from sitegen.markup.addresses import host, kind_of, tidy, untracked
from sitegen.markup.draft import Draft, ancestors, children, link, outermost, replace_block, words

GROUP = "embeds frozen"

#: The class of the element -> the service.
_SERVICES = {
    "twitter-tweet": "X",
    "twitter-video": "X",
    "bluesky-embed": "Bluesky",
    "instagram-media": "Instagram",
    "tiktok-embed": "TikTok",
    "mastodon-embed": "Mastodon",
    "text-post-media": "Threads",
    "reddit-embed-bq": "Reddit",
    "reddit-card": "Reddit",
    "fb-post": "Facebook",
    "fb-video": "Facebook",
}
_POSTS = ", ".join(f"{'div' if name.startswith('fb-') else 'blockquote'}.{name}" for name in _SERVICES)
_ANY = (*_SERVICES, "telegram-", "vk_post_")

_PERMALINKS = ("data-instgrm-permalink", "data-text-post-permalink", "data-embed-url", "data-href", "cite")
_KEPT = frozenset({"href", "lang", "dir", "datetime", "src", "alt"})
_CONTAINERS = frozenset({"div", "section", "blockquote", "center", "article"})
_UNSPOKEN = "script, style, svg, noscript, iframe"

_DASH = re.compile(r"(?:—|&mdash;|–|-)\s*")
_WIDGET_SCRIPT = re.compile(
    r"(?:https?:)?//(?:platform\.(?:twitter|x|instagram)\.com|(?:www\.)?(?:instagram|tiktok|threads)\.(?:com|net)|"
    r"embed\.(?:bsky\.app|reddit\.com|redditmedia\.com)|connect\.facebook\.net|telegram\.org|vk\.com)/"
    r"|.*/embed\.js$"
)


def freeze_posts(draft: Draft) -> None:
    """Replace pasted posts by figures with their words, author, date and links; their scripts go."""
    if not draft.raw or draft.settings.embeds == "live" or not any(map(draft.tags.__contains__, _ANY)):
        return
    frozen = 0
    for node in outermost(draft.css(_POSTS)):
        kind = next(name for name in (node.attributes.get("class") or "").split() if name in _SERVICES)
        _remove_scripts_after(node)
        _put(draft, node, *_quotation(node), _SERVICES[kind], kind)
        frozen += 1
    for node in draft.css("script[data-telegram-post]"):
        post = (node.attributes.get("data-telegram-post") or "").strip("/")
        address = f"https://t.me/{post}"
        _put(draft, node, "", link(address, f"t.me/{post}"), address, "Telegram", "data-telegram-post")
        frozen += 1
    for node in draft.css('div[id^="vk_post_"]:empty'):
        address = f"https://vk.com/wall{(node.id or '').removeprefix('vk_post_')}"
        _put(draft, node, "", link(address, address.removeprefix("https://")), address, "VK", "vk_post_")
        frozen += 1
    if frozen:
        remove_widget_scripts(draft)


def _put(
    draft: Draft, node: LexborNode, quoted: str, caption: str, address: str, service: str, needle: str
) -> None:
    loaded = f' data-embed="{escape(address)}"' if draft.settings.embeds == "click" and address else ""
    quote = f"<blockquote>{quoted}</blockquote>" if quoted else ""
    credit = f"<figcaption>{caption}</figcaption>" if caption else ""
    replace_block(node, f'<figure class="embed"{loaded}>{quote}{credit}</figure>\n')
    draft.notice(f"a post of {service} was frozen into a quotation without scripts", GROUP, needle)


def _quotation(node: LexborNode) -> tuple[str, str, str]:
    """What was said, who said it when, and the post's address, as HTML, HTML and an address."""
    for silent in node.css(_UNSPOKEN):
        silent.decompose()
    permalink = _permalink(node)
    _strip(node)
    blocks = _blocks(node)
    said = [html for tag, html in blocks if tag]
    credits = [html for tag, html in blocks if not tag]
    if blocks and _is_credit(node, *blocks[-1]):
        credits.append(_inside(said.pop()))
    caption = ", ".join(_credit(html) for html in credits)
    if permalink and escape(permalink) not in "".join(said) + caption:
        caption += (", " if caption else "") + link(permalink, host(permalink))
    return "".join(said), caption, permalink or _last_link(node)


def _is_credit(node: LexborNode, tag: str, html: str) -> bool:
    """Whether the last paragraph names the author: in Instagram's, and where it begins with a dash."""
    if not tag:
        return False
    return "instagram-media" in (node.attributes.get("class") or "") or _DASH.match(_inside(html)) is not None


def _permalink(node: LexborNode) -> str:
    holders = [node, *node.css("[cite]")]
    written = (holder.attributes.get(name) for name in _PERMALINKS for holder in holders)
    addresses = (tidy(address) for address in written if address)
    found = next((untracked(address) for address in addresses if kind_of(address) == "external"), "")
    return re.sub(r"(?<=\d)/embed/?$", "", found)


def _last_link(node: LexborNode) -> str:
    links = [tidy(a.attributes.get("href") or "") for a in node.css("a[href]")]
    return next((address for address in reversed(links) if kind_of(address) == "external"), "")


def _strip(node: LexborNode) -> None:
    """Take away all attributes in `node` but addresses, languages and dates; links lose their trackers."""
    for part in node.css("*"):
        if part.mem_id == node.mem_id:
            continue
        for name, value in part.attributes.items():
            if name not in _KEPT:
                del part.attrs[name]
            elif name == "href":
                part.attrs[name] = untracked(value or "")


def _blocks(node: LexborNode) -> list[tuple[str, str]]:
    """The content of `node`: paragraphs as ("p", HTML), and runs of anything between them as ("", HTML)."""
    blocks: list[tuple[str, str]] = []
    run = ""
    for child in children(node):
        tag = child.tag or ""
        if tag == "a":
            address = child.attributes.get("href") or ""
            run += link(address, " ".join(child.text(separator=" ").split()) or host(address))
        elif tag in _CONTAINERS or tag in ("p", "ul", "ol"):
            blocks.append(("", run))
            run = ""
            inner = _blocks(child) if tag in _CONTAINERS else [(tag, child.html or "")]
            blocks += [block for block in inner if block[0] == "" or words(child) or "<img" in block[1]]
        elif not child.is_comment_node:
            run += child.html or ""
    blocks.append(("", run))
    return [(tag, html.strip()) for tag, html in blocks if re.sub(r"<(?!a |img )[^>]*>|&nbsp;|\s", "", html)]


def _inside(paragraph: str) -> str:
    return re.sub(r"^<\w+[^>]*>|</\w+>$", "", paragraph.strip()).strip()


def _credit(html: str) -> str:
    """`— Name (@handle) <a>date</a>` as `Name (@handle), <a>date</a>`."""
    plain = _DASH.sub("", html, count=1) if _DASH.match(html) else html
    if plain == html:
        return html
    return re.sub(r"\s*(<a [^>]*>(?:(?!<a ).)*)$", r", \1", plain, flags=re.DOTALL).removeprefix(", ")


def _remove_scripts_after(node: LexborNode) -> None:
    """The scripts that were pasted right behind an embed are part of it."""
    last = next((parent for parent in ancestors(node) if parent.tag == "p"), node)
    after = last.next
    while after is not None and (after.tag == "script" or after.is_empty_text_node):
        script, after = after, after.next
        if script.tag == "script":
            script.decompose()


def remove_widget_scripts(draft: Draft) -> None:
    """Take away the scripts that would have made widgets of what is frozen now."""
    for script in draft.css("script"):
        src = script.attributes.get("src") or ""
        if _WIDGET_SCRIPT.match(src) or (not src and "VK.Widgets" in script.text()):
            script.decompose()
    for root in draft.css("#fb-root"):
        root.decompose()
