"""Texts joined: neighbours, translations, what each language's lists show, and where links lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sites import broken_links, build, linking, make_site, output, post

LANGUAGES = '[languages.en]\nname = "English"\n[languages.ru]\nname = "Русский"\n'


def test_neighbours_are_of_one_section_and_language(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": LANGUAGES,
            "content/posts/a.md": post(date="2020-01-01"),
            "content/posts/b.md": post(date="2020-01-03"),
            "content/posts/ru/c.md": post(date="2020-01-02"),
            "content/posts/ru/d.md": post(date="2020-01-04"),
            "content/docs/e.md": post(date="2020-01-02"),
            "content/pages/f.md": post(date="2020-01-02"),
            "content/pages/g.md": post(date="2020-01-03"),
        },
    )
    linked = linking(site).site
    assert linked.newer == {"posts/a.md": "posts/b.md", "posts/ru/c.md": "posts/ru/d.md"}
    assert linked.older == {newer: older for older, newer in linked.newer.items()}


def test_each_text_is_listed_once_in_the_language_or_in_the_one_it_has(tmp_path: Path) -> None:
    files = {
        "content/posts/both.md": post(date="2020-01-03"),
        "content/posts/both.ru.md": post(date="2020-01-03"),
        "content/posts/english.md": post(date="2020-01-02"),
        "content/posts/ru/russian.md": post(date="2020-01-01"),
    }
    lists = linking(make_site(tmp_path / "a", {"sitegen.toml": LANGUAGES, **files})).site.lists
    assert lists["en"]["posts"] == ("posts/both.md", "posts/english.md", "posts/ru/russian.md")
    assert lists["ru"]["posts"] == ("posts/both.ru.md", "posts/english.md", "posts/ru/russian.md")
    hiding = LANGUAGES + 'missing_translations = "hide"\n'
    lists = linking(make_site(tmp_path / "b", {"sitegen.toml": hiding, **files})).site.lists
    assert lists["en"]["posts"] == ("posts/both.md", "posts/english.md", "posts/ru/russian.md")
    assert lists["ru"]["posts"] == ("posts/both.ru.md", "posts/ru/russian.md")


@pytest.mark.parametrize(
    "files",
    [
        {"content/posts/x.md": post(), "content/posts/ru/x.md": post()},
        {"content/posts/x.md": post(), "content/ru/posts/x.md": post()},
        {"content/posts/x.md": post(), "content/posts/x.ru.md": post()},
        {
            "content/posts/x.md": post(translation_key="k"),
            "content/posts/ссылка.md": post(lang="ru", translation_key="k"),
        },
    ],
)
def test_translations_know_each_other(files: Mapping[str, str], tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": LANGUAGES, **files})
    (versions,) = linking(site).site.translations.values()
    assert sorted(versions) == ["en", "ru"]
    build(site)
    page = output(site)["posts/x/index.html"].decode()
    other = linking(site).site.entries[versions["ru"]].url
    assert re.search(r'<link rel="alternate" hreflang="ru" href="[^"]*/ru/posts/', page)
    assert other.startswith("/ru/posts/")
    assert not broken_links(site)


def test_the_archive_and_the_feed_hold_dated_sections_alone(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post(date="2020-05-01"),
            "content/docs/b.md": post(date="2021-05-01"),
            "content/pages/c.md": post(date="2022-05-01"),
        },
    )
    lists = linking(site).site.lists["en"]
    assert lists[""] == ("posts/a.md",)
    assert [name for name in lists if name.startswith("archive")] == ["archive/2020", "archive/2020/05"]
    assert lists["docs"] == ("docs/b.md",)
    assert "pages" not in lists


#: A link in content/posts/2020/x.md, and what it becomes on the page /posts/2020/x/.
LINKS = {
    "other.md": "../../../posts/2020/other/",
    "./other.md#part": "../../../posts/2020/other/#part",
    "../top.md": "../../../posts/top/",
    "../../docs/y.md#sources": "../../../docs/y/#sources",
    "/docs/y.md": "../../../docs/y/",
    "../../people/ann.md": "../../../authors/ann/",
    "../../docs/_index.md": "../../../docs/",
    "/docs/y/": "../../../docs/y/",
    "/docs/y": "../../../docs/y/",
    "/docs/y/?q=1#sources": "../../../docs/y/?q=1#sources",
    "/": "../../../",
    "/tags/kalmyks/": "../../../tags/kalmyks/",
    "/feed.xml": "../../../feed.xml",
    "../other/": "../../../posts/2020/other/",
    "report.pdf": "../../../posts/2020/report.pdf",
    "/files/two%20words.csv": "../../../files/two%20words.csv",
    "dated.md": "../../../posts/2020/dated/",
    "2019-01-01-dated.md": "../../../posts/2020/dated/",
    "имя.md": "../../../posts/2020/%D0%B8%D0%BC%D1%8F/",
    "%D0%B8%D0%BC%D1%8F.md": "../../../posts/2020/%D0%B8%D0%BC%D1%8F/",
    "https://example.org/a.md": "https://example.org/a.md",
    "mailto:desk@example.org": "mailto:desk@example.org",
}

TARGETS = {
    "content/posts/2020/other.md": post(body="## Part\n"),
    "content/posts/2020/имя.md": post(),
    "content/posts/2020/2019-01-01-dated.md": "---\ntitle: Dated\n---\n",
    "content/posts/top.md": post(tags="[Kalmyks]"),
    "content/docs/y.md": post(body="## Sources\n"),
    "content/docs/_index.md": "---\ntitle: Papers\n---\n",
    "content/people/ann.md": "---\nname: Ann\n---\n",
    "content/posts/2020/report.pdf": "%PDF",
    "content/files/two words.csv": "a,b",
}


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """The hrefs that all of `LINKS` become, and the warnings about them."""
    body = "\n\n".join(f"[{number}](<{target}>)" for number, target in enumerate(LINKS))
    site = make_site(
        tmp_path_factory.mktemp("linked"), {**TARGETS, "content/posts/2020/x.md": post(body=body)}
    )
    done = build(site, "--json")
    page = output(site)["posts/2020/x/index.html"].decode()
    found = {int(number): href for href, number in re.findall(r'<a href="([^"]*)"[^>]*>(\d+)</a>', page)}
    return [found[number] for number in range(len(LINKS))], [one["message"] for one in done.json["warnings"]]


@pytest.mark.parametrize("target", [target for target in LINKS if target != "dated.md"])
def test_a_link_in_a_text_leads_from_its_page_to_the_target(
    target: str, linked: tuple[list[str], list[str]]
) -> None:
    assert linked[0][list(LINKS).index(target)] == LINKS[target]


def test_a_link_to_a_name_without_its_date_is_reported_alone(linked: tuple[list[str], list[str]]) -> None:
    assert linked[1] == ['the link "dated.md" leads to no text that is published']


DEAD = {
    "gone.md": 'the link "gone.md" leads to no text that is published',
    "/gone/": 'the link "/gone/" leads nowhere',
    "gone.pdf": 'the link "gone.pdf" leads nowhere',
    "draft.md": 'the link "draft.md" leads to no text that is published',
    "#gone": 'the link "#gone" leads to a page that has no part "gone"',
    "other.md#gone": 'the link "other.md#gone" leads to a page that has no part "gone"',
    "../../../../etc/passwd": 'the link "../../../../etc/passwd" leads nowhere',
    "../sitegen.toml": 'the link "../sitegen.toml" leads nowhere',
}


def test_links_that_lead_nowhere_are_told_with_their_line(tmp_path: Path) -> None:
    body = "\n".join(f"[{number}]({target})\n" for number, target in enumerate(DEAD))
    site = make_site(
        tmp_path,
        {
            "content/posts/x.md": post(body=body),
            "content/posts/other.md": post(),
            "content/posts/draft.md": post(draft="true"),
        },
    )
    warnings = build(site, "--json").json["warnings"]
    assert {one["file"] for one in warnings} == {"content/posts/x.md"}
    assert [(one["line"], one["message"]) for one in warnings] == [
        (5 + 2 * number, message) for number, message in enumerate(DEAD.values())
    ]


def test_pictures_that_are_missing_are_told_and_outside_ones_are_not(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/x.md": post(
                image="https://example.org/a.jpg", body="![](gone.jpg)\n\n![](https://example.org/b.jpg)\n"
            ),
            "content/people/ann.md": "---\nname: Ann\nimage: ann.jpg\n---\n",
        },
    )
    assert [(one["file"], one["line"], one["field"]) for one in build(site, "--json").json["warnings"]] == [
        ("content/people/ann.md", 3, "image"),
        ("content/posts/x.md", 6, ""),
    ]


def test_a_page_below_a_long_path_links_as_well_as_one_at_the_root(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/a/b/c/d/x.md": post(body="[home](/) [about](../../../../../pages/about.md)"),
            "content/pages/about.md": "---\ntitle: About\n---\n[x](../posts/a/b/c/d/x.md)\n",
        },
    )
    assert build(site, "--json").json["warnings"] == []
    assert not broken_links(site)


def test_a_site_for_reading_from_a_disk_names_every_file(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": 'links = "files"\n',
            "content/posts/x.md": post(body="[y](y.md)"),
            "content/posts/y.md": post(),
        },
    )
    build(site)
    page = output(site)["posts/x/index.html"].decode()
    assert 'href="../../posts/y/index.html"' in page
    assert not re.search(r'<a [^>]*href="\.\.[^"]*/"', page)
    assert not broken_links(site)
