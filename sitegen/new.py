"""A new text, its front matter filled in: from the template of its section, or a plain one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.ask import language
from sitegen.config import Config
from sitegen.edit import CannotEditError, Value, in_file, put
from sitegen.errors import Problem, SiteError, nearest, told
from sitegen.fields import text_of
from sitegen.find import CONTENT, Source, sort_out
from sitegen.urls import digest

TEMPLATES = f"{CONTENT}/_templates"

#: Bytes that a file's name may have, so that a language and `.md` fit behind it.
_LONGEST = 200

_POST = """\
---
title:
date:
description:
author:
category:
tags:
---

"""

_PAGE = """\
---
title:
description:
---

"""

_PROFILE = """\
---
name:
aliases:
description:
---

"""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard wants of a new text."""

    title: str
    section: str = "posts"
    lang: str = ""  #: "" for the first language
    names: Mapping[str, tuple[str, ...]] = {}  #: taxonomy -> names of terms
    draft: bool = False


def create(folder: Path, config: Config, wanted: Wanted, now: datetime) -> Path:
    """Write a new text; returns its path. Raises SiteError rather than overwrite a file."""
    title = _title(wanted.title)
    file = f"{CONTENT}/{wanted.section}/{_name(title)}{f'.{wanted.lang}' if wanted.lang else ''}.md"
    path = folder / file
    source = sort_out(file.removeprefix(f"{CONTENT}/"), str(path), config)
    problems = list(_problems(folder, wanted, config, source))
    if path.exists():
        hint = "open it, or choose another title"
        problems.append(Problem(file=file, message="is already there", hint=hint))
    if problems:
        raise SiteError(problems)
    text = _filled(folder, config, wanted, source, title, now)
    with told("the text can not be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as new:
            new.write(text)
    return path


def _title(written: str) -> str:
    try:
        title = text_of(written)
    except ValueError as error:
        message, _, hint = str(error).partition("\n")
        raise SiteError([Problem(field="title", message=message, hint=hint)]) from None
    if not title:
        raise SiteError([Problem(field="title", message="the title is empty", hint='write one in "quotes"')])
    return title


def _name(title: str) -> str:
    """A file's name: lower-case, its script kept, hyphens between the words."""
    from slugify import slugify

    slug = slugify(title, allow_unicode=True)
    while len(slug.encode()) > _LONGEST:
        slug = slug.rpartition("-")[0] or slug[: len(slug) // 2]
    return slug or digest(title)


def _problems(folder: Path, wanted: Wanted, config: Config, source: Source) -> list[Problem]:
    problems = []

    def report(field: str, message: str, hint: str) -> None:
        problems.append(Problem(field=field, message=message, hint=hint))

    language(wanted.lang, source, config, report)
    there = [place.name for place in (folder / CONTENT).glob("[!._]*") if place.is_dir()]
    known = {*there, *config.sections, "posts", "pages"}
    known |= {taxonomy.profiles for taxonomy in config.taxonomies.values()}
    if wanted.section.split("/")[0] not in known or ".." in wanted.section.split("/"):
        report("section", f'there is no section "{wanted.section}"', nearest(wanted.section, known))
    return problems


def _filled(folder: Path, config: Config, wanted: Wanted, source: Source, title: str, now: datetime) -> bytes:
    """The template with its empty keys filled in; what it says already is left as it is."""
    file, template = _template(folder, wanted, config, source)
    values: dict[str, Value] = {"name" if source.kind == "profile" else "title": title}
    if source.kind == "entry" and config.section(source.section).dated:
        values["date"] = now.astimezone(config.zone).isoformat(timespec="seconds")
    for taxonomy, names in wanted.names.items():
        if names:
            one = len(names) == 1 and taxonomy != "tags"
            values[config.taxonomies[taxonomy].field] = names[0] if one else names
    if wanted.draft:
        values["draft"] = True
    try:
        for key, value in values.items():
            template = in_file(template, lambda text, key=key, value=value: put(text, key, value))  # type: ignore[misc]
    except SiteError as error:
        raise SiteError(replace(problem, file=file) for problem in error.problems) from None
    except (CannotEditError, UnicodeDecodeError):
        hint = "write its front matter as key: value, a line each, with empty values to be filled in"
        raise SiteError([Problem(file=file, message="can not be filled in", hint=hint)]) from None
    return template


def _template(folder: Path, wanted: Wanted, config: Config, source: Source) -> tuple[str, bytes]:
    """The starting point of a section, and its file: in its language, in any, or a plain one."""
    section = wanted.section.split("/")[0]
    names = (f"{section}.{wanted.lang}.md", f"{section}.md") if wanted.lang else (f"{section}.md",)
    for name in names:
        path = folder / TEMPLATES / name
        if path.is_file():
            with told("the template can not be read"):
                return f"{TEMPLATES}/{name}", path.read_bytes()
    if source.kind == "profile":
        return "", _PROFILE.encode()
    return "", (_POST if config.section(source.section).dated else _PAGE).encode()
