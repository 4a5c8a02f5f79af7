"""A Jekyll site, and one for each form of permalinks."""

from __future__ import annotations

from pathlib import Path

from tests.intake.old_sites import LAYOUT, TERM_LAYOUT, OldSite, run_tool, tool

_PACKAGES = "apt-get install jekyll ruby-jekyll-redirect-from ruby-jekyll-archives"

SITE: dict[str, str | bytes] = {
    "_config.yml": """title: Harbour & Sea
url: https://harbour.example
timezone: Europe/Amsterdam
markdown: kramdown
plugins: [jekyll-redirect-from, jekyll-archives]
jekyll-archives: {enabled: [tags, categories]}
collections:
  ships:
    output: true
defaults:
  - scope: {path: ""}
    values: {layout: default}
  - scope: {path: "", type: posts}
    values: {author: anna}
""",
    "_layouts/default.html": LAYOUT.format(
        title="{{ page.title }}",
        date="{% if page.collection == 'posts' %}{{ page.date | date_to_xmlschema }}{% endif %}",
        tags='{% for tag in page.tags %}<li class="tag">{{ tag | escape }}</li>{% endfor %}',
        body="{{ content }}",
    ),
    "_layouts/archive.html": TERM_LAYOUT.format(
        taxonomy="{{ page.type | replace: 'category', 'categories' | replace: 'tag', 'tags' }}",
        name="{{ page.title }}",
    ),
    "_data/authors.yml": "anna:\n  name: Anna Visser\n  email: anna@harbour.example\n  bio: Writes.\n",
    "_posts/2019-03-09-first-post.md": """---
title: "First & foremost"
tags: sea salt
categories: [News, Old Ships]
---
It *began* [there]({% post_url 2020-01-02-The_Second.Post %}) with {{ site.baseurl }}/img/a.png.

<!--more-->

## The end
{: .big #end}

{% highlight python %}
x = [1]
{% endhighlight %}

~~~ ruby
y = 2
~~~

A note.[^1] And {% raw %}{{ braces }}{% endraw %}. A [ship]({% link _ships/anna.md %}){:target="_blank"}.

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
    "_posts/old/2018-05-06-deeper.md": "---\ntitle: Deeper\ntags: null\ncategory:\n---\nText.\n",
    "_posts/2018-05-07-untitled-text.md": "---\ntags: [2018, sea]\n---\nText.\n",
    "_posts/2018-05-08-entities.md": (
        '---\ntitle: "Fish &amp; chips &#8211; caf&eacute;"\ndescription: [a, b]\n---\nFish &copy;.\n'
    ),
    "_posts/2018-05-09-number.md": "---\ntitle: 1984\nslug: own-slug\ntags: Калмыки\n---\nText.\n",
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
    "contact.md": "---\ntitle: Contact\npermalink: /reach-us/\nredirect_from: /write/\n---\nWrite.\n",
    "_ships/anna.md": "---\ntitle: The Anna\n---\nA ship.\n",
    "index.html": "---\n---\n{% for post in site.posts %}{{ post.title }}{% endfor %}\n",
    "img/a.png": b"\x89PNG",
    "README.md": "# About these files\n",
}


def build(folder: Path, output: Path) -> None:
    jekyll = tool("jekyll", _PACKAGES)
    command = ("build", "--quiet", "--plugins", "/nonexistent", "--destination", str(output))
    run_tool(jekyll, *command, cwd=folder, LANG="C.UTF-8")


_FORMS = ("pretty", "none", "ordinal", "/blog/:year/:i_month/:title", "/:slug/")


def _in_form(form: str) -> OldSite:
    settings = str(SITE["_config.yml"]) + f"permalink: {form}\n"
    return OldSite(f"jekyll, {form}", {**SITE, "_config.yml": settings}, build, texts=12, terms=10)


SITES = (OldSite("jekyll", SITE, build, texts=12, terms=10), *map(_in_form, _FORMS))
