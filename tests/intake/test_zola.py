"""A Zola site: what is expected stands in Zola's documentation, since no package brings the program."""

from __future__ import annotations

from pathlib import Path

from tests.intake.imports import bring_in_twice, built, imported, notes
from tests.sites import make_site

SITE: dict[str, str | bytes] = {
    "config.toml": (
        'base_url = "https://harbour.example"\ntitle = "Harbour"\ndefault_language = "en"\n[languages.ru]\n'
    ),
    "content/_index.md": "+++\n+++\n",
    "content/blog/_index.md": '+++\ntitle = "Blog"\nsort_by = "date"\n+++\nAll of it.\n',
    "content/blog/2019-03-09-First Post.md": """+++
title = "First"
description = "How it began"
authors = ["Anna Visser"]
aliases = ["old/first", "older.html"]
[taxonomies]
tags = ["sea", "AC/DC"]
[extra]
views = 3
mood = "calm"
+++
It began [there](@/blog/bundle/index.md#end). {{ youtube(id="abc") }}

<!-- more -->

{% note(kind="x") %}Inner{% end %}
""",
    "content/blog/bundle/index.md": (
        '+++\ntitle = "Bundle"\ndate = 2020-01-02T03:04:05+02:00\nslug = "renamed"\n+++\n'
        "## End {#end}\n\n![A](a.png)\n"
    ),
    "content/blog/bundle/a.png": b"\x89PNG",
    "content/blog/own.md": (
        '+++\ntitle = "Own"\ndate = 2020-01-03\npath = "special/place"\ndraft = true\n+++\nText.\n'
    ),
    "content/blog/own.ru.md": '+++\ntitle = "Своё"\ndate = 2020-01-03\n+++\nТекст.\n',
    "content/about.md": '+++\ntitle = "About"\n+++\nWho we are.\n',
    "static/b.png": b"\x89PNG",
    "templates/index.html": "x",
}


def test_a_zola_site_keeps_its_texts_facts_and_addresses(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", SITE))
    first = imported(site, "posts/2019-03-09-First Post.md")
    assert first.meta == {
        "title": "First",
        "date": "2019-03-09",
        "description": "How it began",
        "author": "Anna Visser",
        "tags": ["sea", "AC/DC"],
        "aliases": ["/blog/first-post/", "/old/first/", "/older.html"],
        "views": 3,
        "mood": "calm",
    }
    assert "[there](/blog/renamed/#end)" in first.body
    assert "youtube.com/embed/abc" in first.body
    assert 'the shortcode "note" is kept as text' in notes(site, "content/blog/2019-03-09-First Post.md")
    assert imported(site, "posts/bundle/index.md").meta["date"] == "2020-01-02T03:04:05+02:00"
    assert imported(site, "posts/own.md").meta["draft"] is True
    assert imported(site, "posts/_index.md").meta["title"] == "Blog"
    assert "/special/place/" in imported(site, "posts/own.md").meta["aliases"]
    assert imported(site, "ru/posts/own.md").meta["lang"] == "ru"
    settings = (site / "sitegen.toml").read_text()
    assert 'engine = "commonmark"' in settings
    assert "[languages.ru]" in settings
    output = built(site)
    assert (output / "posts/bundle/a.png").is_file()
    assert (output / "b.png").is_file()
    assert "/posts/First-Post/" in (output / "blog/first-post/index.html").read_text()
