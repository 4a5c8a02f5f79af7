"""Why a page is made anew, or left as it is, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from sitegen.asking import Trace, Verifier
from sitegen.errors import Problem, SiteError, nearest
from sitegen.identity import identity_at
from sitegen.make import Known, Making, Shapes, template_name
from sitegen.model import Page
from sitegen.ready import Ready
from sitegen.rows import TraceRow
from sitegen.urls import output_path


def why(address: str, ready: Ready, making: Making, known: Known, shaped: Mapping[str, str]) -> list[str]:
    """The reasons, in lines, for what is about to happen to the page at `address`.

    `shaped` is what `Shapes.parts` was at the last build. Raises SiteError for an address without a page.
    """
    page = _page(address, ready, making.library.config.base_url)
    name = f"/{page.path}"
    row = known.files.get(page.path)
    if row is None:
        return [f"{name} is made: the last build did not make it."]
    place = making.output.folder / page.path
    if not row.identity or row.identity != identity_at(place):
        return [f"{name} is made anew: the file in the output is not as the last build left it."]
    shapes = Shapes(making.library)
    if shapes.of(page) != row.shape:
        return [f"{name} is made anew, since this has changed:", *_shapes(page, shapes, shaped, making)]
    if page not in ready.stale:
        return [f"{name} is left as it is: no text that it shows anything of was edited."]
    trace = msgspec.json.decode(known.traces.get(page.path, TraceRow(page.path)).trace, type=Trace)
    verifier = Verifier(making.library)
    changed = [question for question in trace if verifier.first_change({question: trace[question]})]
    if changed:
        return [f"{name} is made anew, since this has changed:", *(f"  {in_words(one)}" for one in changed)]
    asked = f"of the {len(trace)} things it asked of the site" if trace else "of its file"
    return [f"{name} is left as it is: nothing {asked} has changed."]


def _page(address: str, ready: Ready, base_url: str) -> Page:
    path = unquote(address.removeprefix(base_url) if base_url else address)
    url = "/" + path.removeprefix("/")
    wanted = {url, f"{url}/", f"/{output_path(url)}"}
    for page in ready.pages:
        if page.url in wanted or f"/{page.path}" in wanted:
            return page
    hint = nearest(url, (page.url for page in ready.pages)) or "write it as in the address bar: /posts/x/"
    raise SiteError([Problem(message=f'there is no page "{address}" to explain', hint=hint)])


def _shapes(page: Page, shapes: Shapes, shaped: Mapping[str, str], making: Making) -> list[str]:
    template = template_name(page, making.library)
    now = shapes.parts()
    names = [*_PARTS, *([f"template {template}"] if template else [])]
    changed = [name for name in names if now.get(name) != shaped.get(name)]
    words = [_PARTS.get(name) or f"the {name}, or one that it takes in" for name in changed]
    return [f"  {one}" for one in words or ["its file, its address, or its place in a list"]]


#: Part of what shapes every page -> what it is called.
_PARTS = {
    "settings": "the settings",
    "theme settings": "the theme's settings",
    "theme texts": "the theme's texts in i18n/",
    "theme files": "the theme's files in static/",
    "versions": "the version of sitegen, of Python or of a library",
}


def in_words(question: str) -> str:
    """A question of a trace as a person would put it."""
    lang, name, *values = msgspec.json.decode(question)
    tell = _QUESTIONS.get(name)
    words = tell(*values) if tell else f"{name}({', '.join(map(str, values))})"
    return f"{words} [{lang}]"


def _list(name: str) -> str:
    return f'the list "{name}"' if name else "the list of the newest entries"


_QUESTIONS: Mapping[str, Callable[..., str]] = {
    "alternates": lambda url, _: f"the versions of {url} in other languages",
    "body": lambda key: f"the text of content/{key}",
    "card": lambda key: f"the title, date or other front matter of content/{key}",
    "cards_of": lambda name, count: f"the first {count} of {_list(name)}" if count else _list(name),
    "has": lambda url: f"whether there is {url}",
    "index_of_terms": lambda taxonomy: f"the terms of {taxonomy}, or what their profiles say",
    "leads_to": lambda target, key: f'where the link "{target}" in content/{key} leads',
    "listing": lambda name, number: f"{f'page {number}' if number else 'the newest page'} of {_list(name)}",
    "locations": lambda _: "the addresses in the sitemap, or a date of theirs",
    "month": lambda year, month, *_: f"the number of entries of {year:04d}-{month:02d}",
    "most_read": lambda count: f"the {count} entries that are read most",
    "nav": lambda: "the navigation",
    "picture": lambda image: f"the picture {image}",
    "post": lambda key: f"the front matter of content/{key}, of a neighbour or of a related entry",
    "section_page": lambda name, _: f'what is said of the section "{name}"',
    "sections": lambda: "the sections, or how many entries they have",
    "taxonomies": lambda: "which taxonomies have terms",
    "taxonomy_page": lambda name: f"what is said of {name}",
    "template": lambda name: f"the template {name}, or one that it takes in",
    "term": lambda taxonomy, slug: f"the name or count of {taxonomy}/{slug}",
    "term_page": lambda taxonomy, slug, _: f"what is said of {taxonomy}/{slug}",
    "terms": lambda taxonomy, *_: f"the terms of {taxonomy}, or their counts",
    "titles": lambda: "the titles, descriptions or names in the small index",
    "year": lambda year: f"the number of entries of {year:04d}",
    "years": lambda: "the years of the archive, or their counts",
}


def parts_of(shaped: bytes) -> dict[str, Any]:
    """What the store keeps of `Shapes.parts`; b"" is nothing."""
    return dict(msgspec.json.decode(shaped)) if shaped else {}
