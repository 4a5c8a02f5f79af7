"""Jekyll sites: _posts, _drafts, pages, collections, permalinks, Liquid (https://jekyllrb.com/docs/)."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.dates import split_dated_name
from sitegen.intake.fields import common, plain, texts
from sitegen.intake.files import about_files, readable, walk
from sitegen.intake.items import Format, Item, Left, Old, Text, Wishes, changed, digest_of, lost
from sitegen.intake.jekyll_text import converter
from sitegen.intake.old_lists import with_old_lists
from sitegen.intake.old_site import (
    MARKDOWN,
    File,
    Planned,
    copies,
    date_parts,
    filled,
    finish,
    read_files,
    section_named,
    settings,
    sorted_out,
    when,
    zone_of,
)
from sitegen.urls import slug_of_term

_TEXTS = (*MARKDOWN, ".html", ".htm")

#: Folders of Jekyll's own, beside those of texts.
_OWN = ("_site", "_includes", "_layouts", "_sass", "_plugins", "_data", ".jekyll-cache", "vendor")

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}


class _Site(Struct, frozen=True, kw_only=True):
    """What the settings say."""

    told: Mapping[str, Any]
    style: str  #: the permalink as it is written
    zone: tzinfo
    authors: Mapping[str, Any]
    section: str


def _fits(source: Path) -> bool:
    if not source.is_dir() or (source / "sitegen.toml").exists():
        return False
    is_hexo = (source / "source/_posts").is_dir()
    has_settings = any((source / f"_config.{ending}").exists() for ending in ("yml", "yaml", "toml"))
    return not is_hexo and (has_settings or (source / "_posts").is_dir())


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    told = settings(source, "_config.yml", "_config.yaml", "_config.toml")
    site = _Site(
        told=told,
        style=plain(told.get("permalink")) or "date",
        zone=zone_of(told.get("timezone")),
        authors=settings(source, "_data/authors.yml", "_data/authors.yaml", "_data/authors.json"),
        section=wishes.section,
    )
    yield Old(
        title=plain(told.get("title") or told.get("name")),
        description=plain(told.get("description")),
        base_url=plain(told.get("url")),
        language=plain(told.get("lang") or told.get("locale")).partition("-")[0].partition("_")[0],
        timezone=plain(told.get("timezone")),
    )
    files = dict(walk(source, _OWN))
    candidates = {name: path for name, path in files.items() if name.lower().endswith(_TEXTS)}
    planned, left = sorted_out(read_files(candidates), lambda file: _plan(file, site))
    yield from left
    others: dict[str, tuple[str, Path]] = {}
    addresses = {page.file.path: page.url for page in planned}
    items = itertools.chain(_people(site), finish(planned, converter(addresses, told)))
    yield from with_old_lists(items, lambda *term: _addresses_of_term(told, *term))
    for name, path in files.items():
        if name not in candidates and (reason := _no_copy(name)):
            yield Left(source=readable(name), reason=reason)
        elif name not in candidates:
            others[name] = (_without_underscores(name), path)
    yield from copies(others)


def _no_copy(name: str) -> str:
    if about_files(name):
        return "is about files, not a text of the site"
    if name.rpartition("/")[2].startswith("_config") or name in ("Gemfile", "Gemfile.lock", "Rakefile"):
        return "is a setting of Jekyll"
    if name.endswith((".scss", ".sass", ".gemspec", ".rb")) or name in (
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
    ):
        return "belongs to the old theme"
    return ""


def _without_underscores(name: str) -> str:
    return "/".join(part.lstrip("_") or part for part in name.split("/"))


def _plan(file: File, site: _Site) -> Planned | Left:
    folders, name = posixpath.split(file.path)
    stem = name.rpartition(".")[0]
    parts = folders.split("/") if folders else []
    is_post, is_draft = "_posts" in parts, "_drafts" in parts
    if not file.taken.has_block and not (is_post or is_draft):
        return Left(source=file.path, reason="has no front matter, so it is no text of the site")
    if name.endswith((".html", ".htm")) and re.search(
        r"\{%-?\s*(for|if|include|assign|paginate)\b", file.taken.body
    ):
        return Left(source=file.path, reason="is a template: its text is made of others")
    dated, slug = split_dated_name(stem) if is_post else ("", stem)
    meta = _defaults(file, site, "posts" if is_post or is_draft else "pages") | dict(file.taken.meta)
    before = texts(parts[: parts.index("_posts")]) if is_post else []
    _settle_terms(meta, before)
    permalink = plain(meta.pop("permalink", None))
    written = plain(meta.pop("slug", None))
    name_in_words = " ".join(word.capitalize() for word in slug.split("-")) if is_post else slug
    meta, notes = common(meta, name_in_words, site.zone)
    _settle_author(meta, site)
    if dated and not meta.get("date"):
        meta["date"] = dated
    if is_draft:
        meta["draft"] = True
    if meta.pop("redirect_to", None):
        notes.append(lost("its redirect_to leads elsewhere; it is a page here"))
    page = Planned(file=file, path="", url="", meta=meta, notes=tuple(notes))
    return _place(page, site, parts, slug, written, permalink, is_post or is_draft)


def _place(
    page: Planned, site: _Site, parts: list[str], slug: str, written: str, permalink: str, is_post: bool
) -> Planned | Left:
    from msgspec.structs import replace

    meta = dict(page.meta)
    if is_post:
        pattern = permalink or _STYLES.get(site.style, site.style)
        url = "" if meta.get("draft") else _url_of_post(pattern, meta, written or slug, slug, site)
        if url and not re.search(r"/$|\.html?$", url):
            # Jekyll writes a file with an ending, and servers find it without.
            meta["aliases"] = [*meta.get("aliases", []), url]
            url += ".html"
        return replace(page, path=f"{site.section}/{slug}.md", url=url, meta=meta)
    if parts and parts[0].startswith("_"):
        return _in_collection(page, site, parts, slug, permalink)
    if slug in ("404", "search") and page.file.path.endswith((".html", ".htm")):
        return Left(source=page.file.path, reason="sitegen makes this page itself")
    place = "/".join(parts)
    if slug == "index":
        if not parts:
            return Left(source=page.file.path, reason="is the front page, which the theme makes")
        return replace(page, path=f"pages/{place}.md", url=permalink or f"/{place}/")
    pretty = site.style == "pretty" or (site.style not in _STYLES and site.style.endswith("/"))
    url = permalink or f"/{place}/{slug}" + ("/" if pretty else ".html")
    return replace(page, path="/".join(["pages", *parts, slug]) + ".md", url=url)


def _in_collection(page: Planned, site: _Site, parts: list[str], slug: str, permalink: str) -> Planned:
    from msgspec.structs import replace

    name = parts[0].lstrip("_")
    told = site.told.get("collections")
    told = told.get(name) if isinstance(told, dict) else None
    told = told if isinstance(told, dict) else {}
    pattern = permalink or plain(told.get("permalink")) or "/:collection/:path:output_ext"
    path = "/".join([*parts[1:], slug])
    tokens = {
        "collection": name,
        "path": path,
        "name": slug,
        "title": slug,
        "output_ext": ".html",
        "slug": slug,
    }
    url = filled(pattern, tokens) if told.get("output") is True else ""
    return replace(page, path=f"{section_named(name)}/{path}.md", url=url)


def _defaults(file: File, site: _Site, kind: str) -> dict[str, Any]:
    """Front matter that the settings give to all texts of a folder: the narrower folder counts more."""
    given = site.told.get("defaults")
    found: list[tuple[int, dict[str, Any]]] = []
    for one in given if isinstance(given, list) else []:
        scope = one.get("scope") if isinstance(one, dict) else None
        if not isinstance(scope, dict) or not isinstance(one.get("values"), dict):
            continue
        path = plain(scope.get("path")).strip("/")
        if file.path.startswith(path) and plain(scope.get("type")) in ("", kind):
            found.append((len(path), one["values"]))
    merged: dict[str, Any] = {}
    for _, values in sorted(found, key=lambda pair: pair[0]):
        merged |= values
    return merged


def _settle_terms(meta: dict[str, Any], before: list[str]) -> None:
    """Tags and categories as Jekyll reads them: a text with spaces is several, `tag` is one."""
    for one, many in (("tag", "tags"), ("category", "categories")):
        given = meta.pop(many, None)
        names = plain(given).split() if isinstance(given, str) else texts(given)
        names = [*texts(meta.pop(one, None)), *names]
        names = [*before, *names] if many == "categories" else names
        if names:
            meta[many] = list(dict.fromkeys(names))
    if aliases := texts(meta.pop("redirect_from", None)):
        meta["aliases"] = [f"/{alias.lstrip('/')}" for alias in aliases]


def _settle_author(meta: dict[str, Any], site: _Site) -> None:
    """The name of an author whom the text calls by a key of _data/authors.yml."""
    names = [_name_of(key, site.authors) for key in texts(meta.get("author"))]
    if names:
        meta["author"] = names if len(names) > 1 else names[0]


def _name_of(key: str, authors: Mapping[str, Any]) -> str:
    told = authors.get(key)
    return plain(told.get("name") or told.get("display_name")) or key if isinstance(told, dict) else key


def _people(site: _Site) -> Iterator[Text]:
    for key, told in site.authors.items():
        if not isinstance(told, dict):
            continue
        name = _name_of(key, site.authors)
        rest = {
            one: value for one, value in told.items() if one not in ("name", "display_name", "email", "bio")
        }
        notes = (
            (changed("the address for mail is left out, since a profile is published"),)
            if told.get("email")
            else ()
        )
        yield Text(
            source=f"_data/authors, {key}",
            path=f"people/{slug_of_term(name)}.md",
            meta={"name": name, **rest},
            body=plain(told.get("bio")),
            digest=digest_of("author", key, repr(told)),
            notes=notes,
        )


def _url_of_post(pattern: str, meta: Mapping[str, Any], title: str, name: str, site: _Site) -> str:
    date = when(meta, site.zone)
    parts = {
        **date_parts(date),
        "categories": "/".join(dict.fromkeys(one.lower() for one in texts(meta.get("category")))),
        "title": _slugified(title),
        "slug": _slugified(title, plainer=True).lower(),
        "name": name,
        "output_ext": ".html",
        "week": f"{date:%V}" if date else "",
        "short_day": f"{date:%a}" if date else "",
    }
    return re.sub(r"/{2,}", "/", filled(pattern, parts))


def _addresses_of_term(told: Mapping[str, Any], taxonomy: str, name: str, _lang: str) -> Iterator[str]:
    """Where jekyll-archives lists the texts of a term: https://github.com/jekyll/jekyll-archives"""
    archives = told.get("jekyll-archives")
    archives = archives if isinstance(archives, dict) else {}
    enabled, kind = texts(archives.get("enabled")), {"tags": "tag", "categories": "category"}.get(taxonomy)
    if kind and (taxonomy in enabled or enabled in (["all"], ["true"])):
        given = archives.get("permalinks")
        pattern = plain(given.get(kind)) if isinstance(given, dict) else ""
        yield filled(pattern or f"/{kind}/:name/", {"name": _slugified(name, plainer=True).lower()})


def _slugified(text: str, *, plainer: bool = False) -> str:
    """Jekyll's `slugify`, in its modes `pretty` and `default`."""
    kept = "" if plainer else r"._~!$&'()+,;=@"
    return re.sub(rf"[^\w{re.escape(kept)}]+|_" if plainer else rf"[^\w{re.escape(kept)}]+", "-", text).strip(
        "-"
    )


FORMAT = Format(name="jekyll", title="a Jekyll site", fits=_fits, read=_read)
