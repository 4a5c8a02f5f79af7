"""What search engines read of a page: JSON-LD after https://schema.org."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from sitegen.cards import PageMeta, Post, TermLink, TermPage
from sitegen.urls import is_external, join

_LIST_PAGES = ("section", "term", "taxonomy", "archive", "year", "month")


def script_json(value: Any) -> Markup:
    """JSON that can stand within a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def absolute(base_url: str, address: str) -> str:
    """The whole address of a site path or an outside address; "" when it can not be told."""
    return address if is_external(address) else join(base_url, address) if address else ""


def describe(page: PageMeta, subject: Any, site_title: str, base_url: str) -> Markup:
    """The page, and the trail that leads to it; "" where there is nothing to tell.

    `subject` is the post or term that the page is about, or None.
    """
    things: list[dict[str, Any]] = []
    site = _filled({"@type": "WebSite", "name": site_title, "url": absolute(base_url, page.home)})
    if isinstance(subject, Post):
        things.append(_article(subject, page, site, base_url))
    elif page.kind == "home":
        things.append(_filled({**site, "description": page.description, "inLanguage": page.lang}))
    elif page.kind in _LIST_PAGES:
        things.append(_collection(page, subject, site, base_url))
    # A step without its whole address would be no use to anybody.
    if base_url and len(page.trail) > 1:
        things.append(_trail(page.trail, base_url))
    return script_json({"@context": "https://schema.org", "@graph": things}) if things else Markup("")


def _article(post: Post, page: PageMeta, site: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    modified = post.updated or post.date
    data = {
        "@type": "NewsArticle" if post.date else "Article",
        "headline": post.title,
        "description": post.description,
        "inLanguage": post.lang,
        "datePublished": post.date.isoformat() if post.date else "",
        "dateModified": modified.isoformat() if modified else "",
        "image": page.image,
        "url": page.canonical,
        "author": [_author(author, post, base_url) for author in post.bylines],
        "publisher": {**site, "@type": "Organization"},
        "articleSection": post.category.name if post.category else "",
        "keywords": [tag.name for tag in post.tags],
        "about": [_thing("Thing", tag, post, base_url) for tag in post.tags if tag.url in post.same_as],
        "license": post.license if is_external(post.license) else "",
        "isBasedOn": post.source_url,
    }
    return _filled(data)


def _author(author: Any, post: Post, base_url: str) -> dict[str, Any]:
    more = {"jobTitle": author.role, "image": absolute(base_url, author.image)}
    return _filled({**_thing("Person", author, post, base_url), **more})


def _thing(kind: str, term: TermLink, post: Post, base_url: str) -> dict[str, Any]:
    same = list(post.same_as.get(term.url, ()))
    return _filled({"@type": kind, "name": term.name, "url": join(base_url, term.url), "sameAs": same})


def _collection(page: PageMeta, subject: Any, site: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    data = {
        "@type": "CollectionPage",
        "name": page.title,
        "description": page.description,
        "url": page.canonical,
        "inLanguage": page.lang,
        "isPartOf": site,
        "about": _subject(subject, base_url) if isinstance(subject, TermPage) else {},
    }
    return _filled(data)


def _subject(term: TermPage, base_url: str) -> dict[str, Any]:
    person = term.taxonomy == "authors"
    data = {
        "@type": "Person" if person else "Thing",
        "name": term.name,
        "alternateName": [name for _, name in term.names],
        "description": term.description,
        "image": absolute(base_url, term.image),
        "jobTitle": term.role if person else "",
        "sameAs": [*term.same_as, *([term.website] if term.website else [])],
    }
    return _filled(data)


def _trail(steps: Iterable[tuple[str, str]], base_url: str) -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": join(base_url, url)}
        for place, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value}
