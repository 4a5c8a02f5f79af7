"""What a site is made of: frozen values, no I/O, keys instead of pointers.

A *key* is the path of a source file below `content/`, with "/", e.g. `posts/ru/exile.md`.
A *url* is a site path: absolute below the site's root, not percent-encoded, e.g. `/posts/exile/`.
A *list name* is `posts`, `tags/kalmyks`, `archive/2023/07`: the url of a list without slashes around it
and without its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

# --- what Markdown becomes ---------------------------------------------------------------------------


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of a body, as its table of contents lists it."""

    level: int  #: 1 to 6
    id: str
    text: str  #: plain text, not escaped


class Reference(Struct, frozen=True, kw_only=True):
    """A link or picture of a body whose address depends on the rest of the site.

    In `Body.html` it stands as a marker (see `markup.references`) until its page is rendered.
    """

    kind: Literal["link", "image"]
    target: str  #: as the author wrote it, percent-encoding undone: `../docs/y.md#part`, `/tags/x/`
    line: int  #: in the source file
    sized: bool = False  #: the author gave a picture's width or height, so none may be added


class Notice(Struct, frozen=True, kw_only=True):
    """Something the author wrote that was replaced or removed, and must not vanish unreported."""

    line: int
    message: str
    group: str


class Body(Struct, frozen=True, kw_only=True):
    """The rendered body of a source file. Depends on that file and the settings alone."""

    html: str  #: sanitised; its references are markers
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    ids: tuple[str, ...] = ()  #: every id in `html`, for links to a part
    notices: tuple[Notice, ...] = ()
    words: int = 0
    excerpt: str = ""  #: the first words as plain text, at most 200 characters, cut at a word


# --- what is read ------------------------------------------------------------------------------------


