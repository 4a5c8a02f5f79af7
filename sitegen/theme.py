"""Theme folders -> one strict Jinja environment, its texts, its files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import jinja2
from msgspec import Struct

from sitegen.config import FILE, Config
from sitegen.errors import Problem, nearest
from sitegen.find import bundled_themes
from sitegen.recall import Recall, afresh
from sitegen.settings import line_of, syntax_problem
from sitegen.static import File, static_files
from sitegen.templates import examine, make_environment, shown_path
from sitegen.typed import shown

TEMPLATES = (
    "home.html",
    "post.html",
    "page.html",
    "section.html",
    "taxonomy.html",
    "term.html",
    "archive.html",
    "year.html",
    "month.html",
    "search.html",
    "404.html",
    "redirect.html",
)


#: What theme.toml may say; all but `extends` and `settings` is for people.
_KEYS = ("name", "description", "author", "version", "license", "extends", "settings")


class Theme(Struct, frozen=True, kw_only=True):
    """A theme, joined with those it extends."""

    name: str
    settings: Mapping[str, Any]  #: as theme.toml declares them and sitegen.toml overrides them
    environment: jinja2.Environment
    files: Mapping[str, File]  #: output path -> file, or the bytes of one that was made of the settings
    assets: str  #: the output folder of `files`; its name changes when any of them does
    texts: Mapping[str, Mapping[str, Any]]  #: language -> key -> text, or plural category -> text
    folders: tuple[Path, ...]  #: of the theme and those it extends, the theme itself first
    digests: Mapping[str, str]  #: template -> digest of it and of all that it extends, includes and imports


def load_theme(site: Path, config: Config, recall: Recall = afresh) -> tuple[Theme | None, list[Problem]]:
    """Load the theme that the settings name, from the site's themes/ or from those sitegen brings."""
    wanted = config.theme.name
    chain: list[Path] = []
    declared: list[dict[str, Any]] = []
    while wanted or not chain:
        folder = _folder(site, wanted)
        if folder is None:
            return None, [_no_theme(site, wanted, asked_by=chain[-1] if chain else None)]
        if folder in chain:
            return None, [
                Problem(
                    file=shown_path(chain[-1] / "theme.toml", site),
                    field="extends",
                    message=f'"{wanted}" extends itself in the end',
                    hint="take extends out of one of the two",
                )
            ]
        data, problem = _read_toml(folder / "theme.toml", site)
        if problem or (problem := _wrong_kind(data, folder / "theme.toml", site)):
            return None, [problem]
        chain.append(folder)
        declared.append(data)
        wanted = data.get("extends", "")
    problems: list[Problem] = []
    environment = make_environment(chain)
    digests, broken = examine(environment, chain, site, recall)
    chosen = _settings(declared, config, problems, site)
    assets, files, unmade = static_files(chain, environment, chosen, site)
    theme = Theme(
        name=config.theme.name,
        settings=chosen,
        environment=environment,
        files=files,
        assets=assets,
        texts=_texts(chain, site, problems),
        folders=tuple(chain),
        digests=digests,
    )
    problems.extend([*broken, *unmade])
    problems.extend(_missing_templates(theme, site, config))
    return theme, problems


def _folder(site: Path, name: str) -> Path | None:
    places = (site / "themes" / name, bundled_themes() / name)
    plain = name not in ("", ".", "..") and "/" not in name and "\\" not in name
    return next((place for place in places if plain and (place / "theme.toml").is_file()), None)


def _no_theme(site: Path, name: str, asked_by: Path | None) -> Problem:
    places = (site / "themes", bundled_themes())
    known = {path.parent.name for place in places for path in place.glob("*/theme.toml")}
    return Problem(
        file=shown_path(asked_by / "theme.toml", site) if asked_by else FILE,
        line=0 if asked_by else _line_of_name(site),
        field="extends" if asked_by else "theme.name",
        message=f'there is no theme "{name}"',
        hint=nearest(name, known),
    )


def _line_of_name(site: Path) -> int:
    try:
        text = (site / FILE).read_text(encoding="utf-8-sig")
    except OSError:
        return 0
    return line_of(text, ("theme", "name"))


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    """What a file of TOML says, not to be changed; the preview asks it again at each save of a style."""
    return tomllib.loads(text)


def _read_toml(path: Path, site: Path) -> tuple[dict[str, Any], Problem | None]:
    file, text = shown_path(path, site), ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _parsed(text), None
    except OSError as error:
        return {}, Problem(file=file, message=f"can not be read: {(error.strerror or str(error)).lower()}")
    except UnicodeDecodeError:
        return {}, Problem(file=file, message="is not UTF-8", hint="save it as UTF-8")
    except (ValueError, RecursionError) as error:
        return {}, syntax_problem(file, text, error)


