"""People and subjects: one page for each, whatever the spelling, with all that is known of them."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests import tongues
from tests.crawl import dead_ends
from tests.outputs import PLAIN_THEME, counts, tree
from tests.sites import build, linking, make_site, output, post, run

SETTINGS = """\
title = "Nations"
base_url = "https://archive.example/"
[languages.en]
name = "English"
[languages.ru]
name = "Русский"
"""

DECOMPOSED = unicodedata.normalize("NFD", "Zoé Müller")

ANN = """\
---
name: "Ann Lee"
role: "Historian"
description: "Writes on exile."
image: "/images/ann.svg"
image_alt: "A portrait"
order: 2
aliases: ["A. Lee", "Annie"]
externalAuthorLink: "https://ann.example/about"
social_links:
  Mastodon: "https://social.example/@ann"
same_as:
  wikidata: Q42
  orcid: 0000-0002-1825-0097
  viaf: 102333412
favourite: {river: Manych, birds: [crane, bustard]}
---
She was born in Elista.
"""

SITE = {
    "sitegen.toml": SETTINGS,
    "content/images/ann.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"/>',
    "content/people/ann-lee.md": ANN,
    "content/people/ann-lee.ru.md": "---\nname: Анна Ли\naliases: А. Ли\nrole: Историк\n---\nЖила тут.\n",
    "content/people/zoe.md": "---\nname: Zoé Müller\norder: 1\n---\nHer text.\n",
    "content/people/nobody.md": "---\nname: No Posts Yet\n---\nStill to come.\n",
    "content/tags/kalmyks.md": "---\nname: Kalmyks\naliases: Kalmucks\nsame_as: {wikidata: Q1}\n---\n",
    "content/tags/ru/kalmyks.md": "---\nname: Калмыки\n---\nНарод.\n",
    "content/posts/full.md": post("Full", "2019-05-01", author="Ann Lee", tags="[Kalmyks, Exile]"),
    "content/posts/short.md": post("Short", "2020-05-01", author="A. Lee", tags="[Kalmucks, Exile]"),
    "content/posts/script.md": post("Script", "2021-05-01", author="анна  ЛИ", tags="[Калмыки]"),
    "content/posts/case.md": post("Case", "2022-05-01", author="ANN LEE", tags="[kalmyks]"),
    "content/posts/file.md": post("File", "2023-05-01", author="ann-lee", tags="[Alphabets]"),
    "content/posts/two.md": post("Two", "2024-05-01", author=f"[Ann Lee, {DECOMPOSED}]"),
    "content/posts/ru/full.md": post("Целиком", "2019-05-01", "Текст.", author="Ann Lee", tags="[Kalmyks]"),
}  # fmt: skip

TITLES = ["Two", "File", "Case", "Script", "Short", "Full"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    site = make_site(tmp_path_factory.mktemp("people"), SITE)
    assert build(site, "--json").json["warnings"] == []
    return output(site)


def titles(files: dict[str, bytes], path: str) -> list[str]:
    return [link.text() for link in tongues.pages(files)[path].css("ul.rows h2 a")]


def facts(files: dict[str, bytes], path: str) -> dict[str, list[tuple[str, str]]]:
    """What a term's page tells beside its text: caption -> names and addresses."""
    found = {}
    for group in tongues.pages(files)[path].css("dl.facts > div"):
        caption = group.css_first("dt")
        assert caption is not None
        nodes = group.css("dd a") or group.css("dd li")
        found[caption.text()] = [
            (" ".join(node.text().split()), node.attributes.get("href") or "") for node in nodes
        ]
    return found


def article(files: dict[str, bytes], path: str) -> dict[str, Any]:
    """What the JSON-LD of a page tells of the page itself."""
    node = tongues.pages(files)[path].css_first('script[type="application/ld+json"]')
    assert node is not None
    data = json.loads(node.text())["@graph"][0]
    assert isinstance(data, dict)
    return data


# --- one page for all spellings ----------------------------------------------------------------------


def test_every_spelling_of_a_person_is_on_one_page(files: dict[str, bytes]) -> None:
    assert titles(files, "authors/ann-lee/index.html") == TITLES
    assert titles(files, "ru/authors/ann-lee/index.html") == [*TITLES[:-1], "Целиком"]
    for path in ("full", "short", "script", "case", "file", "two"):
        assert '<a href="../../authors/ann-lee/" rel="author"' in files[f"posts/{path}/index.html"].decode()


