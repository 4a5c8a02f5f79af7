"""Hugo sites: content/ with bundles, static/, permalinks, languages, shortcodes (https://gohugo.io/)."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sitegen.dates import split_dated_name
from sitegen.intake.fields import common, plain, texts
from sitegen.intake.files import readable, walk
from sitegen.intake.hugo_text import converter
from sitegen.intake.hugo_urls import Site, addresses_of_term, pathified, url_of
from sitegen.intake.items import Format, Item, Left, Note, Old, Wishes, changed, lost
from sitegen.intake.old_lists import with_old_lists
from sitegen.intake.old_site import (
    MARKDOWN,
    File,
    Planned,
    copies,
    finish,
    read_files,
    section_named,
    settings,
    sorted_out,
    zone_of,
)
from sitegen.urls import slug_of_term

_SETTINGS = tuple(
    f"{folder}{name}.{ending}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for ending in ("toml", "yaml", "yml", "json")
)

#: Sections whose texts are posts by their very name.
_POSTS = ("posts", "post", "blog", "articles", "news")

_PROFILES = {"tags": "tags", "categories": "categories", "authors": "people"}


def _fits(source: Path) -> bool:
    if not source.is_dir() or not (source / "content").is_dir() or (source / "sitegen.toml").exists():
        return False
    has_settings = any((source / name).is_file() for name in _SETTINGS)
    return has_settings and not (source / "pelicanconf.py").exists() and not _is_zola(source)


def _is_zola(source: Path) -> bool:
    return "base_url" in settings(source, "config.toml")


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    told = {key.lower(): value for key, value in settings(source, *_SETTINGS).items()}
    found = list(read_files(_texts_of(source, told)))
    yield from _old(told)
    files = [file for file in found if isinstance(file, File)]
    site = _site(told, files, wishes)
    pages, left = sorted_out(found, lambda file: _plan(file, site))
    yield from left
    addresses = {page.file.path: page.url for page in pages}
    main = {site.section: f"/{pathified(site.main, site)}/"} if site.main else {}
    finished = finish(pages, converter(addresses))
    yield from with_old_lists(finished, lambda *term: addresses_of_term(told, site, *term), main)
    yield from copies(_other_files(source, told, site))
    yield from _left(source)


def _contents(told: Mapping[str, Any]) -> dict[str, str]:
    """Folders of texts -> the language of what lies in them, "" for any."""
    languages = told.get("languages") if isinstance(told.get("languages"), dict) else {}
    folders = {
        plain(one.get("contentDir") or one.get("contentdir")): code
        for code, one in (languages or {}).items()
        if isinstance(one, dict)
    }
    return {
        **{key.strip("/"): code for key, code in folders.items() if key},
        plain(told.get("contentdir")) or "content": "",
    }


def _texts_of(source: Path, told: Mapping[str, Any]) -> dict[str, Path]:
    return {
        f"{folder}/{name}": path
        for folder in _contents(told)
        if (source / folder).is_dir() and (source / folder).resolve().is_relative_to(source.resolve())
        for name, path in walk(source / folder)
        if name.lower().endswith(MARKDOWN)
    }


def _languages(told: Mapping[str, Any]) -> tuple[str, ...]:
    languages = told.get("languages")
    first = plain(told.get("defaultcontentlanguage")) or "en"
    codes = [plain(code).lower() for code in languages] if isinstance(languages, dict) else []
    return tuple(dict.fromkeys([first, *codes]))


def _old(told: Mapping[str, Any]) -> Iterator[Old]:
    languages = _languages(told)
    params = told.get("params") if isinstance(told.get("params"), dict) else {}
    code = plain(told.get("languagecode")).partition("-")[0].lower()
    yield Old(
        title=plain(told.get("title")),
        description=plain((params or {}).get("description")),
        base_url=plain(told.get("baseurl")),
        language=languages[0] if len(languages) > 1 or "defaultcontentlanguage" in told else code,
        timezone=plain(told.get("timezone")),
        engine="commonmark",
        languages=languages[1:],
    )


def _site(told: Mapping[str, Any], files: list[File], wishes: Wishes) -> Site:
    permalinks = told.get("permalinks") if isinstance(told.get("permalinks"), dict) else {}
    by_kind = (permalinks or {}).get("page")
    patterns = by_kind if isinstance(by_kind, dict) else permalinks or {}
    of_terms = (permalinks or {}).get("term")
    of_terms = of_terms if isinstance(of_terms, dict) else permalinks or {}
    languages = _languages(told)
    return Site(
        languages=languages,
        first=languages[0],
        permalinks={key: value for key, value in patterns.items() if isinstance(value, str)},
        terms={key: value for key, value in of_terms.items() if isinstance(value, str)},
        zone=zone_of(told.get("timezone")),
        ugly=told.get("uglyurls") is True,
        lower=told.get("disablepathtolower") is not True,
        named_dates=_named_dates(told.get("frontmatter")),
        main=main_section(files, languages),
        section=wishes.section,
    )


def _named_dates(told: Any) -> str:
    sources = texts(told.get("date")) if isinstance(told, dict) else []
    return "" if ":filename" not in sources else "first" if sources[0] == ":filename" else "else"


def main_section(files: list[File], languages: tuple[str, ...]) -> str:
    """The folder with the most dated texts, those with the usual names first; "" if there is none."""
    sections = Counter(
        split_path(file.path, languages)[1][0]
        for file in files
        if len(split_path(file.path, languages)[1]) > 1 and file.taken.meta.get("date")
    )
    usual = [name for name in _POSTS if sections[name]]
    return max(usual or sections, key=lambda name: sections[name], default="")


def split_path(path: str, languages: tuple[str, ...]) -> tuple[str, list[str]]:
    """The language of a file and its path below the folder of texts, its ending and language taken off."""
    parts = path.rpartition(".")[0].split("/")
    stem, dot, code = parts[-1].rpartition(".")
    lang = code.lower() if dot and code.lower() in languages else ""
    parts = [*parts[:-1], stem if lang else parts[-1]]
    if parts[0] != "content" and parts[0] not in languages and len(parts) > 1:
        lang = lang or next((one for one in languages if one in parts[:2][0].split(".")), "")
    parts = parts[1:]
    if len(parts) > 1 and parts[0] in languages:
        lang, parts = parts[0], parts[1:]
    return lang, parts


def _plan(file: File, site: Site) -> Planned | Left:
    lang, parts = split_path(file.path, site.languages)
    name = parts[-2] if parts[-1] == "index" and parts[1:] else parts[-1]
    meta, notes = common(file.taken.meta, name, site.zone)
    dated, stem = split_dated_name(name)
    if dated and (site.named_dates == "first" or (site.named_dates and "date" not in meta)):
        meta = {"slug": stem, **meta, "date": dated}
    url = url_of(meta, parts, lang, site)
    if isinstance(meta.get("aliases"), list):
        # Those without "/" before them lie beside the page.
        folder = posixpath.dirname(url.rstrip("/"))
        meta["aliases"] = [posixpath.join(folder, one) for one in texts(meta["aliases"])]
    if parts[-1] == "_index":
        parts = [site.section if parts[0] == site.main else parts[0], *parts[1:]]
        return index_of(file, meta, parts, lang, notes)
    for key in ("slug", "url"):
        if key in meta:
            notes.append(changed(f'its {key} "{plain(meta.pop(key))}" leads here as an old address'))
    place = place_of(parts, site.main, site.section)
    if lang and lang != site.first:
        meta["lang"] = lang
        place = f"{lang}/{place}"
    return Planned(file=file, path=f"{place}.md", url=url, meta=meta, notes=tuple(notes))


def place_of(parts: list[str], main: str, section: str) -> str:
    """Where the text at `parts` lies in the new site; the folder `main` becomes the section `section`."""
    folders, name = parts[:-1], parts[-1]
    if not folders:
        return f"pages/{name}"
    if len(folders) == 1 and name == "index":
        return f"pages/{folders[0]}/index"
    own = section if folders[0] == main else section_named(folders[0])
    return "/".join([own, *folders[1:], name])


def index_of(
    file: File, meta: dict[str, Any], parts: list[str], lang: str, notes: list[Note]
) -> Planned | Left:
    """What a section or a term says of itself; `parts` begin with the section's name in the new site."""
    suffix = f".{lang}" if lang else ""
    if len(parts) == 3 and parts[0] in _PROFILES:
        name, moved = meta.pop("title"), meta.pop("aliases", None)
        if moved:
            notes.append(lost(f"its old addresses {', '.join(moved)}"))
        if slug_of_term(parts[1]) != slug_of_term(name):
            # Texts name it by its folder.
            meta["aliases"] = [parts[1]]
        path = f"{_PROFILES[parts[0]]}/{slug_of_term(name)}{suffix}.md"
        return Planned(file=file, path=path, url="", meta={"name": name, **meta}, notes=tuple(notes))
    if len(parts) != 2 or section_named(parts[0]) != parts[0]:
        return Left(source=file.path, reason="describes a list that sitegen does not make")
    return Planned(file=file, path=f"{parts[0]}/_index{suffix}.md", url="", meta=meta, notes=tuple(notes))


