"""Sites of other programs, built by those very programs, and compared with what was imported."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitegen.dates import parse_date
from tests.intake.imports import built, words, words_at
from tests.sites import default_config, linking

#: What a layout of each program has to write, so that all can be read alike.
LAYOUT = (
    '<html><body><h1 id="t">{title}</h1><time datetime="{date}"></time><ul>{tags}</ul>'
    '<article class="it">{body}</article></body></html>'
)


class Published(NamedTuple):
    """One page as the old program published it."""

    url: str
    title: str
    date: datetime | None
    tags: list[str]
    words: list[str]


def tool(name: str, install: str) -> str:
    """The path of a program; a test that needs it is skipped where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is missing: {install}")
    return found


def run_tool(*command: str, cwd: Path, **env: str) -> None:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, "TZ": "UTC", **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def published(output: Path) -> Iterator[Published]:
    """Every page with the layout's article, by the address at which it lies."""
    for path in sorted(output.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        tree = LexborHTMLParser(html)
        title, time = tree.css_first("#t"), tree.css_first("time")
        is_front = path.parent == output and path.name == "index.html"
        if is_front or title is None or time is None or tree.css_first("article.it") is None:
            continue
        date = time.attributes.get("datetime") or ""
        yield Published(
            url="/" + path.relative_to(output).as_posix().removesuffix("index.html"),
            title=" ".join(title.text().split()),
            date=parse_date(date, default_config().zone) if date else None,
            tags=sorted(node.text().strip() for node in tree.css("li.tag")),
            words=words(html, "article.it"),
        )


def assert_same_as(old: Path, site: Path, *, least: int) -> None:
    """What the old program published in `old` is found in the imported site, at the old addresses."""
    output = built(site)
    entries = linking(site).site.entries.values()
    pages = list(published(old))
    assert len(pages) >= least, [page.url for page in pages]
    for page in pages:
        entry = next((one for one in entries if page.url in (one.url, *one.aliases)), None)
        assert entry is not None, f"{page.url} is not among {[(one.url, one.aliases) for one in entries]}"
        assert entry.title == page.title
        assert sorted(entry.names.get("tags", ())) == page.tags, page.url
        if page.date is not None:
            assert entry.date == page.date, page.url
        now = words_at(output, entry.url)
        differs = [pair for pair in zip_longest(now, page.words) if pair[0] != pair[1]]
        assert not differs, f"{page.url}: {differs[:9]}"
