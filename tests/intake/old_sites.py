"""What other programs make of a site: how they are run, and how their pages are read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitegen.dates import parse_date
from tests.intake.imports import words
from tests.outputs import ROOT
from tests.sites import default_config

#: What a layout of each program has to write, so that all can be read alike.
LAYOUT = (
    '<html><body><h1 id="t">{title}</h1><time datetime="{date}"></time><ul>{tags}</ul>'
    '<article class="it">{body}</article></body></html>'
)

#: The same for the list of a term's texts.
TERM_LAYOUT = '<html><body><h1 id="term" class="{taxonomy}">{name}</h1></body></html>'

#: Where `make audit-tools` puts programs that are no part of the tests' environment.
PROGRAMS = ROOT / "tests/audit"


class OldSite(NamedTuple):
    """A site of another program."""

    name: str
    files: Mapping[str, str | bytes]
    build: Callable[[Path, Path], None]  #: the site's folder, the output's folder
    texts: int  #: how many it publishes; drafts and front pages are none
    terms: int = 0  #: how many lists of terms


class Published(NamedTuple):
    """One text as the old program published it."""

    url: str
    title: str
    date: datetime | None
    tags: list[str]
    words: list[str]


class PublishedTerm(NamedTuple):
    """The list of one term's texts, as the old program published it."""

    url: str
    taxonomy: str  #: as sitegen calls it
    name: str


def tool(name: str, install: str, *places: Path) -> str:
    """The path of a program; a test that needs it is skipped where it is missing."""
    found = next((str(place / name) for place in places if (place / name).exists()), shutil.which(name))
    if found is None:
        pytest.skip(f"{name} is missing: {install}")
    return found


def run_tool(*command: str, cwd: Path, **env: str) -> None:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, "TZ": "UTC", **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _pages(output: Path) -> Iterator[tuple[str, LexborHTMLParser]]:
    """Each page by the address at which it lies, the front page left out."""
    for path in sorted(output.rglob("*.html")):
        url = "/" + path.relative_to(output).as_posix().removesuffix("index.html")
        if url != "/":
            yield url, LexborHTMLParser(path.read_text(encoding="utf-8"))


def published(output: Path) -> Iterator[Published]:
    """Every text of a built site."""
    for url, tree in _pages(output):
        title, time = tree.css_first("#t"), tree.css_first("time")
        if title is None or time is None or tree.css_first("article.it") is None:
            continue
        date = time.attributes.get("datetime") or ""
        yield Published(
            url=url,
            title=" ".join(title.text().split()),
            date=parse_date(date, default_config().zone) if date else None,
            tags=sorted(node.text().strip() for node in tree.css("li.tag")),
            words=words(tree.html or "", "article.it"),
        )


def published_terms(output: Path) -> Iterator[PublishedTerm]:
    """Every list of a term's texts; those after its first page are left out."""
    for url, tree in _pages(output):
        node = tree.css_first("#term")
        # jekyll-archives lists a tag that is a number without its name.
        if node and node.text().strip() and "/page/" not in url:
            yield PublishedTerm(url, node.attributes.get("class") or "", node.text().strip())


def redirects(output: Path) -> Iterator[tuple[str, str]]:
    """Each address that leads to another one, and to which; those to the front page are left out."""
    for url, tree in _pages(output):
        refresh = tree.css_first("meta[http-equiv=refresh]")
        if refresh is not None:
            target = (refresh.attributes.get("content") or "").partition("url=")[2]
            path = unquote(urlsplit(urljoin(url, target)).path)
            if path != "/":
                yield url, path
