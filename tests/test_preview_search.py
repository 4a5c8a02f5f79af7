"""The search of the preview: indexed behind everybody's back, never where it is published."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.outputs import tree
from tests.previews import PATIENCE, Running, preview
from tests.sites import make_site, post
from tests.test_browser import browser, context, page

__all__ = ["browser", "context", "page"]  # fixtures

SITE = {
    "content/posts/one.md": post("One", body="The crane stood on the quay."),
    "content/posts/two.md": post("Two", "2020-01-02", body="Others."),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", SITE)


@pytest.fixture
def running(site: Path) -> Iterator[Running]:
    with preview(site) as one:
        yield one


def state(running: Running) -> dict[str, Any]:
    told = json.loads(running.text("/_sitegen/search"))
    assert isinstance(told, dict)
    return told


def wait_for(running: Running, **wanted: object) -> None:
    end = time.monotonic() + PATIENCE
    while any(state(running)[name] != value for name, value in wanted.items()):
        assert time.monotonic() < end, state(running)
        time.sleep(0.05)


def test_the_search_page_says_when_its_index_is_older_than_the_text(
    page: Page, running: Running, site: Path
) -> None:
    assert running.get("/search/pagefind/pagefind-entry.json").status == 404
    page.goto(running.address + "search/")
    page.evaluate("window.loadedOnce = true")
    note = page.locator("#_sitegen-preview .bar[role=status]")
    expect(note).to_contain_text("There is no search index yet.")
    expect(note).to_contain_text("The search index is up to date now.", timeout=PATIENCE * 1000)
    (site / "content/posts/one.md").write_text(post("One", body="A windmill."))
    expect(note).to_contain_text("older than the text")
    assert page.evaluate("window.loadedOnce")
    wait_for(running, state="fresh")
    page.goto(running.address + "search/?q=windmill")
    expect(page.locator("[data-results] > li")).to_have_count(1)
    expect(note).to_be_hidden()
    assert not (site / "output").exists()


def test_neither_the_output_nor_a_mistake_has_a_part_in_it(running: Running, site: Path) -> None:
    make_site(site / "output", {"index.html": "published"})
    before = tree(site / "output")
    wait_for(running, state="fresh")
    assert tree(site / "output") == before
    events = running.listen()
    (site / "content/posts/one.md").write_text("no front matter")
    events.until("problem")
    assert running.get("/search/pagefind/pagefind-entry.json").status == 200


def test_a_preview_that_ends_takes_the_indexing_with_it(site: Path) -> None:
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with preview(site) as running:
            wait_for(running, working=True)
            (child,) = _children(running.process.pid)
            running.process.send_signal(ending)
            running.process.wait(PATIENCE)
            end = time.monotonic() + PATIENCE
            while _is_there(child) and time.monotonic() < end:
                time.sleep(0.02)
            assert not _is_there(child)
            running.process.returncode = 0  # as it was asked to end


def test_two_previews_of_one_site_have_each_their_own_search(site: Path, running: Running) -> None:
    wait_for(running, state="fresh")
    with preview(site) as second:
        wait_for(second, state="fresh")
        (site / "content/posts/one.md").write_text(post("One", body="A windmill."))
        for one in (running, second):
            one.wait_for("content/posts/one.md")
            wait_for(one, state="fresh")
    assert running.get("/search/pagefind/pagefind-entry.json").status == 200
    assert "windmill" in running.text("/posts/one/")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for listed in found for child in listed.read_text().split()]


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
