"""What the template of one page is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from sitegen import metadata
from sitegen.asking import Asker
from sitegen.cards import Listing, PageMeta, Picture
from sitegen.jsonld import absolute, describe
from sitegen.markup.references import END, resolve, resolve_images
from sitegen.model import Body, Page
from sitegen.plan import BUNDLE
from sitegen.site_view import SiteView
from sitegen.tools import Tools
from sitegen.urls import in_language, join, root_of
from sitegen.view import Library, View
from sitegen.words import direction, month_in_words

T = TypeVar("T", bound=Struct)

#: How wide pictures are in a text: as its column, which is as wide in every theme that is good to read.
IN_TEXT = "(min-width: 48rem) 44rem, 100vw"


class Context:
    """What the template of one page is given, and what it asked for."""

    def __init__(self, library: Library, page: Page) -> None:
        self.library, self.page = library, page
        self.view = library.view(page.lang)
        self.ask = Asker(self.view)
        self._site = SiteView(self.ask, page, library.config)
        # What is served in place of any missing page must not depend on where that page would be.
        root = (library.config.base_url or "/") if page.kind == "404" else root_of(page.url)
        self._tools = Tools(library, self.ask, root)

    def content(self, body: Body, key: str, *, leads: bool = False) -> Markup:
        """The body of the source file `key` with its references resolved, as seen from this page.

        A picture that opens it is what readers wait for, if the body `leads`: nothing pictured precedes it.
        """

        def url(number: int) -> str:
            return self.ask(View.leads_to, body.references[number].target, key)

        def image(number: int, tag: str) -> str:
            return _with_sizes(tag, self._tools.picture(url(number)), sized=body.references[number].sized)

        html = resolve_images(body.html, image)
        if leads and _PICTURE_FIRST.match(body.html):
            html = html.replace(' loading="lazy"', ' fetchpriority="high"', 1)
        return Markup(resolve(html, lambda number: str(escape(self._tools.url(url(number))))))

    def filled(self, value: T, key: str) -> T:
        """`value` with the body of the source file `key` as its content, if there is one."""
        return replace(value, content=self.content(self.ask(View.body, key), key)) if key else value

    def common(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What every template gets."""
        return {**self._tools.values(), "site": self._site, "page": self._meta(values)}

    def _meta(self, values: Mapping[str, Any]) -> PageMeta:
        config, page = self.library.config, self.page
        subject = values.get("post") or values.get("term") or values.get("section") or values.get("about")
        image = getattr(subject, "image", "")
        alternates = self._site.alternates()
        meta = PageMeta(
            kind=page.kind,
            url=page.url,
            home=self.view.at("/"),
            search=self.view.at("/search/") if config.search.enabled else "",
            lang=page.lang,
            dir=direction(page.lang),
            title=self._title(values),
            description=getattr(subject, "description", "") or config.description_in(page.lang),
            image=absolute(config.base_url, image),
            canonical=join(config.base_url, values.get("target", page.url)) if page.kind != "404" else "",
            feeds=self._feeds(),
            alternates=tuple(
                (lang, join(config.base_url, url) or self._tools.url(url)) for lang, url in alternates
            ),
            trail=self._trail(values),
        )
        site_title = config.title_in(page.lang)
        meta = replace(meta, jsonld=describe(meta, subject, site_title, config.base_url))
        return replace(meta, head=metadata.head(meta, subject, site_title, self._tools.url))

    def _trail(self, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """The names and paths of the pages that lead from the front page to this one."""
        page, at, word = self.page, self.view.at, self.view.text
        steps = [(self.library.config.title_in(page.lang), at("/"))]
        match page.kind:
            case "home" | "404" | "redirect":
                return ()
            case "post" if (section := values["post"].section) in self.library.site.sections:
                steps.append((name_of_list(self.ask, section)[0], at(f"/{section}/")))
            case "term":
                taxonomy = values["term"].taxonomy
                steps.append((word(taxonomy), at(f"/{taxonomy}/")))
            case "year":
                steps.append((word("archive"), at("/archive/")))
            case "month":
                year = values["month"].year
                steps += [(word("archive"), at("/archive/")), (str(year), at(f"/archive/{year:04d}/"))]
        return (*steps, (self._title(values), page.url))

    def _title(self, values: Mapping[str, Any]) -> str:
        match self.page.kind:
            case "post":
                return str(values["post"].title)
            case "section":
                return str(values["section"].title)
            case "term":
                return str(values["term"].name)
            case "taxonomy":
                return str(values["about"].title)
            case "year":
                return str(values["year"].year)
            case "month":
                return month_in_words(values["month"].year, values["month"].month, self.page.lang)
            case "redirect":
                return str(values["name"])
            case "home":
                return ""
            case "404":
                return self._tools.text("not_found")
            case kind:
                return self._tools.text(kind)

    def _feeds(self) -> tuple[tuple[str, str, str], ...]:
        """The feeds to announce: that of the page's own list first, then the site's."""
        library, page = self.library, self.page
        first = library.site.languages[0]
        bases = [in_language("/", page.lang, first)]
        site_title = library.config.title_in(page.lang)
        titles = [site_title]
        if page.kind in ("section", "term"):
            own = in_language(f"/{page.list}/", page.lang, first)
            if self.ask(View.has, own + "feed.xml"):
                bases.insert(0, own)
                titles.insert(0, f"{name_of_list(self.ask, page.list)[0]} · {site_title}")
        kinds = (("feed.xml", "application/atom+xml"), ("feed.json", "application/feed+json"))
        return tuple(
            (title, base + name, media)
            for base, title in zip(bases, titles, strict=True)
            for name, media in kinds
        )


_PICTURE_FIRST = re.compile(r"\s*(?:<(?:p|a|figure)\b[^<>]*>\s*)*<img\b[^<>]* loading=\"lazy\"")


def _with_sizes(tag: str, picture: Picture, *, sized: bool) -> str:
    """The <img> of a text with its size, unless its author gave one, and with the smaller pictures of it."""
    if picture.width and not sized:
        tag = tag.replace(END, f'{END} width="{picture.width}" height="{picture.height}"', 1)
    if not picture.srcset:
        return tag
    width = re.search(r'\swidth="(\d+)"', tag) if sized else None
    sizes = f"{width[1]}px" if width else IN_TEXT
    source = f'<source type="image/webp" srcset="{escape(picture.srcset)}" sizes="{sizes}">'
    return f"<picture>{source}{tag}</picture>"


#: A name is the same on all pages of a list; on a full one nothing that grows is asked for.
_ANY_FULL_PAGE = 1


def name_of_list(ask: Asker, name: str) -> tuple[str, str]:
    """What a section or a term is called, and what it says of itself."""
    if "/" in name:
        taxonomy, slug = name.split("/", 1)
        term = ask(View.term_page, taxonomy, slug, _ANY_FULL_PAGE)
        return term.name, term.description
    section = ask(View.section_page, name, _ANY_FULL_PAGE)
    return section.title, section.description


Values = dict[str, Any]


def _post(context: Context) -> Values:
    key = context.page.key
    post = context.ask(View.post, key)
    body = context.ask(View.body, key)
    return {
        "post": replace(
            post, content=context.content(body, key, leads=not post.image), headings=body.headings
        )
    }


def _term(context: Context) -> Values:
    taxonomy, slug = context.page.list.split("/", 1)
    term = context.ask(View.term_page, taxonomy, slug, context.page.number)
    return {"term": context.filled(term, term.source), "listing": _listing(context)}


def _section(context: Context) -> Values:
    section = context.ask(View.section_page, context.page.key, context.page.number)
    return {"section": context.filled(section, section.source), "listing": _listing(context)}


def _listing(context: Context) -> Listing:
    return context.ask(View.listing, context.page.list, context.page.number)


def _taxonomy(context: Context) -> Values:
    name = context.page.key
    about = context.ask(View.taxonomy_page, name)
    return {
        "taxonomy": name,
        "about": context.filled(about, about.source),
        "terms": context.ask(View.index_of_terms, name),
    }


def _archive(context: Context) -> Values:
    years = context.ask(View.years)
    counts = {year.year: year.count for year in years}
    span = range(min(counts), max(counts) + 1) if counts else ()
    return {"years": years, "bars": [(str(year), counts.get(year, 0)) for year in span]}


def _year(context: Context) -> Values:
    year = context.ask(View.year, int(context.page.list.rpartition("/")[2]))
    names = [f"archive/{month.year:04d}/{month.month:02d}" for month in year.months]
    cards = [context.ask(View.cards_of, name, None) for name in names]
    return {"year": year, "months": list(zip(year.months, cards, strict=True))}


def _month(context: Context) -> Values:
    _, year, month = context.page.list.split("/")
    shown = context.ask(View.month, int(year), int(month), context.page.number)
    return {"month": shown, "listing": _listing(context)}


def _search(context: Context) -> Values:
    return {"bundle": f"/{BUNDLE}/", "facets": list(context.library.config.search.facets)}


def _redirect(context: Context) -> Values:
    """An old address of an entry or a list, or another spelling of a term."""
    page = context.page
    if page.key:
        card = context.ask(View.card, page.key)
        return {"target": card.url, "name": card.title}
    if page.list in context.library.site.sections:
        section = context.ask(View.section_page, page.list, _ANY_FULL_PAGE)
        return {"target": section.url, "name": section.title}
    if "/" not in page.list:
        return {
            "target": context.view.at(f"/{page.list}/"),
            "name": context.ask(View.taxonomy_page, page.list).title,
        }
    term = context.ask(View.term, *page.list.split("/", 1))
    return {"target": term.url, "name": term.name}


def _nothing(_: Context) -> Values:
    return {}


#: For each kind of page with a template: what that template gets beside `Context.common`.
CONTEXTS: Mapping[str, Callable[[Context], Values]] = {
    "home": _nothing,
    "post": _post,
    "section": _section,
    "term": _term,
    "taxonomy": _taxonomy,
    "archive": _archive,
    "year": _year,
    "month": _month,
    "search": _search,
    "404": _nothing,
    "redirect": _redirect,
}
