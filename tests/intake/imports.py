"""Importing through the real command, and looking at what came out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from sitegen.front_matter import split
from tests.outputs import PLAIN_THEME
from tests.sites import Run, build, make_site, run, snapshot


def bring_in(site: Path, source: Path, *args: str) -> Run:
    """Import `source` into `site`; it must be done without fault."""
    site.mkdir(exist_ok=True)
    done = run(site, "import", str(source), *args)
    assert done.status == 0, done.err
    return done


def bring_in_twice(site: Path, source: Path, *args: str) -> Run:
    """Import, and import again, which must change nothing; the result of the first time."""
    done = bring_in(site, source, *args)
    before = snapshot(site)
    again = bring_in(site, source, *args)
    assert snapshot(site) == before, again.out
    assert again.out.splitlines()[-1].startswith("0 added"), again.out
    return done


def report(site: Path) -> dict[str, Any]:
    """The newest report, in JSON; the copy for people lies beside it."""
    path = max((site / "imports").glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
    assert path.with_suffix(".txt").is_file()
    data = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def told(site: Path, source: str) -> dict[str, Any]:
    """What the newest report says of one file."""
    return next(line for line in report(site)["files"] if line["source"] == source)


def notes(site: Path, source: str) -> str:
    """The notes of one file, a line each: `guessed: …`."""
    return "\n".join(f"{note['kind']}: {note['message']}" for note in told(site, source).get("notes", []))


class Imported(NamedTuple):
    meta: dict[str, Any]
    body: str


def imported(site: Path, key: str) -> Imported:
    """A text of the site, taken apart."""
    document = split((site / "content" / key).read_text(encoding="utf-8"), key)
    return Imported(dict(document.meta), document.body)


def built(site: Path, *args: str) -> Path:
    """Build the site with a plain theme; its output. Every warning is shown when it fails."""
    make_site(site, {path: text for path, text in PLAIN_THEME.items() if path != "sitegen.toml"})
    settings = site / "sitegen.toml"
    text = settings.read_text(encoding="utf-8") if settings.exists() else ""
    if "[theme]" not in text:
        settings.write_text(text + '\n[theme]\nname = "plain"\n', encoding="utf-8")
    build(site, "--drafts", *args)
    return site / "output"


def words(html: str, selector: str = "article") -> list[str]:
    """The words of one element of a page, headings of the title aside: markup and signs don't count."""
    tree = LexborHTMLParser(html)
    for one in tree.css("script, style, h1, figcaption.embed"):
        one.decompose()
    node = tree.css_first(selector)
    assert node is not None, html
    return re.findall(r"\w+", node.text(separator=" "))


def words_at(output: Path, url: str) -> list[str]:
    """The words of the text at a site path of a built site."""
    return words((output / url.strip("/") / "index.html").read_text(encoding="utf-8"))
