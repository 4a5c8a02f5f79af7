"""The themes that sitegen brings, and the child theme that docs/themes.md teaches."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.outputs import ROOT, sitegen
from tests.sites import build, make_site, output, post

#: A file as the docs give it: its path, and the block that follows.
_FILE = re.compile(r"^`(themes/harbour/\S+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

CLICK = '[markdown]\nembeds = "click"\n'
VIDEO = '<iframe src="https://www.youtube.com/embed/abc123" title="A film"></iframe>'


def test_the_child_theme_of_the_docs_restyles_every_page(tmp_path: Path) -> None:
    files = dict(_FILE.findall((ROOT / "docs/themes.md").read_text()))
    assert len(files) == 3
    assert sum(len(text.splitlines()) for text in files.values()) < 25
    settings = '[theme]\nname = "harbour"\nnotice = "Closed in January"\n'
    site = make_site(tmp_path, {**files, "sitegen.toml": settings, "content/posts/x.md": post()})
    build(site)
    for path, data in output(site).items():
        if path.endswith(".html"):
            assert b"Closed in January" in data, path
            assert b"harbour.css" in data, path


@pytest.mark.parametrize("name", ["chronicle", "plain"])
def test_a_new_site_begins_with_the_theme_that_is_asked_for(name: str, tmp_path: Path) -> None:
    made = sitegen("init", "site", "--theme", name, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert tomllib.loads((tmp_path / "site/sitegen.toml").read_text())["theme"]["name"] == name
    build(tmp_path / "site")


def test_an_unknown_theme_makes_no_site(tmp_path: Path) -> None:
    made = sitegen("init", "site", "--theme", "plane", cwd=tmp_path)
    assert made.returncode == 1
    assert 'there is no theme "plane"; did you mean "plain"?' in made.stderr
    assert not (tmp_path / "site").exists()


def test_every_text_of_a_theme_is_there_in_each_of_its_languages() -> None:
    for theme in (ROOT / "themes").iterdir():
        texts = {path.stem: set(tomllib.loads(path.read_text())) for path in theme.glob("i18n/*.toml")}
        assert [(lang, texts["en"] - known) for lang, known in texts.items() if texts["en"] - known] == []


def test_plain_extends_no_theme() -> None:
    assert "extends" not in tomllib.loads((ROOT / "themes/plain/theme.toml").read_text())
    for path in (ROOT / "themes/plain").rglob("*"):
        assert not path.is_file() or "chronicle" not in path.read_text()


def test_the_script_of_embeds_comes_only_with_an_embed(tmp_path: Path) -> None:
    texts = {
        "sitegen.toml": CLICK,
        "content/posts/film.md": post(body=VIDEO),
        "content/posts/text.md": post(),
    }
    site = make_site(tmp_path, texts)
    build(site)
    files = output(site)
    assert b"embeds.js" in files["posts/film/index.html"]
    assert b"embeds.js" not in files["posts/text/index.html"]
