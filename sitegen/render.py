"""A page and a theme -> bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markupsafe import escape

from sitegen import feeds
from sitegen.context import CONTEXTS, Context, name_of_list
from sitegen.markup.references import resolve
from sitegen.model import Body, Page
from sitegen.plan import INDEXED, SITEMAP_SIZE
from sitegen.urls import join
from sitegen.view import Library, SiteView


class Renderer:
    """Renders any page of one site. Cheap to call, expensive to make: make one."""

    def __init__(self, library: Library, pages: list[Page]) -> None:
        self.library = library
        self._pages = pages
        self._kinds: Mapping[str, Callable[[Page], bytes]] = {
            **dict.fromkeys(CONTEXTS, self._template),
            "atom": lambda page: feeds.atom(self._feed(page)),
            "jsonfeed": lambda page: feeds.json_feed(self._feed(page)),
            "sitemap": self._sitemap,
            "sitemap-index": lambda page: feeds.sitemap_index(library.config.base_url, page.number),
            "robots": lambda _: feeds.robots(library.config.base_url),
        }

    def render(self, page: Page) -> bytes:
        """The bytes of a page that is made; files that are copied are not rendered."""
        return self._kinds[page.kind](page)

    def _template(self, page: Page) -> bytes:
        context = Context(self.library, page)
        values = CONTEXTS[page.kind](context)
        name = f"{page.kind}.html"
        if page.kind == "post":
            name = self.library.config.section(values["post"].section).template
        template = self.library.theme.environment.get_template(name)
        return template.render(context.common(values), **values).encode()

    def _feed(self, page: Page) -> feeds.Feed:
        library, view = self.library, self.library.view(page.lang)
        config = library.config
        title, description = config.title, config.description
        if page.list:
            name, description = name_of_list(library, page)
            title = f"{name} · {config.title}"
        items = []
        for card in view.cards_of(page.list, feeds.SIZE):
            body = library.bodies[card.key]
            # Whole texts stand in the feeds of the site and its sections; those of terms repeat them.
            whole = "/" not in page.list
            items.append(
                feeds.Item(
                    card=card,
                    content=_for_feed(body, card.key, library) if whole else "",
                    updated=library.site.entries[card.key].updated,
                )
            )
        return feeds.Feed(
            title=title,
            description=description,
            author=config.author,
            lang=page.lang,
            base_url=config.base_url,
            url=page.url.rpartition("/")[0] + "/",
            items=items,
        )

    def _sitemap(self, page: Page) -> bytes:
        shown = [one for one in self._pages if one.kind in INDEXED]
        if page.number:
            shown = shown[(page.number - 1) * SITEMAP_SIZE : page.number * SITEMAP_SIZE]
        entries = self.library.site.entries
        locations = (
            feeds.Location(
                url=one.url,
                changed=(entries[one.key].updated or entries[one.key].date) if one.kind == "post" else None,
                alternates=SiteView(self.library, one).alternates(),
            )
            for one in shown
        )
        return feeds.sitemap(self.library.config.base_url, locations)


#: A link to a part of its own page, which in a feed is the part of another. Text holds no bare "<".
_TO_OWN_PART = re.compile(r'(<a\b[^<>]*\shref=")#')


def _for_feed(body: Body, key: str, library: Library) -> str:
    """A body with whole addresses."""

    def address(number: int) -> str:
        url = library.addresses.destination(body.references[number].target, key).url
        path, mark, rest = _cut(url)
        base_url = library.config.base_url or "/"
        return str(escape(join(base_url, path) + mark + rest))

    page = escape(join(library.config.base_url or "/", library.site.entries[key].url))
    return _TO_OWN_PART.sub(lambda start: f"{start[1]}{page}#", resolve(body.html, address))


def _cut(url: str) -> tuple[str, str, str]:
    at = min((url.index(sign) for sign in "?#" if sign in url), default=len(url))
    return url[:at], url[at : at + 1], url[at + 1 :]
