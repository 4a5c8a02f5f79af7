"""An Eleventy site, compared with what Eleventy published of it.

Node and its packages are no part of the tests. The table below is what @11ty/eleventy 3.1.8 made of these
very files with a layout of title, date, tags and content: addresses, titles, dates, tags and words.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.intake.imports import bring_in_twice, built, imported, notes, report, words_at
from tests.sites import linking, make_site

SITE: dict[str, str | bytes] = {
    "eleventy.config.js": 'export const config = { dir: { input: "src" } };\n',
    "src/_data/site.json": '{"title": "Harbour & Sea", "url": "https://harbour.example", "language": "en"}',
    "src/blog/blog.json": '{"layout": "it.njk", "tags": ["posts"]}',
    "src/blog/2019-03-09-First Post.md": """---
title: "First & foremost"
tags: [sea, AC/DC]
---
It *began* [there](./second.md), called {{ title }}.

```js
const x = [1];
```

- one
- two

{% raw %}{{ braces }}{% endraw %}
""",
    "src/blog/second.md": """---
title: Second
date: 2020-01-02T03:04:05Z
permalink: "/{{ page.date | date: '%Y' }}/{{ title | slugify }}/"
tags: two words
---
Text **bold**.
""",
    "src/blog/third/index.md": '---json\n{"title": "Third", "date": "2021-07-08"}\n---\nText.\n',
    "src/blog/own.md": "---\ntitle: Own\ndate: 2021-07-09\npermalink: /special/place.html\n---\nText.\n",
    "src/blog/hidden.md": "---\ntitle: Hidden\ndate: 2021-07-10\npermalink: false\n---\nText.\n",
    "src/about.md": "---\ntitle: About us\nlayout: it.njk\n---\nWho we are.\n",
    "src/liquid.json": "{% for x in y %}{ }{% endfor %}",
    "src/index.njk": "---\n---\n{% for post in collections.posts %}{{ post.url }}{% endfor %}\n",
    "src/img/a.png": b"\x89PNG",
}

#: Address, title, date, tags, words.
PUBLISHED: list[tuple[str, str, str, list[str], str]] = [
    (
        "/2020/second/",
        "Second",
        "2020-01-02T03:04:05+00:00",
        ["posts", "two words"],
        "Text bold",
    ),
    (
        "/about/",
        "About us",
        "",
        [],
        "Who we are",
    ),
    (
        "/blog/2019-03-09-First Post/",
        "First & foremost",
        "2019-03-09T00:00:00+00:00",
        ["AC/DC", "posts", "sea"],
        "It began there called First foremost const x 1 one two braces",
    ),
    (
        "/blog/third/",
        "Third",
        "2021-07-08T00:00:00+00:00",
        ["posts"],
        "Text",
    ),
    (
        "/special/place.html",
        "Own",
        "2021-07-09T00:00:00+00:00",
        ["posts"],
        "Text",
    ),
]


def test_an_eleventy_site_comes_out_as_eleventy_published_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", SITE))
    output = built(site)
    entries = linking(site).site.entries.values()
    for url, title, date, tags, body in PUBLISHED:
        entry = next(one for one in entries if url in (one.url, *one.aliases))
        assert entry.title == title
        assert not date or (entry.date and entry.date.isoformat() == date)
        assert sorted([*entry.names.get("tags", ()), *(["posts"] if date else [])]) == tags
        assert words_at(output, entry.url) == re.findall(r"\w+", body)
    assert imported(site, "posts/hidden.md").meta["draft"] is True
    assert "the tag posts" in notes(site, "blog/second.md")
    assert (output / "img/a.png").is_file()
    assert 'engine = "commonmark"' in (site / "sitegen.toml").read_text()
    states = {line["source"]: line["state"] for line in report(site)["files"]}
    assert states["index.njk"] == states["liquid.json"] == "left"
