"""A Pelican site."""

from __future__ import annotations

from pathlib import Path

from tests.intake.old_sites import LAYOUT, PROGRAMS, TERM_LAYOUT, OldSite, run_tool, tool

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
DIRECT_TEMPLATES = ["index", "archives"]
""",
    "themes/plain/static/x.css": "",
    "themes/plain/templates/index.html": "<p>home</p>",
    "themes/plain/templates/archives.html": "<p>list</p>",
    "themes/plain/templates/article.html": "{% if article.status == 'published' %}"
    + LAYOUT.format(
        title="{{ article.title }}",
        date="{{ article.date.isoformat() }}",
        tags='{% for tag in article.tags %}<li class="tag">{{ tag }}</li>{% endfor %}',
        body="{{ article.content }}",
    )
    + "{% endif %}",
    "themes/plain/templates/page.html": LAYOUT.format(
        title="{{ page.title }}", date="", tags="", body="{{ page.content }}"
    ),
    **{
        f"themes/plain/templates/{name}.html": TERM_LAYOUT.format(taxonomy=taxonomy, name=f"{{{{ {name} }}}}")
        for name, taxonomy in {"tag": "tags", "category": "categories", "author": "authors"}.items()
    },
    "content/first.md": """Title: First & foremost: it's here
Date: 2019-03-09 14:30
Modified: 2019-04-01
Category: News
Tags: sea, AC/DC, two words
Summary: How it
    began.
Custom: kept

It *began* [there]({filename}news/second.md#end) with ![A]({static}/images/a.png).

<!--more-->

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
Tags: Калмыки
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
    "content/block.md": (
        "---\ntitle: In a block\ndate: 2020-03-04 05:06\ntags: sea; Zürich\n---\n\nText [home]({index}).\n"
    ),
    "content/entities.md": (
        "Title: Fish &amp; chips &#8211; caf&eacute;\nDate: 2020-03-05\nCategory:\n\nFish &copy;.\n"
    ),
    "content/own.md": (
        "Title: 1984\nDate: 2020-03-06\nURL: special/place.html\nSave_as: special/place.html\n"
        "Tags: 2020\n\nText.\n"
    ),
    "content/pages/about.md": "Title: About us\n\nWho we are.\n",
    "content/later.md": "Title: Later\nDate: 2021-01-01\nStatus: draft\n\nText.\n",
    "content/old.rst": "Old\n===\n\n:date: 2010-01-01\n:status: skip\n\nText.\n",
    "content/images/a.png": b"\x89PNG",
    "README.md": "# About\n",
}

#: Dates and more in the names of files and folders.
DATED: dict[str, str | bytes] = {
    **{name: text for name, text in SITE.items() if name.startswith("themes/")},
    "pelicanconf.py": """SITENAME = "Harbour"
PATH = "content"
TIMEZONE = "UTC"
THEME = "themes/plain"
FILENAME_METADATA = r"(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<slug>.*)"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
DIRECT_TEMPLATES = ["index", "archives"]
""",
    "content/ships/2019-03-09_anna-sails.md": "Title: The Anna sails\nTags: sea\n\nText.\n",
    "content/2020-01-02_back.md": "Title: The Anna is back\n\nText.\n",
}


def build(folder: Path, output: Path) -> None:
    pelican = tool("pelican", "make audit-tools", PROGRAMS / "pelican/bin")
    run_tool(pelican, "content", "-o", str(output), "-s", "pelicanconf.py", "--quiet", cwd=folder)


SITES = (
    OldSite("pelican", SITE, build, texts=8, terms=13),
    OldSite("pelican, dated names", DATED, build, texts=2, terms=3),
)