def _wrong_kind(data: Mapping[str, Any], path: Path, site: Path) -> Problem | None:
    """What theme.toml says in a way that can not be meant."""
    for key, kind, hint in (
        ("extends", str, 'write extends = "chronicle"'),
        ("settings", dict, "write [settings], and a default for each below it"),
    ):
        if not isinstance(data.get(key, kind()), kind):
            line = line_of(path.read_text(encoding="utf-8-sig"), (key,))
            message = f"{shown(data[key])} is not {'text' if kind is str else 'a table'}"
            return Problem(file=shown_path(path, site), line=line, field=key, message=message, hint=hint)
    # One at a time: without the `extend` that was meant to be `extends`, everything else lacks too.
    if unknown := next((key for key in data if key not in _KEYS), ""):
        return Problem(
            file=shown_path(path, site),
            line=line_of(path.read_text(encoding="utf-8-sig"), (unknown,)),
            field=unknown,
            message=f'"{unknown}" is not known here',
            hint=nearest(unknown, _KEYS),
        )
    return None


def _settings(
    declared: list[dict[str, Any]], config: Config, problems: list[Problem], site: Path
) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for data in reversed(declared):
        merged |= data.get("settings", {})
    text = (site / FILE).read_text(encoding="utf-8-sig") if config.theme.settings else ""
    for key, value in config.theme.settings.items():
        message = hint = ""
        if key not in merged:
            message, hint = f'the theme "{config.theme.name}" has no "{key}"', nearest(key, merged)
        elif type(value) is not type(merged[key]):
            message, hint = f"{shown(value)} is of the wrong kind", f"write one like {shown(merged[key])}"
        elif _is_colour(merged[key]) and not _is_colour(value):
            message, hint = f"{shown(value)} is not a colour", f"write one like {shown(merged[key])}"
        if message:
            line = line_of(text, ("theme", key))
            problems.append(Problem(file=FILE, line=line, field=f"theme.{key}", message=message, hint=hint))
        else:
            merged[key] = value
    return merged


#: A colour in figures, after https://www.w3.org/TR/css-color-4/.
_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})"
    r"|(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([0-9a-z.%,/ +-]+\)",
    re.IGNORECASE,
)


def _is_colour(value: Any) -> bool:
    """Whether a setting is a colour as CSS writes one, and can do nothing else in a stylesheet."""
    if not isinstance(value, str) or not value:
        return False
    if value.isalpha():
        from PIL.ImageColor import colormap

        return value.lower() in colormap
    return _COLOUR.fullmatch(value) is not None


def _texts(chain: list[Path], site: Path, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    texts: dict[str, dict[str, Any]] = {}
    for folder in reversed(chain):
        for path in sorted((folder / "i18n").glob("*.toml")):
            data, problem = _read_toml(path, site)
            problems.extend([problem] if problem else _unsayable(data, path, site))
            texts.setdefault(path.stem, {}).update(data)
    return texts


def _unsayable(data: Mapping[str, Any], path: Path, site: Path) -> Iterator[Problem]:
    """Texts that can not be filled in: neither text nor plural forms, or with a stray brace."""
    for key, value in data.items():
        forms = value if isinstance(value, dict) else {"other": value}
        message = hint = ""
        if not all(isinstance(form, str) for form in (*forms.values(), forms.get("other"))):
            message, hint = "is neither a text nor plural forms", 'write "…", or { one = "…", other = "…" }'
        elif not all(map(_is_format, forms.values())):
            message, hint = "has a brace that holds no name", "write {n}, and {{ for a brace that is meant"
        if message:
            line = line_of(path.read_text(encoding="utf-8-sig"), (key,))
            yield Problem(file=shown_path(path, site), line=line, field=key, message=message, hint=hint)


def _is_format(text: str) -> bool:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return False
    return all(name.isidentifier() for name in names)


def _missing_templates(theme: Theme, site: Path, config: Config) -> Iterator[Problem]:
    """Every template of a page, or that the settings name for a section, that is not there."""
    names = theme.environment.list_templates()
    for name in TEMPLATES:
        if name not in names:
            yield Problem(
                file=shown_path(theme.folders[0], site),
                message=f"the theme has no templates/{name}",
                hint='write it, or set extends = "chronicle" in theme.toml',
            )
    for section, written in config.sections.items():
        if written.template and written.template not in names:
            path = ("sections", section, "template")
            line = line_of((site / FILE).read_text(encoding="utf-8-sig"), path)
            yield Problem(
                file=FILE,
                line=line,
                field=".".join(path),
                message=f"the theme has no templates/{written.template}",
                hint=nearest(written.template, TEMPLATES),
            )
