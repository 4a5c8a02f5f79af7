"""Pelican sites: `Title:` lines, slugs of titles, pelicanconf.py (https://docs.getpelican.com/)."""

from __future__ import annotations

import ast
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct
from text_unidecode import unidecode

from sitegen.intake.fields import common, plain, texts, truth
from sitegen.intake.files import Unreadable, about_files, read_text, readable, walk
from sitegen.intake.html import to_markdown
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
    sorted_out,
    when,
    zone_of,
)
from sitegen.intake.pelican_front import with_front
from sitegen.intake.shortcodes import fenced, without_more
from sitegen.urls import slug_of_file

_CONF = "pelicanconf.py"


class _Site(Struct, frozen=True, kw_only=True):
    """What the settings say."""

    told: Mapping[str, Any]
    content: str
    section: str

    def say(self, name: str, default: Any = "") -> Any:
        """A setting, or its default where it is not written as plain data."""
        return self.told.get(name, default)


def _fits(source: Path) -> bool:
    return source.is_dir() and (source / _CONF).is_file()


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    told = _settings(source)
    content = plain(told.get("PATH", "content")).strip("./") or "content"
    if not (source / content).resolve().is_relative_to(source.resolve()) or not (source / content).is_dir():
        content = "content"
    site = _Site(told=told, content=content, section=wishes.section)
    yield Old(
        title=plain(told.get("SITENAME")),
        description=plain(told.get("SITESUBTITLE")),
        base_url=plain(told.get("SITEURL")),
        language=plain(told.get("DEFAULT_LANG")),
        timezone=plain(told.get("TIMEZONE")),
    )
    files = dict(walk(source / content)) if (source / content).is_dir() else {}
    candidates = {
        name: path for name, path in files.items() if name.lower().endswith((*MARKDOWN, ".html", ".htm"))
    }
    planned, left = sorted_out(read_files(candidates), lambda file: _plan(with_front(file, files), site))
    yield from left
    finished = finish(planned, _converter(planned))
    yield from with_old_lists(finished, lambda *term: _addresses_of_term(site, *term), _lists(site))
    yield from _others(files, candidates)


def _settings(source: Path) -> dict[str, Any]:
    """The settings that are plain data. The file is Python, and is not run."""
    try:
        tree = ast.parse(read_text(source / _CONF)[0])
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    told = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            try:
                told[node.targets[0].id] = ast.literal_eval(node.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    return told


def _plan(file: File, site: _Site) -> Planned | Left:
    folders, name = posixpath.split(file.path)
    stem = name.rpartition(".")[0]
    meta: dict[str, Any] = {**_named(file.path, site), **file.taken.meta}
    if not file.taken.has_block:
        return Left(source=file.path, reason="has no `Title:` line or the like, so it is no text of the site")
    status = plain(meta.pop("status", "")).lower()
    if status == "skip":
        return Left(source=file.path, reason="its status is skip")
    given = {key: plain(meta.pop(key, "")) for key in ("slug", "url", "save_as")}
    _settle_terms(meta, folders, site)
    meta, notes = common(meta, stem, zone_of(site.say("TIMEZONE")))
    if not meta.get("author") and site.say("AUTHOR"):
        meta["author"] = plain(site.say("AUTHOR"))
    if status == "draft":
        meta["draft"] = True
    elif status == "hidden":
        notes.append(lost("it was hidden from lists; here it stands in them"))
    slug = given["slug"] or _slugified(plain(file.taken.meta.get("title")) or stem)
    lang = plain(meta.get("lang")).lower()
    foreign = bool(lang) and lang != (plain(site.say("DEFAULT_LANG")).lower() or "en")
    if foreign:
        meta["translation_key"] = slug
        slug = f"{slug}-{lang}"
    is_page = folders.split("/")[0] in site.say("PAGE_PATHS", ["pages"])
    return _placed(file, meta, notes, site, slug, given["save_as"] or given["url"], is_page)


def _named(path: str, site: _Site) -> dict[str, str]:
    """What the name of a file says of its text, by the settings for it; what the text says counts more."""
    stem = posixpath.basename(path).rpartition(".")[0]
    shapes = {
        stem: site.say("FILENAME_METADATA", r"(?P<date>\d{4}-\d{2}-\d{2}).*"),
        path: site.say("PATH_METADATA"),
    }
    told: dict[str, str] = {}
    for text, shape in shapes.items():
        with suppress(re.error, TypeError, RecursionError):
            if shape and (found := re.match(shape, text)):
                told |= {key.lower(): value for key, value in found.groupdict().items() if value}
    return told


def _settle_terms(meta: dict[str, Any], folders: str, site: _Site) -> None:
    """Tags and authors are parted by semicolons, else by commas; a folder may be the category."""
    for key in ("tags", "authors"):
        if isinstance(meta.get(key), str):
            sign = ";" if ";" in meta[key] else ","
            meta[key] = [part.strip() for part in meta[key].split(sign) if part.strip()]
    if meta.get("category"):
        return
    meta.pop("category", None)
    first, _, _ = folders.partition("/")
    if first not in site.say("PAGE_PATHS", ["pages"]):
        top = folders.rpartition("/")[2] if truth(site.say("USE_FOLDER_AS_CATEGORY", True)) else ""
        meta["category"] = top or plain(site.say("DEFAULT_CATEGORY", "misc"))


def _placed(
    file: File, meta: dict[str, Any], notes: list[Note], site: _Site, slug: str, given: str, is_page: bool
) -> Planned:
    kind = "PAGE" if is_page else "ARTICLE"
    default = "pages/{slug}.html" if is_page else "{slug}.html"
    pattern = site.say(f"{kind}_SAVE_AS") or site.say(f"{kind}_URL") or default
    url = given or ("" if meta.get("draft") else _filled(str(pattern), meta, slug, file, site))
    folders = [slug_of_file(part) for part in posixpath.dirname(file.path).split("/") if part]
    folders = folders[1:] if is_page else []
    place = "/".join(["pages" if is_page else site.section, *folders, slug])
    return Planned(
        file=file, path=f"{place}.md", url=f"/{url.lstrip('/')}" if url else "", meta=meta, notes=tuple(notes)
    )


def _filled(pattern: str, meta: Mapping[str, Any], slug: str, file: File, site: _Site) -> str:
    """A pattern of `str.format`, like `{date:%Y}/{slug}.html`, filled by hand."""
    date = when(meta, zone_of(site.say("TIMEZONE")))
    parts = {
        "slug": slug,
        "lang": plain(meta.get("lang")) or plain(site.say("DEFAULT_LANG", "en")),
        "category": _slugified(
            (texts(meta.get("category")) or [plain(site.say("DEFAULT_CATEGORY", "misc"))])[0]
        ),
        "author": _slugified((texts(meta.get("author")) or [""])[0]),
        "base_name": posixpath.basename(file.path).rpartition(".")[0],
        "path": file.path,
    }

    def part(found: re.Match[str]) -> str:
        if found[1] == "date" and date:
            return date.strftime(found[2] or "%Y-%m-%d")
        return parts.get(found[1], found[0])

    return re.sub(r"\{(\w+)(?::([^}]*))?\}", part, pattern).removesuffix("index.html")


def _slugified(text: str) -> str:
    """Pelican's own slugs, by its SLUG_REGEX_SUBSTITUTIONS as they are by default."""
    text = unidecode(unicodedata.normalize("NFKC", text))
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip()).lower()


