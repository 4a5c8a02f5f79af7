"""One archive in several languages: where each text lives, and what leads to its translations."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sitegen.words import direction
from tests import tongues
from tests.crawl import dead_ends
from tests.outputs import ROOT, page, tree
from tests.sites import build, linking, make_site, output, post, run

BASE_URL = "https://archive.example/"
XML = "{http://www.w3.org/XML/1998/namespace}"

SETTINGS = f"""\
title = "Nations"
base_url = "{BASE_URL}"
page_size = 2

[languages.en]
name = "English"

[languages.ru]
name = "Русский"
"""

TWO = '[languages.en]\nname = "English"\n[languages.ru]\nname = "Русский"\n'

#: The layout of an archive that is there already: languages below each section, English names in all posts.
LAYOUT = {
    "sitegen.toml": SETTINGS,
    "content/posts/en/x.md": post("The exile", "2023-07-22", author="Sanj Erdniev", tags="[Kalmyks]"),
    "content/posts/ru/x.md": post(
        "Ссылка", "2023-07-22", "Текст.", author="Sanj Erdniev", tags="[Kalmyks]", category="News"
    ),
    "content/posts/en/only-here.md": post("Only in English", "2021-01-01", author="Sanj Erdniev"),
    "content/posts/ru/tolko-zdes.md": post("Только по-русски", "2022-02-02", "Текст.", tags="[Kalmyks]"),
    "content/people/en/sanj-erdniev.md": "---\nname: Sanj Erdniev\nrole: Historian\n---\nHe writes.\n",
    "content/people/ru/sanj-erdniev.md": "---\nname: Санж Эрдниев\nrole: Историк\n---\nПишет.\n",
    "content/docs/en/law.md": page("A law"),
    "content/docs/ru/law.md": page("Закон", "Текст."),
    "content/videos/en/film.md": page("A film"),
    "content/videos/ru/film.md": page("Фильм", "Текст."),
}


def text(files: dict[str, bytes], path: str) -> str:
    return files[path].decode()


def problems(site: Path) -> list[str]:
    """What a build that must fail tells, as its readers see it."""
    done = run(site, "build", "--no-search", "--json")
    assert done.status == 1, done.out
    return [f"{one['file']}:{one['line']}: {one['message']}; {one['hint']}" for one in done.json["errors"]]


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The layout, built with no file moved."""
    site = make_site(tmp_path_factory.mktemp("layout"), LAYOUT)
    done = build(site, "--json")
    assert done.json["warnings"] == []
    return output(site)


# --- which language a text is in ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "front", "url"),
    [
        ("posts/ru/2020/x.md", "", "/ru/posts/2020/x/"),
        ("posts/2020/ru/x.md", "", "/ru/posts/2020/x/"),
        ("ru/posts/2020/x.md", "", "/ru/posts/2020/x/"),
        ("posts/2020/x.ru.md", "", "/ru/posts/2020/x/"),
        ("posts/2020/x.md", "ru", "/ru/posts/2020/x/"),
        ("posts/ru/2020/x.md", "en", "/posts/2020/x/"),
        ("posts/en/2020/x.md", "", "/posts/2020/x/"),
        ("posts/2020/x.md", "", "/posts/2020/x/"),
    ],
)
def test_a_language_is_told_by_folder_suffix_or_front_matter(
    key: str, front: str, url: str, tmp_path: Path
) -> None:
    keys = {"lang": front} if front else {}
    site = make_site(tmp_path, {"sitegen.toml": TWO, f"content/{key}": post(**keys)})
    entry = linking(site).site.entries[key]
    assert (entry.url, entry.lang) == (url, "ru" if url.startswith("/ru/") else "en")


def test_texts_that_differ_only_in_language_are_translations_however_it_is_told(tmp_path: Path) -> None:
    three = TWO + '[languages.ar]\nname = "العربية"\n'
    files = {"content/posts/x.md": post(), "content/posts/ru/x.md": post(), "content/posts/x.ar.md": post()}
    found = linking(make_site(tmp_path, {"sitegen.toml": three, **files})).site.translations
    assert list(found.values()) == [{"en": "posts/x.md", "ru": "posts/ru/x.md", "ar": "posts/x.ar.md"}]


def test_translations_under_other_names_are_joined_by_their_key(tmp_path: Path) -> None:
    files = {
        "content/posts/exile.md": post("Exile", translation_key="exile"),
        "content/posts/ru/ssylka.md": post("Ссылка", translation_key="exile"),
    }
    site = make_site(tmp_path, {"sitegen.toml": TWO, **files})
    build(site)
    assert 'hreflang="ru" href="../../ru/posts/ssylka/"' in text(output(site), "posts/exile/index.html")


