"""A Hexo site, compared with what Hexo published of it.

Node and its packages are no part of the tests. The table below is what hexo 8 with hexo-renderer-marked made
of these very files, by `hexo generate` with TZ=UTC: addresses, titles, dates, tags and words of its pages.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.intake.imports import bring_in_twice, built, imported, notes, report, words_at
from tests.sites import linking, make_site

SITE: dict[str, str | bytes] = {
    "_config.yml": """title: Harbour & Sea
url: https://harbour.example
language: en
timezone: UTC
permalink: :year/:month/:day/:category/:title/
new_post_name: :title.md
post_asset_folder: true
theme: plain
syntax_highlighter: ""
""",
    "package.json": '{"name": "x", "version": "0.0.0", "private": true, "hexo": {"version": ""}}',
    "source/_posts/first-post.md": """title: "First & foremost"
date: 2019-03-09 14:30:00
tags:
  - sea
  - AC/DC
categories:
  - News
  - Old Ships
---
It *began* {% post_link Second_Post 'over there' %}, and so on.

<!-- more -->

{% codeblock lang:python %}
x = [1]
{% endcodeblock %}

{% asset_img a.png "A picture" %}

{% blockquote Anna Visser, Letters %}
They never asked.
{% endblockquote %}

- one
- two
""",
    "source/_posts/first-post/a.png": b"\x89PNG",
    "source/_posts/Second_Post.md": (
        "---\ntitle: Second\ndate: 2020-01-02\ntags: two words\n---\nText **bold**.\n"
    ),
    "source/_posts/news/третий.md": (
        "---\ntitle: Третий\ndate: 2021-07-08\ncategories: [[A, B], [C]]\n---\nТекст.\n"
    ),
    "source/_posts/own.md": "---\ntitle: Own\ndate: 2021-07-09\npermalink: special/place.html\n---\nText.\n",
    "source/_drafts/later.md": "---\ntitle: Later\n---\nText.\n",
    "source/about/index.md": "---\ntitle: About us\n---\nWho we are.\n",
    "source/img/b.png": b"\x89PNG",
}

#: Address, title, date, tags, words.
PUBLISHED: list[tuple[str, str, str, list[str], str]] = [
    (
        "/2019/03/09/News/Old-Ships/first-post/",
        "First & foremost",
        "2019-03-09T14:30:00+00:00",
        ["AC/DC", "sea"],
        "It began over there and so on x 1 They never asked Anna Visser Letters one two",
    ),
    (
        "/2020/01/02/uncategorized/Second_Post/",
        "Second",
        "2020-01-02T00:00:00+00:00",
        ["two words"],
        "Text bold",
    ),
    (
        "/2021/07/08/C/news/третий/",
        "Третий",
        "2021-07-08T00:00:00+00:00",
        [],
        "Текст",
    ),
    (
        "/about/",
        "About us",
        "",
        [],
        "Who we are",
    ),
    (
        "/special/place.html",
        "Own",
        "2021-07-09T00:00:00+00:00",
        [],
        "Text",
    ),
]


def test_a_hexo_site_comes_out_as_hexo_published_it(tmp_path: Path) -> None:
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
    assert (output / "posts/first-post/a.png").is_file()
    assert (output / "img/b.png").is_file()
    assert 'engine = "commonmark"' in (site / "sitegen.toml").read_text()
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert "which of its categories" in notes(site, "_posts/first-post.md")
    assert all(line["state"] == "added" for line in report(site)["files"])