def _addresses_of_term(site: _Site, taxonomy: str, name: str, _lang: str) -> Iterator[str]:
    kind = {"tags": "TAG", "categories": "CATEGORY", "authors": "AUTHOR"}[taxonomy]
    default = f"{kind.lower()}/{{slug}}.html"
    if pattern := plain(site.say(f"{kind}_SAVE_AS", site.say(f"{kind}_URL", default))):
        yield "/" + pattern.replace("{slug}", _slugified(name)).lstrip("/").removesuffix("index.html")


def _lists(site: _Site) -> dict[str, str]:
    """The pages that Pelican makes of everything, of all tags and the like."""
    made = texts(site.say("DIRECT_TEMPLATES", ["tags", "categories", "authors", "archives"]))
    named = {"tags": "tags", "categories": "categories", "authors": "authors", site.section: "archives"}
    return {
        name: f"/{plain(site.say(f'{page.upper()}_SAVE_AS')) or f'{page}.html'}"
        for name, page in named.items()
        if page in made
    }


def _converter(planned: list[Planned]) -> Convert:
    addresses = {page.file.path: page.url for page in planned}

    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def replaced(found: re.Match[str]) -> str:
            kind, target = found[1], found[2]
            if kind == "filename" and target.partition("#")[0].lower().endswith((*MARKDOWN, ".rst", ".html")):
                known = resolve(target, page.file.path, addresses)
                if known is None:
                    notes.append(lost(f'the reference "{target}" leads to no text'))
                return known or found[0]
            if kind in ("filename", "static", "attach"):
                beside = posixpath.join(posixpath.dirname(page.file.path), target)
                return "/" + posixpath.normpath(target.lstrip("/") if target.startswith("/") else beside)
            names = {"tag": "tags", "category": "categories", "author": "authors"}
            return f"/{names[kind]}/{_slugified(target)}/" if kind in names else "/"

        kinds = "filename|static|attach|tag|category|author|index"
        body = re.sub(rf"[{{|]({kinds})[}}|]([^\s)\"'>]*)", replaced, body)
        if page.file.path.endswith((".html", ".htm")):
            return to_markdown(body)
        if "[TOC]" in body:
            notes.append(changed("the mark for a table of contents is taken out; sitegen makes one itself"))
        return _coloured(re.sub(r"^\[TOC\]\s*$", "", without_more(body, notes), flags=re.MULTILINE))

    return convert


def _coloured(body: str) -> str:
    """Indented code that begins with `:::python` as a fenced block."""
    block = re.compile(
        r"^(?: {4}|\t):::+ *(\w+)[^\n]*\n((?:(?: {4}|\t)[^\n]*\n?|[ \t]*\n(?= {4}|\t))+)", re.MULTILINE
    )
    return block.sub(
        lambda found: fenced(re.sub(r"^(?: {4}|\t)", "", found[2], flags=re.M), found[1]) + "\n", body
    )


def _others(files: Mapping[str, Path], candidates: Mapping[str, Path]) -> Iterator[Item]:
    others: dict[str, tuple[str, Path]] = {}
    for name, path in files.items():
        if name in candidates:
            continue
        if name.lower().endswith((".rst", ".adoc", ".asc", ".org")):
            reason = "is not Markdown; turn it into Markdown first, for example with pandoc"
            yield Left(source=readable(name), reason=reason)
        elif about_files(name):
            yield Left(source=readable(name), reason="is about files, not a text of the site")
        else:
            others[name] = (name, path)
    yield from copies(others)


FORMAT = Format(name="pelican", title="a Pelican site", fits=_fits, read=_read)