# --- where everything lives --------------------------------------------------------------------------


@pytest.mark.parametrize("home", ["", "ru/"])
@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "feed.xml", "feed.json", "archive/index.html", "archive/2023/index.html"),
        *("archive/2023/07/index.html", "search/index.html", "posts/index.html", "posts/feed.xml"),
        *("docs/index.html", "docs/law/index.html", "videos/index.html", "videos/film/index.html"),
        *("posts/x/index.html", "tags/index.html", "tags/kalmyks/index.html", "tags/kalmyks/feed.xml"),
        *("authors/index.html", "authors/sanj-erdniev/index.html", "authors/sanj-erdniev/feed.json"),
    ],
)
def test_each_language_has_every_page_the_first_at_the_root(
    layout: dict[str, bytes], home: str, path: str
) -> None:
    assert home + path in layout


def test_no_address_holds_a_language_beside_the_one_in_front(layout: dict[str, bytes]) -> None:
    assert [path for path in layout if re.search(r"(^|/)en/|./ru/", path)] == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("index.html", ["Latest", "Jul 22, 2023", "1 min read"]),
        ("ru/index.html", ["Новые публикации", "22 июл. 2023", "1 минута"]),
        ("posts/x/index.html", ["1 min read", "July 22, 2023", ">Sanj Erdniev<"]),
        ("ru/posts/x/index.html", ["1 минута чтения", "22 июля 2023", ">Санж Эрдниев<"]),
        ("ru/archive/2023/07/index.html", ["июль 2023"]),
        ("authors/sanj-erdniev/index.html", ["<h1>Sanj Erdniev", "Historian", "He writes.", "2 posts"]),
        ("ru/authors/sanj-erdniev/index.html", ["<h1>Санж Эрдниев", "Историк", "Пишет.", "2 публикации"]),
    ],
)
def test_a_page_speaks_its_language_in_texts_dates_and_plurals(
    layout: dict[str, bytes], path: str, words: list[str]
) -> None:
    assert [word for word in words if word not in text(layout, path)] == []


@pytest.mark.parametrize("lang", ["ru", "uk", "ar"])
def test_the_theme_has_every_text_and_every_plural_in_each_language(lang: str) -> None:
    texts = {
        code: tomllib.loads((ROOT / f"themes/chronicle/i18n/{code}.toml").read_text(encoding="utf-8"))
        for code in ("en", lang)
    }
    assert texts[lang].keys() >= texts["en"].keys()
    forms = {"ru": {"one", "few", "many"}, "uk": {"one", "few", "many"}, "ar": {"zero", "one", "two", "few"}}
    for key, value in texts["en"].items():
        if isinstance(value, dict):
            assert texts[lang][key].keys() >= forms[lang]
        else:
            assert re.findall(r"{\w+}", texts[lang][key]) == re.findall(r"{\w+}", value), key


def test_feeds_tell_their_language_and_that_of_a_text_in_another(layout: dict[str, bytes]) -> None:
    for path, lang, other in (("feed.xml", "en", "ru"), ("ru/feed.xml", "ru", "en")):
        feed = ElementTree.fromstring(layout[path])
        assert feed.get(XML + "lang") == lang
        entries = {entry.findtext("{*}title"): entry.get(XML + "lang") for entry in feed.findall("{*}entry")}
        assert entries == (
            {"The exile": None, "Only in English": None, "Только по-русски": other}
            if lang == "en"
            else {"Ссылка": None, "Only in English": other, "Только по-русски": None}
        )
        told = json.loads(layout[path.replace("xml", "json")])
        assert told["language"] == lang
        assert {item["title"]: item["language"] for item in told["items"]} == {
            title: own or lang for title, own in entries.items()
        }


# --- translations ------------------------------------------------------------------------------------


def test_translations_lead_to_each_other_and_name_a_default(layout: dict[str, bytes]) -> None:
    for path, other, href in (("", "ru", "../../ru/posts/x/"), ("ru/", "en", "../../../posts/x/")):
        html = text(layout, f"{path}posts/x/index.html")
        assert re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', html) == [
            ("en", BASE_URL + "posts/x/"),
            ("x-default", BASE_URL + "posts/x/"),
            ("ru", BASE_URL + "ru/posts/x/"),
        ]
        switch = tongues.pages(layout)[f"{path}posts/x/index.html"].css("nav.languages a")
        assert {link.attributes["hreflang"]: link.attributes["href"] for link in switch}[other] == href


