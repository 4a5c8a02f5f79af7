"""A Hexo site."""

from __future__ import annotations

from pathlib import Path

from tests.intake.old_sites import LAYOUT, PROGRAMS, TERM_LAYOUT, OldSite, run_tool, tool

_LAYOUT = LAYOUT.format(
    title="{{ page.title }}",
    date="{% if page.layout == 'post' %}{{ page.date.format() }}{% endif %}",
    tags='{% for tag in page.tags.toArray() if page.tags %}<li class="tag">{{ tag.name }}</li>{% endfor %}',
    body="{{ page.content }}",
)

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
    "package.json": """{"name": "x", "version": "0.0.0", "private": true, "hexo": {"version": ""},
"dependencies": {"hexo": "8", "hexo-renderer-marked": "7",
"hexo-generator-archive": "2", "hexo-generator-category": "2", "hexo-generator-tag": "2"}}
""",
    "themes/plain/layout/post.njk": _LAYOUT,
    "themes/plain/layout/page.njk": _LAYOUT,
    "themes/plain/layout/index.njk": "<p>home</p>",
    "themes/plain/layout/archive.njk": "<p>list</p>",
    "themes/plain/layout/tag.njk": TERM_LAYOUT.format(taxonomy="tags", name="{{ page.tag }}"),
    "themes/plain/layout/category.njk": TERM_LAYOUT.format(taxonomy="categories", name="{{ page.category }}"),
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
    "source/_posts/json.md": (
        '"title": "In JSON",\n"date": "2020-01-03 10:20:30",\n"tags": ["sea", "it\'s"],\n"alias": null\n;;;\n'
        "Text [there]({% post_path first-post %}).\n"
    ),
    "source/_posts/entities.md": (
        '---\ntitle: "Fish &amp; chips &#8211; caf&eacute;"\ndate: 2020-01-04\ntags: null\ncategories:\n---\n'
        "Fish &amp; chips &copy;.\n"
    ),
    "source/_posts/odd.md": (
        "---\ntitle: 1984\ndate: 2020-01-05\ntags: [2020]\n---\n{% raw %}{{ x }}{% endraw %}.\n"
    ),
    "source/_posts/news/третий.md": (
        "---\ntitle: Третий\ndate: 2021-07-08\ntags: [Калмыки]\ncategories: [[A, B], [C]]\n---\nТекст.\n"
    ),
    "source/_posts/own.md": "---\ntitle: Own\ndate: 2021-07-09\npermalink: special/place.html\n---\nText.\n",
    "source/_drafts/later.md": "---\ntitle: Later\n---\nText.\n",
    "source/about/index.md": "---\ntitle: About us\n---\nWho we are.\n",
    "source/img/b.png": b"\x89PNG",
}

#: The dates in the names of files, and in folders.
_DATED = """title: Harbour
url: https://harbour.example
timezone: Europe/Amsterdam
permalink: :year/:title.html
new_post_name: :year/:month-:day-:title.md
theme: plain
syntax_highlighter: ""
"""

DATED: dict[str, str | bytes] = {
    **{name: text for name, text in SITE.items() if not name.startswith("source/")},
    "_config.yml": _DATED,
    "source/_posts/2019/03-09-first.md": "---\ntitle: First\ntags: sea\n---\nText.\n",
    "source/_posts/2020/01-02-second.md": "---\ntitle: Second\ndate: 2020-02-03 00:30\n---\nText.\n",
}


def build(folder: Path, output: Path) -> None:
    hexo = tool("hexo", "make audit-tools", PROGRAMS / "node_modules/.bin")
    (folder / "node_modules").symlink_to(PROGRAMS / "node_modules")
    run_tool(hexo, "generate", "--silent", cwd=folder)
    (folder / "public").rename(output)


SITES = (
    OldSite("hexo", SITE, build, texts=8, terms=11),
    OldSite("hexo, dated names", DATED, build, texts=2, terms=1),
)
