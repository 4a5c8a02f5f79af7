"""What machines read in the head of a page, for any theme to put there in one go.

Open Graph (https://ogp.me), Twitter's cards, Highwire Press tags (`citation_`) and Dublin Core terms
(https://www.dublincore.org/specifications/dublin-core/dcq-html/), from which reference managers take a
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup, escape

from sitegen.cards import PageMeta, Post, TermPage


def head(page: PageMeta, subject: Any, site_title: str, url: Callable[[str], str]) -> Markup:
    """The elements for the head of `page`, one a line, its JSON-LD the last.

    `subject` is what the page is about, if anything; `url` makes a site path a link.
    """
    post = subject if isinstance(subject, Post) else None
    lines = [*_general(page, subject, site_title), *_links(page, url)]
    if post:
        lines += [*_article(post), *_citation(post, page, site_title), *_dublin_core(post, page, site_title)]
    if page.jsonld:
        lines.append(f'<script type="application/ld+json">{page.jsonld}</script>')
    return Markup("\n".join(lines))


def _name(name: str, content: str) -> Iterator[str]:
    if content:
        yield f'<meta name="{name}" content="{escape(content)}">'


def _property(name: str, content: str) -> Iterator[str]:
    if content:
        yield f'<meta property="{name}" content="{escape(content)}">'


def _general(page: PageMeta, subject: Any, site_title: str) -> Iterator[str]:
    person = isinstance(subject, TermPage) and subject.taxonomy == "authors"
    kind = "article" if isinstance(subject, Post) else "profile" if person else "website"
    yield from _name("description", page.description)
    yield from _property("og:type", kind)
    yield from _property("og:title", page.title or site_title)
    yield from _property("og:description", page.description)
    yield from _property("og:site_name", site_title)
    yield from _property("og:url", page.canonical)
    yield from _property("og:image", page.image)
    if page.image:
        yield from _property("og:image:alt", getattr(subject, "image_alt", ""))
    # The rest of Twitter's card is taken from Open Graph.
    yield from _name("twitter:card", "summary_large_image" if page.image and not person else "summary")


def _links(page: PageMeta, url: Callable[[str], str]) -> Iterator[str]:
    if page.canonical:
        yield f'<link rel="canonical" href="{escape(page.canonical)}">'
    for place, (lang, address) in enumerate(page.alternates):
        yield f'<link rel="alternate" hreflang="{lang}" href="{escape(address)}">'
        if not place:
            yield f'<link rel="alternate" hreflang="x-default" href="{escape(address)}">'
    for title, path, media in page.feeds:
        yield f'<link rel="alternate" type="{media}" title="{escape(title)}" href="{escape(url(path))}">'


def _article(post: Post) -> Iterator[str]:
    if post.date:
        yield from _property("article:published_time", post.date.isoformat())
    if post.updated:
        yield from _property("article:modified_time", post.updated.isoformat())
    if post.category:
        yield from _property("article:section", post.category.name)
    for tag in post.tags:
        yield from _property("article:tag", tag.name)


def _citation(post: Post, page: PageMeta, site_title: str) -> Iterator[str]:
    yield from _name("citation_title", post.title)
    for author in post.authors:
        yield from _name("citation_author", author.name)
    if post.date:
        yield from _name("citation_publication_date", post.date.strftime("%Y/%m/%d"))
    yield from _name("citation_language", post.lang)
    yield from _name("citation_publisher", site_title)
    yield from _name("citation_public_url", page.canonical)
    yield from _name("citation_keywords", "; ".join(tag.name for tag in post.tags))


def _dublin_core(post: Post, page: PageMeta, site_title: str) -> Iterator[str]:
    yield '<link rel="schema.dcterms" href="http://purl.org/dc/terms/">'
    # After the Eprints vocabulary, by which reference managers tell an article from a journal's.
    yield from _name("dcterms.type", "NewsItem" if post.date else "WebPage")
    yield from _name("dcterms.title", post.title)
    for author in post.authors:
        yield from _name("dcterms.creator", author.name)
    if post.date:
        yield from _name("dcterms.issued", post.date.date().isoformat())
    if post.updated:
        yield from _name("dcterms.modified", post.updated.date().isoformat())
    yield from _name("dcterms.abstract", post.lede)
    yield from _name("dcterms.language", post.lang)
    yield from _name("dcterms.publisher", site_title)
    yield from _name("dcterms.identifier", page.canonical)
    yield from _name("dcterms.rights", post.license)