def test_every_spelling_of_a_subject_is_on_one_page(files: dict[str, bytes]) -> None:
    assert titles(files, "tags/kalmyks/index.html") == ["Case", "Script", "Short", "Full"]


def test_other_spellings_redirect_to_the_one_page_in_each_language(files: dict[str, bytes]) -> None:
    redirects = {}
    for path, page in tongues.pages(files).items():
        away = page.css_first("meta[http-equiv=refresh]")
        if away is not None:
            redirects[path.removesuffix("/index.html")] = away.attributes["content"]
    people = {"a-lee", "annie", "anna-li", "a-li"}
    expected = {f"authors/{slug}": "0; url=../../authors/ann-lee/" for slug in people}
    expected |= {f"ru/authors/{slug}": "0; url=../../../ru/authors/ann-lee/" for slug in people}
    for home, way in (("", "../../"), ("ru/", "../../../ru/")):
        expected[f"{home}authors/zoe-muller"] = f"0; url={way}authors/zoe/"
        expected[f"{home}authors/no-posts-yet"] = f"0; url={way}authors/nobody/"
        expected[f"{home}tags/kalmucks"] = f"0; url={way}tags/kalmyks/"
        expected[f"{home}tags/kalmyki"] = f"0; url={way}tags/kalmyks/"
    assert redirects == expected
    assert dead_ends(files, "https://archive.example/") == []


def test_old_addresses_lead_to_terms_and_lists(tmp_path: Path) -> None:
    profile = "---\nname: Sea\naliases: [Ocean, /tag/sea.html, /tags/море]\n---\n"
    site = {
        **PLAIN_THEME,
        "sitegen.toml": PLAIN_THEME["sitegen.toml"] + "[languages.en]\n[languages.ru]\n",
        "content/tags/sea.md": profile,
        "content/tags/sea.ru.md": "---\nname: Море\naliases: /ru/tag/more/\n---\n",
        "content/tags/_index.md": "---\ntitle: All tags\naliases: /tag/\n---\n",
        "content/groups/_index.md": "---\ntitle: Of nothing\naliases: /group/\n---\n",
        "content/posts/_index.md": "---\naliases: [/archives/, blog]\n---\n",
        "content/posts/a.md": post("A", "2020-01-01", tags="[Ocean]"),
    }
    make_site(tmp_path, site)
    build(tmp_path)
    found = {
        path: LexborHTMLParser((tmp_path / "output" / path).read_text()).css_first("meta[http-equiv]")
        for path in tree(tmp_path / "output")
        if path.endswith(".html")
    }
    assert {path: one.attributes["content"] for path, one in found.items() if one} == {
        "archives/index.html": "0; url=../posts/",
        "blog/index.html": "0; url=../posts/",
        "tag/index.html": "0; url=../tags/",
        "tag/sea.html": "0; url=../tags/sea/",
        "tags/море/index.html": "0; url=../../tags/sea/",
        "tags/more/index.html": "0; url=../../tags/sea/",
        "tags/ocean/index.html": "0; url=../../tags/sea/",
        "ru/tag/more/index.html": "0; url=../../../ru/tags/sea/",
        "ru/tags/more/index.html": "0; url=../../../ru/tags/sea/",
        "ru/tags/ocean/index.html": "0; url=../../../ru/tags/sea/",
    }
    make_site(tmp_path, {"content/tags/sea.md": profile.replace("/tag/sea.html", "/tag/../x, /tags/sea/")})
    done = run(tmp_path, "build")
    assert 'content/tags/sea.md:3: aliases: "/tag/../x" leaves its folder' in done.err
    assert "content/tags/sea.md:3: /tags/sea/ is the address of a term's page" in done.err


def test_no_redirect_stands_in_the_sitemap(files: dict[str, bytes]) -> None:
    assert "/authors/ann-lee/" in files["sitemap.xml"].decode()
    assert "/authors/annie/" not in files["sitemap.xml"].decode()


def test_composed_and_decomposed_letters_are_one_name(tmp_path: Path) -> None:
    name = "Ёлкин Йорг"
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post(author=unicodedata.normalize("NFC", name)),
            "content/posts/b.md": post(author=unicodedata.normalize("NFD", name)),
        },
    )
    assert list(linking(site).site.terms["authors"]) == ["elkin-iorg"]


