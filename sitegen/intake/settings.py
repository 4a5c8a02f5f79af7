"""What an import asks of sitegen.toml: written for a new site, told for one that is there."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from sitegen.config import Config, Language, Markdown, Section, complete
from sitegen.contradictions import is_language
from sitegen.intake.items import Old


def config_of(old: Old) -> Config:
    """The settings that a new site gets from the old one's."""
    config = Config(
        title=old.title or "Archive",
        description=old.description,
        base_url=old.base_url if old.base_url.startswith(("http://", "https://")) else "",
        language=old.language if is_language(old.language) else "",
        timezone=old.timezone or "UTC",
        languages={code: Language() for code in _languages(old)},
    )
    if old.engine:
        config = msgspec.structs.replace(config, markdown=Markdown(engine=old.engine))
    return complete(config)


def _languages(old: Old) -> list[str]:
    codes = [code for code in dict.fromkeys((old.language, *old.languages)) if is_language(code)]
    return codes if len(codes) > 1 else []


def written(config: Config, dated: Iterable[str]) -> str:
    """sitegen.toml of a new site; `dated` are the sections beside `posts` whose texts have dates."""
    keys = {
        "title": config.title,
        "description": config.description,
        "base_url": config.base_url,
        "language": config.language,
        "timezone": config.timezone,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in keys.items() if value]
    if config.markdown.engine != Markdown().engine:
        lines += ["", "[markdown]", f"engine = {_quoted(config.markdown.engine)}"]
    if len(config.languages) > 1:
        for code in config.languages:
            lines += ["", f"[languages.{code}]"]
    for section in dated:
        lines += ["", *_dated(section)]
    return "\n".join(lines) + "\n"


def advised(old: Old, config: Config, dated: Iterable[str]) -> list[str]:
    """The lines that someone should add to the settings of a site that is there, in TOML."""
    lines = []
    if old.engine and config.markdown.engine != old.engine:
        lines += ["[markdown]", f"engine = {_quoted(old.engine)}"]
    for code in _languages(old):
        if code not in config.languages:
            lines.append(f"[languages.{code}]")
    for section in dated:
        if not config.sections.get(section, Section()).dated:
            lines += _dated(section)
    return lines


def _dated(section: str) -> list[str]:
    bare = section.isascii() and section.replace("-", "").isalnum()
    return [f"[sections.{section if bare else _quoted(section)}]", "dated = true"]


def _quoted(text: str) -> str:
    """Text as a TOML string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
