"""A Jekyll site, built by Jekyll itself: every post keeps its title, date, tags, words and old address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.imports import bring_in_twice, built, imported, notes, report
from tests.intake.old_sites import LAYOUT, assert_same_as, run_tool, tool
from tests.sites import make_site

DEFAULT = LAYOUT.format(
    title="{{ page.title | escape }}",
    date="{% if page.collection == 'posts' %}{{ page.date | date_to_xmlschema }}{% endif %}",
    tags='{% for tag in page.tags %}<li class="tag">{{ tag | escape }}</li>{% endfor %}',
    body="{{ content }}",
)

SITE: dict[str, str | bytes] = {
    "_config.yml": """title: Harbour & Sea
url: https://harbour.example
timezone: Europe/Amsterdam
markdown: kramdown
highlighter: none
collections:
  ships:
    output: true
defaults:
  - scope: {path: ""}
    values: {layout: default}
  - scope: {path: "", type: posts}
    values: {author: anna}
""",
    "_layouts/default.html": DEFAULT,
    "_data/authors.yml": "anna:\n  name: Anna Visser\n  email: anna@harbour.example\n  bio: Writes.\n",
    "_posts/2019-03-09-first-post.md": """---
title: "First & foremost"
tags: sea salt
categories: [News, Old Ships]
---
It *began* [there]({% post_url 2020-01-02-The_Second.Post %}) with {{ site.baseurl }}/img/a.png.

## The end
{: .big #end}

{% highlight python %}
x = [1]
{% endhighlight %}

A note.[^1] And {% raw %}{{ braces }}{% endraw %}.

[^1]: The note's text.

Term
: What it means
""",
    "_posts/2020-01-02-The_Second.Post.markdown": """---
title: Second
date: 2020-01-02 23:30:00 +0000
tags: [AC/DC, "a, b", it's]
category: news
redirect_from:
  - /old/second/
  - other.html
published: true
---
Text with "quotes" -- and a [link]({% link about.md %}).
""",
    "ferries/_posts/2021-07-08-third.md": (
        "---\ntitle: Third\npermalink: /special/:title/\ntag: one two\n---\nText.\n"
    ),
    "_posts/2021-07-09-html.html": (
        "---\ntitle: In HTML\n---\n<p>Some <b>bold</b> words.</p>\n<ul><li>one</li></ul>\n"
    ),
    "_posts/2021-07-10-hidden.md": "---\ntitle: Hidden\npublished: false\n---\nText.\n",
    "_drafts/later.md": "---\ntitle: Later\n---\nText.\n",
    "about.md": "---\ntitle: About\n---\nWho we are.\n",
    "team/index.md": "---\ntitle: Team\n---\nAll of us.\n",
    "contact.md": "---\ntitle: Contact\npermalink: /reach-us/\n---\nWrite.\n",
    "_ships/anna.md": "---\ntitle: The Anna\n---\nA ship.\n",
    "index.html": "---\n---\n{% for post in site.posts %}{{ post.title }}{% endfor %}\n",
    "img/a.png": b"\x89PNG",
    "README.md": "# About these files\n",
}


def test_a_jekyll_site_comes_out_as_jekyll_published_it(tmp_path: Path) -> None:
    old = make_site(tmp_path / "old", SITE)
    run_tool(
        tool("jekyll", "apt-get install jekyll ruby-jekyll-redirect-from"),
        *("build", "--quiet", "--plugins", "/nonexistent", "--destination", str(tmp_path / "published")),
        cwd=old,
        LANG="C.UTF-8",
    )
    site = tmp_path / "site"
    bring_in_twice(site, old)
    assert_same_as(tmp_path / "published", site, least=8)
    second = imported(site, "posts/The_Second.Post.md").meta
    assert {"/old/second/", "/other.html"} <= set(second["aliases"])
    assert (second["author"], second["category"]) == ("Anna Visser", "news")
    assert imported(site, "people/anna-visser.md").body.strip() == "Writes."
    assert imported(site, "posts/hidden.md").meta["draft"] is True
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert 'timezone = "Europe/Amsterdam"' in (site / "sitegen.toml").read_text()
    assert "engine" not in (site / "sitegen.toml").read_text()
    states = {line["source"]: line["state"] for line in report(site)["files"]}
    assert states["README.md"] == states["index.html"] == "left"
    assert (built(site) / "img/a.png").is_file()
    assert 'class="big"' in (built(site) / "posts/first-post/index.html").read_text()


def test_liquid_that_is_not_known_stays_and_is_told(tmp_path: Path) -> None:
    body = "{% include video.html id=1 %} {{ site.data.x }} {% post_url 2000-01-01-none %}"
    files = {"_config.yml": "", "_posts/2020-01-01-x.md": f"---\ntitle: X\n---\n{body}\n"}
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", files))
    assert imported(site, "posts/x.md").body.strip() == body
    assert 'the shortcode "include" is kept as text' in notes(site, "_posts/2020-01-01-x.md")
    assert '"2000-01-01-none" leads to no text' in notes(site, "_posts/2020-01-01-x.md")
    built(site)


@pytest.mark.parametrize("style", ["pretty", "none", "ordinal", "/blog/:year/:i_month/:title", "/:slug/"])
def test_every_form_of_permalinks_is_known(style: str, tmp_path: Path) -> None:
    old = make_site(tmp_path / "old", {**SITE, "_config.yml": f"permalink: {style}\nhighlighter: none\n"
        "defaults: [{scope: {path: ''}, values: {layout: default}}]\n"})  # fmt: skip
    run_tool(
        tool("jekyll", "apt-get install jekyll"),
        *("build", "--quiet", "--destination", str(tmp_path / "published")),
        cwd=old,
        LANG="C.UTF-8",
    )
    site = tmp_path / "site"
    bring_in_twice(site, old)
    assert_same_as(tmp_path / "published", site, least=7)
