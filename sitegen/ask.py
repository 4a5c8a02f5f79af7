"""What every kind of source file is asked alike: its title, its language, its addresses, its body."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from sitegen import markup, urls
from sitegen.config import Config
from sitegen.fields import types_of
from sitegen.find import Source
from sitegen.front_matter import Document
from sitegen.markup import Converted
from sitegen.model import Body

#: Takes the front matter key, what is wrong, and what to write instead.
Report = Callable[[str, str, str], None]


def body(document: Document, converted: Converted, config: Config, title: str, image: str) -> Body:
    return markup.settle(converted, config.markdown, first_line=document.body_line, title=title, image=image)


def title(title: str, field: str, meta: Mapping[str, Any], report: Report) -> str:
    written = meta.get(field)
    if not title and (written is None or (isinstance(written, str) and not written.strip())):
        near = [key for key in meta if key.lower().startswith(field[:3]) and key != field]
        if similar := difflib.get_close_matches(field, near, n=1):
            report(similar[0], f"there is no {field}", f'did you mean "{field}"?')
        else:
            report(field, f"there is no {field}", f'write {field}: "…"')
    return title


def language(lang: str, source: Source, config: Config, report: Report) -> str:
    chosen = lang or source.lang or config.language
    if chosen not in config.languages:
        known = ", ".join(config.languages)
        near = next((code for code in config.languages if code.lower() == chosen.lower()), "")
        report(
            "lang",
            f'"{chosen}" is not a language of this site',
            f"write it as lang: {near}"
            if near
            else f"add [languages.{chosen}] to sitegen.toml, or write one of: {known}",
        )
        return config.language
    return chosen


def address(written: str, field: str, report: Report, *, external: bool = False) -> str:
    """An address that can do nothing but be fetched: a path, or http and https."""
    if (not urls.is_external(written) and not external) or not written:
        return written
    if written.lower().startswith(("http://", "https://")):
        return written
    report(
        field,
        f'"{written[:60]}" is not a web address',
        'write one like "https://example.org/…"' + ("" if external else ' or a path like "/images/x.jpg"'),
    )
    return ""


def old_paths(written: tuple[str, ...], report: Report) -> tuple[str, ...]:
    """Old site paths in their one form, those left out that no file can have."""
    good: list[str] = []
    for path in written:
        fault = urls.path_fault(path)
        if fault:
            report("aliases", f'"{path}" {fault}', 'write an old path of this site, like "/2019/exile/"')
        else:
            good.append(urls.normal(path))
    return tuple(dict.fromkeys(good))


def extra(kind: type[Struct], meta: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    known = types_of(kind)
    return {key: value for key, value in meta.items() if key not in known and key not in taken}