def test_a_slug_that_spellings_of_two_people_share_leads_to_neither(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/people/ann.md": "---\nname: Ann\naliases: [The editor!]\n---\n",
            "content/people/bob.md": "---\nname: Bob\naliases: [The editor?]\n---\n",
        },
    )
    build(site)
    assert not [path for path in output(site) if path.startswith("authors/the-editor/")]


def test_a_profile_in_another_language_alone_names_and_describes_the_term(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": SETTINGS,
            "content/people/ru/ann.md": "---\nname: Анна\n---\nЖила в Элисте.\n",
            "content/posts/a.md": post(author="Анна"),
        },
    )
    build(site)
    html = output(site)["authors/ann/index.html"].decode()
    assert "Жила в Элисте." in html
    assert re.search(r'<h1><bdi lang="ru"[^>]*>Анна</bdi></h1>', html)


# --- what their pages tell ---------------------------------------------------------------------------


def test_a_persons_page_shows_all_that_the_profile_says(files: dict[str, bytes]) -> None:
    page = tongues.pages(files)["authors/ann-lee/index.html"]
    html = files["authors/ann-lee/index.html"].decode()
    for words in ("Historian", "Writes on exile.", "She was born in Elista.", "2019–2024"):
        assert words in html
    image = page.css_first(".portrait img")
    assert image is not None
    assert (image.attributes["src"], image.attributes["alt"]) == ("../../images/ann.svg", "A portrait")
    assert facts(files, "authors/ann-lee/index.html") == {
        "In other languages": [("Анна Ли", "")],
        "Website": [("ann.example", "https://ann.example/about")],
        "Links": [("Mastodon", "https://social.example/@ann")],
        "In authority files": [
            ("wikidata.org", "https://www.wikidata.org/wiki/Q42"),
            ("orcid.org", "https://orcid.org/0000-0002-1825-0097"),
            ("viaf.org", "https://viaf.org/viaf/102333412"),
        ],
        "Writes with": [("Zoé Müller", "../../authors/zoe/")],
    }


def test_what_has_no_language_is_shown_in_all(files: dict[str, bytes]) -> None:
    found = facts(files, "ru/authors/ann-lee/index.html")
    assert found["Сайт"] == [("ann.example", "https://ann.example/about")]
    assert found["Ссылки"] == [("Mastodon", "https://social.example/@ann")]
    assert len(found["В справочниках"]) == 3
    assert found["На других языках"] == [("Ann Lee", "")]
    html = files["ru/authors/ann-lee/index.html"].decode()
    assert "Жила тут." in html
    assert "She was born" not in html
    assert "../../../images/ann.svg" in html


def test_a_subjects_page_shows_what_identifies_it_and_its_neighbours(files: dict[str, bytes]) -> None:
    found = facts(files, "tags/kalmyks/index.html")
    assert found["In authority files"] == [("wikidata.org", "https://www.wikidata.org/wiki/Q1")]
    assert found["Often together with"] == [("Exile", "../../tags/exile/")]


def test_neighbours_come_by_how_often_they_stand_together(tmp_path: Path) -> None:
    lists = ("[A, C, B]", "[A, B]", "[A, B, C]", "[A, D]", "[B, D]")
    site = make_site(
        tmp_path,
        {f"content/posts/{number}.md": post(tags=tags) for number, tags in enumerate(lists)},
    )
    build(site)
    (neighbours,) = facts(output(site), "tags/a/index.html").values()
    assert [name for name, _ in neighbours] == ["B", "C", "D"]


def test_a_profile_without_posts_has_its_page(files: dict[str, bytes]) -> None:
    for path in ("authors/nobody/index.html", "ru/authors/nobody/index.html"):
        assert b"Still to come." in files[path]
    assert b"authors/nobody/" in files["authors/index.html"]


def test_people_stand_in_the_order_that_their_profiles_give_then_by_name(files: dict[str, bytes]) -> None:
    names = [link.text() for link in tongues.pages(files)["authors/index.html"].css("ul.people h2 a")]
    assert names == ["Zoé Müller", "Ann Lee", "No Posts Yet"]


