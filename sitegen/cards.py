"""What templates are shown: small frozen values. Lists hold cards, never bodies.

`url` is always a site path; a template makes it a link with `url(card)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from sitegen.model import Heading, Link


class TermLink(Struct, frozen=True, kw_only=True):
    """A tag, author, category … as an entry names it.

    It has no count, or every entry of a term would change with each new one.
    """

    taxonomy: str
    slug: str
    name: str  #: in the language of the page
    url: str


class TermCard(TermLink, frozen=True, kw_only=True):
    """A term as lists of terms show it."""

    count: int  #: entries that lists in this language show


class Byline(TermLink, frozen=True, kw_only=True):
    """A term with what its profile says in short: an author, above what they wrote."""

    lang: str  #: of its profile, which may be another than the page's; without a profile the page's
    dir: str
    role: str
    description: str
    image: str
    image_alt: str


class TermLine(Byline, frozen=True, kw_only=True):
    """A term as the index of its taxonomy shows it."""

    count: int  #: entries that lists in this language show


class Card(Struct, frozen=True, kw_only=True):
    """An entry as lists show it."""

    key: str
    url: str
    title: str
    lang: str
    language: str  #: the language's name, for a card in another language than its page
    dir: str  #: "ltr" or "rtl"
    section: str
    description: str  #: as its author wrote it, or else how its text begins
    image: str  #: site path, address of another site, or ""
    image_alt: str
    date: datetime | None
    updated: datetime | None
    minutes: int
    views: int
    draft: bool
    authors: tuple[TermLink, ...]
    category: TermLink | None
    tags: tuple[TermLink, ...]


class Post(Card, frozen=True, kw_only=True):
    """An entry on its own page."""

    bylines: tuple[Byline, ...]  #: its authors, with what their profiles say
    lede: str  #: the description, where its author wrote one: else the page would show its beginning twice
    searched: bool  #: the search index takes it in
    newer: Card | None
    older: Card | None
    related: tuple[Card, ...]
    translations: tuple[tuple[str, str, str], ...]  #: language code, language name, url
    terms: Mapping[str, tuple[TermLink, ...]]  #: by taxonomy, all of them
    same_as: Mapping[str, tuple[str, ...]]  #: url of a term -> addresses that identify the same thing
    spellings: tuple[str, ...]  #: the names of its terms in every language and script, for the search
    source_url: str
    license: str
    extra: Mapping[str, Any]
    headings: tuple[Heading, ...] = ()
    content: Markup = Markup("")


class TermPage(TermLine, frozen=True, kw_only=True):
    """A term on its own page, with all that its profile says."""

    website: str
    links: tuple[Link, ...]
    same_as: tuple[str, ...]
    names: tuple[tuple[str, str], ...]  #: language code and name, where another language has another name
    years: tuple[int, ...]  #: first and last year of its dated entries; empty without any
    neighbours: tuple[TermCard, ...]  #: terms of its taxonomy that stand with it most often
    extra: Mapping[str, Any]
    source: str  #: key of its profile, or ""
    content: Markup = Markup("")


class SectionCard(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    url: str
    count: int


class SectionPage(SectionCard, frozen=True, kw_only=True):
    description: str
    source: str  #: key of its _index.md, or ""
    content: Markup = Markup("")


class TaxonomyPage(Struct, frozen=True, kw_only=True):
    """A taxonomy on its own page, with what its `_index.md` says of it."""

    name: str
    title: str
    description: str
    source: str  #: key of its _index.md, or ""
    content: Markup = Markup("")


class Month(Struct, frozen=True, kw_only=True):
    year: int
    month: int  #: 1 to 12
    url: str
    count: int


class Year(Struct, frozen=True, kw_only=True):
    year: int
    url: str
    count: int
    months: tuple[Month, ...]  #: newest first


class Listing(Struct, frozen=True, kw_only=True):
    """One page of a list. Its full pages are counted from the oldest, so that they never change."""

    cards: tuple[Card, ...]
    total: int  #: entries in the whole list; 0 on a full page, which must not change as the list grows
    number: int  #: 0 on the newest page, else the page's number counted from the oldest
    newer: str  #: site path of the page with newer entries, or ""
    older: str
    newest: str  #: site path, "" when there is one page only
    oldest: str


class NavItem(Struct, frozen=True, kw_only=True):
    title: str
    url: str
    current: bool = False  #: the page that is shown is this one or lies below it


class LanguageCard(Struct, frozen=True, kw_only=True):
    code: str
    name: str
    url: str  #: the same page in that language, else its home page
    current: bool


class Picture(Struct, frozen=True, kw_only=True):
    href: str  #: relative to the page, or the address of another site
    width: int  #: pixels; 0 when unknown
    height: int


class PageMeta(Struct, frozen=True, kw_only=True):
    """What a page says of itself in its head."""

    kind: str
    url: str
    home: str  #: site path of the home page in this language
    search: str  #: site path of the search page in this language; "" when search is off
    lang: str
    dir: str
    title: str  #: plain text; "" on the home page
    description: str
    image: str  #: absolute address or ""
    canonical: str  #: absolute address or ""
    feeds: tuple[tuple[str, str, str], ...]  #: title, site path, media type
    alternates: tuple[tuple[str, str], ...]  #: language code, address
    trail: tuple[tuple[str, str], ...]  #: name and site path of each step from the front page to this one
    jsonld: Markup = Markup("")  #: JSON that is safe within a script element; "" when there is none
    head: Markup = Markup("")  #: all that machines read in the page's head, `jsonld` among it, as HTML
