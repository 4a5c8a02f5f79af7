"""Each folder of content/ is a section: its list, its addresses, its template, where it is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import tongues
from tests.crawl import dead_ends
from tests.outputs import page
from tests.sites import build, linking, make_site, output, post

SITE = {
    "sitegen.toml": 'title = "Nations"\nbase_url = "https://archive.example/"\n',
    "content/posts/a.md": post("A post", "2023-07-22"),
    "content/docs/law.md": page("A law"),
    "content/docs/guides/first/index.md": page("A guide"),
    "content/videos/film.md": post("A film", "2022-01-01"),
    "content/videos/undated.md": page("No date"),
    "content/pages/about.md": page("About"),
}


def built(folder: Path, settings: str = "", files: dict[str, str] | None = None) -> dict[str, bytes]:
    site = make_site(folder, SITE | {"sitegen.toml": SITE["sitegen.toml"] + settings} | (files or {}))
    build(site)
    found = output(site)
    assert dead_ends(found, "https://archive.example/") == []
    return found


def nav(files: dict[str, bytes]) -> list[str]:
    (menu,) = tongues.pages(files)["index.html"].css("header nav.nav")
    return [link.text() for link in menu.css("a")]


def listed(files: dict[str, bytes], path: str) -> list[str]:
    return [link.text() for link in tongues.pages(files)[path].css("ul.rows h2 a")]


def in_feed(files: dict[str, bytes], path: str) -> list[str]:
    return [item["title"] for item in json.loads(files[path])["items"]]


def test_every_folder_has_a_list_of_its_own(tmp_path: Path) -> None:
    files = built(tmp_path)
    assert listed(files, "docs/index.html") == ["A guide", "A law"]
    assert listed(files, "videos/index.html") == ["A film", "No date"]
    assert listed(files, "posts/index.html") == ["A post"]
    assert "docs/guides/first/index.html" in files


def test_a_section_that_only_says_of_itself_what_it_is_has_its_list_already(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/films/_index.md": "---\ntitle: Films\n---\nSoon.\n",
            "content/tags/_index.md": "---\ntitle: Subjects\n---\n",
            "content/posts/a.md": post(),
        },
    )
    build(site)
    assert b"Soon." in output(site)["films/index.html"]
    assert linking(site).site.sections == ("films", "posts")


def test_standalone_pages_have_neither_list_nor_folder(tmp_path: Path) -> None:
    files = built(tmp_path)
    assert "about/index.html" in files
    assert not [path for path in files if path.startswith("pages/")]


def test_by_default_only_posts_are_dated_and_in_feeds_and_all_but_pages_are_searched(tmp_path: Path) -> None:
    files = built(tmp_path)
    assert in_feed(files, "feed.json") == ["A post"]
    assert "docs/feed.xml" not in files
    assert "archive/2022/index.html" not in files
    searched = {path for path, data in files.items() if b"data-pagefind-body" in data}
    assert searched == {
        *("posts/a/index.html", "docs/law/index.html", "docs/guides/first/index.html"),
        *("videos/film/index.html", "videos/undated/index.html"),
    }


def test_a_dated_section_is_in_archive_and_feeds(tmp_path: Path) -> None:
    dated = {"content/videos/undated.md": post("No longer", "2021-01-01")}
    files = built(tmp_path, "[sections.videos]\ndated = true\n", dated)
    assert in_feed(files, "feed.json") == ["A post", "A film", "No longer"]
    assert in_feed(files, "videos/feed.json") == ["A film", "No longer"]
    assert listed(files, "archive/2022/01/index.html") == ["A film"]


def test_a_dated_section_can_stay_out_of_the_feeds(tmp_path: Path) -> None:
    files = built(tmp_path, "[sections.posts]\nfeed = false\n")
    assert in_feed(files, "feed.json") == []
    assert "posts/feed.json" not in files
    assert listed(files, "archive/2023/07/index.html") == ["A post"]


def test_a_section_without_dates_can_be_in_the_feeds(tmp_path: Path) -> None:
    files = built(tmp_path, "[sections.docs]\nfeed = true\n")
    assert in_feed(files, "docs/feed.json") == ["A guide", "A law"]
    assert in_feed(files, "feed.json") == ["A post", "A guide", "A law"]


def test_a_section_can_stay_out_of_the_search(tmp_path: Path) -> None:
    files = built(tmp_path, "[sections.docs]\nsearch = false\n")
    assert b"data-pagefind" not in files["docs/law/index.html"]
    assert b"data-pagefind-body" in files["videos/film/index.html"]


@pytest.mark.parametrize(
    ("permalink", "path"),
    [
        ("/law/{slug}/", "law/first/index.html"),
        ("/{section}/{path}/{slug}.html", "docs/guides/first.html"),
        ("/{slug}/", "first/index.html"),
    ],
)
def test_a_section_has_addresses_of_its_own_shape(permalink: str, path: str, tmp_path: Path) -> None:
    files = built(tmp_path, f'[sections.docs]\npermalink = "{permalink}"\n')
    assert path in files
    assert listed(files, "docs/index.html") == ["A guide", "A law"]


def test_an_address_can_hold_the_date(tmp_path: Path) -> None:
    permalink = '[sections.posts]\npermalink = "/{year}/{month}/{day}/{slug}/"\n'
    assert "2023/07/22/a/index.html" in built(tmp_path, permalink)


def test_a_section_has_a_template_of_its_own(tmp_path: Path) -> None:
    theme = {
        "themes/own/theme.toml": 'name = "own"\nextends = "chronicle"\n',
        "themes/own/templates/film.html": '{% extends "chronicle/page.html" %}'
        "{% block body %}<video></video>{{ post.content|safe }}{% endblock %}",
    }
    settings = '[theme]\nname = "own"\n[sections.videos]\ntemplate = "film.html"\n'
    files = built(tmp_path, settings, theme)
    assert b"<video>" in files["videos/film/index.html"]
    assert b"<video>" not in files["docs/law/index.html"]


def test_sections_stand_in_the_navigation_unless_they_shall_not(tmp_path: Path) -> None:
    assert nav(built(tmp_path / "all"))[:3] == ["Documents", "Posts", "Videos"]
    assert nav(built(tmp_path / "some", "[sections.docs]\nnav = false\n"))[:2] == ["Posts", "Videos"]


def test_a_section_says_of_itself_what_its_index_says_in_each_language(tmp_path: Path) -> None:
    settings = '[languages.en]\nname = "English"\n[languages.ru]\nname = "Русский"\n'
    indexes = {
        "content/docs/_index.md": "---\ntitle: Papers\ndescription: Laws.\n---\nRead [one](law.md).\n",
        "content/docs/_index.ru.md": "---\ntitle: Бумаги\n---\nЧитайте.\n",
    }  # fmt: skip
    files = built(tmp_path, settings, indexes)
    for path, words in (("", ("Papers", "Laws.", "Read ")), ("ru/", ("Бумаги", "Читайте."))):
        html = files[f"{path}docs/index.html"].decode()
        assert [word for word in words if word not in html] == []
        assert words[0] in files[f"{path}index.html"].decode()


def test_a_section_is_called_after_its_folder_where_nothing_names_it(tmp_path: Path) -> None:
    files = built(tmp_path, files={"content/oral-history/a.md": page("A voice")})
    assert "Oral history" in nav(files)
