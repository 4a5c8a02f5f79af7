"""Atom (RFC 4287), JSON Feed 1.1 (jsonfeed.org), sitemaps (sitemaps.org), robots.txt (RFC 9309)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from sitegen.cards import Card
from sitegen.urls import join

#: Entries in a feed.
SIZE = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Item(Struct, frozen=True, kw_only=True):
    """An entry of a feed."""

    card: Card
    content: str = ""  #: HTML with whole addresses; "" leaves the description to stand for it


class Feed(Struct, frozen=True, kw_only=True):
    title: str
    description: str
    author: str
    lang: str
    base_url: str  #: "" when the site does not know its address
    url: str  #: site path of the page that the feed follows
    items: Sequence[Item]


def _address(base_url: str, url: str) -> str:
    """The whole address of a site path, or the path itself where the site knows no address."""
    return join(base_url, url) or join("/", url)


def _id(base_url: str, url: str) -> str:
    """A name that never changes: the address, or a UUID made from the path."""
    return join(base_url, url) or uuid.uuid5(uuid.NAMESPACE_URL, url).urn


def _updated(item: Item) -> datetime:
    return max((moment for moment in (item.card.date, item.card.updated) if moment), default=_EPOCH)


def _element(name: str, text: str, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(text)}</{name}>" if text else f"<{name}{given}/>"


def atom(feed: Feed) -> bytes:
    """An Atom feed."""
    latest = max((_updated(item) for item in feed.items), default=_EPOCH)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.lang)}>',
        _element("title", feed.title),
        *([_element("subtitle", feed.description)] if feed.description else []),
        _element("id", _id(feed.base_url, feed.url)),
        _element("updated", latest.isoformat()),
        _element("link", "", rel="alternate", type="text/html", href=_address(feed.base_url, feed.url)),
        _element(
            "link",
            "",
            rel="self",
            type="application/atom+xml",
            href=_address(feed.base_url, feed.url + "feed.xml"),
        ),
        _element("generator", "sitegen"),
        f"<author>{_element('name', feed.author or feed.title)}</author>",
        *(_atom_entry(item, feed) for item in feed.items),
        "</feed>",
    ]
    return "\n".join(lines).encode() + b"\n"


def _atom_entry(item: Item, feed: Feed) -> str:
    card = item.card
    published = [_element("published", card.date.isoformat())] if card.date else []
    summary = [_element("summary", card.description)] if card.description else []
    content = [_element("content", item.content, type="html")] if item.content else []
    lines = [
        f"<entry xml:lang={quoteattr(card.lang)}>" if card.lang != feed.lang else "<entry>",
        _element("title", card.title),
        _element("id", _id(feed.base_url, card.url)),
        _element("link", "", rel="alternate", type="text/html", href=_address(feed.base_url, card.url)),
        *published,
        _element("updated", _updated(item).isoformat()),
        *(f"<author>{_element('name', author.name)}</author>" for author in card.authors),
        *(_element("category", "", term=tag.slug, label=tag.name) for tag in card.tags),
        *summary,
        *content,
        "</entry>",
    ]
    return "\n".join(lines)


def json_feed(feed: Feed) -> bytes:
    """A JSON Feed."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": _address(feed.base_url, feed.url),
        "feed_url": _address(feed.base_url, feed.url + "feed.json"),
        "language": feed.lang,
        "authors": [{"name": feed.author}] if feed.author else [],
        "items": [_json_item(item, feed) for item in feed.items],
    }
    kept = {key: value for key, value in data.items() if value or key == "items"}
    return json.dumps(kept, ensure_ascii=False, indent=1).encode() + b"\n"


def _json_item(item: Item, feed: Feed) -> dict[str, object]:
    card = item.card
    data = {
        "id": _id(feed.base_url, card.url),
        "url": _address(feed.base_url, card.url),
        "title": card.title,
        "summary": card.description,
        "content_html": item.content,
        "content_text": "" if item.content else card.description or card.title,
        "image": card.image if card.image.startswith("http") else join(feed.base_url, card.image or ""),
        "date_published": card.date.isoformat() if card.date else "",
        "date_modified": card.updated.isoformat() if card.updated else "",
        "authors": [{"name": author.name} for author in card.authors],
        "tags": [tag.name for tag in card.tags],
        "language": card.lang,
    }
    if not card.image:
        del data["image"]
    return {key: value for key, value in data.items() if value}


class Location(Struct, frozen=True, kw_only=True):
    """An address of a sitemap."""

    url: str
    changed: datetime | None = None
    alternates: tuple[tuple[str, str], ...] = ()  #: language and url of each version


def sitemap(base_url: str, locations: Iterable[Location]) -> bytes:
    """A sitemap of at most 50,000 addresses."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        *(_location(base_url, location) for location in locations),
        "</urlset>",
    ]
    return "\n".join(lines).encode() + b"\n"


def _location(base_url: str, location: Location) -> str:
    def parts() -> Iterator[str]:
        yield _element("loc", join(base_url, location.url))
        if location.changed:
            yield _element("lastmod", location.changed.isoformat())
        for lang, url in location.alternates:
            yield _element("xhtml:link", "", rel="alternate", hreflang=lang, href=join(base_url, url))

    return f"<url>{''.join(parts())}</url>"


def sitemap_index(base_url: str, count: int) -> bytes:
    """The sitemap that names the `count` parts of a large one."""
    parts = (join(base_url, f"/sitemap-{number}.xml") for number in range(1, count + 1))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<sitemap>{_element('loc', part)}</sitemap>" for part in parts),
        "</sitemapindex>",
    ]
    return "\n".join(lines).encode() + b"\n"


def robots(base_url: str) -> bytes:
    """Everything may be read; the sitemap is named if there is one."""
    place = f"\nSitemap: {join(base_url, '/sitemap.xml')}\n" if base_url else ""
    return f"User-agent: *\nAllow: /\n{place}".encode()
