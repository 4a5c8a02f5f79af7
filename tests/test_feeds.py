"""Feeds, sitemaps, robots.txt and the page for what is not found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from sitegen import feeds
from sitegen.config import Config, complete
from sitegen.model import Entry, Site
from sitegen.plan import SITEMAP_SIZE, plan
from tests.outputs import counts, page, tree
from tests.sites import make_site, post

BASE_URL = "https://archive.example/sub/"

SITE = {
    "sitegen.toml": f'title = "Archive & <Co>"\ndescription = "All of it"\nauthor = "The desk"\n'
    f'base_url = "{BASE_URL}"\n[languages.en]\n[languages.ru]\n',
    "content/posts/exile.md": post(
        "Exile",
        "2023-07-22T16:56:47+06:00",
        "[on](return.md#part) ![map](map.svg) [out](https://example.com/?a=1&b=2) [top](#top)",
        description="Why, & <how>",
        updated="2024-01-02T03:04:05Z",
        author="[Batyr, Анна]",
        tags="[Калмыки, Non-Russians]",
        image="map.svg",
    ),
    "content/posts/return.md": post("Return", "2022-01-01", "# Part\n\nText.", tags="[Non-Russians]"),
    "content/posts/ru/exile.md": post("Изгнание", "2023-07-23", "Текст.", tags="[Калмыки]"),
    "content/posts/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>',
    "content/docs/guide.md": page("Guide"),
}

#: Path of each feed without its ending, and the titles that it holds, the newest first.
FEEDS = {
    "": ["Exile", "Return"],
    "posts/": ["Exile", "Return"],
    "tags/non-russians/": ["Exile", "Return"],
    "tags/kalmyki/": ["Exile"],
    "authors/batyr/": ["Exile"],
    "ru/": ["Изгнание", "Return"],
    "ru/posts/": ["Изгнание", "Return"],
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = make_site(tmp_path_factory.mktemp("feeds"), SITE)
    counts(site)
    return site / "output"


def parsed(path: Path) -> Any:
    feed = feedparser.parse(path.read_bytes())
    assert feed.bozo is False, feed.get("bozo_exception")
    return feed


def read_json(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text())
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("place", FEEDS)
def test_site_sections_and_terms_have_feeds_with_their_posts(output: Path, place: str) -> None:
    atom = parsed(output / place / "feed.xml")
    assert atom.version == "atom10"
    assert [entry.title for entry in atom.entries] == FEEDS[place]
    assert [item["title"] for item in read_json(output / place / "feed.json")["items"]] == FEEDS[place]


@pytest.mark.parametrize("place", FEEDS)
def test_a_feed_names_itself_and_its_page_by_whole_addresses(output: Path, place: str) -> None:
    atom, data = parsed(output / place / "feed.xml").feed, read_json(output / place / "feed.json")
    links = {link.rel: link.href for link in atom.links}
    assert links == {"alternate": BASE_URL + place, "self": f"{BASE_URL}{place}feed.xml"}
    assert atom.id == BASE_URL + place
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["home_page_url"] == BASE_URL + place
    assert data["feed_url"] == f"{BASE_URL}{place}feed.json"


def test_a_section_without_dates_has_no_feed(output: Path) -> None:
    assert (output / "docs/index.html").exists()
    assert not (output / "docs/feed.xml").exists()


def test_an_atom_entry_tells_all_that_the_front_matter_says(output: Path) -> None:
    entry = parsed(output / "feed.xml").entries[0]
    assert entry.id == entry.link == BASE_URL + "posts/exile/"
    assert entry.published == "2023-07-22T16:56:47+06:00"
    assert entry.updated == "2024-01-02T03:04:05+00:00"
    assert entry.summary == "Why, & <how>"
    assert [author.name for author in entry.authors] == ["Batyr", "Анна"]
    assert [tag.label for tag in entry.tags] == ["Калмыки", "Non-Russians"]


def test_an_item_of_json_feed_tells_all_that_the_front_matter_says(output: Path) -> None:
    item = read_json(output / "feed.json")["items"][0]
    content = item.pop("content_html")
    assert item == {
        "id": BASE_URL + "posts/exile/",
        "url": BASE_URL + "posts/exile/",
        "title": "Exile",
        "summary": "Why, & <how>",
        "image": BASE_URL + "posts/map.svg",
        "date_published": "2023-07-22T16:56:47+06:00",
        "date_modified": "2024-01-02T03:04:05+00:00",
        "authors": [{"name": "Batyr"}, {"name": "Анна"}],
        "tags": ["Калмыки", "Non-Russians"],
        "language": "en",
    }
    assert "on</a>" in content


def test_a_feed_is_as_new_as_its_newest_change(output: Path) -> None:
    assert parsed(output / "feed.xml").feed.updated == "2024-01-02T03:04:05+00:00"
    assert parsed(output / "ru/feed.xml").feed.updated == "2023-07-23T00:00:00+00:00"


def test_texts_in_feeds_link_by_whole_addresses(output: Path) -> None:
    wanted = {
        BASE_URL + "posts/return/#part",
        BASE_URL + "posts/map.svg",
        "https://example.com/?a=1&b=2",
        BASE_URL + "posts/exile/#top",
    }
    atom = ElementTree.parse(output / "feed.xml").getroot().findtext("{*}entry/{*}content")
    for html in (atom, read_json(output / "feed.json")["items"][0]["content_html"]):
        nodes = LexborHTMLParser(html or "").css("[href], [src]")
        assert {node.attributes.get("href") or node.attributes.get("src") for node in nodes} == wanted


def test_an_entry_keeps_its_id_when_its_text_and_title_change(tmp_path: Path) -> None:
    for settings in (SITE["sitegen.toml"], ""):
        site = make_site(tmp_path, {**SITE, "sitegen.toml": settings or "[languages.en]\n[languages.ru]\n"})
        found = []
        for title in ("Exile", "Exile, retold"):
            make_site(site, {"content/posts/exile.md": post(title, "2023-07-22", title)})
            counts(site)
            entry = parsed(site / "output/feed.xml").entries[0]
            assert entry.title == title
            found.append((entry.id, read_json(site / "output/feed.json")["items"][0]["id"]))
        assert found[0] == found[1]
        assert found[0][0].startswith("https:" if settings else "urn:uuid:")


def test_a_feed_holds_the_twenty_newest(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {f"content/posts/{day:02}.md": post(f"Day {day}", f"2020-01-{day:02}") for day in range(1, 26)},
    )
    counts(site)
    wanted = [f"Day {day}" for day in range(25, 5, -1)]
    assert [entry.title for entry in parsed(site / "output/feed.xml").entries] == wanted
    assert [item["title"] for item in read_json(site / "output/feed.json")["items"]] == wanted


def test_feeds_are_announced_on_their_pages(output: Path) -> None:
    html = LexborHTMLParser((output / "tags/kalmyki/index.html").read_text())
    found = [
        (node.attributes["href"], node.attributes["type"])
        for node in html.css('head link[rel="alternate"][type]')
    ]
    assert found == [
        ("../../tags/kalmyki/feed.xml", "application/atom+xml"),
        ("../../tags/kalmyki/feed.json", "application/feed+json"),
        ("../../feed.xml", "application/atom+xml"),
        ("../../feed.json", "application/feed+json"),
    ]


# --- sitemap and robots ------------------------------------------------------------------------------


def test_the_sitemap_names_every_page_once_and_nothing_else(output: Path) -> None:
    root = ElementTree.parse(output / "sitemap.xml").getroot()
    found = [loc.text or "" for loc in root.findall("{*}url/{*}loc")]
    pages = {
        BASE_URL + path.removesuffix("index.html")
        for path in tree(output)
        if path.endswith("index.html") and not path.endswith("search/index.html")
    }
    assert len(found) == len({*found})
    assert {*found} == pages


def test_the_sitemap_tells_when_a_post_changed_and_its_translations(output: Path) -> None:
    urls = ElementTree.parse(output / "sitemap.xml").getroot().findall("{*}url")
    exile = next(url for url in urls if url.findtext("{*}loc") == BASE_URL + "posts/exile/")
    assert exile.findtext("{*}lastmod") == "2024-01-02T03:04:05+00:00"
    assert {link.get("hreflang"): link.get("href") for link in exile.findall("{*}link")} == {
        "en": BASE_URL + "posts/exile/",
        "ru": BASE_URL + "ru/posts/exile/",
    }


def site_of(count: int) -> Site:
    """A site of undated documents, made by hand, since reading so many would take a minute."""
    entries = {
        f"docs/{number}.md": Entry(
            key=f"docs/{number}.md",
            section="docs",
            folder="",
            slug=str(number),
            lang="en",
            url=f"/docs/{number}/",
            translation_key=str(number),
            title=str(number),
        )
        for number in range(count)
    }
    return Site(
        languages=("en",),
        entries=entries,
        profiles={},
        indexes={},
        assets={},
        sections=(),
        terms={},
        slugs={},
        translations={},
        lists={"en": {}},
        newer={},
        older={},
        related={},
    )


@pytest.mark.parametrize(("more", "parts"), [(0, 0), (1, 2), (SITEMAP_SIZE, 2), (SITEMAP_SIZE + 1, 3)])
def test_a_sitemap_of_more_than_fifty_thousand_addresses_is_split(more: int, parts: int) -> None:
    config = complete(Config(base_url=BASE_URL))
    others = 2  # the home page and the archive
    pages, problems = plan(site_of(SITEMAP_SIZE - others + more), config, ())
    assert not problems
    maps = {page.path: (page.kind, page.number) for page in pages if "sitemap" in page.kind}
    if parts:
        numbered = {f"sitemap-{number}.xml": ("sitemap", number) for number in range(1, parts + 1)}
        assert maps == {"sitemap.xml": ("sitemap-index", parts), **numbered}
    else:
        assert maps == {"sitemap.xml": ("sitemap", 0)}


def test_the_parts_of_a_split_sitemap_hold_every_page_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path, SITE)
    counts(site)
    whole = (site / "output/sitemap.xml").read_text().splitlines()[2:-1]
    monkeypatch.setattr("sitegen.plan.SITEMAP_SIZE", 10)
    monkeypatch.setattr("sitegen.view.SITEMAP_SIZE", 10)
    counts(site)
    index = ElementTree.parse(site / "output/sitemap.xml").getroot()
    named = [loc.text or "" for loc in index.findall("{*}sitemap/{*}loc")]
    parts = [(site / "output" / name.removeprefix(BASE_URL)).read_text().splitlines()[2:-1] for name in named]
    assert len(named) == -(-len(whole) // 10)
    assert max(map(len, parts)) == 10
    assert [line for part in parts for line in part] == whole


def test_a_sitemap_index_names_its_parts() -> None:
    root = ElementTree.fromstring(feeds.sitemap_index(BASE_URL, 2))
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    assert [loc.text for loc in root.findall("{*}sitemap/{*}loc")] == [
        BASE_URL + "sitemap-1.xml",
        BASE_URL + "sitemap-2.xml",
    ]


def test_an_address_in_a_sitemap_is_escaped() -> None:
    location = feeds.Location(url="/tags/a&b <ж>/", changed=datetime(2020, 1, 1, tzinfo=UTC))
    loc = ElementTree.fromstring(feeds.sitemap(BASE_URL, [location])).findtext("{*}url/{*}loc")
    assert loc == BASE_URL + "tags/a&b%20%3C%D0%B6%3E/"


def test_robots_may_read_everything_and_are_told_of_the_sitemap(output: Path) -> None:
    assert (output / "robots.txt").read_text() == (
        f"User-agent: *\nAllow: /\n\nSitemap: {BASE_URL}sitemap.xml\n"
    )


def test_without_an_address_of_its_own_a_site_has_no_sitemap(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post("X", body="[x](/posts/x/)")})
    counts(site)
    assert not (site / "output/sitemap.xml").exists()
    assert "Sitemap" not in (site / "output/robots.txt").read_text()
    assert parsed(site / "output/feed.xml").entries[0].link == "/posts/x/"
    for path, data in tree(site / "output").items():
        if path.endswith(".html"):
            assert b'rel="canonical"' not in data, path


@pytest.mark.parametrize(("base_url", "root"), [(BASE_URL, BASE_URL), ("", "/")])
def test_the_page_for_what_is_not_found_works_wherever_it_is_served(
    tmp_path: Path, base_url: str, root: str
) -> None:
    settings = f'base_url = "{base_url}"\n' if base_url else ""
    site = make_site(tmp_path, {"content/posts/x.md": post(), "sitegen.toml": settings})
    counts(site)
    html = LexborHTMLParser((site / "output/404.html").read_text())
    found = [
        node.attributes.get("href") or node.attributes.get("src") or ""
        for node in html.css("a[href], link[href], script[src]")
    ]
    assert len(found) > 5
    assert [href for href in found if not href.startswith((root, "#"))] == []
    assert html.css_first('meta[name="robots"][content="noindex"]') is not None
