"""A Pelican site, compared with what Pelican published of it.

Pelican pins an older Pygments than sitegen's tests have, so it can't be installed beside them. The tables
below are what pelican[markdown] 4.12.0 made of these very files, with `pelican content -o OUT -s
pelicanconf.py`: addresses, titles, dates and tags as its pages have them, and the words of their bodies.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.intake.imports import bring_in_twice, built, imported, notes, report, words_at
from tests.sites import default_config, linking, make_site

SITE: dict[str, str | bytes] = {
    "pelicanconf.py": """import os
AUTHOR = "Anna Visser"
SITENAME = "Harbour & Sea"
SITEURL = "https://harbour.example"
PATH = "content"
TIMEZONE = "Europe/Amsterdam"
DEFAULT_LANG = "en"
THEME = os.path.join("themes", "plain")
ARTICLE_URL = "{date:%Y}/{date:%b}/{slug}/"
ARTICLE_SAVE_AS = "{date:%Y}/{date:%b}/{slug}/index.html"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
""",
    "content/first.md": """Title: First & foremost: it's here
Date: 2019-03-09 14:30
Modified: 2019-04-01
Category: News
Tags: sea, AC/DC, two words
Summary: How it
    began.
Custom: kept

It *began* [there]({filename}news/second.md#end) with ![A]({static}/images/a.png).

    :::python
    x = [1]

A note.[^1]

[^1]: The note's text.

Term
:   What it means
""",
    "content/news/second.md": """Title: Привет, Second
Date: 2020-01-02
Authors: Jan Smit; Visser, Anna
Slug: second

## The end {#end}

- one
- two
""",
    "content/news/2021-07-08-third.md": "Title: Third\nTags:\n\nText <b>bold</b>.\n",
    "content/news/page.html": (
        '<html><head><title>In HTML</title><meta name="date" content="2021-07-09">'
        '<meta name="tags" content="a, b"></head><body><p>Some <b>words</b>.</p></body></html>'
    ),
    "content/pages/about.md": "Title: About us\n\nWho we are.\n",
    "content/later.md": "Title: Later\nDate: 2021-01-01\nStatus: draft\n\nText.\n",
    "content/old.rst": "Old\n===\n\n:date: 2010-01-01\n\nText.\n",
    "content/images/a.png": b"\x89PNG",
    "README.md": "# About\n",
}

#: Address, title, date, tags, words. The draft and what is not Markdown are left away.
PUBLISHED: list[tuple[str, str, str, list[str], str]] = [
    (
        "/2019/Mar/first-foremost-its-here/",
        "First & foremost: it's here",
        "2019-03-09T14:30:00+01:00",
        ["AC/DC", "sea", "two words"],
        "It began there with x 1 A note 1 Term What it means The note s text",
    ),
    (
        "/2020/Jan/second/",
        "Привет, Second",
        "2020-01-02T00:00:00+01:00",
        [],
        "The end one two",
    ),
    (
        "/2021/Jul/in-html/",
        "In HTML",
        "2021-07-09T00:00:00+02:00",
        ["a", "b"],
        "Some words",
    ),
    (
        "/2021/Jul/third/",
        "Third",
        "2021-07-08T00:00:00+02:00",
        [],
        "Text bold",
    ),
    (
        "/pages/about-us.html",
        "About us",
        "",
        [],
        "Who we are",
    ),
]


def test_a_pelican_site_comes_out_as_pelican_published_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", SITE))
    output = built(site)
    entries = linking(site).site.entries.values()
    for url, title, date, tags, body in PUBLISHED:
        entry = next(one for one in entries if url in (one.url, *one.aliases))
        assert entry.title == title
        assert not date or (entry.date and entry.date.isoformat() == date)
        assert sorted(entry.names.get("tags", ())) == tags
        assert words_at(output, entry.url) == re.findall(r"\w+", body)


def test_what_pelican_keeps_beside_its_texts_comes_along(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", SITE))
    first = imported(site, "posts/first-foremost-its-here.md").meta
    assert (first["description"], first["author"], first["category"]) == (
        "How it began.",
        "Anna Visser",
        "News",
    )
    assert (first["updated"], first["custom"]) == ("2019-04-01", "kept")
    assert imported(site, "posts/second.md").meta["author"] == ["Jan Smit", "Visser, Anna"]
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert "pandoc" in {line["source"]: line.get("reason", "") for line in report(site)["files"]}["old.rst"]
    assert (built(site) / "images/a.png").is_file()
    assert "engine" not in (site / "sitegen.toml").read_text()


def test_settings_that_are_code_are_not_run(tmp_path: Path) -> None:
    code = (
        f"import pathlib\npathlib.Path({str(tmp_path / 'ran')!r}).touch()\nSITENAME = 'X'\nPATH = '../../'\n"
    )
    files = {"pelicanconf.py": code, "content/a.md": "Title: A\nDate: 2020-01-01\n\n[x]({filename}none.md)\n"}
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", files))
    assert not (tmp_path / "ran").exists()
    assert 'title = "X"' in (site / "sitegen.toml").read_text()
    assert '"none.md" leads to no text' in notes(site, "a.md")
    assert default_config().language == "en"
