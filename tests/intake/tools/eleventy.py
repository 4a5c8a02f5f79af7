"""An Eleventy site."""

from __future__ import annotations

from pathlib import Path

from tests.intake.old_sites import LAYOUT, PROGRAMS, TERM_LAYOUT, OldSite, run_tool, tool

SITE: dict[str, str | bytes] = {
    "package.json": '{"private": true, "type": "module"}',
    "eleventy.config.js": """export default function (eleventyConfig) {
  eleventyConfig.addPassthroughCopy("src/img");
}
export const config = { dir: { input: "src" } };
""",
    "src/_data/site.json": '{"title": "Harbour & Sea", "url": "https://harbour.example", "language": "en"}',
    "src/_includes/it.njk": LAYOUT.format(
        title="{{ title | safe }}",
        date="{% if tags and 'posts' in tags %}{{ page.date.toISOString() }}{% endif %}",
        tags="{% for tag in tags %}{% if tag != 'posts' %}"
        '<li class="tag">{{ tag }}</li>{% endif %}{% endfor %}',
        body="{{ content | safe }}",
    ),
    "src/blog/blog.json": '{"layout": "it.njk", "tags": ["posts"]}',
    "src/blog/2019-03-09-First Post.md": """---
title: "First & foremost"
tags: [sea, AC/DC]
---
It *began* [there](./second.md), called {{ title }}.

<!-- more -->

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
    "src/blog/third/index.md": '---json\n{"title": "Third", "date": "2021-07-08", "tags": null}\n---\nA.\n',
    "src/blog/own.md": "---\ntitle: Own\ndate: 2021-07-09\npermalink: /special/place.html\n---\nText.\n",
    "src/blog/hidden.md": "---\ntitle: Hidden\ndate: 2021-07-10\npermalink: false\n---\nText.\n",
    "src/blog/entities.md": (
        '---\ntitle: "Fish &amp; chips &#8211; caf&eacute;"\ndate: 2020-01-03\n---\nFish &copy;.\n'
    ),
    "src/blog/odd.md": "---\ntitle: 1984\ndate: 2020-01-04\ndescription:\ntags: [Калмыки]\n---\nText.\n",
    "src/blog/2020-01-05-named/2020-01-05-named.md": "---\ntitle: Named\n---\nText.\n",
    "src/blog/fields.md": "---\ntitle: Its own data\n---\nText.\n",
    "src/blog/fields.11tydata.json": '{"date": "2020-01-06", "tags": ["sea"]}',
    "src/about.md": "---\ntitle: About us\nlayout: it.njk\n---\nWho we are.\n",
    "src/liquid.json": "{% for x in y %}{ }{% endfor %}",
    "src/index.njk": "---\n---\n{% for post in collections.posts %}{{ post.url }}{% endfor %}\n",
    "src/tags.njk": """---
pagination: {data: collections, size: 1, alias: tag, filter: [all, posts]}
permalink: "/topics/{{ tag | slugify }}/"
---
"""
    + TERM_LAYOUT.format(taxonomy="tags", name="{{ tag }}"),
    "src/img/a.png": b"\x89PNG",
}


def build(folder: Path, output: Path) -> None:
    eleventy = tool("eleventy", "make audit-tools", PROGRAMS / "node_modules/.bin")
    run_tool(eleventy, "--quiet", f"--output={output}", cwd=folder)


SITES = (OldSite("eleventy", SITE, build, texts=9, terms=4),)
