"""A document -> the profile of a term, or what a section says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sitegen import ask, urls
from sitegen.ask import Report
from sitegen.config import Config
from sitegen.errors import nearest
from sitegen.fields import IndexFields, ProfileFields, read_fields
from sitegen.find import Source
from sitegen.front_matter import Document
from sitegen.markup import Converted
from sitegen.model import Body, Index, Link, Profile


def read_profile(
    source: Source, document: Document, converted: Converted, config: Config, report: Report
) -> tuple[Profile, Body]:
    meta = document.meta
    fields = read_fields(ProfileFields, meta, config.zone, report)
    image = ask.address(fields.image, "image", report)
    name = ask.title(fields.name, "name", meta, report)
    read_here = {"social_links", "same_as"}
    if not isinstance(meta.get("externalAuthorLink"), bool):  # some archives only mark guests by it
        read_here.add("externalAuthorLink")
    profile = Profile(
        key=source.key,
        taxonomy=source.section,
        slug=urls.slug_of_term(source.stem),
        lang=ask.language(fields.lang, source, config, report),
        name=name or source.stem,
        description=fields.description,
        image=image,
        image_alt=fields.image_alt,
        role=fields.role,
        order=fields.order,
        website=_website(meta, report),
        links=_links(meta.get("social_links"), report),
        same_as=_same_as(meta.get("same_as"), report),
        aliases=tuple(one for one in fields.aliases if not one.startswith("/")),
        old_paths=ask.old_paths(tuple(one for one in fields.aliases if one.startswith("/")), report),
        extra=ask.extra(ProfileFields, meta, read_here),
        lines=document.lines,
    )
    return profile, ask.body(document, converted, config, name, image)


def _website(meta: Mapping[str, Any], report: Report) -> str:
    written = meta.get("externalAuthorLink")
    if written is None or isinstance(written, bool):
        return ""
    return ask.address(str(written), "externalAuthorLink", report, external=True)


def _links(written: Any, report: Report) -> tuple[Link, ...]:
    """`social_links`: a table of names and addresses, a list of addresses, or of tables with both."""
    items = written if isinstance(written, list) else [written] if written else []
    links = []
    for name, address in (pair for item in items for pair in _pairs(item)):
        url = ask.address(str(address or ""), "social_links", report, external=True)
        if url:
            links.append(Link(name=str(name or urlsplit(url).hostname), url=url))
    return tuple(links)


def _pairs(item: Any) -> list[tuple[Any, Any]]:
    """The names and addresses in an address, in `name: …, url: …`, or in `telegram: …`."""
    if not isinstance(item, dict):
        return [("", item)]
    address = next((key for key in ("url", "link", "href") if key in item), "")
    if not address:
        return [
            (name, value.get("url") if isinstance(value, dict) else value) for name, value in item.items()
        ]
    name = next((item[key] for key in ("name", "title", "platform", "label") if key in item), "")
    return [(name, item[address])]


#: Where the identifiers of authority files are found.
_AUTHORITIES = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "orcid": "https://orcid.org/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "isni": "https://isni.org/isni/{}",
    "gnd": "https://d-nb.info/gnd/{}",
}


def _same_as(written: Any, report: Report) -> tuple[str, ...]:
    """`same_as`: addresses, or tables such as `wikidata: Q42`."""
    items = written if isinstance(written, list) else [written] if written else []
    addresses = []
    for item in items:
        for name, value in item.items() if isinstance(item, dict) else [("", item)]:
            text = str(value or "")
            if name and name.lower() not in _AUTHORITIES:
                report("same_as", f'"{name}" is not an authority file', nearest(name, _AUTHORITIES))
                continue
            if name and text and not urls.is_external(text):
                text = _AUTHORITIES[name.lower()].format(text)
            addresses.append(ask.address(text, "same_as", report, external=True))
    return tuple(dict.fromkeys(address for address in addresses if address))


def read_index(
    source: Source, document: Document, converted: Converted, config: Config, report: Report
) -> tuple[Index, Body]:
    fields = read_fields(IndexFields, document.meta, config.zone, report)
    index = Index(
        key=source.key,
        section=source.section,
        lang=ask.language(fields.lang, source, config, report),
        title=fields.title,
        description=fields.description,
        old_paths=ask.old_paths(fields.aliases, report),
        extra=ask.extra(IndexFields, document.meta, set()),
    )
    return index, ask.body(document, converted, config, fields.title, "")
