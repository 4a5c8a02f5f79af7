"""Where Hugo publishes a page or the list of a term: https://gohugo.io/content-management/urls/"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from msgspec import Struct

from sitegen.intake.fields import plain, texts
from sitegen.intake.old_site import date_parts, filled, when


class Site(Struct, frozen=True, kw_only=True):
    """What the settings say."""

    languages: tuple[str, ...]
    first: str
    permalinks: Mapping[str, str]
    terms: Mapping[str, str]  #: permalinks of terms
    zone: tzinfo
    ugly: bool
    lower: bool
    named_dates: str  #: whether the dates in names count: "first", or "else" where there is no other
    main: str  #: the section that becomes `posts`
    section: str  #: what it becomes


def url_of(meta: Mapping[str, Any], parts: list[str], lang: str, site: Site) -> str:
    """The site path of a page; `parts` are its own below its language."""
    prefix = f"/{lang}" if lang and lang != site.first else ""
    if given := plain(meta.get("url")):
        return given if given.startswith("/") else f"{prefix}/{given}"
    folders = parts[:-1]
    name = folders.pop() if parts[-1] == "index" and folders else parts[-1]
    slug = plain(meta.get("slug"))
    pattern = site.permalinks.get(folders[0] if folders else parts[0], "") if folders or parts[1:] else ""
    if pattern:
        path = filled(pattern, _tokens(meta, folders, name, slug, site))
    else:
        path = "/" + "/".join([*folders, slug or name])
    ending = "" if path.endswith("/") else ".html" if site.ugly else "/"
    return prefix + pathified(path, site) + ending


def _tokens(meta: Mapping[str, Any], folders: list[str], name: str, slug: str, site: Site) -> dict[str, str]:
    title = pathified(plain(meta.get("title")).replace("/", "-"), site)
    return {
        **date_parts(when(meta, site.zone)),
        "section": folders[0] if folders else "",
        "sections": "/".join(folders),
        "title": title,
        "slug": slug or title,
        "slugorfilename": slug or name,
        "slugorcontentbasename": slug or name,
        "filename": name,
        "contentbasename": name,
    }


def pathified(path: str, site: Site) -> str:
    """Hugo's own way from names to addresses: `MakePath` and `URLize`."""
    path = re.sub(r"\s+", "-", path.strip())
    path = "".join(sign for sign in path if sign.isalnum() or sign in "/._-+~@#%\\")
    path = re.sub(r"-{2,}", "-", path).replace("#", "")
    return path.lower() if site.lower else path


def addresses_of_term(
    told: Mapping[str, Any], site: Site, taxonomy: str, name: str, lang: str
) -> Iterator[str]:
    """Where Hugo lists the texts of a term: https://gohugo.io/content-management/taxonomies/"""
    given = told.get("taxonomies")
    plurals = given.values() if isinstance(given, dict) else ("tags", "categories")
    if taxonomy not in plurals or "term" in texts(told.get("disablekinds")):
        return
    part = re.sub(r"\s", "-", name.strip())
    part = "".join(sign for sign in part if sign.isalnum() or sign in "/._-+~@")
    part = part.lower() if site.lower else part
    tokens = dict.fromkeys(("slug", "title", "slugorcontentbasename", "contentbasename"), part)
    path = filled(site.terms.get(taxonomy) or f"/{taxonomy}/:slug", tokens).rstrip("/")
    prefix = f"/{lang}" if lang else ""
    yield f"{prefix}/{path.lstrip('/')}" + (".html" if site.ugly else "/")
