"""content/ -> the files in it, sorted out by what they are: nothing is opened yet."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from sitegen.config import Config
from sitegen.dates import split_dated_name
from sitegen.errors import Problem
from sitegen.identity import identity_of
from sitegen.model import Asset
from sitegen.urls import slug_of_file

CONTENT = "content"

_MARKDOWN = (".md", ".markdown")


class Source(Struct, frozen=True, kw_only=True):
    """A Markdown file, and what its place says about it."""

    key: str
    path: str  #: where it lies on this machine
    identity: str = ""  #: changes when the file does; "" when only its bytes can tell
    kind: Literal["entry", "profile", "index"]
    section: str  #: of a profile, and of the _index.md beside profiles: the taxonomy
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
        hint = "make it, or run sitegen init"
        missing = Problem(file=CONTENT, message="there is no such folder", hint=hint)
        return Found(sources=(), assets={}, problems=(missing,), warnings=())
    sources: dict[str, Source] = {}
    assets: dict[str, Asset] = {}
    problems: list[Problem] = []
    unused: list[Problem] = []
    places: dict[str, str] = {}
    described = {f"_index{tongue}.md" for tongue in ("", *(f".{code}" for code in config.languages))}
    for seen in sorted(_walk(content, time.time_ns(), described)):
        key = seen.key
        readable = key.encode("utf-8", "backslashreplace").decode()
        if readable != key:
            problems.append(_problem(readable, "has a name that is not UTF-8", "rename it"))
        elif seen.fault:
            problems.append(_problem(key, seen.fault, _HINTS[seen.fault]))
        elif key in sources or key in assets:
            problems.append(_problem(key, _TWINS, "remove or rename one"))
        elif key.lower().endswith(_MARKDOWN):
            source = sort_out(key, seen.path, config, seen.identity)
            if source.kind == "index" and (source.folder or source.section == "pages"):
                unused.append(_unused(source))
            elif source.kind != "index" and key.rpartition("/")[2].startswith("_"):
                continue  # like _index.kk.md, where kk is no language of the site
            else:
                sources[key] = source
            places.setdefault(key.rpartition("/")[0], key)
        else:
            assets[key] = Asset(path=key, source=seen.path, identity=seen.identity)
    strange = {
        part: key
        for place, key in places.items()
        for part in place.split("/")
        if _looks_like_language(part, config)
    }
    return Found(
        sources=tuple(sources.values()),
        assets=assets,
        problems=tuple(problems),
        warnings=(
            *unused,
            *(_strange_language(part, key, config) for part, key in sorted(strange.items())),
        ),
    )


_HINTS = {
    "leads out of content/": "copy what it points to into content/",
    "leads nowhere": "mend or remove the link",
    "leads back to a folder it lies in": "remove the link",
    "is neither a file nor a folder": "remove it",
    "can not be opened": "allow this user to read it",
}

_TWINS = "two files have this name, spelt with different Unicode forms"


def _problem(key: str, message: str, hint: str) -> Problem:
    return Problem(file=f"{CONTENT}/{key}" if key else CONTENT, message=message, hint=hint)


class _Seen(NamedTuple):
    key: str
    path: str
    identity: str = ""
    fault: str = ""


def _walk(content: Path, now_ns: int, described: Container[str]) -> Iterator[_Seen]:
    """Every file that is not hidden; those named like `described` never are."""
    inside = os.path.realpath(content) + os.sep
    folders = [(str(content), "")]
    while folders:
        folder, place = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            yield _Seen(_normal(place), folder, fault="can not be opened")
            continue
        for entry in entries:
            if entry.name.startswith((".", "_")) and entry.name not in described:
                continue
            below = f"{place}/{entry.name}" if place else entry.name
            fault = _link_fault(entry.path, inside) if entry.is_symlink() else ""
            if not fault and entry.is_dir():
                folders.append((entry.path, below))
            elif not fault and not entry.is_file():
                yield _Seen(_normal(below), entry.path, fault="is neither a file nor a folder")
            else:
                identity = "" if fault else identity_of(entry.stat(), now_ns)
                yield _Seen(_normal(below), entry.path, identity, fault)


def _link_fault(path: str, inside: str) -> str:
    """What is wrong with a symbolic link: it must stay in content/, and lead to no folder it stands in."""
    target = os.path.realpath(path)
    if not (target + os.sep).startswith(inside):
        return "leads out of content/"
    if not Path(target).exists():
        return "leads nowhere"
    # Every folder on the way counts: of two that link to each other, neither lies in the other.
    if any((os.path.realpath(place) + os.sep).startswith(target + os.sep) for place in Path(path).parents):
        return "leads back to a folder it lies in"
    return ""


def _normal(place: str) -> str:
    return unicodedata.normalize("NFC", place)


def sort_out(key: str, path: str, config: Config, identity: str = "") -> Source:
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
    profiled = next((name for name, one in config.taxonomies.items() if one.profiles == section), "")
    if stem == "_index":
        return Source(
            key=key,
            path=path,
            identity=identity,
            kind="index",
            section=profiled or section,
            folder="/".join(below),
            lang=lang,
        )
    if stem == "index" and below:
        stem = below.pop()
    if profiled and folders:
        return Source(
            key=key, path=path, identity=identity, kind="profile", section=profiled, stem=stem, lang=lang
        )
    group = "/".join([section, *below, stem])
    dated, stem = split_dated_name(stem)
    return Source(
        key=key,
        path=path,
        identity=identity,
        kind="entry",
        section=section,
        folder="/".join(below),
        stem=stem,
        dated=dated,
        lang=lang,
        group=group,
    )


def _unused(source: Source) -> Problem:
    message, hint = "is not used: it describes no list", "take it away, or write a text into pages/"
    if source.folder:
        message = "is not used: only the one directly in a section's folder describes the section"
        hint = f"move what it says to {source.key.split('/')[0]}/_index.md"
    return Problem(file=source.file, message=message, hint=hint, group="texts that are not used")


def _looks_like_language(part: str, config: Config) -> bool:
    if part in config.languages or not re.fullmatch(r"[a-z]{2}", part):
        return False
    from babel import localedata

    return localedata.exists(part)


def _strange_language(part: str, key: str, config: Config) -> Problem:
    # Where no languages are written, the first one has to be, or it would give way to the one that is.
    first = "" if len(config.languages) > 1 else f"[languages.{config.language}] and "
    return Problem(
        file=f"{CONTENT}/{key}",
        message=f'the folder "{part}" looks like a language, and is read as an ordinary folder',
        hint=f'if it is one, sitegen.toml needs {first}[languages.{part}], each with name = "…"',
        group="folders that look like languages",
    )


def bundled_themes() -> Path:
    """Where the themes lie that sitegen brings: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    shipped = package / "themes"
    return shipped if shipped.is_dir() else package.parent / "themes"
