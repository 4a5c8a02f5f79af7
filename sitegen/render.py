"""A page and a theme -> bytes, and what they were made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markupsafe import escape
from msgspec import Struct

from sitegen import feeds
from sitegen.asking import Asker, Trace
from sitegen.cards import Card
from sitegen.context import CONTEXTS, Context, name_of_list
from sitegen.markup.references import resolve
from sitegen.model import Page
from sitegen.titles import script
from sitegen.urls import join
from sitegen.view import Library, View


class Rendered(Struct, frozen=True, kw_only=True):
    data: bytes
    trace: Trace  #: while these answers stay the same, so does `data`
    seen: frozenset[str]  #: what was looked at for them (see `watched.Seen`)


def render(page: Page, library: Library) -> Rendered:
    """Render a page that is made; files that are copied are not rendered."""
    if page.kind in CONTEXTS:
        return _from_template(page, library)
    ask = Asker(library.view(page.lang or library.site.languages[0]))
    data = _MAKERS[page.kind](page, library, ask)
    return Rendered(data=data, trace=ask.trace, seen=frozenset(ask.seen))


def template_of(page: Page, library: Library) -> str:
    """The name of the template that a page is rendered from."""
    if page.kind != "post":
        return f"{page.kind}.html"
    return library.config.section(library.site.entries[page.key].section).template


def _from_template(page: Page, library: Library) -> Rendered:
    context = Context(library, page)
    values = CONTEXTS[page.kind](context)
    template = library.theme.environment.get_template(template_of(page, library))
    text = template.render(context.common(values), **values)
    ask = context.ask
    return Rendered(data=text.encode(), trace=ask.trace, seen=frozenset(ask.seen))


def _feed(page: Page, library: Library, ask: Asker) -> feeds.Feed:
    config = library.config
    site_title = title = config.title_in(page.lang)
    description = config.description_in(page.lang)
    if page.list:
        name, description = name_of_list(ask, page.list)
        title = f"{name} · {site_title}"
    # Whole texts stand in the feeds of the site and its sections; those of terms would only repeat them.
    whole = "/" not in page.list
    items = [
        feeds.Item(card=card, content=_whole_text(card, library, ask) if whole else "")
        for card in ask(View.cards_of, page.list, feeds.SIZE)
    ]
    return feeds.Feed(
        title=title,
        description=description,
        author=config.author,
        lang=page.lang,
        base_url=config.base_url,
        url=page.url.rpartition("/")[0] + "/",
        items=items,
    )


#: A link to a part of its own page, which in a feed is the part of another. Text holds no bare "<".
_TO_OWN_PART = re.compile(r'(<a\b[^<>]*\shref=")#')


def _whole_text(card: Card, library: Library, ask: Asker) -> str:
    """The body of an entry with whole addresses."""
    body = ask(View.body, card.key)
    base_url = library.config.base_url or "/"

    def address(number: int) -> str:
        url = ask(View.leads_to, body.references[number].target, card.key)
        path, mark, rest = _cut(url)
        return str(escape(join(base_url, path) + mark + rest))

    page = escape(join(base_url, card.url))
    return _TO_OWN_PART.sub(lambda start: f"{start[1]}{page}#", resolve(body.html, address))


def _cut(url: str) -> tuple[str, str, str]:
    at = min((url.index(sign) for sign in "?#" if sign in url), default=len(url))
    return url[:at], url[at : at + 1], url[at + 1 :]


def _atom(page: Page, library: Library, ask: Asker) -> bytes:
    return feeds.atom(_feed(page, library, ask))


def _json_feed(page: Page, library: Library, ask: Asker) -> bytes:
    return feeds.json_feed(_feed(page, library, ask))


def _sitemap(page: Page, library: Library, ask: Asker) -> bytes:
    return feeds.sitemap(library.config.base_url, ask(View.locations, page.number))


def _sitemap_index(page: Page, library: Library, _: Asker) -> bytes:
    return feeds.sitemap_index(library.config.base_url, page.number)


def _titles(page: Page, _: Library, ask: Asker) -> bytes:
    return script(ask(View.titles), page.lang)


def _robots(_: Page, library: Library, __: Asker) -> bytes:
    return feeds.robots(library.config.base_url)


_MAKERS: Mapping[str, Callable[[Page, Library, Asker], bytes]] = {
    "atom": _atom,
    "jsonfeed": _json_feed,
    "sitemap": _sitemap,
    "sitemap-index": _sitemap_index,
    "robots": _robots,
    "titles": _titles,
}
