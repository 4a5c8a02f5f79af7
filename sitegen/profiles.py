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
from sitegen.model import Body, Index, Link, Profile


def read_profile(source: Source, document: Document, config: Config, report: Report) -> tuple[Profile, Body]:
    meta = document.meta
    fields = read_fields(ProfileFields, meta, config.zone, report)
    image = ask.address(fields.image, "image", report)
    name = ask.title(fields.name, "name", meta, report)
    read_here = {"social_links", "same_as", "externalAuthorLink"}
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
        aliases=fields.aliases,
        extra=ask.extra(ProfileFields, meta, read_here),
        lines=document.lines,
    )
    return profile, ask.render(document, config, name, image)


def _website(meta: Mapping[str, Any], report: Report) -> str:
    written = meta.get("externalAuthorLink")
    return (
        ask.address(written, "externalAuthorLink", report, external=True) if isinstance(written, str) else ""
    )


def _links(written: Any, report: Report) -> tuple[Link, ...]:
    """`social_links`: a table of names and addresses, a list of addresses, or of tables with both."""
    if isinstance(written, dict):
        pairs = list(written.items())
    else:
        items = written if isinstance(written, list) else [written] if written else []
        pairs = [_pair(item) for item in items]
    links = []
    for name, address in pairs:
        url = ask.address(str(address or ""), "social_links", report, external=True)
        if url:
            links.append(Link(name=str(name or urlsplit(url).hostname), url=url))
    return tuple(links)


def _pair(item: Any) -> tuple[Any, Any]:
    if not isinstance(item, dict):
        return "", item
    name = next((item[key] for key in ("name", "title", "platform", "label") if key in item), "")
    return name, next((item[key] for key in ("url", "link", "href") if key in item), "")


#: Where the identifiers of authority files are found.
_AUTHORITIES = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "orcid": "https://orcid.org/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "isni": "https://isni.org/isni/{}",
    "gnd": "https://d-nb.info/gnd/{}",
}


def _same_as(written: Any, report: Report) -> tuple[str, ...]:
    """`same_as`: addresses, or a table such as `wikidata: Q42`."""
    if isinstance(written, dict):
        known = {name: value for name, value in written.items() if name.lower() in _AUTHORITIES}
        for name in written.keys() - known.keys():
            report("same_as", f'"{name}" is not an authority file', nearest(name, _AUTHORITIES))
        return tuple(
            value if urls.is_external(str(value)) else _AUTHORITIES[name.lower()].format(value)
            for name, value in known.items()
        )
    items = written if isinstance(written, list) else [written] if written else []
    found = (ask.address(str(item), "same_as", report, external=True) for item in items)
    return tuple(address for address in found if address)


def read_index(source: Source, document: Document, config: Config, report: Report) -> tuple[Index, Body]:
    fields = read_fields(IndexFields, document.meta, config.zone, report)
    index = Index(
        key=source.key,
        section=source.section,
        lang=ask.language(fields.lang, source, config, report),
        title=fields.title,
        description=fields.description,
        extra=ask.extra(IndexFields, document.meta, set()),
    )
    return index, ask.render(document, config, fields.title, "")
