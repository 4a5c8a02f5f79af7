"""What the template of one page is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape
from msgspec.structs import replace

from sitegen import metadata
from sitegen.cards import PageMeta, Picture
from sitegen.markup.references import resolve
from sitegen.model import Page
from sitegen.plan import BUNDLE
from sitegen.site_view import SiteView
from sitegen.urls import in_language, is_external, join, relative, root_of
from sitegen.view import Library
from sitegen.words import date_in_words, direction, month_in_words, number_in_words, say


class Context:
    """What the template of one page is given."""

    def __init__(self, library: Library, page: Page) -> None:
        self.library, self.page = library, page
        self.view = library.view(page.lang)
        self._site = SiteView(library, page)
        # What is served in place of any missing page must not depend on where that page would be.
        self._root = (library.config.base_url or "/") if page.kind == "404" else root_of(page.url)
        self._files = library.config.links == "files"

    def url(self, target: Any) -> str:
        """The href of a site path, of anything with a `url`, or of another site's address."""
        address = target if isinstance(target, str) else target.url
        return address if is_external(address) else relative(self._root, address, files=self._files)

    def asset(self, name: str) -> str:
        """The href of a file in the theme's static/."""
        path = f"{self.library.theme.assets}/{name}"
        if path not in self.library.theme.files:
            raise jinja2.UndefinedError(f"the theme has no file static/{name}")
        return self.url(f"/{path}")

    def text(self, key: str, **values: Any) -> str:
        """An interface text in the page's language."""
        return say(self.library.theme.texts, self.page.lang, key, values)

    def picture(self, image: str) -> Picture:
        """A picture's href and size."""
        width, height = (0, 0) if is_external(image) else self.library.size(image)
        return Picture(href=self.url(image), width=width, height=height)

    def content(self, html: str, key: str) -> Markup:
        """A body with its references resolved, as seen from this page."""
        body = self.library.bodies[key]

        def href(number: int) -> str:
            reference = body.references[number]
            url = self.library.addresses.destination(reference.target, key).url
            found = str(escape(self.url(url)))
            if reference.kind == "image" and not reference.sized:
                width, height = self.library.size(url)
                found += f'" width="{width}" height="{height}' if width else ""
            return found

        return Markup(resolve(html, href))

    def common(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What every template gets."""
        lang = self.page.lang
        return {
            "site": self._site,
            "page": self._meta(values),
            "theme": self.library.theme.settings,
            "url": self.url,
            "asset": self.asset,
            "t": self.text,
            "date": lambda moment, form="long": date_in_words(moment, form, lang),
            "month_name": lambda month: month_in_words(month.year, month.month, lang),
            "number": lambda number: number_in_words(number, lang),
            "picture": self.picture,
            "iso": datetime.isoformat,
            "host": lambda address: urlsplit(address).hostname or address,
        }

    def _meta(self, values: Mapping[str, Any]) -> PageMeta:
        config, page = self.library.config, self.page
        post = values.get("post")
        subject = post or values.get("term") or values.get("section")
        image = getattr(subject, "image", "")
        alternates = self._site.alternates()
        return PageMeta(
            kind=page.kind,
            url=page.url,
            home=self.view.at("/"),
            search=self.view.at("/search/") if config.search.enabled else "",
            lang=page.lang,
            dir=direction(page.lang),
            title=self._title(values),
            description=getattr(subject, "description", "") or config.description,
            image=metadata.absolute(config.base_url, image),
            canonical=join(config.base_url, values.get("target", page.url)) if page.kind != "404" else "",
            feeds=self._feeds(),
            alternates=tuple((lang, join(config.base_url, url) or self.url(url)) for lang, url in alternates),
            jsonld=metadata.article(post, config.title, config.base_url) if post else Markup(""),
        )

    def _title(self, values: Mapping[str, Any]) -> str:
        match self.page.kind:
            case "post":
                return str(values["post"].title)
            case "section":
                return str(values["section"].title)
            case "term":
                return str(values["term"].name)
            case "taxonomy":
                return self.text(self.page.key, default=self.page.key.capitalize())
            case "year":
                return str(values["year"].year)
            case "month":
                return month_in_words(values["month"].year, values["month"].month, self.page.lang)
            case "redirect":
                return str(values["name"])
            case "home":
                return ""
            case "404":
                return self.text("not_found")
            case kind:
                return self.text(kind)

    def _feeds(self) -> tuple[tuple[str, str, str], ...]:
        """The feeds to announce: that of the page's own list first, then the site's."""
        library, page = self.library, self.page
        first = library.site.languages[0]
        bases = [in_language("/", page.lang, first)]
        titles = [library.config.title]
        if page.kind in ("section", "term"):
            own = in_language(f"/{page.list}/", page.lang, first)
            if own + "feed.xml" in library.addresses.urls:
                bases.insert(0, own)
                titles.insert(0, f"{name_of_list(library, page)[0]} · {library.config.title}")
        kinds = (("feed.xml", "application/atom+xml"), ("feed.json", "application/feed+json"))
        return tuple(
            (title, base + name, media)
            for base, title in zip(bases, titles, strict=True)
            for name, media in kinds
        )


def name_of_list(library: Library, page: Page) -> tuple[str, str]:
    """What a list is called, and what it says of itself."""
    view = library.view(page.lang)
    if "/" in page.list:
        term = view.term_page(*page.list.split("/", 1))
        return term.name, term.description
    section = view.section_page(page.list)
    return section.title, section.description


Values = dict[str, Any]


def _post(context: Context) -> Values:
    post = context.view.post(context.page.key)
    return {"post": replace(post, content=context.content(post.content, post.key))}


def _term(context: Context) -> Values:
    taxonomy, slug = context.page.list.split("/", 1)
    term = context.view.term_page(taxonomy, slug)
    key = context.view.profile_key(taxonomy, slug)
    if key:
        term = replace(term, content=context.content(term.content, key))
    return {"term": term, "listing": context.view.listing(context.page.list, context.page.number)}


def _section(context: Context) -> Values:
    section = context.view.section_page(context.page.key)
    index = context.library.site.indexes.get((context.page.key, context.page.lang))
    if index:
        section = replace(section, content=context.content(section.content, index.key))
    return {"section": section, "listing": context.view.listing(context.page.list, context.page.number)}


def _taxonomy(context: Context) -> Values:
    name, view = context.page.key, context.view
    return {"taxonomy": name, "terms": tuple(view.term_line(name, term.slug) for term in view.terms(name))}


def _archive(context: Context) -> Values:
    return {"years": context.view.years()}


def _year(context: Context) -> Values:
    year = context.view.year(int(context.page.list.rpartition("/")[2]))
    months = [
        (month, context.view.cards_of(f"archive/{month.year:04d}/{month.month:02d}")) for month in year.months
    ]
    return {"year": year, "months": months}


def _month(context: Context) -> Values:
    _, year, month = context.page.list.split("/")
    return {
        "month": context.view.month(int(year), int(month)),
        "listing": context.view.listing(context.page.list, context.page.number),
    }


def _search(context: Context) -> Values:
    return {"bundle": f"/{BUNDLE}/", "facets": list(context.library.config.search.facets)}


def _redirect(context: Context) -> Values:
    """An alias of an entry, or another spelling of a term."""
    page = context.page
    entry = context.library.site.entries.get(page.key)
    if entry:
        return {"target": entry.url, "name": entry.title}
    term = context.view.term(*page.list.split("/", 1))
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
