"""Hexo sites: source/_posts, asset folders, permalinks, tag plugins (https://hexo.io/docs/)."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from sitegen.intake.fields import common, plain, texts
from sitegen.intake.files import about_files, readable, walk
from sitegen.intake.items import Format, Item, Left, Note, Old, Wishes, changed, guessed, lost
from sitegen.intake.old_lists import Addresses, with_old_lists
from sitegen.intake.old_site import (
    MARKDOWN,
    Convert,
    File,
    Planned,
    copies,
    date_parts,
    filled,
    finish,
    read_files,
    resolve,
    settings,
    sorted_out,
    when,
    zone_of,
)
from sitegen.intake.shortcodes import (
    VIMEO,
    YOUTUBE,
    Handler,
    Tag,
    fenced,
    figure,
    link,
    replaced,
    without_more,
)


class _Site(Struct, frozen=True, kw_only=True):
    """What the settings say."""

    told: Mapping[str, Any]
    section: str

    def say(self, name: str, default: str) -> str:
        """A setting as text, or its default."""
        return plain(self.told.get(name)) or default


def _fits(source: Path) -> bool:
    return source.is_dir() and (source / "_config.yml").is_file() and (source / "source/_posts").is_dir()


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    told = settings(source, "_config.yml", "_config.yaml")
    site = _Site(told=told, section=wishes.section)
    language = told.get("language")
    yield Old(
        title=plain(told.get("title")),
        description=plain(told.get("description") or told.get("subtitle")),
        base_url=plain(told.get("url")),
        language=(texts(language) or [""])[0].partition("-")[0].lower(),
        timezone=plain(told.get("timezone")),
        engine="commonmark",
    )
    files = dict(walk(source / "source", ("_data",)))
    candidates = {name: path for name, path in files.items() if name.lower().endswith(MARKDOWN)}
    planned, left = sorted_out(read_files(candidates), lambda file: _plan(file, site))
    yield from left
    finished = finish(planned, _converter(planned))
    yield from with_old_lists(finished, _addresses_of_terms(planned, site), _lists(site))
    others = {name: (_place_of(name, site), path) for name, path in files.items() if name not in candidates}
    for name in [name for name in others if about_files(name)]:
        yield Left(source=readable(name), reason="is about files, not a text of the site")
        others.pop(name)
    yield from copies(others)


def _place_of(name: str, site: _Site) -> str:
    """A file beside a post lies beside it again; all others lie where they were."""
    return re.sub(r"^_(posts|drafts)/", f"{site.section}/", name)


def _unclosed(file: File) -> File:
    """Hexo also takes front matter that has no line of its own before it, and JSON without braces."""
    from msgspec.structs import replace

    from sitegen.intake.front import take_apart

    body = file.taken.body
    if file.taken.has_block:
        return file
    if in_json := re.match(r'(?:;{3,}\n)?(\s*".+?)\n;{3,}[ \t]*\n', body, re.DOTALL):
        taken = take_apart(f"---json\n{{{in_json[1]}}}\n---\n{body[in_json.end() :]}")
        return replace(file, taken=taken) if taken.has_block else file
    if re.match(r"[\w-]+:.*\n(.*\n)*?---[ \t]*\n", body):
        return replace(file, taken=take_apart(f"---\n{body}"))
    return file


def _plan(file: File, site: _Site) -> Planned:
    file = _unclosed(file)
    folders, _, rest = file.path.partition("/")
    is_post, is_draft = folders == "_posts", folders == "_drafts"
    path = (rest if is_post or is_draft else file.path).rpartition(".")[0]
    meta = dict(file.taken.meta)
    dated, name = _of_name(path, site) if is_post else ("", path)
    permalink = plain(meta.pop("permalink", None))
    hierarchy = meta.get("categories")
    meta, notes = common(meta, posixpath.basename(name), zone_of(site.told.get("timezone")))
    if isinstance(hierarchy, list) and len(texts(hierarchy)) > 1:
        notes.append(changed("which of its categories lies within which is not kept"))
    if is_post and not meta.get("date"):
        meta["date"] = dated or file.changed_at.date().isoformat()
        if not dated:
            notes.append(guessed(f"it names no date; that of its file is taken: {meta['date']}"))
    if is_draft:
        meta["draft"] = True
    if is_post or is_draft:
        url = "" if meta.get("draft") else permalink or _url(meta, hierarchy, name, site)
        return Planned(
            file=file, path=f"{site.section}/{path}.md", url=_absolute(url), meta=meta, notes=tuple(notes)
        )
    bare = path.removesuffix("/index")
    ending = "/" if bare != path else ".html"
    url = permalink or ("" if path == "index" else f"{bare}{ending}")
    return Planned(file=file, path=f"pages/{path}.md", url=_absolute(url), meta=meta, notes=tuple(notes))


def _absolute(url: str) -> str:
    return f"/{url.lstrip('/')}" if url else ""


def _of_name(path: str, site: _Site) -> tuple[str, str]:
    """The date and title that `new_post_name` puts into the name of a file."""
    shape = site.say("new_post_name", ":title.md").rpartition(".")[0]
    names = {
        "title": "(?P<title>.+)",
        "year": r"(?P<year>\d{4})",
        "month": r"(?P<month>\d{2})",
        "day": r"(?P<day>\d{2})",
    }
    names |= {"i_month": r"(?P<month>\d{1,2})", "i_day": r"(?P<day>\d{1,2})"}
    found = re.fullmatch(filled(re.escape(shape).replace(r"\-", "-"), names), path)
    parts = found.groupdict() if found else {}
    date = "-".join(parts.get(part) or "01" for part in ("year", "month", "day")) if parts.get("year") else ""
    return date, parts.get("title") or path


def _url(meta: Mapping[str, Any], hierarchy: Any, name: str, site: _Site) -> str:
    """The address by the setting `permalink`: https://hexo.io/docs/permalinks"""
    # A list is one way down; of several lists the last one counts.
    several = isinstance(hierarchy, list) and any(isinstance(one, list) for one in hierarchy)
    categories = [_slugged(one) for one in texts(hierarchy[-1] if several else hierarchy)]
    parts = {
        **date_parts(when(meta, zone_of(site.told.get("timezone")))),
        "category": "/".join(categories) or site.say("default_category", "uncategorized"),
        "post_title": _slugged(plain(meta.get("title"))),
        "title": name,
        "name": posixpath.basename(name),
        "id": plain(meta.get("id")),
    }
    url = filled(site.say("permalink", ":year/:month/:day/:title/"), parts)
    pretty = site.told.get("pretty_urls")
    if isinstance(pretty, dict) and pretty.get("trailing_index") is False:
        url = url.removesuffix("index.html")
    return url


