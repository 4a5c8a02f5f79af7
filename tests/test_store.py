"""The store in .sitegen/: it may be lost, harmed or old, and no page is ever wrong for it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from sitegen import find, identity
from sitegen.build import Options, Report, build
from sitegen.markup import convert
from sitegen.preview.seen import Reader, Wish
from sitegen.render import render
from sitegen.store import Store
from sitegen.versions import versions
from tests.edits import svg
from tests.outputs import PLAIN_THEME, counts, environment, page, sitegen, told, tree
from tests.sites import NOW, make_site, post, run

SITE: dict[str, str | bytes] = {
    **PLAIN_THEME,
    **{
        f"content/posts/{number}.md": post(
            f"Post {number}", body=f"Words {number}. " * 300, tags=f"[t{number % 3}]"
        )
        for number in range(6)
    },
    "content/docs/guide.md": page("Guide"),
    "content/x.svg": svg(10, 10),
}


def report(site: Path) -> Report:
    return build(site, Options(search=False, now=NOW))


@contextlib.contextmanager
def settled() -> Iterator[None]:
    """All files count as old, so that their identities are trusted at once."""
    with patch.object(identity, "GRAIN_NS", 0):
        yield


# --- harm ---------------------------------------------------------------------------------------------


def noise(store: Path) -> None:
    store.write_bytes(Random(1).randbytes(50_000))


def half(store: Path) -> None:
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def beginning(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:100])


def folder(store: Path) -> None:
    store.unlink()
    make_site(store, {"inside/a.txt": "a"})


def another_program(store: Path, version: int = 0) -> None:
    store.unlink()
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


def another_program_with_our_version(store: Path) -> None:
    another_program(store, 2)


def lost_rows(store: Path) -> None:
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute("DELETE FROM bodies WHERE key LIKE '%1.md'")
        connection.execute("DELETE FROM facts WHERE name = 'frame'")  # so that the bodies are looked for
        connection.commit()


def lost_table(store: Path) -> None:
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute("DROP TABLE files")


HARMS = (
    *(noise, half, beginning, folder, another_program, another_program_with_our_version),
    *(lost_rows, lost_table),
)


@pytest.mark.parametrize("harm", HARMS)
def test_a_store_that_can_not_be_used_is_made_anew_and_told(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    site = make_site(tmp_path, SITE)
    with settled():
        assert not report(site).store_was_damaged
        whole = tree(site / "output")
        harm(site / ".sitegen/store.db")
        (site / "output/posts/1/index.html").unlink()
        again = report(site)
        assert (again.store_was_damaged, again.written, again.deleted) == (True, 1, 0)
        assert tree(site / "output") == whole
        assert not report(site).store_was_damaged


def test_the_summary_says_in_one_line_that_the_store_was_made_anew(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    assert ".sitegen" not in run(site, "build", "--no-search").out
    noise(site / ".sitegen/store.db")
    out = run(site, "build", "--no-search").out
    assert [line for line in out.splitlines() if ".sitegen" in line] == [
        "the store in .sitegen was damaged; it was made anew"
    ]


def test_harm_to_any_bytes_of_the_store_spoils_no_page(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    with settled():
        counts(site)
        whole, sound = tree(site / "output"), (site / ".sitegen/store.db").read_bytes()
        chance = Random(1959)
        for turn in range(int(os.environ.get("SITEGEN_TURNS", "20"))):
            harmed = bytearray(sound)
            for _ in range(chance.choice((1, 1, 5, 200))):
                harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
            (site / ".sitegen/store.db").write_bytes(harmed)
            if turn % 2:
                (site / "content/posts/3.md").touch()
                shutil.rmtree(site / "output/posts")
            counts(site)
            assert tree(site / "output") == whole


def test_harm_to_a_body_is_noticed_by_the_workers_too(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    with settled(), patch("sitegen.jobs.WORTH_SPREADING", 1):
        counts(site)
        whole = tree(site / "output")
        shutil.rmtree(site / "output")
        with contextlib.closing(sqlite3.connect(site / ".sitegen/store.db")) as connection:
            connection.execute("UPDATE bodies SET body = replace(body, 'Words', 'Swords')")
            connection.commit()
        assert build(site, Options(search=False, now=NOW, jobs=2)).store_was_damaged
        assert tree(site / "output") == whole


def test_a_damaged_lock_does_not_keep_anybody_out(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    counts(site)
    noise(site / ".sitegen/lock.db")
    assert counts(site)["written"] == 0


# --- who else reads into it ----------------------------------------------------------------------------


def check(site: Path) -> None:
    run(site, "check")


def serve(site: Path) -> None:
    Reader(Wish(folder=site, now=lambda: NOW))


@pytest.mark.parametrize("look", [check, serve])
@pytest.mark.parametrize("edit", ["post", "removal"])
def test_what_another_command_has_read_is_built_all_the_same(
    tmp_path: Path, look: Callable[[Path], None], edit: str
) -> None:
    site = make_site(tmp_path, SITE)
    with settled():
        counts(site)
        if edit == "post":
            make_site(site, {"content/posts/1.md": post("Post 1", body="Fresh words.", tags="[t1]")})
        else:
            (site / "content/posts/1.md").unlink()
        look(site)
        counts(site)
    page = site / "output/posts/1/index.html"
    assert b"Fresh words." in page.read_bytes() if edit == "post" else not page.exists()


# --- another version ----------------------------------------------------------------------------------


def test_the_store_of_another_version_is_made_anew_without_a_word(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    counts(site)
    whole = tree(site / "output")
    with contextlib.closing(sqlite3.connect(site / ".sitegen/store.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("DROP TABLE bodies")
    (site / "output/posts/1/index.html").unlink()
    assert ".sitegen" not in run(site, "build", "--no-search").out
    assert tree(site / "output") == whole


def test_what_another_version_of_sitegen_made_is_made_anew(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    done: list[str] = []

    def counting(name: str, kept: Callable[..., Any]) -> Callable[..., Any]:
        def work(*args: object) -> Any:
            done.append(name)
            return kept(*args)

        return work

    with (
        settled(),
        patch("sitegen.read.convert", counting("read", convert)),
        patch("sitegen.make.render", counting("render", render)),
    ):
        counts(site)
        first = done.copy()
        counts(site)
        assert done == first
        with patch("sitegen.versions.__version__", "0.0.0"):
            versions.cache_clear()
            counts(site)
        versions.cache_clear()
    assert {"read", "render"} == set(first)
    assert done == first * 2


# --- the clock ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [-30, -1, 1, 30])
def test_no_page_is_stale_when_the_clock_is_wrong(tmp_path: Path, years: int) -> None:
    site = make_site(tmp_path, SITE)
    files = ("content/posts/1.md", "content/x.svg", "content/docs/guide.md")
    shift = years * 365 * 86400

    def set_times() -> None:
        for path in files:
            then = (site / path).stat().st_mtime + shift
            os.utime(site / path, (then, then))

    set_times()
    counts(site)
    real = time.time_ns
    for turn, drift in enumerate((shift, -shift, 0)):
        make_site(
            site, {files[0]: post(f"Turn {turn}"), files[1]: svg(20 + turn, 10), files[2]: page(f"T{turn}")}
        )
        set_times()
        with patch("time.time_ns", lambda drift=drift: real() + drift * 10**9):
            counts(site)
        clean = tmp_path / f"clean-{turn}"
        for part in ("content", "themes", "sitegen.toml"):
            copy = shutil.copytree if (site / part).is_dir() else shutil.copy
            clean.mkdir(exist_ok=True)
            copy(site / part, clean / part)
        counts(clean)
        assert tree(site / "output") == tree(clean / "output")


def test_changes_within_one_tick_of_a_coarse_clock_are_seen(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {**SITE, "content/posts/1.md": post(body="![x](/x.svg)"), "content/a.txt": "one"}
    )
    tick = (site / "content/a.txt").stat().st_mtime_ns
    exact = identity.identity_of

    def coarse(stat: os.stat_result, seen_ns: int = 0) -> str:
        """As a disk tells it that counts in steps of two seconds and knows no inodes."""
        times = (min(tick, stat.st_mtime_ns), min(tick, stat.st_ctime_ns))
        seen = SimpleNamespace(st_size=stat.st_size, st_mtime_ns=times[0], st_ctime_ns=times[1], st_ino=0)
        return exact(seen, seen_ns)  # type: ignore[arg-type]

    with (
        patch.object(find, "identity_of", coarse),
        patch.object(find, "time", SimpleNamespace(time_ns=lambda: tick + 10**9)),
        patch(
            "sitegen.make.identity_at", lambda path: coarse(Path(path).stat()) if Path(path).exists() else ""
        ),
    ):
        counts(site)
        make_site(
            site,
            {
                "content/a.txt": "two",
                "content/x.svg": svg(20, 20),
                "content/docs/guide.md": page("Giude"),
            },
        )
        counts(site)
    assert (site / "output/a.txt").read_text() == "two"
    assert 'width="20"' in (site / "output/posts/1/index.html").read_text()
    assert "Giude" in (site / "output/docs/guide/index.html").read_text()


# --- two at once --------------------------------------------------------------------------------------


def test_a_second_build_of_one_site_refuses_while_the_first_is_at_work(tmp_path: Path) -> None:
    site = make_site(tmp_path, SITE)
    begun, go_on = threading.Event(), threading.Event()

    def progress(stage: str, _steps: int) -> Callable[[], None]:
        if stage == "Rendering":
            begun.set()
            go_on.wait(60)
        return lambda: None

    first = threading.Thread(target=build, args=(site, Options(search=False, now=NOW), progress))
    first.start()
    try:
        assert begun.wait(60)
        second = sitegen("build", "--json", "--no-search", cwd=site, env=environment())
    finally:
        go_on.set()
        first.join()
    assert second.returncode == 1
    (problem,) = told(second)["errors"]
    assert problem["message"] == "another sitegen is at work on this site"
    assert problem["hint"]
    assert counts(site)["written"] == 0
    assert len(tree(site / "output")) > 20


def test_a_store_is_free_again_when_it_was_closed(tmp_path: Path) -> None:
    for _ in range(2):
        with contextlib.closing(Store(tmp_path / ".sitegen")) as store:
            assert store.sources() == {}
