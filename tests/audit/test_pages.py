"""The pages in a real browser: for everybody, light, at rest, and asking nobody else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route
from selectolax.lexbor import LexborHTMLParser

from tests.audit import KINDS, tool
from tests.audit.bad_input import PAGES
from tests.crawl import addresses

#: The address of the sample archive, by which its page for what is missing names its files.
BASE_URL = "https://archive.example/"

#: What a post's page, its stylesheets and scripts may weigh together, gzipped.
WEIGHT = 20_000

#: The rules of axe-core that can tell light from dark.
COLOUR_RULES = ("color-contrast", "link-in-text-block")

#: Adds up how far things move about while a page is loaded.
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shift += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core has against the page as it stands, with its default rules and best practices."""
    page.add_script_tag(path=tool("axe-core/axe.min.js"))
    run = "(rules) => axe.run(rules.length ? { runOnly: rules } : {}).then((found) => found.violations)"
    found: list[dict[str, Any]] = page.evaluate(run, rules)
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def assert_accessible(page: Page, address: str) -> None:
    """axe-core finds nothing, in light and in dark."""
    page.goto(address, wait_until="load")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOUR_RULES) == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page(opened: Page, host: str, kind: str) -> None:
    # The page for what is missing names its files by the address of the archive.
    opened.route(f"{BASE_URL}**", lambda route: fulfil(route, host))
    assert_accessible(opened, host + KINDS[kind])


def fulfil(route: Route, host: str) -> None:
    """Answer for the archive's own address from where it is served."""
    route.fulfill(response=route.fetch(url=route.request.url.replace(BASE_URL, host)))


@pytest.mark.parametrize("path", ["", "posts/deportation-of-the-kalmyks-1943/", "tags/", "archive/2023/"])
def test_axe_finds_nothing_in_the_plain_theme(opened: Page, plain_host: str, path: str) -> None:
    assert_accessible(opened, plain_host + path)


def test_axe_finds_nothing_in_search_results(opened: Page, host: str) -> None:
    opened.goto(host + "search/?q=Kalmyk")
    opened.locator("[data-results] > li").first.wait_for()
    assert violations(opened) == []


def test_axe_finds_nothing_in_the_colours_that_the_reader_chose(opened: Page, host: str) -> None:
    opened.goto(host + KINDS["post"])
    opened.locator("[data-scheme-switch]").click()
    assert violations(opened, COLOUR_RULES) == []


def test_bad_input_looks_composed(browser: Browser, bad_host: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    for path in PAGES:
        page.goto(bad_host + path, wait_until="load")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert violations(page) == [], path
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_about_while_a_page_is_loaded(browser: Browser, host: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    shifts = {}
    for kind, path in {**KINDS, "found": "search/?q=Kalmyk", "not found": "search/?q=xyzzyx"}.items():
        page.goto(host + path, wait_until="load")
        if path.startswith("search/"):
            page.wait_for_selector("[data-filters][data-ready], [data-state=none]", timeout=15_000)
        shifts[kind] = page.evaluate("new Promise((done) => setTimeout(() => done(window.shift), 100))")
    context.close()
    assert {kind: shift for kind, shift in shifts.items() if shift} == {}


def test_no_page_names_a_file_of_another_host(archive: Path) -> None:
    foreign = {
        (path.relative_to(archive).as_posix(), address)
        for path in archive.rglob("*.html")
        for address in loaded(path)
        if "//" in address and not address.startswith(BASE_URL)
    }
    assert foreign == set()


def test_a_post_weighs_little(archive: Path) -> None:
    weights = {path: weight(path, archive) for path in archive.glob("**/posts/*/index.html")}
    assert weights
    assert max(weights.values()) <= WEIGHT


def test_the_plain_theme_has_no_script_and_little_style(plain: Path) -> None:
    styles = list(plain.glob("assets/*/*"))
    assert [path.suffix for path in styles] == [".css"]
    assert styles[0].stat().st_size < 3_000
    scripts = {
        script.attributes.get("type")
        for path in plain.rglob("*.html")
        for script in LexborHTMLParser(path.read_bytes()).css("script")
    }
    assert scripts == {"application/ld+json"}
    assert not (plain / "search/pagefind").exists()


def loaded(path: Path) -> Iterator[str]:
    """The addresses that a browser asks for by itself when it opens a page."""
    tree = LexborHTMLParser(path.read_bytes())
    for node in tree.css("script, img, source, iframe, video, audio, embed, object"):
        yield from (node.attributes.get(name) or "" for name in ("src", "data", "poster"))
        yield from (part.split()[0] for part in (node.attributes.get("srcset") or "").split(",") if part)
    for node in tree.css('link[rel~="stylesheet"], link[rel~="icon"], link[rel~="preload"]'):
        yield node.attributes.get("href") or ""


def weight(path: Path, root: Path) -> int:
    """A page with its stylesheets, scripts and fonts as they go over the wire: gzipped, in bytes."""
    files = {path}
    for address in loaded(path):
        file = (path.parent / address).resolve()
        if file.suffix in (".css", ".js", ".woff2", ".woff") and file.is_relative_to(root.resolve()):
            files.add(file)
    assert len(files) > 2
    assert list(addresses(path.read_bytes()))
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
