"""The audit of the themes: what a reader's browser, a checker of HTML and a parser of data make of the pages.

Its tools come from npm and Debian: `make audit` fetches and runs them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent / "node_modules"

#: One page of each kind of the sample archive, and three in other scripts.
KINDS = {
    "home": "",
    "section": "posts/",
    "numbered": "posts/page/1/",
    "post": "posts/deportation-of-the-kalmyks-1943/",
    "post with an embed": "posts/public-law-86-90/",
    "post with a video": "posts/singing-revolution/",
    "standalone": "about/",
    "tags": "tags/",
    "tag": "tags/kalmyks/",
    "authors": "authors/",
    "author": "authors/history-desk/",
    "categories": "categories/",
    "category": "categories/history/",
    "archive": "archive/",
    "year": "archive/2023/",
    "month": "archive/2023/07/",
    "search": "search/",
    "missing": "404.html",
    "home in Russian": "ru/",
    "post in Russian": "ru/posts/deportation-of-the-kalmyks-1943/",
    "home in Arabic": "ar/",
    "post in Arabic": "ar/posts/deportation-of-the-kalmyks-1943/",
    "tag in Arabic": "ar/tags/kalmyks/",
}


def tool(path: str) -> Path:
    """A file of a package from npm."""
    found = TOOLS / path
    if not found.is_file():
        pytest.skip(f"there is no {path.partition('/')[0]}; install it: make audit-tools")
    return found


def java() -> str:
    found = shutil.which("java")
    if found is None:
        pytest.skip("there is no Java; install it: apt-get install default-jre-headless")
    return found
