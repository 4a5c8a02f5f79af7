"""Lists numbered from the oldest: a full page never changes again."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sitegen.plan import full_pages, slice_of
from tests.sites import broken_links, build, make_site, output, post

sizes = st.integers(1, 30)
totals = st.integers(0, 400)


def pages(total: int, size: int) -> dict[int, list[int]]:
    """The entries (0 is the oldest) on every page of a list, newest first."""
    entries = list(reversed(range(total)))
    return {number: entries[slice_of(total, size, number)] for number in range(full_pages(total, size) + 1)}


@given(totals, sizes)
def test_every_entry_is_on_exactly_one_page(total: int, size: int) -> None:
    shown = pages(total, size)
    order = [shown[0], *(shown[number] for number in sorted(shown, reverse=True) if number)]
    assert [entry for page in order for entry in page] == list(reversed(range(total)))


@given(totals, sizes)
def test_a_numbered_page_is_full_and_the_newest_holds_one_to_two_pages(total: int, size: int) -> None:
    newest, *full = pages(total, size).values()
    assert all(len(page) == size for page in full)
    assert len(newest) == total if total < 2 * size else size <= len(newest) < 2 * size


@given(totals, st.integers(1, 100), sizes)
def test_a_full_page_never_changes_when_newer_entries_come(total: int, more: int, size: int) -> None:
    before, after = pages(total, size), pages(total + more, size)
    assert all(after[number] == page for number, page in before.items() if number)


def test_a_new_post_rewrites_no_full_page(tmp_path: Path) -> None:
    files = {
        f"content/posts/{n:02}.md": post(f"Post {n}", date=f"2020-01-{n:02}", tags="[T]")
        for n in range(1, 10)
    }
    site = make_site(tmp_path, {"sitegen.toml": "page_size = 2\n", **files})
    build(site)
    before = output(site)
    make_site(site, {"content/posts/10.md": post("Post 10", date="2020-01-10", tags="[T]")})
    build(site)
    after = output(site)
    listed = [path for path in before if "/page/" in path]
    assert [path for path in listed if path.startswith("tags/t/")] == [
        f"tags/t/page/{number}/index.html" for number in (1, 2, 3)
    ]
    full = [path for path in listed if not path.endswith("/page/3/index.html")]
    assert [path for path in full if before[path] == after[path]] == full
    assert "tags/t/page/4/index.html" in after
    assert not broken_links(site)


def test_the_pages_of_a_list_lead_to_each_other_in_order(tmp_path: Path) -> None:
    files = {f"content/posts/{n}.md": post(f"Post-{n}-", date=f"2020-01-0{n}") for n in range(1, 8)}
    site = make_site(tmp_path, {"sitegen.toml": "page_size = 2\n", **files})
    build(site)
    made = output(site)
    shown = {
        path: [n for n in range(1, 8) if f"Post-{n}-".encode() in data.partition(b"<main")[2]]
        for path, data in made.items()
        if path.startswith("posts/") and (path == "posts/index.html" or "/page/" in path)
        if path.endswith(".html")
    }
    assert shown == {
        "posts/index.html": [5, 6, 7],
        "posts/page/1/index.html": [1, 2],
        "posts/page/2/index.html": [3, 4],
    }
    assert b'href="../posts/page/2/"' in made["posts/index.html"]
    assert b'href="../../../posts/page/1/"' in made["posts/page/2/index.html"]
    assert b'href="../../../posts/page/2/"' in made["posts/page/1/index.html"]