def test_the_switcher_of_a_text_without_translation_leads_home(layout: dict[str, bytes]) -> None:
    page_of = tongues.pages(layout)["ru/posts/tolko-zdes/index.html"]
    links = {one.attributes["hreflang"]: one.attributes["href"] for one in page_of.css("nav.languages a")}
    assert links == {"en": "../../../", "ru": "../../../ru/posts/tolko-zdes/"}
    assert not page_of.css('link[rel="alternate"][hreflang]')


def test_the_sitemap_names_every_version_of_a_page(layout: dict[str, bytes]) -> None:
    found = {}
    for url in ElementTree.fromstring(layout["sitemap.xml"]).findall("{*}url"):
        links = url.findall("{http://www.w3.org/1999/xhtml}link")
        found[url.findtext("{*}loc")] = {link.get("hreflang"): link.get("href") for link in links}
    both = {"en": BASE_URL + "posts/x/", "ru": BASE_URL + "ru/posts/x/"}
    assert found[BASE_URL + "posts/x/"] == found[BASE_URL + "ru/posts/x/"] == both
    assert found[BASE_URL + "posts/only-here/"] == {}
    assert found[BASE_URL + "tags/kalmyks/"]["ru"] == BASE_URL + "ru/tags/kalmyks/"


def test_a_text_without_translation_is_shown_in_lists_of_other_languages_and_marked(
    layout: dict[str, bytes],
) -> None:
    every = tongues.pages(layout)
    for path, lang, name in (("posts/index.html", "ru", "Русский"), ("ru/posts/index.html", "en", "English")):
        (card,) = tongues.foreign(every[path])
        assert {node.attributes["lang"] for node in card.css("[lang]")} == {lang}
        assert {node.attributes.get("dir") for node in card.css("[lang]")} == {"ltr"}
        assert [node.text() for node in card.css(".tongue")] == [name]


def test_lists_leave_out_what_has_no_translation_when_they_shall(tmp_path: Path) -> None:
    hide = SETTINGS.replace('name = "Русский"', 'name = "Русский"\nmissing_translations = "hide"')
    site = make_site(tmp_path, LAYOUT | {"sitegen.toml": hide})
    build(site)
    files = output(site)
    for path in ("ru/index.html", "ru/posts/index.html", "ru/feed.xml", "ru/authors/sanj-erdniev/index.html"):
        assert "Only in English" not in text(files, path)
    assert "Только по-русски" in text(files, "posts/index.html")
    assert "posts/only-here/index.html" in files
    assert dead_ends(files, BASE_URL) == []


# --- what every page says of itself ------------------------------------------------------------------

#: Three languages in three scripts and both directions, told in every way, with texts that lack versions.
NASTY = {
    "sitegen.toml": f"""\
title = "Nations"
base_url = "{BASE_URL}"
page_size = 2
[languages.en]
[languages.ru]
name = "Русский"
[languages.he]
name = "עברית"
[sections.docs]
dated = true
""",
    **{
        f"content/posts/{number}.md": post(
            f"Number {number}", f"2020-01-0{number}", tags="[Kalmyks, 日本, 🐎]", author="Ann Lee", views="7"
        )
        for number in range(1, 6)
    },
    "content/posts/1.ru.md": post("Номер один", "2020-01-01", "Текст.", tags="[Kalmyks]", group="Featured"),
    "content/ru/posts/Слово и дело.md": post("Слово", "2021-01-01", "Текст.", aliases="[/old/slovo/]"),
    "content/posts/he/1.md": post("אחד", "2020-01-01", "טקסט.", tags="[Kalmyks]", group="Featured"),
    "content/posts/מילה.he.md": post("מילה", "2022-03-03", "טקסט.", tags="[קלמיקים]", author="אן לי"),
    "content/posts/told.md": post("סוד", "2022-03-04", "טקסט.", lang="he"),
    "content/docs/he/law.md": post("חוק", "2019-01-01", "טקסט."),
    "content/people/ann-lee.md": "---\nname: Ann Lee\naliases: [אן לי, Анна]\nrole: Editor\n---\nBio.\n",
    "content/tags/he/kalmyks.md": "---\nname: קלמיקים\naliases: [Kalmyks]\ndescription: עם\n---\nטקסט.\n",
    "content/pages/about.md": page("About"),
    "content/pages/about.he.md": page("אודות", "טקסט."),
}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    site = make_site(tmp_path_factory.mktemp("nasty"), NASTY)
    build(site)
    return output(site)


