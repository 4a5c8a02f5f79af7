"""WordPress exports (WXR): posts, pages, authors, terms, comments, and the uploads that lie beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitegen.intake.fields import plain, title_of, unique
from sitegen.intake.files import readable, walk
from sitegen.intake.html import to_markdown
from sitegen.intake.items import (
    LARGEST_TEXT,
    Copy,
    Data,
    Format,
    Item,
    Left,
    Old,
    Text,
    Wishes,
    changed,
    digest_of,
    lost,
)
from sitegen.intake.old_lists import with_old_lists
from sitegen.intake.wordpress_facts import People, facts_of, name_of
from sitegen.intake.wordpress_lists import OldLists, addresses_in
from sitegen.intake.wordpress_text import Blog, Media, path_of, text_of
from sitegen.intake.wxr import Broken, Element, Export, elements, exports
from sitegen.urls import normal, slug_of_file, slug_of_term

#: What a site is built of, beside its texts.
_PARTS = {
    "nav_menu_item": "is an entry of a menu; [nav] in sitegen.toml makes menus",
    "revision": "is an older state of a text",
    "custom_css": "is a style of the old theme",
    "wp_global_styles": "is a style of the old theme",
    "wp_template": "is a template of the old theme",
    "wp_template_part": "is a template of the old theme",
    "wp_navigation": "is a menu; [nav] in sitegen.toml makes menus",
    "oembed_cache": "is what WordPress remembered of an embed",
    "customize_changeset": "is a setting of the old theme",
}

#: Facts of commenters that nobody may publish.
_PRIVATE = ("comment_author_email", "comment_author_IP", "comment_agent")


def _fits(source: Path) -> bool:
    if source.is_dir():
        return any(_is_export(path) for path in source.glob("*.xml"))
    return source.suffix.lower() == ".zip" or (source.suffix.lower() == ".xml" and _is_export(source))


def _is_export(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    return b"wordpress.org/export/" in head


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    found = exports(source)
    uploads = _uploads(source if source.is_dir() else source.parent)
    blog, old, people, lists = _survey(found, frozenset(f"/{path}" for path in uploads))
    yield old
    for path, file in uploads.items():
        yield Copy(source=path, path=path, file=file)
    yield from with_old_lists(_texts(found, blog, people, wishes), partial(addresses_in, lists))


def _texts(found: list[Export], blog: Blog, people: People, wishes: Wishes) -> Iterator[Item]:
    for login, fields in people.items():
        yield _person(login, fields)
    for export in found:
        try:
            for element in elements(export):
                if element.kind in ("category", "tag"):
                    yield from _term(element)
                elif element.kind == "item":
                    yield from _item(element, export.name, blog, people, wishes)
        except Broken as error:
            yield Left(source=export.name, reason=str(error))


def _uploads(folder: Path) -> dict[str, Path]:
    """The files of `wp-content/uploads` beside an export, by their paths on the old site."""
    for place in ("wp-content/uploads", "uploads"):
        if (folder / place).is_dir():
            files = walk(folder / place)
            return {f"wp-content/uploads/{readable(name)}": path for name, path in files}
    return {}


def _survey(
    found: list[Export], files: frozenset[str]
) -> tuple[Blog, Old, dict[str, Mapping[str, str]], Mapping[tuple[str, str], str]]:
    """What stands anywhere in an export and is needed everywhere: the site, its authors, pictures, lists."""
    facts: dict[str, str] = {}
    media: dict[str, Media] = {}
    links: dict[str, str] = {}
    people: dict[str, Mapping[str, str]] = {}
    lists = OldLists()
    for export in found:
        try:
            for element in elements(export):
                fields = element.fields
                lists.see(element)
                if element.kind == "author":
                    people[fields.get("author_login", "")] = fields
                elif element.kind != "item":
                    facts.setdefault(element.kind, fields.get(element.kind, ""))
                elif fields.get("post_type") == "attachment":
                    media[fields.get("post_id", "")] = _media(element)
                elif "?" not in fields.get("link", "?"):
                    links[fields.get("post_id", "")] = fields["link"]
        except Broken:
            continue  # told of when it is read
    base = (facts.get("base_blog_url") or facts.get("link") or "").strip().rstrip("/")
    old = Old(
        title=plain(facts.get("title")),
        description=plain(facts.get("description")),
        base_url=f"{base}/" if base else "",
        language=plain(facts.get("language")).partition("-")[0],
    )
    # Where texts have no addresses but questions, lists have none either.
    addresses = lists.addresses(people) if links else {}
    return Blog(base=base, media=media, links=links, files=files), old, people, addresses


def _media(element: Element) -> Media:
    fields = element.fields
    return Media(
        url=fields.get("attachment_url") or fields.get("guid", ""),
        title=plain(fields.get("title")),
        alt=plain(element.extra.get("_wp_attachment_image_alt")),
        caption=fields.get("excerpt:encoded", "").strip(),
    )


def _person(login: str, fields: Mapping[str, str]) -> Text:
    name = name_of(login, fields) or "Unknown"
    note = changed("the address for mail is left out, since a profile is published")
    return Text(
        source=f"author {login}",
        path=f"people/{slug_of_term(name)}.md",
        meta={"name": name},
        body="",
        digest=digest_of("author", login, name),
        notes=(note,) if fields.get("author_email") else (),
    )


def _term(element: Element) -> Iterator[Item]:
    """A profile of a category or tag that has something to say."""
    fields, kind = element.fields, element.kind
    name = plain(fields.get("cat_name") or fields.get("tag_name"))
    words = fields.get("category_description") or fields.get("tag_description") or ""
    if name and words.strip():
        folder = "categories" if kind == "category" else "tags"
        yield Text(
            source=f"{kind} {name}",
            path=f"{folder}/{slug_of_term(name)}.md",
            meta={"name": name},
            body=to_markdown(words, breaks=True),
            digest=digest_of(kind, name, words),
        )


def _item(element: Element, file: str, blog: Blog, people: People, wishes: Wishes) -> Iterator[Item]:
    fields = element.fields
    kind = fields.get("post_type") or "post"
    source = f"{file}, {kind} {fields.get('post_id') or fields.get('link', '')}"
    content = fields.get("encoded", "")
    if kind == "attachment":
        path = path_of(fields.get("attachment_url", ""), blog)
        if path is None or path not in blog.files:
            reason = "its file is not in the export; put the old site's wp-content/uploads beside it"
            yield Left(source=f"{source} ({fields.get('attachment_url', '')})", reason=reason)
    elif kind in _PARTS:
        yield Left(source=source, reason=_PARTS[kind])
    elif fields.get("status") in ("trash", "auto-draft"):
        yield Left(source=source, reason=f"its status is {fields['status']}")
    elif len(content) > LARGEST_TEXT:
        yield Left(source=source, reason=f"is larger than {LARGEST_TEXT >> 20} MB, which no text is")
    else:
        yield from _text(element, source, kind, blog, people, wishes)


def _text(
    element: Element,
    source: str,
    kind: str,
    blog: Blog,
    people: People,
    wishes: Wishes,
) -> Iterator[Item]:
    fields = element.fields
    url = _old_url(fields, blog)
    slug = slug_of_file(unquote(fields.get("post_name", ""))) if fields.get("post_name") else ""
    title, notes = title_of(fields.get("title"), slug or f"{kind} {fields.get('post_id', '')}")
    slug = slug or slug_of_term(title)
    place = _place(kind, slug, url, wishes)
    body, told = text_of(fields.get("encoded", ""), blog)
    notes += told
    meta = {"title": title, **facts_of(element, people, blog, wishes, notes)}
    if url and element.old_slugs:
        meta["aliases"] = [url.replace(slug, unquote(old)) for old in element.old_slugs if old]
    if not url and "?" in fields.get("link", ""):
        notes.append(lost(f"the old address {fields['link']} is a question that no file can answer"))
    yield Text(
        source=source,
        path=f"{place}.md",
        meta=meta,
        body=body,
        url=url if not meta.get("draft") else "",
        digest=digest_of(title, fields.get("encoded", ""), fields.get("post_date", "")),
        notes=unique(notes),
    )
    if element.comments:
        yield _comments(element, source, place)


def _old_url(fields: Mapping[str, str], blog: Blog) -> str:
    path = None if "?" in fields.get("link", "?") else path_of(fields["link"], blog)
    return normal(path) if path and path != "/" else ""


def _place(kind: str, slug: str, url: str, wishes: Wishes) -> str:
    if kind == "page":
        folders = [slug_of_file(part) for part in unquote(urlsplit(url).path).split("/") if part][:-1]
        return "/".join(["pages", *folders, slug])
    section = wishes.section if kind == "post" else slug_of_file(kind)
    return f"{section}/{slug}"


def _comments(element: Element, source: str, place: str) -> Data:
    kept = [{key: value for key, value in one.items() if key not in _PRIVATE} for one in element.comments]
    return Data(
        source=f"{source}, comments",
        path=f"_comments/{place}.json",
        data=(json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace"),
        notes=(changed("addresses for mail, of computers and of programs are left out"),),
    )


FORMAT = Format(name="wordpress", title="a WordPress export", fits=_fits, read=_read)