class Entry(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A source file with a page of its own: a post, a document, a standalone page."""

    key: str
    section: str  #: the folder of content/ it lies in: posts, pages, docs …
    folder: str  #: folders between the section and the file, languages left out; "" or "2023/07"
    slug: str
    lang: str
    url: str
    translation_key: str  #: entries that share it are translations of each other
    title: str
    description: str = ""  #: as its author wrote it
    excerpt: str = ""  #: how its text begins, where there is no description
    image: str = ""  #: site path, path beside the file, or https address
    image_alt: str = ""
    date: datetime | None = None  #: always with a zone
    updated: datetime | None = None
    minutes: int = 0  #: time to read, as written or computed from the body; at least 1
    views: int = 0
    names: Mapping[str, tuple[str, ...]] = {}  #: taxonomy -> names as written (tags, authors …)
    aliases: tuple[str, ...] = ()  #: old site paths that lead here
    draft: bool = False
    source_url: str = ""  #: where an archived text first appeared
    license: str = ""
    extra: Mapping[str, Any] = {}  #: every other front matter key, in order
    lines: Mapping[str, int] = {}  #: front matter key -> its line in the file


class Link(Struct, frozen=True, kw_only=True):
    """A named address outside the site."""

    name: str
    url: str


class Profile(Struct, frozen=True, kw_only=True, tag=True):
    """A file that names and describes a term: an author, a category, a tag, a group."""

    key: str
    taxonomy: str
    slug: str
    lang: str
    name: str
    description: str = ""
    image: str = ""
    image_alt: str = ""
    role: str = ""
    order: int = 0  #: place among the terms of the taxonomy; 0 follows those that have one, by name
    website: str = ""
    links: tuple[Link, ...] = ()  #: elsewhere on the web
    same_as: tuple[str, ...] = ()  #: addresses that identify the same thing: Wikidata, ORCID, VIAF …
    aliases: tuple[str, ...] = ()  #: other names that mean the same term
    old_paths: tuple[str, ...] = ()  #: old site paths that lead to the term
    extra: Mapping[str, Any] = {}
    lines: Mapping[str, int] = {}


class Index(Struct, frozen=True, kw_only=True, tag=True):
    """An `_index.md`: what a section or taxonomy is called and what it says of itself."""

    key: str
    section: str  #: or taxonomy; their names differ
    lang: str
    title: str = ""
    description: str = ""
    old_paths: tuple[str, ...] = ()  #: old site paths that lead to its list
    extra: Mapping[str, Any] = {}


class Asset(Struct, frozen=True, kw_only=True):
    """A file that is copied to the output as it is."""

    path: str  #: below content/, and below the output
    source: str  #: where it lies on this machine
    identity: str  #: changes when the file does


class Smaller(Struct, frozen=True, kw_only=True):
    """A smaller picture that is made of one of the site's, as WebP."""

    width: int
    path: str  #: below the output; what is in the file shapes its name
    digest: str  #: SHA-256 of its bytes


class Picture(Struct, frozen=True, kw_only=True):
    """What is known of a picture file of the site, and what is made of it."""

    width: int = 0  #: pixels, as a browser shows it; 0 when unknown
    height: int = 0
    smaller: tuple[Smaller, ...] = ()  #: the narrowest first
    cleaned: str = ""  #: digest of what is published in its place; "" when it is copied as it is
    refused: bool = False  #: it is not published


class Content(Struct, frozen=True, kw_only=True):
    """All that was read, before anything is joined."""

    entries: Mapping[str, Entry]  #: by key
    outlines: Mapping[str, Body]  #: by key, of entries, profiles and section indexes; their html left out
    profiles: tuple[Profile, ...] = ()
    indexes: tuple[Index, ...] = ()
    assets: Mapping[str, Asset] = {}  #: by path


class LeftOut(Struct, frozen=True, kw_only=True):
    """What was read and is not shown."""

    drafts: tuple[str, ...] = ()  #: keys of drafts
    future: tuple[str, ...] = ()  #: keys of entries whose date is still to come
    since: datetime | None = None  #: the newest date that was not left out: before it there would be more
    until: datetime | None = None  #: the date on which the first of `future` is due


# --- what is linked ----------------------------------------------------------------------------------


class Term(Struct, frozen=True, kw_only=True):
    """One tag, author, category or group."""

    taxonomy: str
    slug: str
    names: Mapping[str, str]  #: language -> name; every configured language is there
    profiles: Mapping[str, str] = {}  #: language -> key of its profile
    spellings: tuple[str, ...] = ()  #: every name that profiles list for it, in any language and script
    former: tuple[str, ...] = ()  #: slugs that other spellings of its name would have; they lead to it
    order: int = 0


class Site(Struct, frozen=True, kw_only=True):
    """Everything joined: the one value that planning and rendering look at."""

    languages: tuple[str, ...]  #: the first one lives at "/"
    entries: Mapping[str, Entry]  #: by key
    profiles: Mapping[str, Profile]  #: by key
    indexes: Mapping[str, Mapping[str, Index]]  #: section -> language -> its _index.md
    assets: Mapping[str, Asset]  #: by path
    pictures: Mapping[str, Picture] = {}  #: by path, of the assets that are pictures
    sections: tuple[str, ...]  #: in order of name, `pages` not among them
    terms: Mapping[str, Mapping[str, Term]]  #: taxonomy -> slug -> term, by slug
    slugs: Mapping[str, Mapping[str, tuple[str, ...]]]  #: key -> taxonomy -> slugs of the entry's terms
    translations: Mapping[str, Mapping[str, str]]  #: translation key -> language -> key
    lists: Mapping[str, Mapping[str, tuple[str, ...]]]  #: language -> list name -> keys, newest first;
    #: the list called "" holds the dated entries of all sections with a feed
    newer: Mapping[str, str]  #: key -> the next newer entry of its section and language
    older: Mapping[str, str]
    related: Mapping[str, tuple[str, ...]]  #: key -> keys, the nearest first


# --- what is planned ---------------------------------------------------------------------------------


class Page(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file that the build will write, and what it is rendered from."""

    path: str  #: below the output, e.g. `posts/exile/index.html`
    kind: str  #: the renderer: post, page, home, section, taxonomy, term, …, atom, sitemap, asset
    url: str = ""  #: site path that readers see
    lang: str = ""
    key: str = ""  #: the entry, asset or alias target it is made from
    list: str = ""  #: the list it shows, or leads to
    number: int = 0  #: which page of that list, counted from the oldest; 0 shows the newest
    origin: str = ""  #: the file or setting that asks for this page, for messages about collisions