def test_every_page_of_a_nasty_site_has_its_language_and_direction(nasty: dict[str, bytes]) -> None:
    assert len(tongues.pages(nasty)) > 100
    assert tongues.wrong_pages(nasty, ("en", "ru", "he")) == []


def test_every_title_in_another_language_than_its_page_says_so(nasty: dict[str, bytes]) -> None:
    every = tongues.pages(nasty)
    assert sum(1 for page_of in every.values() for _ in tongues.foreign(page_of)) > 30
    assert tongues.wrong_names(nasty) == []


def test_every_link_of_a_nasty_site_in_three_languages_leads_somewhere(nasty: dict[str, bytes]) -> None:
    assert dead_ends(nasty, BASE_URL) == []


def test_the_sample_archive_has_no_page_in_a_wrong_language_and_no_broken_link(
    archive: Path, record_property: Callable[[str, object], None]
) -> None:
    files = tree(archive)
    languages = ("en", "ru", "ar")
    counted = {
        "pages": len(tongues.pages(files)),
        "wrong lang or dir": len(tongues.wrong_pages(files, languages)),
        "titles without their language": len(tongues.wrong_names(files)),
        "broken links": len(dead_ends(files, "https://archive.example/")),
    }
    for name, count in counted.items():
        record_property(name, count)
    assert counted.pop("pages") > 500
    assert set(counted.values()) == {0}, counted
    for lang in languages:
        assert any(tongues.own(page_of)[0] == lang for page_of in tongues.pages(files).values())


def test_the_count_of_wrong_languages_sees_what_is_wrong() -> None:
    def html(lang: str, way: str, main: str) -> bytes:
        return f'<html lang="{lang}" dir="{way}"><main>{main}</main></html>'.encode()

    one = '<article class="post"><h1>סוד</h1><div class="body">טקסט</div></article>'
    bare, marked = '<a href="he/x/">סוד</a>', '<a href="he/x/" lang="he" dir="rtl">סוד</a>'
    good = {"index.html": html("en", "ltr", marked), "he/x/index.html": html("he", "rtl", one)}
    assert tongues.wrong_pages(good, ("en", "he")) == tongues.wrong_names(good) == []
    assert len(tongues.wrong_names(good | {"index.html": html("en", "ltr", bare)})) == 1
    for lang, way in (("en", "rtl"), ("he", "ltr")):
        assert len(tongues.wrong_pages(good | {"he/x/index.html": html(lang, way, one)}, ("en", "he"))) == 1
    assert len(tongues.wrong_pages({"index.html": html("en", "ltr", one)}, ("en", "he"))) == 1


def test_the_words_of_a_profile_in_another_language_say_so(nasty: dict[str, bytes]) -> None:
    every = tongues.pages(nasty)
    person, subject = every["he/authors/ann-lee/index.html"], every["tags/kalmyks/index.html"]
    for page_of, lang, way in ((person, "en", "ltr"), (subject, "he", "rtl")):
        nodes = page_of.css("h1 bdi, .role bdi, .lede bdi, main > .body")
        assert len(nodes) == 3
        for node in nodes:
            assert (node.attributes.get("lang"), node.attributes.get("dir")) == (lang, way)


