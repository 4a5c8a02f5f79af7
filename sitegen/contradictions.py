"""What the types of the settings allow, and their meaning does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from sitegen.config import DEFAULT_TAXONOMIES, PERMALINK_PARTS, RESERVED, WIDTHS, Config, Target, permalink_of
from sitegen.errors import nearest
from sitegen.places import allowance_of, place_of, span_of
from sitegen.urls import path_fault

Contradiction = tuple[tuple[str, ...], str, str]


def contradictions(config: Config) -> Iterator[Contradiction]:
    """What the types allow and the meaning does not."""
    if config.page_size < 1:
        yield ("page_size",), f"{config.page_size} posts to a page are none", "write 1 or more, e.g. 20"
    if not _is_zone(config.timezone):
        yield (
            ("timezone",),
            f'"{config.timezone}" is not a time zone',
            'write a name like "UTC" or "Europe/Vilnius"',
        )
    if config.base_url and not _is_web_address(config.base_url):
        yield (
            ("base_url",),
            f'"{config.base_url}" is not a web address',
            'write it whole, like "https://example.org/"',
        )
    for code in config.languages:
        if not is_language(code):
            yield ("languages", code), f'"{code}" is not a language code', _nearest_language(code)
    if config.language and not is_language(config.language):
        yield (
            ("language",),
            f'"{config.language}" is not a language code',
            _nearest_language(config.language),
        )
    if config.language and config.languages and config.language not in config.languages:
        yield (
            ("language",),
            f'"{config.language}" is not among [languages]',
            f"add [languages.{config.language}] or {nearest(config.language, config.languages)}",
        )
    yield from _width_contradictions(config)
    for name in config.markdown.extensions:
        if config.markdown.engine == "python-markdown" and (fault := _extension_fault(name)):
            yield ("markdown", "extensions"), *fault
    yield from _name_contradictions(config)


def _width_contradictions(config: Config) -> Iterator[Contradiction]:
    for width in config.images.widths:
        if not WIDTHS[0] <= width <= WIDTHS[1]:
            hint = f"write {WIDTHS[0]} to {WIDTHS[1]}, or [] for no smaller pictures"
            yield ("images", "widths"), f"{width} pixels are no width for a picture", hint


def _extension_fault(name: str) -> tuple[str, str] | None:
    """Why python-markdown can't load an extension, and what to do about it."""
    from markdown import Markdown

    try:
        Markdown(extensions=[name])
    except ModuleNotFoundError:
        near = nearest(name, {one.name for one in entry_points(group="markdown.extensions")})
        hint = near if near.endswith("?") else 'install its package, or mend the name: "pymdownx.mark"'
        return f'there is no extension "{name}"', hint
    except Exception as error:  # foreign code may raise anything
        told = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        return f'the extension "{name}" can not be loaded: {told}', "mend its name, or take it out"
    return None


def _taxonomy_contradictions(config: Config) -> Iterator[Contradiction]:
    for name in config.taxonomies:
        if name in RESERVED or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            yield (
                ("taxonomies", name),
                f'"{name}" can not be the name of a taxonomy',
                "write lower-case letters, digits and hyphens; " + ", ".join(RESERVED) + " are taken",
            )
        if name in config.languages:
            yield (
                ("taxonomies", name),
                f'"{name}" is a language of this site, whose pages live under /{name}/',
                "give the taxonomy another name",
            )


def _name_contradictions(config: Config) -> Iterator[Contradiction]:
    taxonomies = {*DEFAULT_TAXONOMIES, *config.taxonomies}
    for name, section in config.sections.items():
        if name in taxonomies or name in RESERVED:
            what = "taxonomy" if name in taxonomies else "part of every site"
            yield ("sections", name), f'"{name}" is already a {what}', "give the section another name"
        for told in _permalink_contradictions(permalink_of(section, name)):
            yield ("sections", name, "permalink"), *told
    yield from _taxonomy_contradictions(config)
    for item in config.nav.items:
        if not item.title or not item.url:
            yield ("nav", "items"), "an item lacks its title or url", 'write { title = "…", url = "/…/" }'
    for name, target in config.publish.items():
        for key, message, hint in _target_contradictions(name, target):
            yield ("publish", name, key), message, hint


def _target_contradictions(name: str, target: Target) -> Iterator[tuple[str, str, str]]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        hint = "write letters, digits and hyphens"
        yield "", f'"{name}" can not be the name of a target', hint
    if not target.to:
        yield "to", "the target says not where to publish", 'write to = "file:///srv/www"'
    checks: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("to", target.to, place_of),
        ("grace", target.grace, span_of),
        ("max_delete", target.max_delete, lambda text: allowance_of(text, 0)),
    )
    for key, value, check in checks:
        try:
            if value:
                check(value)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            yield key, message, hint
    if target.url and not _is_web_address(target.url):
        yield "url", f'"{target.url}" is not a web address', 'write it whole, like "https://example.org/"'


def _permalink_contradictions(pattern: str) -> Iterator[tuple[str, str]]:
    unknown = [part for part in re.findall(r"{(.*?)}", pattern) if part not in PERMALINK_PARTS]
    for part in unknown:
        yield (
            f'"{{{part}}}" is not a part of a permalink',
            "known are: " + " ".join(f"{{{known}}}" for known in PERMALINK_PARTS),
        )
    fault = path_fault(pattern)
    if fault:
        yield f'"{pattern}" {fault}', "write a path of this site"
    if "{slug}" not in pattern:
        yield (
            "without {slug} every entry would have the same address",
            'write one like "/{section}/{year}/{slug}/"',
        )


def usable(config: Config) -> Config:
    """The settings with defaults where a contradiction would make later stages stumble."""
    default = Config()
    return msgspec.structs.replace(
        config,
        page_size=max(1, config.page_size),
        timezone=config.timezone if _is_zone(config.timezone) else default.timezone,
        base_url=config.base_url if _is_web_address(config.base_url) else default.base_url,
        language=config.language if is_language(config.language) else default.language,
        languages={code: value for code, value in config.languages.items() if is_language(code)},
        sections={},
        markdown=msgspec.structs.replace(config.markdown, extensions=()),
    )


def is_language(code: str) -> bool:
    """Whether `code` has the shape of a language tag of RFC 5646: `ru`, `pt-BR`, `zh-Hant`."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) is not None


def _nearest_language(code: str) -> str:
    first, _, rest = code.replace("_", "-").partition("-")
    meant = f"{first.lower()}-{rest}" if rest else first.lower()
    return f'write "{meant}"' if is_language(meant) else 'write one like "en" or "pt-BR"'


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.query and not parts.fragment
