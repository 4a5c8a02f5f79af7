"""Small sites for tests: written inline, built through the real command line."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from sitegen.cli import main
from sitegen.config import Config, complete
from sitegen.find import find
from sitegen.link import Linking, link
from sitegen.read import Choice, Reading, choose, read
from sitegen.settings import read_config
from sitegen.store import Store

#: The now of every build in the tests, so that no test depends on the day it is run.
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Run(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object that --json prints; fails when anything else is on stdout."""
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


def make_site(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write `files` (path -> text) below `folder`, and return it. Texts keep their line ends."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def post(title: str = "A post", date: str = "2020-01-01", body: str = "Text.", **keys: str) -> str:
    """The text of a post; further keys are written as they come: `tags="[a, b]"`."""
    lines = [f"title: {title}", f"date: {date}", *(f"{key}: {value}" for key, value in keys.items())]
    return "\n".join(["---", *lines, "---", body, ""])


def run(site: Path, *args: str) -> Run:
    """Run `sitegen ARGS --site SITE` in this process, by the same way in as the command."""
    out, err = io.StringIO(), io.StringIO()
    # With SITEGEN_TRACEBACK a crash of sitegen itself fails the test instead of passing for a message.
    now = {"SITEGEN_TRACEBACK": "1", "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    with (
        patch.object(sys, "argv", ["sitegen", *args, "--site", str(site)]),
        patch.dict(os.environ, now),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            return Run(int(end.code or 0), out.getvalue(), err.getvalue())
    raise AssertionError("main() always exits")


def build(site: Path, *args: str) -> Run:
    """Build without the search index, which takes the most time; the result must be good."""
    done = run(site, "build", "--no-search", *args)
    assert done.status == 0, done.err or done.out
    return done


def reading(site: Path, config: Config | None = None) -> Reading:
    """What `read` makes of a site, drafts and the future left out."""
    config = config or read_config(site)[0]
    found = find(site, config)
    with contextlib.closing(Store(site / ".sitegen")) as store:
        results, _ = read(found, config, store)
    return choose(found, results, Choice(now=NOW))


def linking(site: Path) -> Linking:
    """What `link` makes of a site whose texts are all right."""
    config, problems = read_config(site)
    read_now = reading(site, config)
    assert not [*problems, *read_now.problems]
    return link(read_now.content, config)


def default_config() -> Config:
    """The settings of a site that writes none."""
    return complete(Config())


def output(site: Path) -> dict[str, bytes]:
    """Every file of the site's output, by its path."""
    root = site / "output"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of every file below `root`."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def broken_links(site: Path) -> set[tuple[str, str]]:
    """Page and address of every relative link, script, sheet and picture that leads to no file."""
    root = site / "output"
    broken = set()
    for path in root.rglob("*.html"):
        page = "http://host/deep/" + quote(path.relative_to(root).as_posix())
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for name in ("href", "src"):
            for node in tree.css(f"[{name}]"):
                address = node.attributes[name] or ""
                target = urlsplit(urljoin(page, address))
                if target.netloc != "host" or path.name == "404.html":
                    continue
                found = unquote(target.path.removeprefix("/deep/"))
                if not (root / found / "index.html" if target.path.endswith("/") else root / found).is_file():
                    broken.add((path.relative_to(root).as_posix(), address))
    return broken
