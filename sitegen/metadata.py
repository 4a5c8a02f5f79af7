"""What machines read of a page: JSON-LD after schema.org."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from sitegen.cards import Post, TermLink
from sitegen.urls import is_external, join


def script_json(value: Any) -> Markup:
    """JSON that can stand within a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def absolute(base_url: str, address: str) -> str:
    """The whole address of a site path or an outside address; "" when it can not be told."""
    return address if is_external(address) else join(base_url, address) if address else ""


def article(post: Post, site_title: str, base_url: str) -> Markup:
    """A post as schema.org's Article (https://schema.org/Article)."""
    image = absolute(base_url, post.image)
    modified = post.updated or post.date
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": post.title,
        "description": post.description,
        "inLanguage": post.lang,
        "datePublished": post.date.isoformat() if post.date else "",
        "dateModified": modified.isoformat() if modified else "",
        "image": image,
        "url": join(base_url, post.url),
        "author": [
            _thing("Person", author, join(base_url, author.url), post.same_as) for author in post.authors
        ],
        "publisher": {"@type": "Organization", "name": site_title},
        "articleSection": post.category.name if post.category else "",
        "keywords": [tag.name for tag in post.tags],
        "about": [
            _thing("Thing", tag, join(base_url, tag.url), post.same_as)
            for tag in post.tags
            if tag.url in post.same_as
        ],
        "license": post.license if is_external(post.license) else "",
        "isBasedOn": post.source_url,
    }
    return script_json({key: value for key, value in data.items() if value})


def _thing(kind: str, term: TermLink, url: str, same_as: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    known = {"sameAs": list(same_as[term.url])} if term.url in same_as else {}
    return {"@type": kind, "name": term.name, "url": url, **known}
