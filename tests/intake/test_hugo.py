"""What of a Hugo site comes along beside its texts, and what is broken in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.imports import bring_in, bring_in_twice, built, imported, notes, report
from tests.intake.tools.hugo import SITE
from tests.sites import make_site


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return make_site(tmp_path / "old", SITE)


def test_the_settings_of_a_hugo_site_become_sitegens(old: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, old)
    settings = (site / "sitegen.toml").read_text()
    assert 'engine = "commonmark"' in settings
    assert 'title = "Harbour & Sea"' in settings
    assert "[languages.ru]" in settings
    assert "[sections.news]\ndated = true" in settings


def test_what_hugo_keeps_beside_its_texts_comes_along(old: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, old)
    first = imported(site, "posts/First Post.md")
    assert first.meta["aliases"] == ["/old/first.html", "/posts/older/"]
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
    described = {"the list /tags/a/b/", "the list /tags/c--d/"}
    assert lines.keys() - described == BROKEN.keys() - {"hugo.toml"}
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
