"""The search index: what is in it, when it is made, and what happens when it can not be."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitegen.search import indexed_part
from tests.crawl import dead_ends
from tests.outputs import page, tree
from tests.sites import Run, make_site, post, run

SITE = {
    "content/posts/exile.md": post("Exile", "2020-05-01", "Wagons went east.", tags="[Kalmyks, NO]"),
    "content/posts/return.md": post(
        "Return", "2021-05-01", "They came home.", author="Batyr", category="News"
    ),
    "content/posts/ru/ссылка.md": post("Ссылка", "2021-06-01", "Вагоны шли на восток."),
    "content/docs/guide.md": page("Guide", "How to read."),
    "content/pages/about.md": page("About", "Who we are."),
    "content/people/batyr.md": "---\nname: Batyr\n---\nA profile.\n",
    "sitegen.toml": "[languages.en]\n[languages.ru]\n",
}

BUNDLE = "output/search/pagefind"


def build(site: Path, *args: str) -> Run:
    return run(site, "build", "--json", *args)


@pytest.fixture
def no_pagefind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any run of Pagefind fail."""

    def refuse() -> Path:
        raise FileNotFoundError("Pagefind was run")

    monkeypatch.setattr("pagefind_bin.get_executable", refuse)


def fragments(site: Path) -> Iterator[dict[str, Any]]:
    """What the index knows of each page: Pagefind's fragments are JSON behind a signature, zipped."""
    for file in (site / BUNDLE / "fragment").iterdir():
        text = gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")
        yield json.loads(text)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    site = make_site(tmp_path_factory.mktemp("search"), SITE)
    done = build(site)
    assert done.status == 0, done.out
    return list(fragments(site))


def test_the_bundle_and_its_entry_lie_in_the_output(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    entry = json.loads((site / BUNDLE / "pagefind-entry.json").read_text())
    assert {lang: one["page_count"] for lang, one in entry["languages"].items()} == {"en": 3, "ru": 1}
    for name in ("pagefind.js", "wasm.en.pagefind", "wasm.ru.pagefind"):
        assert (site / BUNDLE / name).is_file()
    named = (site / "output/manifest-sha256.txt").read_text()
    assert all(f"  search/pagefind/{path}\n" in named for path in tree(site / BUNDLE))


def test_only_posts_and_documents_are_indexed(indexed: list[dict[str, Any]]) -> None:
    assert sorted(one["url"] for one in indexed) == [
        "/docs/guide/",
        "/posts/exile/",
        "/posts/return/",
        "/ru/posts/ссылка/",
    ]


def test_a_section_can_stay_out_of_the_search(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {**SITE, "sitegen.toml": f"{SITE['sitegen.toml']}[sections.docs]\nsearch = false\n"}
    )
    assert build(site).status == 0
    assert "/docs/guide/" not in [one["url"] for one in fragments(site)]


def test_facets_and_what_results_show_are_indexed(indexed: list[dict[str, Any]]) -> None:
    found = {one["url"]: one for one in indexed}
    exile, back = found["/posts/exile/"], found["/posts/return/"]
    assert sorted(exile["filters"]["tag"]) == ["Kalmyks", "NO"]
    assert exile["filters"]["year"] == ["2020"]
    assert back["filters"] == {"author": ["Batyr"], "category": ["News"], "year": ["2021"]}
    assert back["meta"]["title"] == "Return"
    assert back["meta"]["author"] == "Batyr"
    assert back["meta"]["date"] == "May 1, 2021"


def test_the_frame_of_a_page_is_not_indexed(indexed: list[dict[str, Any]]) -> None:
    # Navigation, neighbours and related posts would make each post found under the names of others.
    exile = next(one for one in indexed if one["url"] == "/posts/exile/")
    assert "Wagons went east." in exile["content"]
    assert "Return" not in exile["content"]
    assert "Archive" not in exile["content"]


@pytest.mark.usefixtures("no_pagefind")
def test_without_pagefind_the_first_build_fails_and_says_so(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    failed = build(site)
    assert failed.status == 1
    (error,) = failed.json["errors"]
    assert error["message"].startswith("Pagefind could not index the site")
    assert "pip install --force-reinstall pagefind-bin" in error["hint"]
    assert tree(site / "output") == {}


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"content/pages/about.md": page("About us", "Other words.")},
        {"content/people/batyr.md": "---\nname: Batyr\nrole: Editor\n---\nAnother profile.\n"},
        {"sitegen.toml": f'title = "Renamed"\nbase_url = "https://example.org/"\n{SITE["sitegen.toml"]}'},
        {"content/files/new.csv": "a,b\n"},
        {"content/robots.txt": "User-agent: *\n"},
    ],
    ids=["nothing", "a page", "a profile", "the settings", "a file", "robots"],
)
def test_while_the_searched_text_is_unchanged_pagefind_does_not_run(
    tmp_path: Path, request: pytest.FixtureRequest, edit: dict[str, str]
) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    before = tree(site / BUNDLE)
    request.getfixturevalue("no_pagefind")
    make_site(site, edit)
    again = build(site)
    assert again.status == 0, again.out
    assert (again.json["written"] > 0) == bool(edit)
    assert tree(site / BUNDLE) == before


