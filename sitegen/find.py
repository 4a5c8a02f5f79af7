"""content/ -> the files in it, sorted out by what they are: nothing is opened yet."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from sitegen.config import Config
from sitegen.dates import split_dated_name
from sitegen.errors import Problem
from sitegen.model import Asset
from sitegen.urls import slug_of_file

CONTENT = "content"

_MARKDOWN = (".md", ".markdown")


class Source(Struct, frozen=True, kw_only=True):
    """A Markdown file, and what its place says about it."""

    key: str
    path: str  #: where it lies on this machine
    kind: Literal["entry", "profile", "index"]
    section: str  #: of a profile: its taxonomy
    folder: str = ""
    stem: str = ""  #: the file's name, or its folder's for index.md, without date and language
    dated: str = ""  #: the date in its name
    lang: str = ""  #: the language that its place names; "" if none
    group: str = ""  #: its key without the language: the same for its translations

    @property
    def file(self) -> str:
        """The path that messages name."""
        return f"{CONTENT}/{self.key}"


class Found(Struct, frozen=True, kw_only=True):
    sources: tuple[Source, ...]
    assets: Mapping[str, Asset]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def find(site: Path, config: Config) -> Found:
    """Walk `site`/content; the result is in the order of the keys, whatever the folder's own order."""
    content = site / CONTENT
    if not content.is_dir():
        missing = Problem(
            file=CONTENT, message="there is no such folder", hint="make it, or run sitegen init"
        )
        return Found(sources=(), assets={}, problems=(missing,), warnings=())
    sources: dict[str, Source] = {}
    assets: dict[str, Asset] = {}
    problems: list[Problem] = []
    strange: dict[str, str] = {}
    for key, path, fault in sorted(_walk(content)):
        readable = key.encode("utf-8", "backslashreplace").decode()
        if readable != key:
            problems.append(
                Problem(
                    file=f"{CONTENT}/{readable}", message="has a name that is not UTF-8", hint="rename it"
                )
            )
        elif fault:
            problems.append(Problem(file=f"{CONTENT}/{key}", message=fault, hint=_WALK_HINTS[fault]))
        elif key in sources or key in assets:
            problems.append(
                Problem(
                    file=f"{CONTENT}/{key}",
                    message="two files have this name, spelt with different Unicode forms",
                    hint="remove or rename one",
                )
            )
        elif key.lower().endswith(_MARKDOWN):
            sources[key] = sort_out(key, path, config)
            strange.update((part, key) for part in key.split("/")[:-1] if _looks_like_language(part, config))
        else:
            assets[key] = Asset(path=key, size=Path(path).stat().st_size, source=path)
    return Found(
        sources=tuple(sources.values()),
        assets=assets,
        problems=tuple(problems),
        warnings=tuple(_strange_language(part, key) for part, key in sorted(strange.items())),
    )


_WALK_HINTS = {
    "leads out of content/": "copy what it points to into content/",
    "leads nowhere": "mend or remove the link",
    "leads back to a folder it lies in": "remove the link",
    "is neither a file nor a folder": "remove it",
    "can not be opened": "allow this user to read it",
}


def _walk(content: Path) -> Iterator[tuple[str, str, str]]:
    """Yield key, path and what is wrong with it, for every file that is not hidden."""
    inside = os.path.realpath(content) + os.sep
    for folder, folders, names in os.walk(content, followlinks=True):
        place = Path(folder).relative_to(content).as_posix().removeprefix(".").lstrip("/")
        for name in list(folders):
            path = f"{folder}/{name}"
            if name.startswith((".", "_")):
                folders.remove(name)
            elif fault := _folder_fault(path, inside):
                folders.remove(name)
                yield _key(place, name), path, fault
        for name in names:
            if not name.startswith((".", "_")) or name == "_index.md":
                yield _key(place, name), f"{folder}/{name}", _file_fault(f"{folder}/{name}", inside)


def _folder_fault(path: str, inside: str) -> str:
    """Why a folder is not entered: a linked one must lie in content/ and be none that we stand in."""
    if Path(path).is_symlink():
        target = os.path.realpath(path) + os.sep
        if not target.startswith(inside):
            return "leads out of content/"
        # Every folder on the way counts: of two that link to each other, neither lies in the other.
        if any((os.path.realpath(place) + os.sep).startswith(target) for place in Path(path).parents):
            return "leads back to a folder it lies in"
    return "" if os.access(path, os.R_OK | os.X_OK) else "can not be opened"


def _file_fault(path: str, inside: str) -> str:
    if Path(path).is_symlink() and not os.path.realpath(path).startswith(inside):
        return "leads out of content/"
    if not Path(path).is_file():
        return "leads nowhere" if Path(path).is_symlink() else "is neither a file nor a folder"
    return "" if os.access(path, os.R_OK) else "can not be opened"


def _key(place: str, name: str) -> str:
    return unicodedata.normalize("NFC", f"{place}/{name}" if place else name)


def sort_out(key: str, path: str, config: Config) -> Source:
    """What the place of a Markdown file says: its section, language, folder, and the rest of its name."""
    *folders, name = key.split("/")
    stem = name.rpartition(".")[0]
    lang = next((part for part in folders if part in config.languages), "")
    folders = [slug_of_file(part) for part in folders if part not in config.languages]
    bare, _, suffix = stem.rpartition(".")
    if bare and suffix in config.languages:
        stem, lang = bare, suffix
    section = folders[0] if folders else "pages"
    below = folders[1:]
    if stem == "_index":
        return Source(key=key, path=path, kind="index", section=section, lang=lang)
    if stem == "index" and below:
        stem = below.pop()
    profiled = next((name for name, one in config.taxonomies.items() if one.profiles == section), "")
    if profiled and folders:
        return Source(key=key, path=path, kind="profile", section=profiled, stem=stem, lang=lang)
    group = "/".join([section, *below, stem])
    dated, stem = split_dated_name(stem)
    return Source(
        key=key,
        path=path,
        kind="entry",
        section=section,
        folder="/".join(below),
        stem=stem,
        dated=dated,
        lang=lang,
        group=group,
    )


def _looks_like_language(part: str, config: Config) -> bool:
    if part in config.languages or not re.fullmatch(r"[a-z]{2}", part):
        return False
    from babel import localedata

    return localedata.exists(part)


def _strange_language(part: str, key: str) -> Problem:
    return Problem(
        file=f"{CONTENT}/{key}",
        message=f'the folder "{part}" looks like a language, and is read as an ordinary folder',
        hint=f'if it is one, add [languages.{part}] and name = "…" to sitegen.toml',
        group="folders that look like languages",
    )
