"""Eleventy sites: any folder of texts, data files, permalinks (https://www.11ty.dev/docs/)."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from slugify import slugify

from sitegen.dates import split_dated_name
from sitegen.intake.fields import common, plain, texts
from sitegen.intake.files import Unreadable, about_files, read_text, readable, walk
from sitegen.intake.front import take_apart
from sitegen.intake.items import Format, Item, Left, Note, Old, Wishes, changed, guessed, lost
from sitegen.intake.old_lists import Addresses, with_old_lists
from sitegen.intake.old_site import (
    MARKDOWN,
    Convert,
    File,
    Planned,
    copies,
    finish,
    read_files,
    resolve,
    section_named,
    sorted_out,
    when,
    zone_of,
)
from sitegen.intake.shortcodes import Handler, Tag, replaced, without_more

_CONFIGS = tuple(
    f"{name}.{ending}" for name in ("eleventy.config", ".eleventy") for ending in ("js", "mjs", "cjs", "ts")
)

_TEMPLATES = (".njk", ".liquid", ".html", ".hbs", ".ejs", ".webc", ".11ty.js", ".pug", ".mustache")

#: Tags that gather texts for lists, and say nothing to readers.
_GATHERING = frozenset({"post", "posts", "all", "nav", "page", "pages", "blog"})

_FILES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".avif",
    ".svg",
    ".ico",
    ".pdf",
    ".mp3",
    ".mp4",
    ".webm",
    ".csv",
)


def _fits(source: Path) -> bool:
    return source.is_dir() and any((source / name).is_file() for name in _CONFIGS)


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    root = source / _input(source)
    files = dict(walk(root, ("_site", "_includes", "_data", "dist", "public" if root == source else "")))
    candidates = {name: path for name, path in files.items() if name.lower().endswith(MARKDOWN)}
    data = {name: _data(path) for name, path in files.items() if re.search(r"\.json$", name)}
    site = _data(root / "_data/site.json") | _data(root / "_data/metadata.json")
    yield Old(
        title=plain(site.get("title")),
        description=plain(site.get("description")),
        base_url=plain(site.get("url")),
        language=plain(site.get("language")).partition("-")[0],
        engine="commonmark",
    )
    planned, left = sorted_out(read_files(candidates), lambda file: _plan(file, data, wishes))
    yield from left
    finished = finish(planned, _converter(planned))
    yield from with_old_lists(finished, _addresses_of_terms(files))
    yield from _others({name: path for name, path in files.items() if name not in candidates})
    if root != source and (source / "public").is_dir():
        yield from copies({f"public/{name}": (name, path) for name, path in walk(source / "public")})


def _input(source: Path) -> str:
    """The folder of texts, where the settings say it in plain words; they are a program, and are not run."""
    for name in _CONFIGS:
        if (source / name).is_file():
            try:
                found = re.search(r"input:\s*[\"']([^\"']+)[\"']", read_text(source / name)[0])
            except Unreadable:
                return "."
            folder = (source / found[1]).resolve() if found else source
            inside = folder.is_dir() and folder.is_relative_to(source.resolve())
            return found[1] if found and inside else "."
    return "."


def _data(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_text(path)[0]) if path.is_file() else {}
    except (Unreadable, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _given(file: File, data: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Front matter with what data files give to all texts of a folder, or to this one."""
    folders = posixpath.dirname(file.path).split("/")
    merged: dict[str, Any] = {}
    for depth in range(1, len(folders) + 1):
        folder = "/".join(folders[:depth])
        name = folders[depth - 1]
        for ending in (".json", ".11tydata.json"):
            merged |= data.get(f"{folder}/{name}{ending}", {})
    stem = file.path.rpartition(".")[0]
    for ending in (".json", ".11tydata.json"):
        merged |= data.get(f"{stem}{ending}", {})
    # Tags are gathered from everywhere; all else the nearest says.
    tags = [*texts(merged.get("tags")), *texts(file.taken.meta.get("tags"))]
    return {**merged, **file.taken.meta, "tags": list(dict.fromkeys(tags)) or None}


def _plan(file: File, data: Mapping[str, dict[str, Any]], wishes: Wishes) -> Planned | Left:
    folders = [part for part in posixpath.dirname(file.path).split("/") if part]
    dated, stem = split_dated_name(posixpath.basename(file.path).rpartition(".")[0])
    meta = _given(file, data)
    if stem == "index" and not folders and re.search(r"\{%-?\s*for\b", file.taken.body):
        return Left(source=file.path, reason="is the front page, which the theme makes")
    permalink = meta.pop("permalink", None)
    meta.pop("layout", None)
    slug = (folders or [stem])[-1] if stem == "index" else stem
    is_post = bool(_GATHERING & {tag.lower() for tag in texts(meta["tags"])}) or bool(dated)
    is_post = is_post or bool({"posts", "blog"} & set(folders))
    meta, notes = common(meta, slug, zone_of("UTC"))
    _settle_tags(meta, notes)
    _settle_date(meta, dated, is_post, file, notes)
    # The date in a name is no part of its slug, but of its address.
    name = posixpath.basename(file.path).rpartition(".")[0]
    url = _url(permalink, meta, folders, name, slug, notes)
    if url == "/" or (stem == "index" and not folders):
        return Left(source=file.path, reason="is the front page, which the theme makes")
    folders = [part for part in folders if part not in ("posts", "blog")] if is_post else folders
    place = [wishes.section if is_post else "pages", *folders, stem]
    if not is_post and folders and section_named(folders[0]) == folders[0] and meta.get("date"):
        place = [*folders, stem]
    return Planned(file=file, path=f"{'/'.join(place)}.md", url=url, meta=meta, notes=tuple(notes))