@pytest.mark.parametrize(
    ("lang", "way"),
    [
        *(("ar", "rtl"), ("he", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("yi", "rtl"), ("dv", "rtl")),
        *(("kk-Arab", "rtl"), ("az-Arab", "rtl"), ("ar-EG", "rtl"), ("kk", "ltr"), ("ar-Latn", "ltr")),
        *(("en", "ltr"), ("ru", "ltr"), ("xal", "ltr"), ("zh-Hant", "ltr"), ("qaa", "ltr")),
    ],
)
def test_the_direction_of_a_language_is_that_of_its_script(lang: str, way: str) -> None:
    assert direction(lang) == way


# --- what is refused, what is told -------------------------------------------------------------------


def test_a_folder_like_a_language_is_told_with_lines_that_make_it_one(tmp_path: Path) -> None:
    files = {"content/posts/x.md": post("X"), "content/posts/kk/x.md": post("Х")}
    site = make_site(tmp_path, files)
    (warning,) = build(site, "--json").json["warnings"]
    assert warning["file"] == "content/posts/kk/x.md"
    assert "posts/kk/x/index.html" in output(site)
    lines = re.findall(r"\[languages\.\w+\]", warning["hint"])
    assert lines == ["[languages.en]", "[languages.kk]"]
    make_site(site, {"sitegen.toml": "\n".join(f'{line}\nname = "…"' for line in lines)})
    assert build(site, "--json").json["warnings"] == []
    assert {"posts/x/index.html", "kk/posts/x/index.html"} <= output(site).keys()
    assert "posts/kk/x/index.html" not in output(site)


def test_a_language_that_the_site_does_not_have_is_refused(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": TWO, "content/posts/x.md": post(lang="xx-invalid")})
    (told,) = problems(site)
    assert told.startswith('content/posts/x.md:4: "xx-invalid" is not a language of this site')
    assert "sitegen.toml" in told
    assert not (site / "output/index.html").exists()


def test_a_code_that_is_no_language_is_refused_with_its_line(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"sitegen.toml": "[languages.en]\n[languages.Russian]\n", "content/a.md": page()}
    )
    assert problems(site)[0].startswith('sitegen.toml:2: "Russian" is not a language code')


def test_the_same_translation_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    files = {
        "content/posts/x.md": post(),
        "content/posts/ru/x.md": post(),
        "content/posts/other.md": post(lang="ru", translation_key="posts/x"),
    }
    site = make_site(tmp_path, {"sitegen.toml": TWO, **files})
    assert any("content/posts/ru/x.md" in one and "content/posts/other.md" in one for one in problems(site))


def test_one_text_told_twice_in_one_language_is_refused_with_both_places(tmp_path: Path) -> None:
    files = {"content/posts/ru/x.md": post(), "content/posts/x.ru.md": post()}
    site = make_site(tmp_path, {"sitegen.toml": TWO, **files})
    assert all("content/posts/ru/x.md" in one and "content/posts/x.ru.md" in one for one in problems(site))


def test_a_profile_that_claims_the_name_of_another_is_refused_with_both_places(tmp_path: Path) -> None:
    files = {
        "content/people/ann.md": "---\nname: Ann Lee\n---\n",
        "content/people/ru/anna.md": "---\nname: Анна\naliases:\n- ann LEE\n---\n",
    }
    (told,) = problems(make_site(tmp_path, {"sitegen.toml": TWO, **files}))
    assert told.startswith("content/people/ru/anna.md:3: ")
    assert "content/people/ann.md" in told


def test_two_profiles_of_one_term_in_one_language_are_refused_with_both_places(tmp_path: Path) -> None:
    profile = "---\nname: Ann Lee\n---\n"
    files = {"content/people/ann.md": profile, "content/people/en/ann.md": profile}
    (told,) = problems(make_site(tmp_path, {"sitegen.toml": TWO, **files}))
    assert "content/people/ann.md" in told
    assert "content/people/en/ann.md" in told


@pytest.mark.parametrize("name", ["tags", "authors", "categories"])
def test_a_section_named_like_a_taxonomy_is_refused_with_both_places(name: str, tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": "".join(
                f'[taxonomies.{one}]\nprofiles = "about-{one}"\n' for one in ("tags", "categories")
            ),
            f"content/{name}/x.md": post(),
        },
    )
    assert any(f"content/{name}/x.md" in one and f"[taxonomies.{name}]" in one for one in problems(site))


def test_settings_of_a_section_named_like_a_taxonomy_are_refused(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": "\n[sections.tags]\nfeed = true\n", "content/a.md": page()})
    assert problems(site)[0].startswith('sitegen.toml:2: "tags" is already a taxonomy')


def test_the_site_has_a_title_and_a_description_in_each_language_that_gives_them(tmp_path: Path) -> None:
    settings = """title = "Archive"
description = "Old texts"
base_url = "https://a.example/"
[languages.en]
[languages.ru]
title = "Архив"
description = "Старые тексты"
[languages.uk]
"""
    site = make_site(tmp_path, {"sitegen.toml": settings, "content/posts/a.md": post("A")})
    build(site)
    made = output(site)
    for home, title, description in (
        ("", "Archive", "Old texts"),
        ("ru/", "Архив", "Старые тексты"),
        ("uk/", "Archive", "Old texts"),
    ):
        page = made[f"{home}index.html"].decode()
        assert f"<title>{title}</title>" in page
        assert f'<meta name="description" content="{description}">' in page
        assert f"<title>{title}</title>" in made[f"{home}feed.xml"].decode()
