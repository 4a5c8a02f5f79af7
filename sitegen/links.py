"""Where a link or picture in a body leads, and whether anything is there."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.config import FILE, Theme
from sitegen.errors import Problem
from sitegen.model import Body, Entry, Page, Profile, Site
from sitegen.settings import line_of
from sitegen.urls import in_language, normal


class Destination(NamedTuple):
    url: str  #: site path, its query and fragment kept
    fault: str  #: why nothing is there; "" if something is


class Addresses:
    """Every address of a site: of its pages, of its files, and of the texts they are made from."""

    def __init__(self, site: Site, pages: Sequence[Page]) -> None:
        self.urls = frozenset(page.url for page in pages)
        self.sources = {page.key: page.url for page in pages if page.kind == "post"}
        first = site.languages[0]
        for key, profile in site.profiles.items():
            url = f"/{profile.taxonomy}/{profile.slug}/"
            self.sources[key] = in_language(url, profile.lang, first)
        for index in chain.from_iterable(one.values() for one in site.indexes.values()):
            self.sources[index.key] = in_language(f"/{index.section}/", index.lang, first)
        self.keys = {url: key for key, url in self.sources.items()}

    def with_urls(self, gone: Iterable[str], come: Iterable[str]) -> Addresses:
        """The same where other files are copied."""
        new = copy(self)
        new.urls = self.urls.difference(gone).union(come)
        return new

    def destination(self, target: str, key: str) -> Destination:
        """Resolve `target` as written in the source file `key`.

        `other.md` and `pic.jpg` stand beside that file, `/x/` below the site's root; what is neither is
        read as a browser would, from the address of the page.
        """
        path, tail = _split(target)
        if not path:
            return Destination(self.sources.get(key, "/") + tail, "")
        if path.endswith((".md", ".markdown")):
            return self._source(path, key, tail)
        if path in self.urls and "%" not in path:  # as nearly all are written
            return Destination(path + tail, "")
        if not path.startswith("/"):
            beside = "/" + posixpath.normpath(posixpath.join(posixpath.dirname(key), _plain(path)))
            if beside in self.urls:
                return Destination(beside + tail, "")
            path = posixpath.join(self.sources.get(key, "/"), path)
        url = _site_path(path)
        for candidate in (url, url + "/", url.rstrip("/")):
            if candidate in self.urls:
                return Destination(candidate + tail, "")
        return Destination(url + tail, "leads nowhere")

    def _source(self, path: str, key: str, tail: str) -> Destination:
        beside = path[1:] if path.startswith("/") else posixpath.join(posixpath.dirname(key), path)
        found = self.sources.get(posixpath.normpath(_plain(beside)))
        if found is None:
            return Destination(_site_path("/" + beside) + tail, "leads to no text that is published")
        return Destination(found + tail, "")


def _split(target: str) -> tuple[str, str]:
    """A path, and its query and fragment."""
    end = min((target.index(sign) for sign in "?#" if sign in target), default=len(target))
    return target[:end], target[end:]


def _plain(path: str) -> str:
    """A path as keys and urls are written: not percent-encoded, and in the Unicode form of theirs."""
    return unicodedata.normalize("NFC", unquote(path))


def _site_path(path: str) -> str:
    kept = path.endswith("/")
    whole = posixpath.normpath("/" + _plain(path).lstrip("/"))
    return normal(whole) if kept or whole == "/" else whole


def dead_links(
    addresses: Addresses,
    site: Site,
    outlines: Mapping[str, Body],
    outline_of: Callable[[str], Body | None],
) -> Iterator[Problem]:
    """Every link and picture, of bodies and of the front matter in `site`, behind which nothing is.

    `outline_of` gives the outline of any text of the site that they may lead to.
    """
    yield from _missing_images(addresses, site)
    for key, body in outlines.items():
        for reference in body.references:
            destination = addresses.destination(reference.target, key)
            fault = destination.fault or _missing_part(destination.url, addresses, outline_of)
            if fault:
                picture = reference.kind == "image"
                yield Problem(
                    file=f"content/{key}",
                    line=reference.line,
                    message=f'the {"picture" if picture else "link"} "{reference.target}" {fault}',
                    group="pictures that are missing" if picture else "links that lead nowhere",
                )


def _missing_images(addresses: Addresses, site: Site) -> Iterator[Problem]:
    """Every image of a front matter that is not there."""
    things: Iterator[Entry | Profile] = chain(site.entries.values(), site.profiles.values())
    for thing in things:
        if thing.image.startswith(("http://", "https://")) or not thing.image:
            continue
        if addresses.destination(thing.image, thing.key).fault:
            yield Problem(
                file=f"content/{thing.key}",
                line=thing.lines.get("image", 0),
                field="image",
                message=f'there is no file "{thing.image}"',
                group="pictures that are missing",
            )


def _missing_part(url: str, addresses: Addresses, outline_of: Callable[[str], Body | None]) -> str:
    page, _, part = url.partition("#")
    key = addresses.keys.get(page)
    outline = outline_of(key) if part and key is not None else None
    if outline is None or unquote(part) in outline.ids:
        return ""
    return f'leads to a page that has no part "{part}"'


def lost_settings(addresses: Addresses, theme: Theme, text: str) -> Iterator[Problem]:
    """Every setting of the theme that names a file or page that is not there; `text` is sitegen.toml."""
    for key, value in theme.settings.items():
        if not isinstance(value, str) or not value.startswith("/"):
            continue
        if fault := addresses.destination(value, "").fault:
            yield Problem(
                file=FILE,
                line=line_of(text, ("theme", key)),
                field=f"theme.{key}",
                message=f'"{value}" {fault}',
                hint="put the file into content/ at that path, or mend the path",
                group="settings without effect",
            )
