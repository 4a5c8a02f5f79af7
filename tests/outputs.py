"""Beside `sites`: real processes, a plain theme, and what an output folder holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.sites import run

ROOT = Path(__file__).parent.parent

_HEAD = (
    '<!doctype html>\n<html lang="{{ page.lang }}">\n<head><meta charset="utf-8">'
    "<title>{{ page.title or site.title }}</title></head>\n"
)
_LIST = '{% for card in cards %}<p><a href="{{ url(card) }}">{{ card.title }}</a></p>\n{% endfor %}'
_LISTING = (
    '{% extends "base.html" %}{% block main %}{% set cards = listing.cards %}' + _LIST + "{% endblock %}"
)

#: A theme of a few lines, for sites whose looks are beside the point.
PLAIN_THEME = {
    "sitegen.toml": '[theme]\nname = "plain"\n',
    "themes/plain/theme.toml": 'name = "plain"\n',
    "themes/plain/i18n/en.toml": 'archive = "Archive"\nnot_found = "Not found"\nsearch = "Search"\n',
    "themes/plain/templates/base.html": _HEAD + "<body>{% block main %}{% endblock %}</body>\n</html>\n",
    "themes/plain/templates/home.html": (
        '{% extends "base.html" %}{% block main %}{% set cards = site.recent(10) %}'
        + _LIST
        + "{% endblock %}"
    ),
    **dict.fromkeys(
        (f"themes/plain/templates/{name}.html" for name in ("section", "term", "month")), _LISTING
    ),
    **dict.fromkeys(
        (f"themes/plain/templates/{name}.html" for name in ("taxonomy", "archive", "year", "search", "404")),
        '{% extends "base.html" %}',
    ),
    **dict.fromkeys(
        (f"themes/plain/templates/{name}.html" for name in ("post", "page")),
        '{% extends "base.html" %}{% block main %}<article data-pagefind-body>'
        '<h1 data-pagefind-meta="title">{{ post.title }}</h1>{{ post.content|safe }}</article>{% endblock %}',
    ),
    "themes/plain/templates/redirect.html": (
        '<!doctype html>\n<meta http-equiv="refresh" content="0; url={{ url(target) }}">\n'
    ),
}


def page(title: str = "A page", body: str = "Text.") -> str:
    """A source file without a date."""
    return f"---\ntitle: {title}\n---\n{body}\n"


def counts(site: Path, *args: str) -> dict[str, Any]:
    """Build in this process without the search; what --json tells of it."""
    done = run(site, "build", "--json", "--no-search", "--jobs", "1", *args)
    assert done.status == 0, done.out
    return done.json


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that runs this checkout's sitegen."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1767225600", **more}


def sitegen(
    *args: str, cwd: Path, env: Mapping[str, str] | None = None, python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the command as its users do, in a process of its own."""
    return subprocess.run(
        [sys.executable, *python, "-m", "sitegen", *args],
        cwd=cwd,
        env=environment() if env is None else dict(env),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` and its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def told(process: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a process that ran with --json told."""
    data = json.loads(process.stdout)
    assert isinstance(data, dict)
    return data
