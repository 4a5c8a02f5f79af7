"""Addresses of names in any script: kept where a file has them, transliterated where a term has them."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from sitegen.urls import digest
from tests.crawl import addresses, dead_ends
from tests.sites import build, make_site, output, post, run

BASE_URL = "https://archive.example/"

NAMES = ("Калмыки и ЛАГЕРЬ", "שלום", "漢字", "🐎", "Straße_Éé", "100% sure", "a+b&c;d", "it's (one)")

TERMS = {
    "Калмыки": "kalmyki",
    "Straße": "strasse",
    "Žemaitė": "zemaite",
    "العربية": "l-rby",
    "🐎": digest("🐎"),
    "🐎🐎": digest("🐎🐎"),
    "+++": digest("+++"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    texts = {
        f"content/posts/{name}.md": post(
            f'"{name}"', tags=json.dumps([*TERMS, "עברית", "漢字"], ensure_ascii=False)
        )
        for name in NAMES
    }
    attached = {"content/files/Список №1.csv": "a,b\n"}
    linking = {
        "content/posts/links.md": post(body="[x](<Калмыки и ЛАГЕРЬ.md>) [y](<../files/Список №1.csv>)")
    }
    settings = {"sitegen.toml": f'base_url = "{BASE_URL}"\n[languages.en]\n[languages.ru]\n'}
    site = make_site(tmp_path_factory.mktemp("slugs"), settings | texts | attached | linking)
    assert build(site, "--json").json["warnings"] == []
    return output(site)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Калмыки и ЛАГЕРЬ", "Калмыки-и-ЛАГЕРЬ"),
        *((name, name) for name in ("שלום", "漢字", "🐎", "Straße_Éé", "a+b&c;d")),
        ("100% sure", "100-sure"),
        ("it's (one)", "it's-(one)"),
    ],
)
def test_a_file_keeps_its_case_and_script_in_its_address(
    name: str, slug: str, files: dict[str, bytes]
) -> None:
    assert f"<h1>{escape(name, quote=False)}</h1>" in re.sub(
        "<h1[^>]*>", "<h1>", files[f"posts/{slug}/index.html"].decode()
    ).replace("&#39;", "'")


@pytest.mark.parametrize(("name", "slug"), TERMS.items())
def test_a_term_is_transliterated_and_never_without_a_name(
    name: str, slug: str, files: dict[str, bytes]
) -> None:
    assert f"<h1>{name}</h1>" in files[f"tags/{slug}/index.html"].decode()
    assert f"ru/tags/{slug}/feed.xml" in files


def test_every_term_has_a_page_of_its_own_in_plain_letters(files: dict[str, bytes]) -> None:
    slugs = {path.split("/")[1] for path in files if re.fullmatch(r"tags/[^/]+/index\.html", path)}
    assert len(slugs) == len(TERMS) + 2
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []


def test_every_address_in_pages_feeds_and_sitemap_is_percent_encoded(files: dict[str, bytes]) -> None:
    written = [
        address for path, data in files.items() if path.endswith(".html") for address in addresses(data)
    ]
    for path, data in files.items():
        if path.endswith(".xml"):
            tree = ElementTree.fromstring(data)
            written += [node.get("href") or "" for node in tree.iter() if node.get("href")]
            written += [node.text or "" for node in tree.findall(".//{*}loc")]
        elif path.endswith(".json"):
            feed = json.loads(data)
            written += [feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])]
    assert any("%D0%9A" in address for address in written)
    assert [one for one in written if not re.fullmatch(r"([!-$&-;=?-\[\]_a-z~]|%[0-9A-F]{2})*", one)] == []
    assert dead_ends(files, BASE_URL) == []


def test_feeds_and_sitemap_lead_to_the_files(files: dict[str, bytes]) -> None:
    locs = [node.text or "" for node in ElementTree.fromstring(files["sitemap.xml"]).findall(".//{*}loc")]
    items = [item["url"] for item in json.loads(files["feed.json"])["items"]]
    for url in [*locs, *items]:
        path = unquote(urlsplit(url).path[1:])
        assert (path + "index.html" if path.endswith("/") or not path else path) in files
    assert BASE_URL + "posts/%F0%9F%90%8E/" in locs
    assert BASE_URL + "posts/%F0%9F%90%8E/" in items


def test_a_name_in_either_unicode_form_gives_one_address(tmp_path: Path) -> None:
    outputs = []
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "Йоханнес Ёлкин é")
        files = {
            f"content/posts/{name}.md": post(author=f'"{name}"', tags=f'["{name}"]'),
            f"content/people/{name}.md": f'---\nname: "{name}"\n---\n',
            "content/posts/link.md": post(body=f"[x](<{name}.md>)"),
        }
        site = make_site(tmp_path / form, files)
        assert build(site, "--json").json["warnings"] == []
        outputs.append(output(site))
    assert outputs[0] == outputs[1]
    assert unicodedata.normalize("NFC", "posts/Йоханнес-Ёлкин-é/index.html") in outputs[0]


def test_translations_in_either_unicode_form_are_one_text(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": "[languages.en]\n[languages.ru]\n",
            f"content/posts/{unicodedata.normalize('NFC', 'Ёлка')}.md": post(),
            f"content/posts/ru/{unicodedata.normalize('NFD', 'Ёлка')}.md": post(),
        },
    )
    build(site)
    assert b'hreflang="ru"' in output(site)["posts/Ёлка/index.html"]
    assert "ru/posts/Ёлка/index.html" in output(site)


def test_two_files_whose_names_differ_only_in_their_unicode_form_are_refused(tmp_path: Path) -> None:
    names = [unicodedata.normalize(form, "Ёлка") for form in ("NFC", "NFD")]
    site = make_site(tmp_path, {f"content/posts/{name}.md": post() for name in names})
    if len(list((site / "content/posts").iterdir())) < 2:
        return  # this disk takes the two for one, as sitegen does
    done = run(site, "build", "--no-search")
    assert done.status == 1
    assert "Unicode forms" in " ".join(done.err.split())