def _other_files(source: Path, told: Mapping[str, Any], site: Site) -> dict[str, tuple[str, Path]]:
    """Files beside texts, by the place of their text; and those of static/, by their own."""
    files = {}
    for folder in _contents(told):
        if not (source / folder).is_dir():
            continue
        for name, path in walk(source / folder):
            if not name.lower().endswith(MARKDOWN):
                parts = readable(name).split("/")
                place = place_of(parts, site.main, site.section) if len(parts) > 1 else parts[0]
                files[f"{folder}/{name}"] = (place, path)
    for folder in ("static", "assets/images", "assets/img"):
        if (source / folder).is_dir():
            top = folder.removeprefix("static").removeprefix("assets/")
            for name, path in walk(source / folder):
                files[f"{folder}/{name}"] = (f"{top}/{name}".strip("/"), path)
    return files


def _left(source: Path) -> Iterator[Left]:
    for name, _ in walk(
        source, ("content", "static", "public", "resources", "themes", "layouts", "archetypes")
    ):
        folder = name.partition("/")[0]
        if not name.startswith(("assets/images/", "assets/img/")) and name not in _SETTINGS:
            reason = (
                "belongs to the old theme"
                if folder in ("assets", "i18n", "data")
                else "is not a text of the site"
            )
            yield Left(source=readable(name), reason=reason)


FORMAT = Format(name="hugo", title="a Hugo site", fits=_fits, read=_read)