def test_every_person_and_subject_has_feeds_of_their_own(files: dict[str, bytes]) -> None:
    told = json.loads(files["authors/zoe/feed.json"])
    assert [item["title"] for item in told["items"]] == ["Two"]
    assert told["title"].startswith("Zoé Müller")
    assert [author["name"] for author in told["items"][0]["authors"]] == ["Ann Lee", "Zoé Müller"]
    assert json.loads(files["ru/authors/ann-lee/feed.json"])["title"].startswith("Анна Ли")
    assert b'type="application/atom+xml" title="Kalmyks' in files["tags/kalmyks/index.html"]


def test_several_authors_stand_in_their_order_under_their_names_in_the_language(
    files: dict[str, bytes],
) -> None:
    byline = tongues.pages(files)["posts/two/index.html"].css("article header .meta a[rel=author]")
    assert [link.text() for link in byline] == ["Ann Lee", "Zoé Müller"]
    byline = tongues.pages(files)["ru/posts/full/index.html"].css("article header .meta a[rel=author]")
    assert [link.text() for link in byline] == ["Анна Ли"]


def test_machines_are_told_who_the_authors_and_what_the_subjects_are(files: dict[str, bytes]) -> None:
    data = article(files, "posts/short/index.html")
    assert data["author"] == [
        {
            "@type": "Person",
            "name": "Ann Lee",
            "url": "https://archive.example/authors/ann-lee/",
            "sameAs": [
                "https://www.wikidata.org/wiki/Q42",
                "https://orcid.org/0000-0002-1825-0097",
                "https://viaf.org/viaf/102333412",
            ],
            "jobTitle": "Historian",
            "image": "https://archive.example/images/ann.svg",
        }
    ]
    assert data["about"] == [
        {
            "@type": "Thing",
            "name": "Kalmyks",
            "url": "https://archive.example/tags/kalmyks/",
            "sameAs": ["https://www.wikidata.org/wiki/Q1"],
        }
    ]
    assert article(files, "ru/posts/full/index.html")["author"][0]["sameAs"] == data["author"][0]["sameAs"]
    assert "sameAs" not in article(files, "posts/two/index.html")["author"][1]
    assert "about" not in article(files, "posts/two/index.html")


