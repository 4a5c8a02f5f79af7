"""`sitegen build --explain`: why a page was made anew or left as it is, in words."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.sites import build, make_site, post, run

SITE = {
    "sitegen.toml": 'base_url = "https://a.example/sub/"',
    "content/posts/one.md": post(title="One", date="2020-01-01", body="First."),
    "content/posts/two.md": post(title="Two", date="2021-01-01", body="Second."),
    "content/posts/far.md": post(title="Far", date="1990-01-01", body="Third.", tags="[X]"),
    "content/posts/mid.md": post(title="Mid", date="2000-01-01", body="Fourth."),
}


def explained(site: Path, url: str) -> str:
    told = build(site, "--explain", url).out.splitlines()
    return "\n".join(told[: next(at for at, line in enumerate(told) if " files in " in line)])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path, SITE)


def test_a_page_that_was_never_made(site: Path) -> None:
    assert explained(site, "/posts/one/") == "/posts/one/index.html is made: the last build did not make it."


@pytest.mark.parametrize(
    "address",
    [
        "/posts/one/",
        "posts/one",
        "/posts/one/index.html",
        "https://a.example/sub/posts/one/",
        "/posts/on%65/",
    ],
)
def test_the_address_may_be_written_as_people_do(site: Path, address: str) -> None:
    assert explained(site, address).startswith("/posts/one/index.html is made:")


def test_nothing_has_changed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Files that are younger than the clock's grain are read again, since their times could not tell.
    monkeypatch.setattr("sitegen.find.time", SimpleNamespace(time_ns=lambda: time.time_ns() + 10**10))
    build(site)
    assert (
        explained(site, "/posts/one/")
        == "Nothing that goes into the site has changed since it was built last."
    )


def test_an_edited_text_and_who_saw_it(site: Path) -> None:
    build(site)
    make_site(site, {"content/posts/one.md": post(title="One", date="2020-01-01", body="First, again.")})
    assert explained(site, "/posts/one/") == (
        "/posts/one/index.html is made anew, since this has changed:\n"
        "  the front matter of content/posts/one.md, of a neighbour or of a related entry [en]\n"
        "  the text of content/posts/one.md [en]"
    )
    make_site(site, {"content/posts/one.md": post(title="Won", date="2020-01-01", body="First, again.")})
    assert explained(site, "/posts/far/") == (
        "/posts/far/index.html is left as it is: no text that it shows anything of was edited."
    )


def test_a_new_entry_changes_lists_but_not_far_entries(site: Path) -> None:
    build(site)
    make_site(site, {"content/posts/new.md": post(title="New", date="2022-01-01")})
    assert 'the newest page of the list "posts" [en]' in explained(site, "/posts/")
    make_site(site, {"content/posts/newer.md": post(title="Newer", date="2023-01-01")})
    assert explained(site, "/posts/far/").startswith(
        "/posts/far/index.html is left as it is: nothing of the "
    )
    make_site(site, {"content/x.txt": "copied"})
    build(site)
    make_site(site, {"content/posts/newest.md": post(title="Newest", date="2024-01-01")})
    assert explained(site, "/x.txt") == "/x.txt is left as it is: nothing of its file has changed."


def test_settings_and_templates(site: Path) -> None:
    build(site)
    make_site(site, {"sitegen.toml": 'base_url = "https://a.example/sub/"\ntitle = "Other"'})
    assert explained(site, "/posts/far/").endswith("since this has changed:\n  the settings")
    child = {
        "sitegen.toml": 'base_url = "https://a.example/sub/"\n[theme]\nname = "child"',
        "themes/child/theme.toml": 'extends = "chronicle"',
        "themes/child/templates/_card.html": "{{ card.title }}",
    }
    make_site(site, child)
    build(site)
    make_site(site, {"themes/child/templates/_card.html": "{{ card.url }}"})
    assert explained(site, "/posts/").endswith("the template _card.html, or one that it takes in [en]")
    make_site(site, {"themes/child/templates/archive.html": "archive"})
    assert explained(site, "/archive/").endswith("the template archive.html, or one that it takes in")


def test_a_file_that_somebody_else_changed(site: Path) -> None:
    build(site)
    (site / "output/posts/one/index.html").write_text("mine")
    assert explained(site, "/posts/one/") == (
        "/posts/one/index.html is made anew: the file in the output is not as the last build left it."
    )


def test_an_address_without_a_page_is_refused_and_the_nearest_named(site: Path) -> None:
    done = run(site, "build", "--explain", "/posts/won/")
    assert done.status == 1
    assert 'there is no page "/posts/won/" to explain; did you mean "/posts/two/"?' in done.err
