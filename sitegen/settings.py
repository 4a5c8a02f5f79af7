"""sitegen.toml -> Config: every mistake is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitegen.config import FILE, Config, complete
from sitegen.contradictions import contradictions, usable
from sitegen.errors import Problem
from sitegen.typed import fill


def read_config(folder: Path) -> tuple[Config, list[Problem]]:
    """Read the settings of the site in `folder`. Where something is wrong, the default stands in."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return complete(Config()), []
    except UnicodeDecodeError:
        return complete(Config()), [Problem(file=FILE, message="is not UTF-8", hint="save it as UTF-8")]
    except OSError as error:
        message = f"can not be read: {(error.strerror or 'unknown error').lower()}"
        return complete(Config()), [Problem(file=FILE, message=message)]
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return complete(Config()), [syntax_problem(FILE, text, error)]
    problems: list[Problem] = []

    def report(path: tuple[str, ...], message: str, hint: str) -> None:
        problems.append(
            Problem(file=FILE, line=line_of(text, path), field=".".join(path), message=message, hint=hint)
        )

    data = {**data, "theme": _theme_table(data.get("theme", {}))}
    config = fill(Config, data, report)
    for path, message, hint in contradictions(config):
        report(path, message, hint)
    return complete(config if not problems else usable(config)), problems


def _theme_table(table: Any) -> Any:
    """[theme] holds its name beside whatever the theme declares; the latter goes into `settings`."""
    if not isinstance(table, Mapping):
        return table
    settings = {key: value for key, value in table.items() if key != "name"}
    return {**{key: table[key] for key in table if key == "name"}, "settings": settings}


def text_of(folder: Path) -> str:
    """The settings as written; "" where there are none that can be read."""
    try:
        return (folder / FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def without_effect(folder: Path, config: Config) -> list[Problem]:
    """Warnings about settings that change nothing."""
    if config.markdown.engine != "commonmark" or not config.markdown.extensions:
        return []
    path = ("markdown", "extensions")
    return [
        Problem(
            file=FILE,
            line=line_of((folder / FILE).read_text(encoding="utf-8-sig"), path),
            field=".".join(path),
            message='extensions have no effect with engine = "commonmark"',
            hint='take them out, or write engine = "python-markdown"',
            group="settings without effect",
        )
    ]


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of `text` (TOML) on which the key at `path` is set, or its table begins; 0 if neither."""
    table: tuple[str, ...] = ()
    found = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?([^\[\]]+)\]\]?\s*(#.*)?$", line):
            table = _key_parts(header[1])
            if table == path[: len(table)]:
                found = number
        elif setting := re.match(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*')+)\s*=""", line):
            key = (*table, *_key_parts(setting[1]))
            if key == path[: len(key)]:
                return number
    return found


def _key_parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def syntax_problem(file: str, text: str, error: Exception) -> Problem:
    """What keeps `text` from being TOML, and on which line."""
    told = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error))
    message = (told[1] if told else str(error)).rstrip(".")
    return Problem(
        file=file,
        line=int(told[2] or len(text.splitlines())) if told else 0,
        message=f"this is not TOML: {message[:1].lower()}{message[1:]}",
        hint='write key = "value", each key once',
    )