def _settle_tags(meta: dict[str, Any], notes: list[Note]) -> None:
    tags = texts(meta.pop("tags", None))
    kept = [tag for tag in tags if tag.lower() not in _GATHERING]
    if gone := [tag for tag in tags if tag not in kept]:
        notes.append(changed(f"the tag {', '.join(gone)}, which only gathers texts for lists, is left out"))
    if kept:
        meta["tags"] = kept


def _settle_date(meta: dict[str, Any], dated: str, is_post: bool, file: File, notes: list[Note]) -> None:
    """The date in the front matter or the name; words like `Last Modified` mean that of the file."""
    told = plain(meta.get("old_date"))
    if told.lower() in ("last modified", "created", "git last modified", "git created"):
        meta.pop("old_date")
        notes[:] = [note for note in notes if "could not be read" not in note.message]
    if meta.get("date"):
        return
    if dated:
        meta["date"] = dated
    elif is_post:
        meta["date"] = file.changed_at.isoformat()
        notes.append(guessed(f"it names no date; that of its file is taken: {meta['date']}"))


def _url(
    permalink: Any, meta: dict[str, Any], folders: list[str], stem: str, slug: str, notes: list[Note]
) -> str:
    """The address at which Eleventy publishes a text: https://www.11ty.dev/docs/permalinks/"""
    if permalink is False:
        meta["draft"] = True
        notes.append(changed("permalink: false kept it from being published, so it is a draft"))
        return ""
    if isinstance(permalink, str) and permalink.strip():
        url = _rendered(permalink, meta, folders, stem, slug)
        if "{" in url:
            notes.append(lost(f"its permalink {permalink} is a template that could not be followed"))
            return ""
        return "/" + url.lstrip("/").removesuffix("index.html")
    bare = [*folders, *([] if stem == "index" or folders[-1:] == [stem] else [stem])]
    return "/" + "".join(f"{part}/" for part in bare)


def _rendered(pattern: str, meta: Mapping[str, Any], folders: list[str], stem: str, slug: str) -> str:
    """A permalink with those variables and filters that most have."""
    date = when(meta, zone_of("UTC"))
    values = {
        "page.fileSlug": slug,
        "page.filePathStem": "/" + "/".join([*folders, stem]),
        "page.outputFileExtension": "html",
        **{key: plain(value) for key, value in meta.items()},
    }

    def part(found: re.Match[str]) -> str:
        name, *filters = [one.strip() for one in found[1].split("|")]
        value = values.get(name, "")
        for one in filters:
            shape = re.match(r"date:?\s*\(?[\"']([^\"']+)[\"']", one)
            if shape and date and name in ("page.date", "date"):
                value = date.strftime(shape[1])
            elif one in ("slugify", "slug"):
                value = slugify(value)
            elif one not in ("url", "safe", "downcase", "lower"):
                return found[0]
        return value or found[0]

    return re.sub(r"\{\{-?\s*(.*?)\s*-?\}\}", part, pattern)


def _addresses_of_terms(files: Mapping[str, Path]) -> Addresses:
    """Where a template that is repeated for each tag lists its texts, as most have one."""
    patterns = []
    for name, path in files.items():
        if name.lower().endswith(_TEMPLATES):
            with suppress(Unreadable):
                meta = take_apart(read_text(path)[0]).meta
                told = meta.get("pagination")
                told = told if isinstance(told, dict) else {}
                if told.get("data") == "collections" and told.get("alias"):
                    patterns.append((plain(told["alias"]), plain(meta.get("permalink"))))

    def addresses(taxonomy: str, name: str, _lang: str) -> Iterator[str]:
        for alias, pattern in patterns if taxonomy == "tags" else ():
            url = _rendered(pattern, {alias: name}, [], "", "")
            if url and "{" not in url:
                yield "/" + url.lstrip("/").removesuffix("index.html")

    return addresses


def _converter(planned: list[Planned]) -> Convert:
    addresses = {page.file.path: page.url for page in planned}

    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def linked(found: re.Match[str]) -> str:
            known = resolve(found[1], page.file.path, addresses)
            return f"]({known})" if known else found[0]

        handlers: dict[str, Handler] = {"raw": _inner, "comment": lambda _: ""}
        body = re.sub(r"\]\(([^)\s:]+\.md(?:#[^)\s]*)?)\)", linked, without_more(body, notes))
        title = plain(page.meta.get("title"))
        body = re.sub(r"\{\{\s*title\s*\}\}", lambda _: title, body)
        body = re.sub(r"\{\{\s*[\"']([^\"']*)[\"']\s*\|\s*url\s*\}\}", r"\1", body)
        body = replaced(body, r"\{%-?", r"-?%\}", handlers, notes)
        if "{{" in re.sub(r"`[^`]*`", "", body) and "{% raw" not in page.file.taken.body:
            notes.append(lost("a variable in {{ }} is kept as text"))
        return body

    return convert


def _inner(tag: Tag) -> str:
    return tag.inner


def _others(files: Mapping[str, Path]) -> Iterator[Item]:
    kept: dict[str, tuple[str, Path]] = {}
    for name, path in files.items():
        if name.lower().endswith(_FILES):
            kept[name] = (name, path)
        elif name.lower().endswith(_TEMPLATES):
            yield Left(source=readable(name), reason="is a template: its text is made of others")
        elif about_files(name):
            yield Left(source=readable(name), reason="is about files, not a text of the site")
        else:
            yield Left(source=readable(name), reason="is not a text of the site")
    yield from copies(kept)


FORMAT = Format(name="eleventy", title="an Eleventy site", fits=_fits, read=_read)