def _slugged(text: str) -> str:
    """Hexo's `slugize`: what is no letter or digit becomes a hyphen."""
    signs = r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+"
    return re.sub(signs, "-", text).strip("-")


def _lists(site: _Site) -> dict[str, str]:
    return {site.section: f"/{site.say('archive_dir', 'archives')}/"}


def _addresses_of_terms(planned: list[Planned], site: _Site) -> Addresses:
    """Where Hexo's generators list the texts of a term; a category lies below those it is within."""
    below: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for page in planned:
        given = page.file.taken.meta.get("categories") or page.file.taken.meta.get("category")
        several = isinstance(given, list) and any(isinstance(one, list) for one in given)
        for way in given if isinstance(given, list) and several else [given]:
            names = texts(way)
            for place, name in enumerate(names, 1):
                slugs = [_slug_of_term(one, "category", site) for one in names[:place]]
                below[name]["/".join(slugs)] = None

    def addresses(taxonomy: str, name: str, _lang: str) -> Iterator[str]:
        if taxonomy == "tags":
            yield f"/{site.say('tag_dir', 'tags')}/{_slug_of_term(name, 'tag', site)}/"
        elif taxonomy == "categories":
            yield from (f"/{site.say('category_dir', 'categories')}/{path}/" for path in below[name])

    return addresses


def _slug_of_term(name: str, kind: str, site: _Site) -> str:
    others = site.told.get(f"{kind}_map")
    slug = _slugged(plain(others.get(name)) or name if isinstance(others, dict) else name)
    case = site.say("filename_case", "0")
    return slug.lower() if case == "1" else slug.upper() if case == "2" else slug


def _converter(planned: list[Planned]) -> Convert:
    addresses = {re.sub(r"^_posts/", "", page.file.path): page.url for page in planned}
    titles = {page.url: plain(page.meta.get("title")) for page in planned}

    def convert(body: str, page: Planned, notes: list[Note]) -> str:
        def known(tag: Tag) -> str | None:
            target = next(iter(tag.values), "")
            found = resolve(target, "", addresses)
            if found is None:
                notes.append(lost(f'the reference "{target}" leads to no text'))
            return found

        def post_link(tag: Tag) -> str | None:
            found = known(tag)
            words = " ".join(one for one in tag.values[1:] if one not in ("true", "false"))
            return found and f"[{words or titles[found.partition('#')[0]]}]({found})"

        folder = posixpath.basename(page.file.path).rpartition(".")[0]
        handlers: dict[str, Handler] = {
            "post_link": post_link,
            "post_path": known,
            "asset_path": lambda tag: f"{folder}/{tag.raw}",
            "asset_link": lambda tag: (
                f"[{' '.join(tag.values[1:]) or tag.values[0]}]({folder}/{tag.values[0]})"
                if tag.values
                else None
            ),
            "asset_img": lambda tag: _picture(tag, f"{folder}/"),
            "img": lambda tag: _picture(tag, ""),
            **_KNOWN,
        }
        return replaced(without_more(body, notes), r"\{%-?", r"-?%\}", handlers, notes)

    return convert


def _picture(tag: Tag, folder: str) -> str | None:
    address = next((one for one in tag.values if "." in one or "/" in one), "")
    rest = tag.values[tag.values.index(address) + 1 :] if address else ()
    words = [one for one in rest if not one.isdecimal()]
    if not address:
        return None
    address = address if address.startswith(("/", "http")) else f"{folder}{address}"
    return f"![{' '.join(words[:1])}]({address.replace(' ', '%20')})"


def _code(tag: Tag) -> str:
    language = next((one.removeprefix("lang:") for one in tag.values if one.startswith("lang:")), "")
    title = " ".join(one for one in tag.values if not one.startswith(("lang:", "http")) and ":" not in one)
    return (f"{title}\n\n" if title else "") + fenced(tag.inner, language)


def _quotation(tag: Tag) -> str:
    lines = [f"> {line}".rstrip() for line in tag.inner.strip().split("\n")]
    source = tag.raw.strip()
    return "\n".join([*lines, *([">", f"> — {source}"] if source else [])])


_KNOWN: Mapping[str, Handler] = {
    "codeblock": _code,
    "code": _code,
    "blockquote": _quotation,
    "quote": _quotation,
    "pullquote": _quotation,
    "raw": lambda tag: tag.inner,
    "youtube": YOUTUBE,
    "vimeo": VIMEO,
    "gist": link("https://gist.github.com/{}"),
    "figure": figure,
}


FORMAT = Format(name="hexo", title="a Hexo site", fits=_fits, read=_read)