@pytest.mark.parametrize(
    "edit",
    [
        {"content/posts/exile.md": SITE["content/posts/exile.md"].replace("Wagons", "Trains")},
        {"content/posts/exile.md": SITE["content/posts/exile.md"].replace("Exile", "Banishment")},
        {"content/posts/exile.md": SITE["content/posts/exile.md"].replace("Kalmyks", "Oirats")},
        {"content/posts/exile.md": SITE["content/posts/exile.md"].replace("2020-05-01", "2019-05-01")},
        {"content/posts/new.md": post("New")},
        {"content/people/batyr.md": "---\nname: Batyr B.\naliases: [Batyr]\n---\nA profile.\n"},
    ],
    ids=["text", "title", "tag", "date", "a new post", "an author's name"],
)
def test_a_change_of_what_is_searched_is_found(tmp_path: Path, edit: dict[str, str]) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    before = {one["url"]: one for one in fragments(site)}
    make_site(site, edit)
    assert build(site).status == 0
    assert {one["url"]: one for one in fragments(site)} != before
    # What is no longer pointed to is no longer there: Pagefind itself never takes a file away.
    assert len(list((site / BUNDLE / "fragment").iterdir())) == len({one["url"] for one in fragments(site)})


def test_a_deleted_post_leaves_the_index(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    (site / "content/posts/exile.md").unlink()
    assert build(site).status == 0
    assert "/posts/exile/" not in [one["url"] for one in fragments(site)]


@pytest.mark.parametrize("harm", ["cut", "gone", "more", "all"])
@pytest.mark.parametrize("place", [".sitegen/search/bundle", BUNDLE])
def test_a_damaged_bundle_is_made_anew(tmp_path: Path, place: str, harm: str) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    before = {one["url"]: one for one in fragments(site)}
    files = [path for path in (site / place).rglob("*") if path.is_file()]
    if harm == "cut":
        files[0].write_bytes(files[0].read_bytes()[:10])
    elif harm == "more":
        (site / place / "fragment" / "stray.pf_fragment").write_bytes(b"")
    else:
        for path in files[: 1 if harm == "gone" else None]:
            path.unlink()
    assert build(site).status == 0
    foreign = site / BUNDLE / "fragment" / "stray.pf_fragment"
    if place == BUNDLE and harm == "more":
        assert foreign.exists(), "sitegen did not make it"
        foreign.unlink()
    assert {one["url"]: one for one in fragments(site)} == before
    named = (site / "output/manifest-sha256.txt").read_text()
    assert all(f"  search/pagefind/{path}\n" in named for path in tree(site / BUNDLE))


def test_when_pagefind_fails_the_output_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path, SITE)
    assert build(site).status == 0
    before = tree(site / "output")
    broken = make_site(tmp_path, {"pagefind": "#!/bin/sh\necho 'out of memory' >&2\nexit 3\n"}) / "pagefind"
    broken.chmod(0o755)
    make_site(site, {"content/posts/new.md": post("New")})
    with monkeypatch.context() as patched:
        patched.setattr("pagefind_bin.get_executable", lambda: broken)
        failed = run(site, "build")
        assert failed.status == 1
        assert "Pagefind could not index the site: out of memory; build with --no-search" in failed.err
        assert tree(site / "output") == before
        assert run(site, "build", "--no-search").status == 0
    assert build(site).status == 0
    assert "/posts/new/" in [one["url"] for one in fragments(site)]


