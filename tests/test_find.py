"""What the place of a file says: its section, language, folder, slug and date."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.config import Config, Language, complete
from sitegen.find import find, sort_out
from tests.sites import build, default_config, linking, make_site, output, post, reading, run

TWO = complete(Config(language="en", languages={"en": Language(), "ru": Language(), "pt-BR": Language()}))


@pytest.mark.parametrize(
    ("key", "kind", "section", "folder", "stem", "lang"),
    [
        ("posts/x.md", "entry", "posts", "", "x", ""),
        ("posts/2020/07/x.md", "entry", "posts", "2020/07", "x", ""),
        ("posts/ru/x.md", "entry", "posts", "", "x", "ru"),
        ("ru/posts/x.md", "entry", "posts", "", "x", "ru"),
        ("posts/x.ru.md", "entry", "posts", "", "x", "ru"),
        ("posts/a/ru/b/x.md", "entry", "posts", "a/b", "x", "ru"),
        ("posts/x.pt-BR.md", "entry", "posts", "", "x", "pt-BR"),
        ("posts/en/x.ru.md", "entry", "posts", "", "x", "ru"),
        ("posts/x.v2.md", "entry", "posts", "", "x.v2", ""),
        ("posts/.ru.md", "entry", "posts", "", ".ru", ""),
        ("posts/kk/x.md", "entry", "posts", "kk", "x", ""),
        ("posts/X.MARKDOWN", "entry", "posts", "", "X", ""),
        ("posts/exile/index.md", "entry", "posts", "", "exile", ""),
        ("posts/exile/index.ru.md", "entry", "posts", "", "exile", "ru"),
        ("posts/2020/exile/index.md", "entry", "posts", "2020", "exile", ""),
        ("posts/2021-06-07-x.md", "entry", "posts", "", "x", ""),
        ("about.md", "entry", "pages", "", "about", ""),
        ("ru/about.md", "entry", "pages", "", "about", "ru"),
        ("pages/help/faq.md", "entry", "pages", "help", "faq", ""),
        ("people/ann.md", "profile", "authors", "", "ann", ""),
        ("people/ru/ann.md", "profile", "authors", "", "ann", "ru"),
        ("people/ann.ru.md", "profile", "authors", "", "ann", "ru"),
        ("tags/kalmyks.md", "profile", "tags", "", "kalmyks", ""),
        ("posts/_index.md", "index", "posts", "", "", ""),
        ("posts/_index.ru.md", "index", "posts", "", "", "ru"),
        ("ru/posts/_index.md", "index", "posts", "", "", "ru"),
    ],
)
def test_what_a_place_says(key: str, kind: str, section: str, folder: str, stem: str, lang: str) -> None:
    source = sort_out(key, f"/{key}", TWO)
    assert (source.kind, source.section, source.lang) == (kind, section, lang)
    if kind != "index":
        assert (source.folder, source.stem) == (folder, stem)


@pytest.mark.parametrize("key", ["posts/ru/a/x.md", "ru/posts/a/x.md", "posts/a/x.ru.md", "posts/a/en/x.md"])
def test_files_that_differ_only_in_their_language_are_one_text(key: str) -> None:
    assert sort_out(key, "", TWO).group == sort_out("posts/a/x.md", "", TWO).group == "posts/a/x"


def test_the_date_of_a_name_is_no_part_of_the_slug_but_of_the_text() -> None:
    source = sort_out("posts/2021-06-07-x.md", "", TWO)
    assert (source.dated, source.group) == ("2021-06-07", "posts/2021-06-07-x")


def test_the_order_is_that_of_the_keys(tmp_path: Path) -> None:
    names = ["posts/b.md", "posts/a.md", "docs/z.md", "posts/B.md", "posts/ä.md", "pages/a.md"]
    site = make_site(tmp_path, {f"content/{name}": post() for name in names})
    assert [source.key for source in find(site, default_config()).sources] == sorted(names)


def test_the_rest_is_copied(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"content/images/a.jpg": b"jpg", "content/robots.txt": "x", "content/a.md": ""}
    )
    assets = find(site, default_config()).assets
    assert set(assets) == {"images/a.jpg", "robots.txt"}


def test_a_folder_that_looks_like_a_language_is_told_once(tmp_path: Path) -> None:
    files = {"content/kk/posts/a.md": post(), "content/kk/posts/b.md": post(), "content/xx/c.md": post()}
    warnings = find(make_site(tmp_path, files), default_config()).warnings
    assert [warning.message for warning in warnings] == [
        'the folder "kk" looks like a language, and is read as an ordinary folder'
    ]


def test_sections_and_taxonomies_are_called_as_their_index_says(tmp_path: Path) -> None:
    about = "---\ntitle: {0}\ndescription: What {0} are\n---\nMore of {0}.\n"
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": LANGUAGES,
            "content/posts/a.md": post(tags="[X]", author="Ann"),
            "content/posts/_index.md": about.format("Stories"),
            "content/posts/_index.ru.md": about.format("Истории"),
            "content/posts/_draft.md": "Never looked at.",
            "content/posts/_index.kk.md": "Of no language of the site.",
            "content/posts/_index.md.bak": "Of an editor.",
            "content/tags/_index.md": about.format("Subjects"),
            "content/people/_index.md": about.format("Writers"),
        },
    )
    assert "not used" not in build(site).err
    assert not [path for path in output(site) if "_" in path and not path.startswith("assets/")]
    for path, name in {
        "posts": "Stories",
        "ru/posts": "Истории",
        "tags": "Subjects",
        "authors": "Writers",
    }.items():
        page = output(site)[f"{path}/index.html"].decode()
        assert f"<h1>{name}</h1>" in page
        assert f"What {name} are" in page
        assert f"<p>More of {name}.</p>" in page


@pytest.mark.parametrize("place", ["posts/zz", "", "pages", "tags/zz"])
def test_an_index_of_nothing_is_told_and_takes_no_other_ones_place(place: str, tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post(tags="[X]"),
            "content/posts/_index.md": "---\ntitle: Stories\n---\n",
            f"content/{place}/_index.md": "---\ntitle: Lost\n---\n",
        },
    )
    assert f"content/{place}/_index.md: is not used".replace("//", "/") in build(site).err
    assert b"<h1>Stories</h1>" in output(site)["posts/index.html"]
    assert b"Lost" not in output(site)["tags/index.html"]


@pytest.mark.parametrize(("place", "hint"), [("posts/", "call it _index.md"), ("", "another name")])
def test_an_index_that_would_be_a_text_is_an_error_unless_it_says_where(
    place: str, hint: str, tmp_path: Path
) -> None:
    site = make_site(tmp_path, {f"content/{place}index.md": post()})
    done = run(site, "build")
    assert done.status == 1
    assert f"content/{place}index.md: would be a text of its own" in done.err
    assert hint in done.err
    build(make_site(site, {f"content/{place}index.md": post(slug="welcome")}))


def test_a_link_within_content_is_followed(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/docs/a.md": post(), "content/docs/b/c.md": post()})
    (site / "content/docs/same.md").symlink_to("a.md")
    (site / "content/guides").symlink_to("docs/b")
    found = find(site, default_config())
    assert not found.problems
    assert [source.key for source in found.sources] == [
        "docs/a.md",
        "docs/b/c.md",
        "docs/same.md",
        "guides/c.md",
    ]


def test_a_site_below_a_link_is_a_site(tmp_path: Path) -> None:
    make_site(tmp_path / "real", {"content/posts/a.md": post()})
    (tmp_path / "linked").symlink_to("real")
    assert not find(tmp_path / "linked", default_config()).problems


LANGUAGES = 'language = "en"\n[languages.en]\n[languages.ru]\nname = "Русский"\n'


def test_lang_in_the_text_wins_over_the_place(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": LANGUAGES, "content/posts/ru/x.md": post(lang="en")})
    assert reading(site).content.entries["posts/ru/x.md"].lang == "en"


def test_the_address_holds_the_language_once_and_in_front(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": LANGUAGES,
            "content/posts/2020/ru/x.md": post(),
            "content/posts/2020/x.md": post(),
            "content/about.ru.md": "---\ntitle: A\n---\n",
        },
    )
    found = {key: entry.url for key, entry in linking(site).site.entries.items()}
    assert found == {
        "posts/2020/ru/x.md": "/ru/posts/2020/x/",
        "posts/2020/x.md": "/posts/2020/x/",
        "about.ru.md": "/ru/about/",
    }
