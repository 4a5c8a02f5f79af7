"""One slug for all spellings of one thing, and one thing for each slug."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Entry, Profile
from sitegen.terms import Taxonomy, gather
from sitegen.urls import digest, fold
from tests.sites import broken_links, build, linking, make_site, output, post, run


def entry(key: str, *names: str) -> Entry:
    return Entry(
        key=key,
        section="posts",
        folder="",
        slug=key,
        lang="en",
        url=f"/{key}/",
        translation_key=key,
        title=key,
        names={"tags": names},
    )


def profile(slug: str, name: str, *aliases: str, lang: str = "en") -> Profile:
    key = f"tags/{lang}/{slug}.md"
    return Profile(key=key, taxonomy="tags", slug=slug, lang=lang, name=name, aliases=aliases)


def tags(*lists: Sequence[str], profiles: Sequence[Profile] = ()) -> Taxonomy:
    entries = [entry(f"{number}.md", *names) for number, names in enumerate(lists)]
    return gather("tags", entries, profiles, ("en", "ru"))


def test_spellings_of_one_name_are_one_term_called_by_the_usual_one() -> None:
    found = tags(["Kalmyks"], ["KALMYKS"], [" kalmyks "], ["Kalmyks"])
    assert list(found.terms) == ["kalmyks"]
    assert found.terms["kalmyks"].names == {"en": "Kalmyks", "ru": "Kalmyks"}
    assert not found.warnings


def test_of_spellings_used_as_often_the_lowest_by_code_point_names_the_term() -> None:
    assert tags(["kalmyks"], ["Kalmyks"], ["KALMYKS"]).terms["kalmyks"].names["en"] == "KALMYKS"


def test_different_names_with_one_slug_stay_apart_and_the_lowest_keeps_it() -> None:
    found = tags(["C++"], ["C#"], ["C"])
    assert {name: found.slugs[fold(name)] for name in ("C", "C#", "C++")} == {
        "C": "c",
        "C#": f"c-{digest('C#')}",
        "C++": f"c-{digest('C++')}",
    }
    assert [warning.message for warning in found.warnings] == [
        f'"C#" and "C" both give "c"; "C#" is found under "c-{digest("C#")}"',
        f'"C++" and "C" both give "c"; "C++" is found under "c-{digest("C++")}"',
    ]


def test_who_keeps_the_slug_does_not_depend_on_who_comes_first() -> None:
    assert tags(["C"], ["C#"]).slugs == tags(["C#"], ["C"]).slugs


def test_a_script_of_its_own_and_its_transliteration_stay_apart() -> None:
    found = tags(["Kalmyki"], ["Калмыки"])
    assert found.slugs == {"kalmyki": "kalmyki", "калмыки": f"kalmyki-{digest('Калмыки')}"}


def test_a_profile_gathers_its_names_in_every_language() -> None:
    found = tags(
        ["Kalmyks"],
        ["Калмыки"],
        ["Oirats of the Volga"],
        ["KALMYK people"],
        profiles=[
            profile("kalmyks", "Kalmyks", "Oirats of the Volga"),
            profile("kalmyks", "Калмыки", "Kalmyk people", lang="ru"),
        ],
    )
    assert set(found.slugs.values()) == {"kalmyks"}
    assert found.terms["kalmyks"].names == {"en": "Kalmyks", "ru": "Калмыки"}
    assert set(found.terms["kalmyks"].profiles) == {"en", "ru"}


def test_a_name_whose_slug_is_a_profiles_file_is_that_profiles() -> None:
    found = tags(["Kalmyks!"], profiles=[profile("kalmyks", "The Kalmyk people")])
    assert found.slugs[fold("Kalmyks!")] == "kalmyks"
    assert found.terms["kalmyks"].names["en"] == "The Kalmyk people"
    assert not found.warnings


def test_a_profile_in_one_language_names_the_term_in_all() -> None:
    found = tags(["Калмыки"], profiles=[profile("kalmyks", "Калмыки", lang="ru")])
    assert found.terms["kalmyks"].names == {"en": "Калмыки", "ru": "Калмыки"}


def test_a_profile_without_entries_is_a_term() -> None:
    assert list(tags(profiles=[profile("kalmyks", "Kalmyks")]).terms) == ["kalmyks"]


def test_a_name_that_two_profiles_list_is_told() -> None:
    found = tags(profiles=[profile("a", "A", "Same"), profile("b", "B", "same")])
    assert [(one.file, one.message) for one in found.problems] == [
        ("content/tags/en/b.md", 'content/tags/en/a.md has the name "same" too')
    ]


def test_an_alias_that_two_profiles_share_is_told_whatever_else_is_in_its_way(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/people/b.md": "---\nname: B\naliases: [Foo]\n---\n",
            "content/people/c.md": "---\nname: C\naliases: [Foo]\n---\n",
        },
    )
    done = run(site, "build", "--json")
    assert [(one["file"], one["line"], one["message"]) for one in done.json["errors"]] == [
        ("content/people/c.md", 3, 'content/people/b.md has the name "Foo" too')
    ]


def test_an_address_that_the_names_of_two_terms_would_have_leads_to_neither(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/people/b.md": '---\nname: B\naliases: ["Foo!", Bee]\n---\n',
            "content/people/c.md": '---\nname: C\naliases: ["Foo?"]\n---\n',
        },
    )
    build(site)
    assert b"../../authors/b/" in output(site)["authors/bee/index.html"]
    assert "authors/foo/index.html" not in output(site)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/authors/foo/index.html", "A file."),
        ("content/authors/FOO/index.html", "A file."),
        ("content/authors/foo", "A file."),
        ("content/pages/x.md", post(permalink="/authors/foo/")),
        ("content/pages/x.md", post(aliases="[/authors/foo/]")),
    ],
)
def test_an_address_of_another_spelling_gives_way_to_whatever_was_asked_for(
    path: str, text: str, tmp_path: Path
) -> None:
    site = make_site(tmp_path, {"content/people/b.md": "---\nname: B\naliases: [Foo]\n---\n", path: text})
    build(site)
    assert not any(b'authors/b/">Go' in data for name, data in output(site).items() if "foo" in name.lower())


@given(st.lists(st.lists(st.text(min_size=1).filter(str.strip), max_size=4), max_size=6))
def test_every_name_has_one_term_and_no_two_names_share_one(lists: list[list[str]]) -> None:
    found = tags(*lists)
    folded = {fold(name) for names in lists for name in names}
    assert found.slugs.keys() == folded
    assert set(found.slugs.values()) == found.terms.keys()
    assert len(found.terms) == len(folded)
    assert found.slugs == tags(*reversed(lists)).slugs


def test_every_spelling_leads_to_the_one_page(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/people/ann-lee.md": "---\nname: Ann Lee\naliases: [A. Lee, Анна Ли]\n---\nBio.\n",
            "content/posts/a.md": post(author="A. Lee"),
            "content/posts/b.md": post(author="[анна ли, ANN LEE]"),
            "content/posts/c.md": post(author="ann-lee"),
        },
    )
    build(site)
    made = {path: data for path, data in output(site).items() if path.startswith("authors/")}
    leading = {path for path, data in made.items() if b'http-equiv="refresh"' in data}
    assert {path for path in made if path.endswith(".html")} - leading == {
        "authors/ann-lee/index.html",
        "authors/index.html",
    }
    assert leading == {"authors/a-lee/index.html", "authors/anna-li/index.html"}
    assert all(b'url=../../authors/ann-lee/"' in made[path] for path in leading)
    assert linking(site).site.lists["en"]["authors/ann-lee"] == ("posts/a.md", "posts/b.md", "posts/c.md")
    for letter in "abc":
        assert b"Ann Lee" in output(site)[f"posts/{letter}/index.html"]
    assert not broken_links(site)


def test_further_taxonomies_are_gathered(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": '[taxonomies.places]\nfield = "place"\nprofiles = "gazetteer"\n',
            "content/gazetteer/elista.md": "---\nname: Elista\naliases: [Stepnoi]\n---\n",
            "content/posts/a.md": post(place="Stepnoi, Elista"),
        },
    )
    linked = linking(site)
    assert list(linked.site.terms["places"]) == ["elista"]
    assert "place" not in linked.site.entries["posts/a.md"].extra
    build(site)
    assert {"places/index.html", "places/elista/index.html", "places/elista/feed.xml"} <= output(site).keys()