def test_pagefind_that_makes_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(tmp_path, {**SITE, "pagefind": "#!/bin/sh\nexit 0\n"})
    (site / "pagefind").chmod(0o755)
    monkeypatch.setattr("pagefind_bin.get_executable", lambda: site / "pagefind")
    assert build(site).status == 1
    assert tree(site / "output") == {}


def test_search_can_be_switched_off(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post(), "sitegen.toml": "[search]\nenabled = false\n"})
    assert build(site).status == 0
    files = tree(site / "output")
    assert not [path for path in files if path.startswith("search/")]
    assert dead_ends(files) == []


def test_the_search_page_offers_the_facets_of_the_settings(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"content/posts/x.md": post(), "sitegen.toml": '[search]\nfacets = ["year", "tag"]\n'}
    )
    assert build(site, "--no-search").status == 0
    html = (site / "output/search/index.html").read_text()
    assert re.findall(r'data-facet="(\w+)"', html) == ["year", "tag"]


# --- the small index ---------------------------------------------------------------------------------


def small(site: Path, path: str = "search/titles.js") -> dict[str, Any]:
    """What a small index says."""
    text = (site / "output" / path).read_text(encoding="utf-8")
    told = json.loads(text[text.index("]=") + 2 :].rstrip(";\n"))
    assert isinstance(told, dict)
    return told


def test_each_language_has_a_small_index_of_what_is_searched(tmp_path: Path) -> None:
    profile = "---\nname: Kalmyks\naliases: [Калмыки]\n---\n"
    site = make_site(tmp_path, {**SITE, "content/tags/kalmyks.md": profile})
    assert build(site, "--no-search").status == 0
    told = small(site)
    entries = {entry[0]: entry[1:] for entry in told["entries"]}
    assert entries.keys() == {"docs/guide/", "posts/exile/", "posts/return/"}
    assert told["terms"]["tag"] == [["Kalmyks", "Kalmyks Калмыки"], ["NO", ""]]
    assert entries["posts/exile/"] == ["Exile", "Wagons went east.", "2020-05-01", "", {"tag": [0, 1]}]
    assert entries["posts/return/"][-1] == {"author": [0], "category": [0]}
    russian = small(site, "ru/search/titles.js")["entries"]
    assert [entry[:2] for entry in russian] == [["ru/posts/%D1%81%D1%81%D1%8B%D0%BB%D0%BA%D0%B0/", "Ссылка"]]


def test_what_is_not_searched_is_not_in_the_small_index(tmp_path: Path) -> None:
    settings = f"{SITE['sitegen.toml']}[sections.docs]\nsearch = false\n"
    site = make_site(tmp_path, {**SITE, "sitegen.toml": settings})
    assert build(site, "--no-search").status == 0
    assert "docs/guide/" not in [entry[0] for entry in small(site)["entries"]]
    make_site(site, {"sitegen.toml": "[search]\nenabled = false\n"})
    assert build(site).status == 0
    assert not (site / "output/search/titles.js").exists()


def test_the_small_index_follows_titles_and_not_texts(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/a.md": post("One", description="Said shortly")})
    assert build(site, "--no-search").status == 0
    before = (site / "output/search/titles.js").stat().st_mtime_ns
    make_site(site, {"content/posts/a.md": post("One", description="Said shortly", body="Other words.")})
    assert build(site, "--no-search").status == 0
    assert (site / "output/search/titles.js").stat().st_mtime_ns == before
    make_site(site, {"content/posts/a.md": post("Two </script>", description="Said shortly")})
    assert build(site, "--no-search").status == 0
    assert [entry[1] for entry in small(site)["entries"]] == ["Two </script>"]


# --- what the index reads ----------------------------------------------------------------------------


def test_what_pagefind_reads_of_a_page_ends_with_its_body() -> None:
    head, body, rest = b'<html lang="en"><title>A</title>', b"<main data-pagefind-body>B</main>", b"<footer>C"
    assert indexed_part(head + body + rest) == b'<html lang="en">' + body
    assert indexed_part(head + b"<main>B</main>" + rest) == b""