def test_a_changed_identifier_reaches_the_posts_on_the_next_build(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    counts(site)
    make_site(site, {"content/people/ann-lee.md": ANN.replace("Q42", "Q7259")})
    counts(site)
    assert article(output(site), "posts/case/index.html")["author"][0]["sameAs"][0].endswith("Q7259")


def test_every_spelling_is_indexed_with_the_text(files: dict[str, bytes]) -> None:
    body = tongues.pages(files)["posts/full/index.html"].css_first("[data-pagefind-body]")
    assert body is not None
    assert {"A. Lee", "Annie", "Анна Ли", "А. Ли", "Калмыки", "Kalmucks"} <= set(
        (body.attributes["data-names"] or "").split(", ")
    )


# --- shapes of a profile -----------------------------------------------------------------------------


def profile(tmp_path: Path, lines: str) -> Any:
    site = make_site(tmp_path, {"content/people/ann.md": f"---\nname: Ann\n{lines}\n---\n"})
    return linking(site).site.profiles["people/ann.md"]


M = "https://m.example/a"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (f"{{Mastodon: '{M}'}}", ["Mastodon"]),
        (f"{{Mastodon: {{url: '{M}'}}}}", ["Mastodon"]),
        (f"{{Mastodon: '{M}', Other: '', Third: null}}", ["Mastodon"]),
        (f"['{M}']", ["m.example"]),
        (f"'{M}'", ["m.example"]),
        (f"[{{name: Mastodon, url: '{M}'}}]", ["Mastodon"]),
        (f"[{{platform: Mastodon, link: '{M}', icon: m}}]", ["Mastodon"]),
        (f"[{{title: Mastodon, href: '{M}'}}]", ["Mastodon"]),
        (f"{{name: Mastodon, url: '{M}'}}", ["Mastodon"]),
        (f"[{{Mastodon: '{M}'}}, {{Site: 'https://a.example/'}}]", ["Mastodon", "Site"]),
        (f"['{M}', {{label: B, url: 'https://b.example/'}}]", ["m.example", "B"]),
        ("[]", []),
        ("{}", []),
        ("null", []),
    ],
)
def test_links_are_read_in_every_shape(written: str, names: list[str], tmp_path: Path) -> None:
    links = profile(tmp_path, f"social_links: {written}").links
    assert [link.name for link in links] == names
    assert [link.url for link in links][:1] == [M][: len(names)]


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("{wikidata: Q42}", ["https://www.wikidata.org/wiki/Q42"]),
        ("{Wikidata: Q42, VIAF: 7}", ["https://www.wikidata.org/wiki/Q42", "https://viaf.org/viaf/7"]),
        ("{wikidata: 'https://www.wikidata.org/entity/Q42'}", ["https://www.wikidata.org/entity/Q42"]),
        ("{orcid: 0000-0002-1825-009X}", ["https://orcid.org/0000-0002-1825-009X"]),
        ("{isni: '0000000121032683', gnd: 118540238}", ["https://isni.org/isni/0000000121032683",
                                                       "https://d-nb.info/gnd/118540238"]),
        ("https://viaf.org/viaf/7", ["https://viaf.org/viaf/7"]),
        ("[https://viaf.org/viaf/7, {orcid: 1-2}]", ["https://viaf.org/viaf/7", "https://orcid.org/1-2"]),
        ("[{wikidata: Q42}, https://www.wikidata.org/wiki/Q42]", ["https://www.wikidata.org/wiki/Q42"]),
        ("{wikidata: null, viaf: ''}", []),
        ("null", []),
    ],
)  # fmt: skip
def test_identifiers_are_read_in_every_shape(written: str, addresses: list[str], tmp_path: Path) -> None:
    assert list(profile(tmp_path, f"same_as: {written}").same_as) == addresses


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("same_as: {wikidata: 'javascript:alert(1)'}", "is not a web address"),
        ("same_as: ['javascript:alert(1)']", "is not a web address"),
        ("same_as: {wikipedia: Q42}", '"wikipedia" is not an authority file; did you mean "wikidata"?'),
        ("social_links: {X: 'javascript:alert(1)'}", "is not a web address"),
        ("social_links: [{X: 'data:text/html,x'}]", "is not a web address"),
        ("externalAuthorLink: 'javascript:alert(1)'", "is not a web address"),
        ("externalAuthorLink: [a, b]", "is not a web address"),
    ],
)
def test_an_address_that_could_do_harm_is_refused(lines: str, message: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/people/ann.md": f"---\nname: Ann\n{lines}\n---\n"})
    done = run(site, "build", "--no-search")
    assert done.status == 1
    assert re.search(r"content/people/ann\.md:3: " + lines.partition(":")[0], done.err)
    assert message in " ".join(done.err.split())


def test_unknown_keys_stay_in_extra_in_their_order(tmp_path: Path) -> None:
    lines = "zeal: 7\nrole: Poet\nfavourite: {river: Manych, birds: [crane]}\nexternalAuthorLink: true"
    found = profile(tmp_path, lines)
    assert list(found.extra.items()) == [
        ("zeal", 7),
        ("favourite", {"river": "Manych", "birds": ["crane"]}),
        ("externalAuthorLink", True),
    ]
    assert found.website == ""


def test_a_template_is_shown_the_extra_of_a_profile(tmp_path: Path) -> None:
    theme = {
        "sitegen.toml": SETTINGS + '[theme]\nname = "own"\n',
        "themes/own/theme.toml": 'name = "own"\nextends = "chronicle"\n',
        "themes/own/templates/term.html": '{% extends "chronicle/term.html" %}'
        "{% block main %}{{ term.extra.get('favourite', {}).get('river') }}{% endblock %}",
    }
    site = make_site(tmp_path, SITE | theme)
    build(site)
    assert b"Manych" in output(site)["authors/ann-lee/index.html"]


@pytest.mark.parametrize("folder", ["categories", "groups"])
def test_categories_and_groups_have_profiles_too(folder: str, tmp_path: Path) -> None:
    field = {"categories": "category", "groups": "group"}[folder]
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": SETTINGS,
            f"content/{folder}/news.md": "---\nname: News\ndescription: What is new.\n---\n",
            f"content/{folder}/news.ru.md": "---\nname: Новости\n---\n",
            "content/posts/a.md": post(**{field: "новости"}),
            "content/posts/ru/b.md": post(**{field: "NEWS"}),
        },
    )
    build(site)
    assert b"What is new." in output(site)[f"{folder}/news/index.html"]
    assert titles(output(site), f"ru/{folder}/news/index.html") == ["A post", "A post"]
    assert "Новости" in output(site)["ru/posts/b/index.html"].decode()
