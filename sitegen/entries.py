"""A document -> an entry: a post, or any other text with a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sitegen import ask, urls
from sitegen.ask import Report
from sitegen.config import Config, Section, Taxonomy
from sitegen.dates import parse_date
from sitegen.fields import EntryFields, read_fields, texts_of
from sitegen.find import Source
from sitegen.front_matter import Document
from sitegen.markup import Converted
from sitegen.model import Body, Entry

#: Words a grown reader takes in per minute, for `minutes` where the author gives none.
WORDS_PER_MINUTE = 220


def read_entry(
    source: Source, document: Document, converted: Converted, config: Config, report: Report
) -> tuple[Entry | None, Body]:
    """Read an entry; None when it has no title to stand under. Mistakes are reported."""
    meta = document.meta
    fields = read_fields(EntryFields, meta, config.zone, report)
    section = config.section(source.section)
    lang = ask.language(fields.lang, source, config, report)
    title = ask.title(fields.title, "title", meta, report)
    date = fields.date or _date_of_name(source, config, report)
    missing = not meta.get("date") and not source.dated
    if date is None and missing and section.dated and not fields.draft:
        report("date", "there is no date", "write date: 2023-07-22, or begin the file's name with it")
    if source.stem == "index" and not (source.dated or fields.slug or fields.permalink):
        report("", *_INDEX_OF_NOTHING if source.section == "pages" else _INDEX_OF_SECTION)
    slug = _slug(fields.slug, source, report)
    image = ask.address(fields.image, "image", report)
    body = ask.body(document, converted, config, title, image)
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
        description=fields.description,
        excerpt="" if fields.description else body.excerpt,
        image=image,
        image_alt=fields.image_alt,
        date=date,
        updated=fields.updated,
        minutes=minutes,
        views=fields.views,
        names=_names(meta, config.taxonomies, report),
        aliases=ask.old_paths(fields.aliases, report),
        draft=fields.draft,
        source_url=ask.address(fields.source_url, "source_url", report, external=True),
        license=fields.license,
        extra=ask.extra(EntryFields, meta, {taxonomy.field for taxonomy in config.taxonomies.values()}),
        lines=document.lines,
    )
    return entry if title else None, body


_INDEX_OF_SECTION = (
    "would be a text of its own, at …/index/",
    "call it _index.md if it describes the section, else give it another name, or a slug",
)
_INDEX_OF_NOTHING = (
    "would be a text of its own, at /index/: the front page is made by the theme",
    "give it another name, or a slug",
)


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
