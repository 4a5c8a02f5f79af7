"""What writers should know of the page they look at: what is wrong with its text, or why it isn't there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.errors import Problem
from sitegen.links import dead_links
from sitegen.model import Entry
from sitegen.preview.edition import Edition
from sitegen.read import notices

#: How many pages are named where one is missing.
NAMED = 3


def warnings_on(edition: Edition, key: str) -> list[Problem]:
    """The warnings of one text: links and pictures behind which nothing is, and what was replaced."""
    site, known = edition.site, edition.joined.content.outlines
    outlines = {key: known[key]} if key in known else {}
    alone = replace(
        site,
        entries={key: site.entries[key]} if key in site.entries else {},
        profiles={key: site.profiles[key]} if key in site.profiles else {},
    )
    return sorted({*notices(outlines), *dead_links(edition.library.addresses, alone, outlines, known.get)})


def why_missing(edition: Edition, url: str) -> str:
    """Why there is no page at `url`, in a sentence; "" if nothing is known of it."""
    hidden = (one.value for key, one in edition.seen.results.items() if key not in edition.site.entries)
    entry = next((one for one in hidden if isinstance(one, Entry) and one.url == url), None)
    if entry is None:
        return ""
    if entry.draft:
        return f"content/{entry.key} is a draft: sitegen serve --drafts shows it."
    return f"content/{entry.key} is dated in the future, and shown from then on."


def near(edition: Edition, url: str) -> list[str]:
    """The addresses of pages that may be meant by `url`."""
    folder, _, name = url.rstrip("/").rpartition("/")
    pages = (page.url for page in edition.joined.pages if page.url.endswith("/"))
    return difflib.get_close_matches(url, _alike(pages, folder, name), n=NAMED, cutoff=0.6)


def _alike(urls: Iterable[str], folder: str, name: str) -> list[str]:
    """Those in the same folder, or of the same name, since to compare all would take long."""
    return [url for url in urls if url.endswith(f"/{name}/") or url.rstrip("/").rpartition("/")[0] == folder]
