"""What parsers of structured data and of feeds read in the sample archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import extruct
import feedparser
import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from tests.audit import KINDS
from tests.audit.bad_input import BAD_INPUT
from tests.sites import build, make_site

ATOM = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))

POST = KINDS["post"] + "index.html"


def graph(path: Path) -> dict[str, dict[str, Any]]:
    """The things that the JSON-LD of a page tells of, by their type."""
    (data,) = extruct.extract(path.read_text(), syntaxes=["json-ld"])["json-ld"]
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def metas(path: Path) -> dict[str, list[str]]:
    """The contents of a page's meta elements by name."""
    found: dict[str, list[str]] = {}
    for node in LexborHTMLParser(path.read_bytes()).css("meta[content]"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        found.setdefault(name, []).append(node.attributes["content"] or "")
    return found


def test_a_post_is_a_news_article_with_all_that_is_known_of_it(archive: Path) -> None:
    article = graph(archive / POST)["NewsArticle"]
    assert article["headline"] == "The deportation of the Kalmyks, December 1943"
    assert article["datePublished"] == "2019-12-28T09:00:00+03:00"
    assert article["dateModified"].startswith("2023-12-27")
    assert article["image"].startswith("https://archive.example/images/")
    assert article["author"][0]["@type"] == "Person"
    assert article["author"][0]["name"] == "History Desk"
    assert article["articleSection"] == "History"
    assert "Kalmyks" in article["keywords"]


def test_the_trail_of_a_post_leads_from_the_front_page_to_it(archive: Path) -> None:
    steps = graph(archive / POST)["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["item"] for step in steps] == [
        "https://archive.example/",
        "https://archive.example/posts/",
        "https://archive.example/posts/deportation-of-the-kalmyks-1943/",
    ]


@pytest.mark.parametrize("kind", ["section", "tag", "author", "category", "tags", "archive", "year", "month"])
def test_a_list_is_a_collection_and_has_its_trail(archive: Path, kind: str) -> None:
    things = graph(archive / KINDS[kind] / "index.html")
    assert things["CollectionPage"]["url"] == "https://archive.example/" + KINDS[kind]
    assert things["CollectionPage"]["name"]
    assert things["BreadcrumbList"]["itemListElement"][-1]["name"] == things["CollectionPage"]["name"]


def test_an_author_is_a_person_and_a_tag_is_not(archive: Path) -> None:
    assert graph(archive / "authors/history-desk/index.html")["CollectionPage"]["about"]["@type"] == "Person"
    assert graph(archive / "tags/kalmyks/index.html")["CollectionPage"]["about"]["@type"] == "Thing"


def test_open_graph_is_read_by_a_parser(archive: Path) -> None:
    (found,) = extruct.extract((archive / POST).read_text(), syntaxes=["opengraph"])["opengraph"]
    properties = dict(found["properties"])
    assert properties["og:type"] == "article"
    assert properties["og:url"] == "https://archive.example/posts/deportation-of-the-kalmyks-1943/"
    assert properties["og:image"].startswith("https://")


def test_reference_managers_get_a_whole_record(archive: Path) -> None:
    found = metas(archive / POST)
    assert found["citation_title"] == found["dcterms.title"] == found["og:title"]
    assert found["citation_author"] == found["dcterms.creator"] == ["History Desk"]
    assert found["citation_publication_date"] == ["2019/12/28"]
    assert found["dcterms.issued"] == ["2019-12-28"]
    assert found["dcterms.type"] == ["NewsItem"]
    assert found["citation_public_url"] == found["dcterms.identifier"] == found["og:url"]


def test_every_page_has_one_title_and_one_description(archive: Path) -> None:
    for kind, path in KINDS.items():
        page = archive / (path if path.endswith(".html") else f"{path}index.html")
        html = LexborHTMLParser(page.read_bytes())
        assert len(html.css("head > title")) == 1, kind
        assert len(metas(page)["description"]) == 1, kind


def test_markup_in_a_title_stays_text_in_structured_data(tmp_path: Path) -> None:
    settings = str(BAD_INPUT["sitegen.toml"]).replace("THEME", "chronicle")
    site = make_site(tmp_path, {**BAD_INPUT, "sitegen.toml": settings})
    build(site)
    page = site / "output/posts/markup/index.html"
    title = "</script><b>Bold</b> & <i>"
    assert graph(page)["NewsArticle"]["headline"] == title
    assert metas(page)["citation_title"] == [title]
    assert LexborHTMLParser(page.read_bytes()).css_first("h1").text() == title  # type: ignore[union-attr]


def test_every_atom_feed_is_valid_by_its_schema_and_read_by_a_parser(archive: Path) -> None:
    feeds = sorted(archive.rglob("feed.xml"))
    assert len(feeds) > 50
    for path in feeds:
        assert ATOM.validate(etree.parse(path)), (path, ATOM.error_log.last_error)
    for path in feeds[:10]:
        parsed = feedparser.parse(path.read_bytes())
        assert (parsed.bozo, parsed.version) == (False, "atom10")


def test_every_json_feed_has_what_its_version_asks_for(archive: Path) -> None:
    for path in archive.rglob("feed.json"):
        feed = json.loads(path.read_text())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert all(item["id"] and ("content_html" in item or "summary" in item) for item in feed["items"]), (
            path
        )
