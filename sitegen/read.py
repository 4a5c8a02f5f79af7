"""content/ -> entries, profiles and bodies, checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from sitegen import front_matter, markup, urls
from sitegen.config import Config, Section, Taxonomy
from sitegen.dates import parse_date
from sitegen.errors import Problem, SiteError, nearest
from sitegen.fields import EntryFields, IndexFields, ProfileFields, read_fields, texts_of
from sitegen.find import Found, Source
from sitegen.jobs import spread
from sitegen.model import Body, Content, Entry, Index, Profile

#: Words a grown reader takes in per minute, for `minutes` where the author gives none.
WORDS_PER_MINUTE = 220

Report = Callable[[str, str, str], None]


class Result(Struct, frozen=True, kw_only=True):
    """What one file came to."""

    value: Entry | Profile | Index | None = None  #: None when it is too broken to stand in
    body: Body = Body(html="")
    problems: tuple[Problem, ...] = ()


class Choice(Struct, frozen=True, kw_only=True):
    """Which entries are wanted."""

    now: datetime
    drafts: bool = False
    future: bool = False


class Reading(NamedTuple):
    content: Content
    problems: list[Problem]
    warnings: list[Problem]


def read(
    found: Found, config: Config, choice: Choice, jobs: int = 1, advance: Callable[[], None] = lambda: None
) -> Reading:
    """Read every file that was found. `advance` is called once for each."""
    problems, warnings = list(found.problems), list(found.warnings)
    results: dict[str, Result] = {}
    for source, result in zip(
        found.sources, spread(partial(read_source, config), found.sources, jobs), strict=True
    ):
        advance()
        problems.extend(result.problems)
        if result.value is not None:
            results[source.key] = result
    entries = {key: one.value for key, one in results.items() if isinstance(one.value, Entry)}
    drafts = {key for key, entry in entries.items() if entry.draft and not choice.drafts}
    future = {
        key
        for key, entry in entries.items()
        if entry.date and entry.date > choice.now and not choice.future and key not in drafts
    }
    hidden = drafts | future
    bodies = {key: one.body for key, one in results.items() if key not in hidden}
    warnings.extend(_notices(bodies))
    content = Content(
        entries={key: entry for key, entry in entries.items() if key not in hidden},
        bodies=bodies,
        profiles=tuple(one.value for one in results.values() if isinstance(one.value, Profile)),
        indexes=tuple(one.value for one in results.values() if isinstance(one.value, Index)),
        assets=found.assets,
        drafts=tuple(sorted(drafts)),
        future=tuple(sorted(future)),
    )
    return Reading(content, problems, warnings)


def _notices(bodies: Mapping[str, Body]) -> Iterable[Problem]:
    for key, body in bodies.items():
        for notice in body.notices:
            yield Problem(file=f"content/{key}", line=notice.line, message=notice.message, group=notice.group)


def read_source(config: Config, source: Source) -> Result:
    """Read one file. Every mistake in it is told; what is left of it takes part in later checks."""
    try:
        document = front_matter.split(_text(source), source.file)
    except SiteError as error:
        return Result(problems=error.problems)
    problems: list[Problem] = []

    def report(field: str, message: str, hint: str) -> None:
        line = document.lines.get(field, 0)
        problems.append(Problem(file=source.file, line=line, field=field, message=message, hint=hint))

    readers = {"entry": _entry, "profile": _profile, "index": _index}
    value, body = readers[source.kind](source, document, config, report)
    return Result(value=value, body=body, problems=tuple(problems))


def _text(source: Source) -> str:
    try:
        data = Path(source.path).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        message = f"can not be read: {(error.strerror or 'unknown error').lower()}"
        raise SiteError([Problem(file=source.file, message=message)]) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SiteError(
            [Problem(file=source.file, line=line, message="is not UTF-8", hint="save it as UTF-8")]
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


Document = front_matter.Document


def _entry(source: Source, document: Document, config: Config, report: Report) -> tuple[Entry | None, Body]:
    meta = document.meta
    fields = read_fields(EntryFields, meta, config.zone, report)
    section = config.section(source.section)
    lang = _language(fields.lang, source, config, report)
    title = _title(fields.title, "title", meta, report)
    date = fields.date or _date_of_name(source, config, report)
    missing = not meta.get("date") and not source.dated
    if date is None and missing and section.dated and not fields.draft:
        report("date", "there is no date", "write date: 2023-07-22, or begin the file's name with it")
    slug = _slug(fields.slug, source, report)
    image = _address(fields.image, "image", report)
    body = _render(document, config, title, image)
    minutes = fields.time_to_read_in_minutes or max(1, -(-body.words // WORDS_PER_MINUTE))
    entry = Entry(
        key=source.key,
        section=source.section,
        folder=source.folder,
        slug=slug,
        lang=lang,
        url=_url(fields.permalink, section, source, slug, date, lang, config, report),
        translation_key=fields.translation_key or source.group,
        title=title,
        description=fields.description or body.excerpt,
        image=image,
        image_alt=fields.image_alt,
        date=date,
        updated=fields.updated,
        minutes=minutes,
        views=fields.views,
        names=_names(meta, config.taxonomies, report),
        aliases=_aliases(fields.aliases, report),
        draft=fields.draft,
        source_url=_address(fields.source_url, "source_url", report, external=True),
        license=fields.license,
        extra=_extra(EntryFields, meta, {taxonomy.field for taxonomy in config.taxonomies.values()}),
        lines=document.lines,
    )
    return entry if title else None, body


def _profile(source: Source, document: Document, config: Config, report: Report) -> tuple[Profile, Body]:
    fields = read_fields(ProfileFields, document.meta, config.zone, report)
    image = _address(fields.image, "image", report)
    name = _title(fields.name, "name", document.meta, report)
    profile = Profile(
        key=source.key,
        taxonomy=source.section,
        slug=urls.slug_of_term(source.stem),
        lang=_language(fields.lang, source, config, report),
        name=name or source.stem,
        description=fields.description,
        image=image,
        image_alt=fields.image_alt,
        role=fields.role,
        aliases=fields.aliases,
        extra=_extra(ProfileFields, document.meta, set()),
        lines=document.lines,
    )
    return profile, _render(document, config, name, image)


def _index(source: Source, document: Document, config: Config, report: Report) -> tuple[Index, Body]:
    fields = read_fields(IndexFields, document.meta, config.zone, report)
    index = Index(
        key=source.key,
        section=source.section,
        lang=_language(fields.lang, source, config, report),
        title=fields.title,
        description=fields.description,
        extra=_extra(IndexFields, document.meta, set()),
    )
    return index, _render(document, config, fields.title, "")


def _render(document: Document, config: Config, title: str, image: str) -> Body:
    return markup.render(
        document.body, config.markdown, first_line=document.body_line, title=title, image=image
    )


def _extra(kind: type[Struct], meta: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    known = {field.name for field in msgspec.structs.fields(kind)} | taken
    return {key: value for key, value in meta.items() if key not in known}


def _title(title: str, field: str, meta: Mapping[str, Any], report: Report) -> str:
    written = meta.get(field)
    if not title and (written is None or (isinstance(written, str) and not written.strip())):
        similar = nearest(field, [key for key in meta if key.lower().startswith(field[:3]) and key != field])
        report(field, f"there is no {field}", similar or f'write {field}: "…"')
    return title


def _language(lang: str, source: Source, config: Config, report: Report) -> str:
    chosen = lang or source.lang or config.language
    if chosen not in config.languages:
        known = ", ".join(config.languages)
        report(
            "lang",
            f'"{chosen}" is not a language of this site',
            f"add [languages.{chosen}] to sitegen.toml, or write one of: {known}",
        )
        return config.language
    return chosen


def _date_of_name(source: Source, config: Config, report: Report) -> datetime | None:
    if not source.dated:
        return None
    try:
        return parse_date(source.dated, config.zone)
    except ValueError as error:
        report("", f"the date in the file's name: {error}", "rename the file")
        return None


def _slug(written: str | None, source: Source, report: Report) -> str:
    if written is not None:
        fault = urls.slug_fault(written)
        if not fault:
            return urls.slug_of_file(written)
        report("slug", f'"{written}" {fault}', 'write one word, like "exile-of-1943"')
    return urls.slug_of_file(source.stem)


def _url(
    written: str | None,
    section: Section,
    source: Source,
    slug: str,
    date: datetime | None,
    lang: str,
    config: Config,
    report: Report,
) -> str:
    if written:
        fault = urls.path_fault(written)
        if not fault:
            return urls.normal(written)
        report("permalink", f'"{written}" {fault}', 'write a path, like "/2023/exile/"')
    if date is None and any(part in section.permalink for part in ("{year}", "{month}", "{day}")):
        report("date", f"the permalink {section.permalink} needs a date", "write date: 2023-07-22")
        date = datetime.min.replace(tzinfo=UTC)
    parts = {"section": source.section, "path": source.folder, "slug": slug}
    if date is not None:
        year, month, day = date.date().isoformat().split("-")
        parts |= {"year": year, "month": month, "day": day}
    return urls.in_language(urls.permalink(section.permalink, parts), lang, config.language)


def _aliases(written: tuple[str, ...], report: Report) -> tuple[str, ...]:
    good: list[str] = []
    for alias in written:
        fault = urls.path_fault(alias)
        if fault:
            report("aliases", f'"{alias}" {fault}', 'write an old path of this site, like "/2019/exile/"')
        else:
            good.append(urls.normal(alias))
    return tuple(dict.fromkeys(good))


def _address(written: str, field: str, report: Report, *, external: bool = False) -> str:
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


#: Fields that hold names with commas of their own ("Smith, John"); only a list names several.
_WHOLE_FIELDS = ("author", "category", "group")


def _names(
    meta: Mapping[str, Any], taxonomies: Mapping[str, Taxonomy], report: Report
) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, taxonomy in taxonomies.items():
        try:
            texts = texts_of(meta.get(taxonomy.field), split_commas=taxonomy.field not in _WHOLE_FIELDS)
        except ValueError as error:
            message, _, hint = str(error).partition("\n")
            report(taxonomy.field, message, hint)
            continue
        if texts:
            names[name] = tuple({urls.fold(text): text for text in reversed(texts)}.values())[::-1]
    return names
