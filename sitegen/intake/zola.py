"""Zola sites: content/ with TOML front matter, taxonomies, `@/` links (https://www.getzola.org/documentation/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from slugify import slugify

from sitegen.dates import split_dated_name
from sitegen.intake.fields import common, plain, texts, truth
from sitegen.intake.files import readable, walk
from sitegen.intake.hugo import index_of, main_section, place_of, split_path
from sitegen.intake.items import Format, Item, Left, Note, Old, Wishes, changed, lost
from sitegen.intake.old_lists import with_old_lists
from sitegen.intake.old_site import (
    MARKDOWN,
    Convert,
    File,
    Planned,
    copies,
    finish,
    read_files,
    resolve,
    settings,
    sorted_out,
    zone_of,
)
from sitegen.intake.shortcodes import without_more

_PLAYERS = {
    "youtube": '<iframe src="https://www.youtube.com/embed/{}"></iframe>',
    "vimeo": '<iframe src="https://player.vimeo.com/video/{}"></iframe>',
    "gist": "<{}>",
}


def _settings(source: Path) -> dict[str, Any]:
    return settings(source, "zola.toml", "config.toml")


def _fits(source: Path) -> bool:
    return source.is_dir() and (source / "content").is_dir() and "base_url" in _settings(source)


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    told = _settings(source)
    first = plain(told.get("default_language")) or "en"
    languages = (first, *(told["languages"] if isinstance(told.get("languages"), dict) else ()))
    yield Old(
        title=plain(told.get("title")),
        description=plain(told.get("description")),
        base_url=plain(told.get("base_url")),
        language=first,
        engine="commonmark",
        languages=languages[1:],
    )
    files = dict(walk(source / "content"))
    candidates = {f"content/{name}": path for name, path in files.items() if name.lower().endswith(MARKDOWN)}
    found = list(read_files(candidates))
    texts_found = [one for one in found if isinstance(one, File)]
    main = main_section(texts_found, languages)
    slugging = _slugging(told)
    pages, left = sorted_out(found, lambda file: _plan(file, languages, main, wishes.section, slugging))
    yield from left
    addresses = {page.file.path.removeprefix("content/"): page.url for page in pages}
    finished = finish(pages, _converter(addresses))
    yield from with_old_lists(finished, lambda *term: _addresses_of_term(told, *term))
    others = {}
    for name, path in files.items():
        if f"content/{name}" not in candidates:
            parts = readable(name).split("/")
            place = place_of(parts, main, wishes.section) if len(parts) > 1 else name
            others[f"content/{name}"] = (place, path)
    if (source / "static").is_dir():
        others |= {f"static/{name}": (name, path) for name, path in walk(source / "static")}
    yield from copies(others)
    for name, _ in walk(source, ("content", "static", "public", "templates", "sass", "themes")):
        if name not in ("config.toml", "zola.toml"):
            yield Left(source=readable(name), reason="is not a text of the site")


def _slugging(told: Mapping[str, Any], what: str = "paths") -> str:
    given = told.get("slugify")
    return plain(given.get(what)) or "on" if isinstance(given, dict) else "on"


def _addresses_of_term(told: Mapping[str, Any], taxonomy: str, name: str, lang: str) -> Iterator[str]:
    """Where Zola lists the texts of a term: https://www.getzola.org/documentation/content/taxonomies/"""
    prefix = f"/{lang}" if lang else ""
    if taxonomy in texts(told.get("taxonomies")):
        yield f"{prefix}/{taxonomy}/{_slugged(name, _slugging(told, 'taxonomies'))}/"


def _plan(file: File, languages: tuple[str, ...], main: str, section: str, slugging: str) -> Planned | Left:
    lang, parts = split_path(file.path, languages)
    is_bundle = parts[-1] == "index" and len(parts) > 1
    dated, stem = split_dated_name(parts[-2] if is_bundle else parts[-1])
    given = dict(file.taken.meta)
    extra = given.pop("extra", None)
    taxonomies = given.pop("taxonomies", None)
    given = {
        **(extra if isinstance(extra, dict) else {}),
        **(taxonomies if isinstance(taxonomies, dict) else {}),
        **given,
    }
    path, slug = plain(given.pop("path", None)), plain(given.pop("slug", None))
    meta, notes = common(given, stem, zone_of("UTC"))
    if parts[-1] == "_index":
        parts = [section if parts[0] == main else parts[0], *parts[1:]]
        return index_of(file, meta, parts, lang, notes)
    if dated and not meta.get("date"):
        meta["date"] = dated
    if truth(meta.pop("render", True)) is False:
        meta["draft"] = True
        notes.append(changed("it was not rendered, so it is a draft"))
    if aliases := texts(meta.get("aliases")):
        meta["aliases"] = [f"/{alias.lstrip('/')}" for alias in aliases]
    folders = parts[:-2] if is_bundle else parts[:-1]
    url = path.strip("/") or "/".join(_slugged(part, slugging) for part in [*folders, slug or stem])
    place = place_of(parts, main, section)
    if lang and lang != languages[0]:
        meta["lang"] = lang
        url, place = f"{lang}/{url}", f"{lang}/{place}"
    return Planned(file=file, path=f"{place}.md", url=f"/{url}/", meta=meta, notes=tuple(notes))


def _slugged(part: str, how: str) -> str:
    if how == "on":
        return slugify(part)
    return re.sub(r'[\s<>:"|?*#\\()\[\]]+', "_", part) if how == "safe" else part


def _converter(addresses: Mapping[str, str]) -> Convert:
    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def linked(found: re.Match[str]) -> str:
            known = resolve(found[1], page.file.path.removeprefix("content/"), addresses)
            if known is None:
                notes.append(lost(f'the reference "{found[0]}" leads to no text'))
            return known or found[0]

        def shortcode(found: re.Match[str]) -> str:
            name = found[1]
            value = re.search(r"(?:id|url)\s*=\s*[\"']([^\"']+)", found[2])
            if name in _PLAYERS and value:
                notes.append(changed(f'the shortcode "{name}" is replaced'))
                return _PLAYERS[name].format(value[1])
            notes.append(lost(f'the shortcode "{name}" is kept as text'))
            return found[0]

        body = re.sub(r"(?<=\]\()@/([^)\s]+)|(?<=\]: )@/(\S+)", linked, without_more(body, notes))
        return re.sub(r"\{[{%]-?\s*(\w+)\(([^)]*)\)\s*-?[}%]\}", shortcode, body)

    return convert


FORMAT = Format(name="zola", title="a Zola site", fits=_fits, read=_read)
