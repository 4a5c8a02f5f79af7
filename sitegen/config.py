"""sitegen.toml -> Config: one typed schema, every mistake told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from sitegen.errors import Problem, nearest
from sitegen.places import allowance_of, place_of, span_of
from sitegen.typed import fill
from sitegen.urls import path_fault

FILE = "sitegen.toml"

#: What a permalink may be made of; the same words as the fields of an entry.
PERMALINK_PARTS = ("section", "path", "slug", "year", "month", "day")

#: Folders of the site's root that sitegen itself fills, so that no section can be called so.
RESERVED = ("archive", "assets", "page", "search")


class Markdown(Struct, frozen=True, kw_only=True):
    engine: Literal["python-markdown", "commonmark"] = "python-markdown"
    extensions: tuple[str, ...] = ()  #: further python-markdown extensions, by import name
    html: Literal["sanitized", "trusted"] = "sanitized"
    embeds: Literal["static", "click", "live"] = "static"


class Search(Struct, frozen=True, kw_only=True):
    enabled: bool = True
    facets: tuple[str, ...] = ("tag", "author", "category", "year")


class NavItem(Struct, frozen=True, kw_only=True):
    title: str = ""
    url: str = ""  #: a site path, or an address of another site
    lang: str = ""  #: shown in this language only; "" shows it in all


class Nav(Struct, frozen=True, kw_only=True):
    items: tuple[NavItem, ...] = ()


class Language(Struct, frozen=True, kw_only=True):
    name: str = ""  #: in the language itself: Русский
    title: str = ""  #: of the site, where it has another one in this language
    description: str = ""
    missing_translations: Literal["show", "hide"] = "show"


class Section(Struct, frozen=True, kw_only=True):
    permalink: str = ""  #: by default /{section}/{path}/{slug}/, of pages /{path}/{slug}/
    dated: bool | None = None  #: entries need a date; by default only in posts
    feed: bool | None = None  #: by default where entries are dated
    search: bool | None = None  #: by default in all but pages
    nav: bool = True  #: named in the navigation, unless [nav] lists what is
    template: str = ""  #: the template of its entries; by default post.html, or page.html where not dated


class Taxonomy(Struct, frozen=True, kw_only=True):
    field: str = ""  #: the front matter key that holds its terms
    profiles: str = ""  #: the folder of content/ with the profiles of its terms
    feed: bool = True


class Target(Struct, frozen=True, kw_only=True):
    to: str = ""
    url: str = ""  #: where readers find this mirror; "" keeps it off the list of mirrors
    atomic: bool = False  #: show the whole new site at once, where the target can
    grace: str = "1d"  #: how long files stay that no page needs any more
    max_delete: str = "20%"  #: how much of the site may vanish in one publish


class Theme(Struct, frozen=True, kw_only=True):
    name: str = "chronicle"
    settings: Mapping[str, Any] = {}  #: every other key of [theme]; the theme checks them


class Config(Struct, frozen=True, kw_only=True):
    title: str = "Archive"
    description: str = ""
    author: str = ""
    base_url: str = ""  #: "" or an address that ends in "/"
    language: str = ""
    timezone: str = "UTC"
    page_size: int = 20
    links: Literal["folders", "files"] = "folders"
    theme: Theme = Theme()
    markdown: Markdown = Markdown()
    search: Search = Search()
    nav: Nav = Nav()
    languages: dict[str, Language] = msgspec.field(default_factory=dict)
    sections: dict[str, Section] = msgspec.field(default_factory=dict)
    taxonomies: dict[str, Taxonomy] = msgspec.field(default_factory=dict)
    publish: dict[str, Target] = msgspec.field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that are written without one."""
        return ZoneInfo(self.timezone)

    def title_in(self, lang: str) -> str:
        """What the site is called in a language."""
        return self.languages[lang].title or self.title

    def description_in(self, lang: str) -> str:
        """What the site says of itself in a language."""
        return self.languages[lang].description or self.description

    def section(self, name: str) -> Section:
        """The settings of a section, its defaults filled in."""
        section = self.sections.get(name, Section())
        dated = name == "posts" if section.dated is None else section.dated
        return msgspec.structs.replace(
            section,
            permalink=permalink_of(section, name),
            dated=dated,
            feed=dated if section.feed is None else section.feed,
            search=name != "pages" if section.search is None else section.search,
            template=section.template or ("post.html" if dated else "page.html"),
        )


def permalink_of(section: Section, name: str) -> str:
    """The form of the addresses in the section `name`."""
    return section.permalink or ("/{path}/{slug}/" if name == "pages" else "/{section}/{path}/{slug}/")


DEFAULT_TAXONOMIES = {
    "tags": Taxonomy(field="tags", profiles="tags"),
    "authors": Taxonomy(field="author", profiles="people"),
    "categories": Taxonomy(field="category", profiles="categories"),
    "groups": Taxonomy(field="group", profiles="groups"),
}


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
    for path, message, hint in _contradictions(config):
        report(path, message, hint)
    return complete(config if not problems else _usable(config)), problems


def complete(config: Config) -> Config:
    """The settings with the languages and taxonomies that are there without being written."""
    language = config.language or next(iter(config.languages), "en")
    languages = {language: config.languages.get(language, Language()), **config.languages}
    taxonomies = dict(DEFAULT_TAXONOMIES)
    for name, taxonomy in config.taxonomies.items():
        default = DEFAULT_TAXONOMIES.get(name, Taxonomy(field=name, profiles=name))
        taxonomies[name] = Taxonomy(
            field=taxonomy.field or default.field,
            profiles=taxonomy.profiles or default.profiles,
            feed=taxonomy.feed,
        )
    return msgspec.structs.replace(
        config,
        language=language,
        languages=languages,
        taxonomies=taxonomies,
        base_url=config.base_url.rstrip("/") + "/" if config.base_url else "",
    )


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


def _theme_table(table: Any) -> Any:
    """[theme] holds its name beside whatever the theme declares; the latter goes into `settings`."""
    if not isinstance(table, Mapping):
        return table
    settings = {key: value for key, value in table.items() if key != "name"}
    return {**{key: table[key] for key in table if key == "name"}, "settings": settings}


Contradiction = tuple[tuple[str, ...], str, str]


def _contradictions(config: Config) -> Iterator[Contradiction]:
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
    for name in config.markdown.extensions:
        if config.markdown.engine == "python-markdown" and (fault := _extension_fault(name)):
            yield ("markdown", "extensions"), *fault
    yield from _name_contradictions(config)


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


def _usable(config: Config) -> Config:
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
