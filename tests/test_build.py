"""The whole way: what is written, what is left alone, what is deleted, and that it is always the same."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitegen import cli
from tests.outputs import PLAIN_THEME, counts, environment, page, sitegen, told, tree
from tests.sites import build, make_site, output, post, run

MANIFEST = "manifest-sha256.txt"

COUNTS = ("pages", "written", "deleted", "drafts", "future", "ms")

TWO_POSTS = {
    "content/posts/exile.md": post("Exile", "2020-05-01", "Old words.", tags="[Kalmyks]"),
    "content/posts/return.md": post("Return", "2021-05-01", "Other words.", tags="[Elista]"),
    "content/pages/about.md": page("About"),
}


def mtimes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


# --- only what changed -------------------------------------------------------------------------------


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "content/files/table.csv": "a,b\n"})
    first = run(site, "build", "--json").json
    before = mtimes(site / "output")
    second = run(site, "build", "--json").json
    # The search bundle and the theme's files are counted among what is written, not among the pages.
    assert first["written"] == len(before) - 1
    assert (second["written"], second["deleted"]) == (0, 0)
    assert mtimes(site / "output") == before


def test_an_edit_writes_only_what_changed(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    counts(site)
    times, bytes_before = mtimes(site / "output"), tree(site / "output")
    make_site(site, {"content/posts/exile.md": TWO_POSTS["content/posts/exile.md"].replace("Old", "New")})
    edited = counts(site)
    rewritten = differing(times, mtimes(site / "output"))
    assert rewritten == differing(bytes_before, tree(site / "output"))
    assert "posts/exile/index.html" in rewritten
    assert not {"posts/return/index.html", "about/index.html", "tags/elista/index.html"} & rewritten
    assert edited["written"] == len(rewritten - {MANIFEST})
    assert edited["deleted"] == 0


def test_the_pages_of_a_deleted_post_go(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    counts(site)
    before = tree(site / "output")
    (site / "content/posts/exile.md").unlink()
    deleted = counts(site)["deleted"]
    after = tree(site / "output")
    gone = before.keys() - after.keys()
    assert {"posts/exile/index.html", "tags/kalmyks/index.html", "archive/2020/05/index.html"} <= gone
    assert deleted == len(gone)
    assert not (site / "output/posts/exile").exists()
    assert not (site / "output/archive/2020").exists()


def test_a_chain_of_edits_ends_in_what_a_clean_build_makes(tmp_path: Path) -> None:
    site = make_site(tmp_path / "edited", TWO_POSTS)
    counts(site)
    steps: list[dict[str, str]] = [
        {"content/posts/third.md": post("Third", "2022-01-01", tags="[Elista, Kalmyks]")},
        {"sitegen.toml": 'title = "Renamed"\n'},
        {"content/tags/kalmyks.md": "---\nname: The Kalmyks\n---\nWho they are.\n"},
        {"content/posts/exile.md": post("Exile, retold", "2020-05-01", aliases="[/old/]")},
        {"sitegen.toml": 'title = "Renamed"\nbase_url = "https://example.org/"\npage_size = 1\n'},
    ]
    for step in steps:
        make_site(site, step)
        counts(site)
    (site / "content/posts/return.md").unlink()
    counts(site)
    fresh = make_site(
        tmp_path / "clean", {f"content/{path}": data for path, data in tree(site / "content").items()}
    )
    make_site(fresh, {"sitegen.toml": (site / "sitegen.toml").read_text()})
    counts(fresh)
    assert tree(site / "output") == tree(fresh / "output")


@pytest.mark.parametrize(("written", "lede"), [("", []), ("What it says", ["What it says"])])
def test_a_text_is_headed_by_a_description_only_if_one_was_written(
    written: str, lede: list[str], tmp_path: Path
) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post(body="How it begins.", description=written)})
    build(site)
    page = LexborHTMLParser(output(site)["posts/x/index.html"].decode())
    assert [one.text() for one in page.css(".lede")] == lede
    shown = written or "How it begins."
    assert page.css(f'meta[name="description"][content="{shown}"]')
    assert shown in output(site)["posts/index.html"].decode()


def test_a_file_damaged_in_the_output_is_mended(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    counts(site)
    whole = tree(site / "output")
    (site / "output/posts/exile/index.html").write_text("cut o")
    (site / "output/feed.xml").unlink()
    (site / "output" / MANIFEST).write_bytes(whole[MANIFEST][:100])
    counts(site)
    assert tree(site / "output") == whole


def test_clean_makes_every_file_anew(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    first = counts(site)
    before, whole = mtimes(site / "output"), tree(site / "output")
    again = counts(site, "--clean")
    after = mtimes(site / "output")
    assert again["written"] == first["written"]
    assert {path for path in before if before[path] == after[path]} <= {MANIFEST}
    assert tree(site / "output") == whole


@pytest.mark.parametrize("epoch", ["soon", "1.5", "9" * 40, "²"])
def test_a_now_that_is_no_number_is_an_error(epoch: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    done = sitegen("build", cwd=site, env=environment(SOURCE_DATE_EPOCH=epoch))
    assert (done.returncode, done.stdout) == (1, "")
    assert f'SOURCE_DATE_EPOCH is "{epoch}", which is no time; set it to whole seconds' in done.stderr


def test_what_was_found_before_a_build_failed_is_told_as_json(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "content/posts/x.md": post(body="[a](b.md)", views="many")})
    done = run(site, "build", "--json").json
    assert (done["ok"], len(done["errors"]), len(done["warnings"])) == (False, 1, 1)
    strict = run(site, "build", "--json", "--strict").json
    assert (strict["ok"], len(strict["errors"]), len(strict["warnings"])) == (False, 2, 0)


def test_wrong_usage_is_told_as_json_where_that_was_asked_for(tmp_path: Path) -> None:
    done = run(make_site(tmp_path, TWO_POSTS), "build", "--json", "--jobs", "none")
    assert done.status == 2
    assert set(done.json) == {"ok", "errors", "warnings", *COUNTS}
    assert "--jobs" in done.json["errors"][0]["message"]
    assert "--jobs" in done.err


def test_a_fault_of_sitegen_itself_is_told_as_json_where_that_was_asked_for(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    broken = "import sitegen.build; del sitegen.build.build; from sitegen.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", broken, "build", "--json"],
        cwd=site,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "sitegen itself is at fault" in told(done)["errors"][0]["message"]
    assert "Traceback" not in done.stderr


# --- only its own files are deleted ------------------------------------------------------------------


def test_foreign_files_in_the_output_stay(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    counts(site)
    foreign = {"output/CNAME": "example.org", "output/posts/exile/notes.txt": "mine", "output/.nojekyll": ""}
    make_site(site, foreign)
    (site / "content/posts/exile.md").unlink()
    counts(site)
    counts(site, "--clean")
    assert {path: (site / path).read_text() for path in foreign} == foreign
    assert not (site / "output/posts/exile/index.html").exists()


def test_a_foreign_file_where_a_page_is_to_be_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", TWO_POSTS)
    foreign = make_site(tmp_path / "www", {"index.html": "Hand-made.", "notes.txt": "mine"})
    done = run(site, "build", "--no-search", "--output", str(foreign))
    assert (done.status, done.err.count("error ")) == (1, 1)
    assert f"{foreign / 'index.html'} is a file that sitegen did not make" in done.err
    assert tree(foreign) == {"index.html": b"Hand-made.", "notes.txt": b"mine"}
    (foreign / "index.html").unlink()
    build(site, "--output", str(foreign))
    make_site(foreign, {"posts/third/index.html": "Hand-made."})
    make_site(site, {"content/posts/third.md": post("Third")})
    assert run(site, "build", "--no-search", "--output", str(foreign)).status == 1
    assert (foreign / "posts/third/index.html").read_text() == "Hand-made."


def test_an_output_whose_manifest_or_store_is_gone_can_be_built_again(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    for lost in (f"output/{MANIFEST}", ".sitegen"):
        counts(site)
        shutil.rmtree(site / lost, ignore_errors=True)
        (site / lost).unlink(missing_ok=True)
        make_site(site, {"content/posts/exile.md": post("Exile", body=f"Without {lost}")})
        counts(site)
        assert f"Without {lost}".encode() in tree(site / "output")["posts/exile/index.html"]


def test_a_forged_manifest_deletes_nothing_outside_the_output(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {**TWO_POSTS, "precious.txt": "keep"})
    elsewhere = make_site(tmp_path / "elsewhere", {"precious.txt": "keep"})
    counts(site)
    (site / "output/away").symlink_to(elsewhere)
    names = ("../precious.txt", "away/precious.txt", str(elsewhere / "precious.txt"), "posts", "..", ".", "")
    with (site / "output" / MANIFEST).open("a") as manifest:
        manifest.writelines(f"{'0' * 64}  {name}\n" for name in names)
    counts(site)
    assert (site / "precious.txt").read_text() == (elsewhere / "precious.txt").read_text() == "keep"


@pytest.mark.parametrize(
    "name", ["a b.txt", "a\nb.txt", "a\\b.txt", "a\u2028b.txt", "a\x85b.txt", "ä🦌%41.txt"]
)
def test_a_file_of_any_name_goes_when_its_source_goes(tmp_path: Path, name: str) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, f"content/files/{name}": "x"})
    counts(site)
    assert (site / "output/files" / name).read_text() == "x"
    (site / "content/files" / name).unlink()
    assert counts(site)["deleted"] == 1
    assert not (site / "output/files").exists()


def test_an_error_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, **TWO_POSTS})
    counts(site)
    before = mtimes(site / "output")
    make_site(
        site,
        {
            "content/posts/new.md": post("New"),
            # It fails on one of the posts only, after others were rendered already.
            "themes/plain/templates/post.html": "{{ post.title }}{{ 1 // (post.title|length - 3) }}",
        },
    )
    failed = run(site, "build", "--json", "--no-search")
    assert failed.status == 1
    assert mtimes(site / "output") == before


def test_an_output_that_is_a_file_is_told(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "place": "a file"})
    failed = run(site, "build", "--no-search", "--output", str(site / "place"))
    assert failed.status == 1
    assert "is a file" in failed.err
    assert (site / "place").read_text() == "a file"


# --- the same bytes everywhere -----------------------------------------------------------------------


def test_the_same_site_gives_the_same_bytes_wherever_and_however_it_is_built(tmp_path: Path) -> None:
    files = {
        "sitegen.toml": 'base_url = "https://example.org/"\n[languages.en]\n[languages.ru]\n',
        # Enough pages to be spread over processes.
        **{
            f"content/posts/{number:02}.md": post(
                f"Пост {number}",
                f"2022-03-{number % 28 + 1:02} 23:30:00",
                "[next](00.md) ![x](../a.svg) <https://example.com/>\n\n```python\nx = 1\n```",
                tags=f"[Тег {number}, Tag {number % 7}, Zelené]",
                author=f"Author {number % 3}",
                views=str(number),
            )
            for number in range(30)
        },
        "content/posts/ru/00.md": post("По-русски", "2022-03-01"),
        "content/posts/draft.md": post("Draft", draft="true"),
        "content/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
    }
    variants = [
        (("--jobs", "1"), {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}),
        (("--jobs", "2"), {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (("--jobs", "2"), {"TZ": "America/New_York", "LANG": "ru_RU.UTF-8", "PYTHONHASHSEED": "2"}),
    ]
    results = []
    for number, (arguments, variant) in enumerate(variants):
        site = make_site(tmp_path / f"{number} Ордер", files)
        done = sitegen("build", "--json", "--no-search", *arguments, cwd=site, env=environment(**variant))
        assert told(done)["pages"] > 200
        results.append(tree(site / "output"))
    assert not differing(results[0], results[1])
    assert not differing(results[0], results[2])


def test_only_the_search_bundle_differs_between_two_whole_builds(tmp_path: Path) -> None:
    kept = []
    for name in ("one", "two"):
        site = make_site(tmp_path / name, TWO_POSTS)
        assert run(site, "build").status == 0
        files = tree(site / "output")
        lines = files.pop(MANIFEST).decode().splitlines()
        assert any("  search/pagefind/pagefind-entry.json" in line for line in lines)
        kept.append(
            (
                {path: data for path, data in files.items() if not path.startswith("search/pagefind/")},
                [line for line in lines if "  search/pagefind/" not in line],
            )
        )
    assert kept[0] == kept[1]


def test_nothing_tells_when_the_site_was_built(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "sitegen.toml": 'base_url = "https://example.org/"\n'})
    results = []
    for epoch in ("1700000000", "1800000000"):
        done = sitegen(
            "build", "--json", "--no-search", "--clean", cwd=site, env=environment(SOURCE_DATE_EPOCH=epoch)
        )
        assert told(done)["ok"]
        results.append(tree(site / "output"))
    assert results[0] == results[1]


# --- drafts and the future ---------------------------------------------------------------------------

WITH_HIDDEN = {
    "content/posts/here.md": post("Here", "2020-01-01", tags="[Seen]"),
    "content/posts/later.md": post("Later", "2031-01-01", tags="[Unseen]"),
    "content/posts/idea.md": "---\ntitle: Idea\ndraft: true\ntags: [Unseen]\n---\nNot yet.\n",
}


def test_drafts_and_posts_of_the_future_are_left_out_counted_and_named(tmp_path: Path) -> None:
    site = make_site(tmp_path, WITH_HIDDEN)
    quiet = counts(site)
    assert (quiet["drafts"], quiet["future"]) == (1, 1)
    summary = run(site, "build", "--no-search").out
    assert "drafts left out, 1: posts/idea.md (--drafts takes them in)" in summary
    assert "posts of the future left out, 1: posts/later.md (--future takes them in)" in summary
    output = tree(site / "output")
    assert "posts/here/index.html" in output
    assert not [path for path in output if "later" in path or "idea" in path or "unseen" in path]
    assert not [path for path, data in output.items() if b"Later" in data or b"Idea" in data]


@pytest.mark.parametrize(
    ("option", "shown", "hidden"),
    [("--drafts", "idea", "later"), ("--future", "later", "idea")],
)
def test_drafts_and_the_future_come_in_when_asked_for(
    tmp_path: Path, option: str, shown: str, hidden: str
) -> None:
    site = make_site(tmp_path, WITH_HIDDEN)
    told = counts(site, option)
    assert (told["drafts"], told["future"]) == ((0, 1) if option == "--drafts" else (1, 0))
    assert (site / f"output/posts/{shown}/index.html").exists()
    assert not (site / f"output/posts/{hidden}").exists()


def test_the_now_of_a_build_is_source_date_epoch(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post(date="2023-07-22T16:56:47+06:00")})
    moment = 1690023407
    for epoch, left_out in ((moment - 1, 1), (moment, 0)):
        env = environment(SOURCE_DATE_EPOCH=str(epoch))
        assert told(sitegen("build", "--json", "--no-search", cwd=site, env=env))["future"] == left_out


# --- where and what ----------------------------------------------------------------------------------


def test_output_names_another_folder(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", TWO_POSTS)
    counts(site, "--output", str(tmp_path / "elsewhere/deep"))
    assert (tmp_path / "elsewhere/deep/posts/exile/index.html").exists()
    assert not (site / "output").exists()


def test_output_is_relative_to_where_the_command_is_given(tmp_path: Path) -> None:
    make_site(tmp_path / "site", TWO_POSTS)
    done = sitegen("build", "--site", "site", "--output", "made", "--no-search", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made/index.html").exists()
    assert "files in made" in done.stdout


def test_no_search_leaves_the_bundle_out_and_takes_an_older_one_away(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    assert run(site, "build").status == 0
    assert (site / "output/search/pagefind/pagefind-entry.json").exists()
    counts(site)
    assert not (site / "output/search/pagefind").exists()
    assert b"pagefind/" not in (site / "output" / MANIFEST).read_bytes()


@pytest.mark.parametrize("path", ["robots.txt", "404.html", "feed.xml", "search/index.html", "sitemap.xml"])
def test_a_file_of_the_content_wins_over_a_generated_one(tmp_path: Path, path: str) -> None:
    site = make_site(
        tmp_path,
        {**TWO_POSTS, "sitegen.toml": 'base_url = "https://example.org/"\n', f"content/{path}": "My own.\n"},
    )
    counts(site)
    assert (site / "output" / path).read_text() == "My own.\n"


def test_every_other_file_is_copied_as_it_is(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/files/x.bin": bytes(range(256)),
        "content/posts/beside.csv": "a\r\n",
        "content/e": "",
    }
    site = make_site(tmp_path, {**TWO_POSTS, **files})
    counts(site)
    copied = {f"content/{path}": data for path, data in tree(site / "output").items()}
    assert {path: copied[path] for path in files} == {
        path: data.encode() if isinstance(data, str) else data for path, data in files.items()
    }


def test_an_alias_becomes_a_page_that_leads_on(tmp_path: Path) -> None:
    aliases = "[/2019/exile/, old.html, /%D1%81%D1%82%D0%B0%D1%80/]"
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": 'base_url = "https://example.org/"\n',
            "content/posts/exile.md": post("Exile", aliases=aliases),
        },
    )
    counts(site)
    to_root = {"2019/exile/index.html": "../../", "old.html": "./", "стар/index.html": "../"}
    for path, root in to_root.items():
        html = (site / "output" / path).read_text()
        assert f'<meta http-equiv="refresh" content="0; url={root}posts/exile/">' in html
        assert f'<a href="{root}posts/exile/">' in html
        assert '<link rel="canonical" href="https://example.org/posts/exile/">' in html


def test_links_to_files_write_index_html_out(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": 'links = "files"\n',
            "content/posts/exile.md": post(
                "Exile", body="[back](return.md#part) [home](/)", aliases="[/old/]"
            ),
            "content/posts/return.md": post("Return", body="# Part\n\nText."),
        },
    )
    counts(site)
    html = (site / "output/posts/exile/index.html").read_text()
    assert 'href="../../posts/return/index.html#part"' in html
    assert 'href="../../index.html"' in html
    for path, data in tree(site / "output").items():
        if path.endswith(".html"):
            for no_link in (b'content="/"', b'data-root="../"', b'href="http://purl.org/dc/terms/"'):
                data = data.replace(no_link, b"")
            assert b'/"' not in data, path


# --- what is told ------------------------------------------------------------------------------------


def test_json_is_one_object_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "content/posts/dead.md": post("Dead", body="\n[x](gone.md)")})
    good = run(site, "build", "--json", "--no-search")
    assert list(good.json) == ["ok", "errors", "warnings", *COUNTS]
    assert good.json["ok"] is True
    assert good.json["errors"] == []
    assert good.err == ""
    assert [list(one) for one in good.json["warnings"]] == [["file", "line", "field", "message", "hint"]]
    assert (good.json["warnings"][0]["file"], good.json["warnings"][0]["line"]) == (
        "content/posts/dead.md",
        6,
    )
    assert good.json["pages"] == len(tree(site / "output")) - 1
    make_site(site, {"content/posts/bad.md": post("Bad", "soon")})
    bad = run(site, "build", "--json", "--no-search")
    assert (bad.status, bad.err) == (1, "")
    assert list(bad.json) == ["ok", "errors", "warnings", *COUNTS]
    assert bad.json["ok"] is False
    assert bad.json["errors"] == [
        {
            "file": "content/posts/bad.md",
            "line": 3,
            "field": "date",
            "message": '"soon" is not a date',
            "hint": "write 2023-07-22 or 2023-07-22T16:56:47+06:00",
        }
    ]


def test_json_counts_what_was_written_and_deleted(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    first = counts(site)
    assert first["written"] == first["pages"] == len(tree(site / "output")) - 1
    assert isinstance(first["ms"], int)
    assert first["ms"] > 0


def test_warnings_are_grouped_and_counted(tmp_path: Path) -> None:
    dead = "\n\n".join(f"[to {number}](gone-{number}.md)" for number in range(7))
    site = make_site(
        tmp_path,
        {
            "content/posts/dead.md": post("Dead", body=dead),
            "content/posts/blind.md": post("Blind", body="![x](gone.png)", image="/images/none.jpg"),
        },
    )
    err = run(site, "build", "--no-search").err
    assert "7 links that lead nowhere:" in err
    assert "2 pictures that are missing:" in err
    assert err.count("gone-") == 5
    assert "… and 2 more; --json lists all" in err
    assert len(run(site, "build", "--json", "--no-search").json["warnings"]) == 9


def test_one_warning_is_told_in_the_singular(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/dead.md": post("Dead", body="[x](gone.md) <form>a</form>")})
    err = build(site).err
    assert "1 link that leads nowhere:" in err
    assert "1 piece of HTML removed:" in err


def test_every_group_of_warnings_has_a_singular() -> None:
    sources = (Path(cli.__file__).parent).rglob("*.py")
    found = {
        name
        for path in sources
        for name in re.findall(r'(?:group=|GROUP = )"([^". ]+ [^"]+)"', path.read_text())
    }
    assert found
    assert found <= cli._COUNTED.keys()


def test_the_summary_counts_the_search_index_on_both_sides(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    first = run(site, "build").out
    total = len(tree(site / "output")) - 1
    assert first.startswith(f"{total:,} files in ")
    assert f", {total:,} written, 0 deleted" in first
    assert "base_url is not set" in first
    again = run(site, "build").out
    assert again.startswith(f"nothing changed: {total:,} files in ")
    assert "base_url" not in again


def test_a_build_that_only_deletes_has_changed_something(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**TWO_POSTS, "content/notes.txt": "x"})
    build(site)
    (site / "content/notes.txt").unlink()
    summary = build(site).out
    assert ", 0 written, 1 deleted" in summary
    assert not summary.startswith("nothing changed")


def test_strict_takes_warnings_as_errors(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/dead.md": post("Dead", body="[x](gone.md)")})
    strict = run(site, "build", "--json", "--no-search", "--strict")
    assert strict.status == 1
    assert ["gone.md" in one["message"] for one in strict.json["errors"]] == [True]
    assert not (site / "output").exists()
    assert counts(site)["ok"] is True


def test_progress_goes_to_stderr_and_the_summary_to_stdout(tmp_path: Path) -> None:
    site = make_site(tmp_path, TWO_POSTS)
    done = sitegen("build", cwd=site)
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["Reading", "Rendering", "Indexing"]
    assert "files in output" in done.stdout
    again = sitegen("build", cwd=site)
    assert again.stdout.startswith("nothing changed")


def test_a_site_without_posts_builds(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/pages/about.md": page("About")})
    assert run(site, "build", "--json").json["warnings"] == []
    assert "about/index.html" in tree(site / "output")
    assert json.loads((site / "output/feed.json").read_text())["items"] == []


def test_what_the_manifest_of_another_program_names_is_never_deleted(tmp_path: Path) -> None:
    bag = {"output/data/letter.txt": "Dear", "output/bagit.txt": "BagIt-Version: 1.0\n"}
    digest = hashlib.sha256(b"Dear").hexdigest()
    site = make_site(tmp_path, {**bag, f"output/{MANIFEST}": f"{digest}  data/letter.txt\n"})
    make_site(site, {"content/posts/a.md": post()})
    before = tree(site / "output")
    done = run(site, "build", "--no-search")
    assert done.status == 1
    assert "is not a manifest of sitegen's" in done.err
    assert tree(site / "output") == before
