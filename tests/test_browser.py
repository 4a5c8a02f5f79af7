"""The built sample archive in a real browser: over HTTP, from a disk, by keyboard, on a narrow screen."""

from __future__ import annotations

import contextlib
import functools
import gzip
import io
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.outputs import ROOT, counts
from tests.sites import make_site, post

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

#: One page of each kind.
PAGES = (
    *("", "posts/", "posts/page/1/", "posts/deportation-of-the-kalmyks-1943/", "posts/public-law-86-90/"),
    *("about/", "tags/", "tags/kalmyks/", "authors/", "authors/history-desk/", "categories/history/"),
    *("archive/", "archive/2023/", "search/"),
)

POST = "posts/deportation-of-the-kalmyks-1943/"


def chromium() -> str | None:
    """The browser's program."""
    return next(filter(None, map(shutil.which, NAMES)), None)


# Of a module, not of the session: while it is open, nothing else in the process can have a loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium; install it: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield launched
        launched.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def serving(output: Path) -> Iterator[str]:
    """Serve a folder; gives its address."""
    handler = functools.partial(_Quiet, directory=str(output))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def host(archive: Path) -> Iterator[str]:
    """The address at which the sample archive is served, in a folder of its host."""
    with serving(archive) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def background(page: Page) -> tuple[float, ...]:
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    if colour == "rgba(0, 0, 0, 0)":
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return tuple(float(part) for part in re.findall(r"[\d.]+", colour)[:3])


# --- over HTTP ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_errors_and_asks_no_other_host(page: Page, host: str, path: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Chromium asks for an icon once in a while, which would fail now this page, now that.
    page.route("**/favicon.ico", lambda route: route.fulfill(body=""))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    page.goto(host + path, wait_until="networkidle")
    assert page.title()
    assert faults == []
    assert [url for url in asked if not url.startswith(host)] == []


def test_browsers_get_the_icon_that_they_ask_for(page: Page, host: str) -> None:
    page.goto(host)
    icon = page.locator('link[rel="icon"]')
    address = icon.evaluate("link => link.href") if icon.count() else host + "favicon.ico"
    assert page.request.get(address).ok


def test_a_post_is_found_by_searching_from_the_home_page(page: Page, host: str) -> None:
    page.goto(host)
    page.get_by_role("searchbox").fill("Kalmyk")
    page.get_by_role("searchbox").press("Enter")
    results = page.locator("[data-results] > li")
    expect(results.first).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("Kalmyk")
    link = results.first.get_by_role("link")
    title = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile(re.escape(host) + r"posts/[\w-]+/$"))
    expect(page.locator("h1")).to_have_text(title)


def test_each_part_of_the_search_is_asked_for_once(page: Page, host: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(host + "search/?q=Kalmyk", wait_until="networkidle")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    parts = [path for path in asked if "/pagefind/" in path]
    assert len(parts) == len(set(parts)) > 5


def test_the_words_that_were_found_are_marked_on_the_page_that_is_opened(page: Page, host: str) -> None:
    page.goto(host + "search/?q=exiles")
    page.locator("[data-results] > li").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(re.escape(host) + r"posts/[\w-]+/$"))
    marks = page.locator("article mark")
    expect(marks.first).to_be_visible()
    found = {text.lower() for text in marks.all_inner_texts()}
    # In the forms that the text has them in.
    assert found <= {"exile", "exiles", "exiled", "exiling", "exile's"}, found
    text = page.locator("article.post").inner_text()
    page.keyboard.press("Escape")
    expect(marks).to_have_count(0)
    assert page.locator("article.post").inner_text() == text


def test_a_slash_leads_to_the_search_field_from_every_page(page: Page, host: str) -> None:
    for path in ("", POST, "tags/", "search/"):
        page.goto(host + path)
        expect(page.get_by_role("searchbox")).not_to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("a/b")
        expect(page.get_by_role("searchbox")).to_have_value("a/b")


def test_a_range_of_years_narrows_the_results_and_stands_in_the_address(page: Page, host: str) -> None:
    page.goto(host + "search/?q=Kalmyk")
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(r"Posts found: \d\d"))
    every = status.inner_text()
    page.get_by_label("From").fill("2022")
    page.get_by_label("To", exact=True).fill("2023")
    page.get_by_label("To", exact=True).press("Tab")
    expect(page).to_have_url(host + "search/?q=Kalmyk&from=2022&to=2023")
    expect(status).not_to_have_text(every)
    dates = page.locator("[data-results] [data-date]")
    expect(dates.first).to_contain_text(re.compile("202[23]"))
    assert {text[-4:] for text in dates.all_inner_texts()} <= {"2022", "2023"}
    narrowed = status.inner_text()
    page.reload()
    expect(status).to_have_text(narrowed)
    expect(page.get_by_label("From")).to_have_value("2022")
    page.get_by_role("button", name="Clear all filters").click()
    expect(status).to_have_text(every)
    expect(page).to_have_url(host + "search/?q=Kalmyk")
    page.go_back()
    expect(status).to_have_text(narrowed)
    page.get_by_label("From").fill("1500")
    page.get_by_label("To", exact=True).fill("1501")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.locator('[data-state="none"]')).to_be_visible()


def test_a_result_shows_what_was_found_with_image_date_and_author(page: Page, host: str) -> None:
    page.goto(host + "search/?q=Kalmyk")
    first = page.locator("[data-results] > li").first
    expect(first.locator("[data-excerpt] mark").first).to_be_visible()
    expect(first.locator("h2 mark, [data-excerpt] mark").first).to_have_text(re.compile("kalmyk", re.I))
    expect(first.locator("[data-date]")).to_have_text(re.compile(r"\d{4}$"))
    expect(first.locator("[data-author]")).not_to_be_empty()
    image = first.locator("[data-image] img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("one => one.naturalWidth") > 0


def test_results_are_announced(page: Page, host: str) -> None:
    page.goto(host + "search/")
    status = page.locator("[data-status]")
    expect(status).to_have_attribute("role", "status")
    page.get_by_role("searchbox").fill("zzxxqqyy")
    expect(status).to_have_text("Posts found: 0")
    expect(page.locator("[data-results]")).not_to_have_attribute("aria-busy", "true")


def test_a_facet_narrows_the_results_and_the_address_keeps_both(page: Page, host: str) -> None:
    page.goto(host + "search/")
    page.get_by_role("searchbox").press_sequentially("Kalmyk")
    results, status = page.locator("[data-results] > li"), page.get_by_role("status")
    expect(results.first).to_be_visible()
    expect(page).to_have_url(host + "search/?q=Kalmyk")
    # What the letters typed before the last have found may still be shown for a moment; it is less.
    expect(status).to_have_text(re.compile(r"Posts found: \d\d"))
    before = int(re.sub(r"\D", "", status.inner_text()))
    box = page.locator('[data-facet="year"] li').filter(has=page.locator("input")).first
    chosen, promised = box.locator("[data-name]").inner_text(), int(box.locator("[data-count]").inner_text())
    box.locator("input").check()
    expect(status).to_have_text(f"Posts found: {promised}")
    assert 0 < promised < before
    expect(page).to_have_url(f"{host}search/?q=Kalmyk&year={chosen}")
    for date in results.locator("[data-date]").all_inner_texts():
        assert chosen in date
    page.reload()
    expect(status).to_have_text(f"Posts found: {promised}")
    expect(page.get_by_role("searchbox")).to_have_value("Kalmyk")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.go_back()
    expect(status).to_have_text(f"Posts found: {before}")


@pytest.mark.parametrize("facet", ["tag", "author", "category", "year"])
def test_every_facet_offers_choices(page: Page, host: str, facet: str) -> None:
    page.goto(host + "search/?q=Kalmyk")
    expect(page.locator(f'[data-facet="{facet}"] li').first).to_be_visible()


def test_results_are_sorted_by_date_when_asked(page: Page, host: str) -> None:
    page.goto(host + "search/?q=Kalmyk")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    page.get_by_label("Sort by").select_option("oldest")
    expect(page).to_have_url(host + "search/?q=Kalmyk&sort=oldest")
    dates = page.locator("[data-results] [data-date]")
    expect(dates.first).to_be_visible()
    years = [int(text[-4:]) for text in dates.all_inner_texts()]
    page.get_by_label("Sort by").select_option("newest")
    expect(page).to_have_url(host + "search/?q=Kalmyk&sort=newest")
    expect(dates.first).not_to_contain_text(str(years[0]))
    assert years == sorted(years)


def test_nothing_found_says_so(page: Page, host: str) -> None:
    page.goto(host + "search/?q=zzxxqqyy")
    expect(page.locator('[data-state="none"]')).to_be_visible()


def test_the_keyboard_alone_finds_and_opens_a_post(page: Page, host: str) -> None:
    page.goto(host + "search/")
    expect(page.get_by_role("status")).not_to_have_text("Searching…")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("Kalmyk")
    expect(page.get_by_role("searchbox")).to_have_value("Kalmyk")
    first = page.locator("[data-results] > li").first.get_by_role("link")
    expect(first).to_be_visible()
    for _ in range(100):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    title = first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_the_first_tab_leads_to_the_content(page: Page, host: str) -> None:
    page.goto(host + POST)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# --- in several languages ----------------------------------------------------------------------------


def test_the_switcher_of_a_post_lands_on_its_translation(page: Page, host: str) -> None:
    page.goto(host + POST)
    title = page.locator("h1").inner_text()
    page.locator("nav.languages").get_by_role("link", name="Русский").click()
    expect(page).to_have_url(host + "ru/" + POST)
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("h1")).not_to_have_text(title)
    assert re.search("[А-я]", page.locator("h1").inner_text())
    page.locator("nav.languages").get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_russian_word_is_found_in_another_of_its_cases(page: Page, host: str) -> None:
    found = []
    for form in ("колокольчик", "колокольчиками"):
        page.goto(host + "ru/search/")
        page.get_by_role("searchbox").fill(form)
        page.get_by_role("searchbox").press("Enter")
        results = page.locator("[data-results] > li")
        expect(results.filter(has_text="калмыцкая печать в эмиграции")).to_be_visible()
        found.append(results.get_by_role("link").all_inner_texts())
    assert found[0] == found[1]


def test_a_name_in_another_script_finds_the_texts_about_it(page: Page, host: str) -> None:
    page.goto(host + "search/?q=калмыки")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    expect(page.locator("[data-results] > li[lang]")).to_have_count(0)


def test_an_arabic_page_is_mirrored(page: Page, host: str) -> None:
    def sides() -> tuple[float, float]:
        brand, tongues = page.locator("header .brand a"), page.locator("nav.languages ul")
        boxes = brand.bounding_box(), tongues.bounding_box()
        assert boxes[0] and boxes[1]
        return tuple(box["x"] + box["width"] / 2 for box in boxes if box)  # type: ignore[return-value]

    page.goto(host + POST)
    brand, tongues = sides()
    assert brand < 640 < tongues
    page.locator("nav.languages").get_by_role("link", name="العربية").click()
    expect(page).to_have_url(host + "ar/" + POST)
    for place in ("html", "header", "article .body p"):
        found = page.locator(place).first.evaluate("one => getComputedStyle(one).direction")
        assert found == "rtl"
    brand, tongues = sides()
    assert tongues < 640 < brand
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_foreign_card_keeps_its_own_direction_in_a_mirrored_list(page: Page, host: str) -> None:
    page.goto(host + "ar/posts/")
    title = page.locator("article.card h2[lang=en]").first
    assert title.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"


def test_searching_in_all_languages_finds_what_is_in_another_only(page: Page, host: str) -> None:
    page.goto(host + "search/?q=Колокольчик")
    results = page.locator("[data-results] > li")
    russian = results.filter(has_text="калмыцкая печать в эмиграции")
    expect(page.locator("[data-state=none]")).to_be_visible()
    page.get_by_label("Search in all languages").check()
    expect(russian).to_be_visible()
    expect(russian).to_have_attribute("lang", "ru")
    expect(russian.locator(".tongue")).to_have_text("Русский")
    expect(page).to_have_url(re.compile("[?&]all=1"))
    russian.get_by_role("link").click()
    expect(page).to_have_url(host + "ru/posts/kalmyckaya-pechat-v-emigracii/")


# --- from a disk, and without scripts ----------------------------------------------------------------


def test_a_post_from_a_disk_reads_well_and_leads_to_files(page: Page, archive: Path) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto((archive / POST / "index.html").as_uri())
    expect(page.locator("article h1")).to_be_visible()
    assert page.evaluate(
        "[...document.styleSheets].some(sheet => sheet.href && sheet.href.startsWith('file:'))"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('article .body')).maxWidth") != "none" or (
        page.evaluate("document.querySelector('article .body').clientWidth") < 1000
    )
    picture = page.locator("article img").first
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    links = page.evaluate("[...document.links].map(link => link.href)")
    local = [link for link in links if link.startswith("file:")]
    assert len(local) > 10
    assert [link for link in local if link.partition("#")[0].endswith("/")] == []
    page.locator("nav.around a").first.click()
    expect(page).to_have_url(re.compile(r"^file:.*/posts/[\w-]+/index\.html$"))
    expect(page.locator("article h1")).to_be_visible()
    assert faults == []


def test_from_a_disk_the_search_finds_titles_descriptions_and_names(page: Page, archive: Path) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((archive / POST / "index.html").as_uri())
    page.get_by_role("searchbox").fill("Kalmyk")
    page.get_by_role("searchbox").press("Enter")
    results, status = page.locator("[data-results] > li"), page.get_by_role("status")
    expect(results.first).to_be_visible()
    expect(page.locator('[data-note="file"]')).to_be_visible()
    expect(page.locator('[data-note="other"]')).to_be_hidden()
    before = int(re.sub(r"\D", "", status.inner_text()))
    box = page.locator('[data-facet="year"] li').first
    promised = int(box.locator("[data-count]").inner_text())
    box.locator("input").check()
    expect(status).to_have_text(f"Posts found: {promised}")
    assert 0 < promised < before
    image = results.first.locator("[data-image] img")
    assert image.evaluate("one => one.complete && one.naturalWidth > 0")
    link = results.first.get_by_role("link")
    title = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile(r"^file:.*/posts/[\w-]+/index\.html$"))
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("article mark").first).to_be_visible()
    assert faults == []


def test_from_a_disk_names_in_any_script_and_texts_in_any_language_are_found(
    page: Page, archive: Path
) -> None:
    page.goto((archive / "search/index.html").as_uri() + "?q=калмыки")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    page.get_by_role("searchbox").fill("емиграции")
    expect(page.locator('[data-state="none"]')).to_be_visible()
    page.get_by_role("searchbox").fill("эмиграции")
    page.get_by_label("Search in all languages").check()
    russian = page.locator("[data-results] > li[lang=ru]")
    expect(russian.first).to_be_visible()
    russian.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"^file:.*/ru/posts/[\w-]+/index\.html$"))


def test_without_scripts_the_search_page_says_what_to_do(browser: Browser, host: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host + "search/?q=Kalmyk")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("noscript p")).to_contain_text("Searching needs JavaScript")
    expect(page.get_by_role("heading", name="Browse instead")).to_be_visible()
    page.goto(host + POST)
    expect(page.locator("article .body p").first).to_be_visible()
    page.locator("nav.around a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    context.close()


def missing(route: Route) -> None:
    route.fulfill(status=404, body="")


def damaged(route: Route) -> None:
    route.fulfill(status=200, body=b"\x1f\x8b\x08 but not what it was")


@pytest.mark.parametrize("answer", [missing, damaged])
@pytest.mark.parametrize("part", ["**/search/pagefind/**", "**/*.pf_index", "**/*.pf_fragment", "**/wasm.*"])
def test_when_pagefind_fails_the_small_index_takes_over(
    page: Page, host: str, part: str, answer: Callable[[Route], None]
) -> None:
    page.route(part, answer)
    page.goto(host + "search/?q=Kalmyk")
    expect(page.locator('[data-note="other"]')).to_be_visible()
    expect(page.locator("[data-results] > li").first).to_be_visible()
    expect(page.locator('[data-note="file"]')).to_be_hidden()


def test_the_search_works_where_the_host_has_the_browser_unpack_its_parts(
    page: Page, archive: Path, host: str
) -> None:
    def unpack(route: Route) -> None:
        # Not asked of the host: the answer could come when the test is over.
        packed = archive / "search/pagefind" / route.request.url.partition("/pagefind/")[2]
        route.fulfill(body=gzip.decompress(packed.read_bytes()))

    page.route(re.compile(r"/pagefind/.*(\.pf_\w+|\.pagefind)$"), unpack)
    page.goto(host + "search/?q=exiles")
    expect(page.locator("[data-results] > li mark").first).to_be_visible()
    expect(page.locator("[data-note]")).to_have_count(2)
    expect(page.locator('[data-note="other"]')).to_be_hidden()


def test_the_first_result_is_shown_while_others_are_loading(page: Page, host: str) -> None:
    held: list[Route] = []
    page.route("**/*.pf_fragment", lambda route: held.append(route))
    with page.expect_request("**/*.pf_fragment"):
        page.goto(host + "search/?q=Kalmyk")
    results = page.locator("[data-results] > li")
    expect(page.get_by_role("status")).to_have_text("Searching…")
    held.pop(0).continue_()
    expect(results).to_have_count(1)
    more = len(held)
    assert more
    for route in held:
        route.continue_()
    expect(results).to_have_count(more + 1)


def test_when_there_is_no_index_at_all_the_search_page_says_what_to_do(page: Page, host: str) -> None:
    page.route("**/search/pagefind/**", missing)
    page.route("**/search/titles.js", missing)
    page.goto(host + "search/?q=Kalmyk")
    expect(page.get_by_text("The search could not be loaded.")).to_be_visible()
    expect(page.get_by_role("heading", name="Browse instead")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Kalmyks")).click()
    expect(page.locator("h1")).to_have_text("Kalmyks")


def test_a_search_that_takes_long_says_so(page: Page, host: str) -> None:
    waiting: list[Route] = []
    page.route("**/*.pf_index", lambda route: waiting.append(route))
    with page.expect_request("**/*.pf_index"):
        page.goto(host + "search/?q=Kalmyk")
    expect(page.get_by_role("status")).to_have_text("Searching…")
    for route in waiting:
        route.continue_()
    expect(page.locator("[data-results] > li").first).to_be_visible()


# --- how it looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_on_a_narrow_screen(browser: Browser, host: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, device_scale_factor=2)
    page = context.new_page()
    page.goto(host + path, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_page_for_what_is_missing_works_at_any_depth(page: Page, archive: Path) -> None:
    def answer(route: Route) -> None:
        path = archive / urlsplit(route.request.url).path[1:]
        route.fulfill(path=path if path.is_file() else archive / "404.html")

    # Its links are whole, so it has to be met at the address that the settings name.
    page.route("https://archive.example/**", answer)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("https://archive.example/no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length > 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_results_do_not_scroll_sideways_on_a_narrow_screen(browser: Browser, host: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(host + "search/?q=Kalmyk")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    page.locator("summary").click()
    expect(page.locator('[data-facet="tag"] li').first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_a_page_is_dark_or_light_as_its_reader_wishes(page: Page, host: str) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(host + POST)
        ink = page.evaluate("getComputedStyle(document.querySelector('article .body p')).color")
        text = tuple(float(part) for part in re.findall(r"[\d.]+", ink)[:3])
        brightness[scheme] = (sum(background(page)), sum(text))
    assert brightness["light"][0] > brightness["light"][1]
    assert brightness["dark"][0] < brightness["dark"][1]


@pytest.mark.parametrize(("width", "scale", "taken"), [(360, 1, 480), (360, 2, 960), (1280, 1, 960)])
def test_a_browser_takes_the_picture_that_fits_its_screen_and_nothing_jumps(
    browser: Browser, tmp_path: Path, width: int, scale: int, taken: int
) -> None:
    data = io.BytesIO()
    Image.effect_noise((2000, 1500), 50).save(data, "JPEG")
    text = post(image="/lead.jpg", body="Words.\n\n![A](/lead.jpg)\n\nMore words.")
    site = make_site(tmp_path, {"content/posts/x.md": text, "content/lead.jpg": data.getvalue()})
    counts(site)
    context = browser.new_context(viewport={"width": width, "height": 700}, device_scale_factor=scale)
    page = context.new_page()
    page.add_init_script(
        "self.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => shift += e.value))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto((site / "output/posts/x/index.html").as_uri())
    for image in page.locator("article.post img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("one => one.currentSrc").endswith(f"-{taken}.webp")
        box = image.bounding_box()
        assert box
        assert abs(box["width"] * 0.75 - box["height"]) < 1
    assert page.evaluate("shift") == 0
    context.close()


# --- the model of a post -----------------------------------------------------------------------------

#: In the shape of the model post: every field, and a pasted post of a social network.
MODEL = """\
---
title: "Wagons to the east"
description: "What the lists of the convoys say, and what they leave out"
image: "/images/posts/omon.jpg"
date: "2023-07-22T16:56:47+06:00"
author: "Sanj Erdniev"
time_to_read_in_minutes: 4
views: 1150
category: "News"
tags: [Free Nations League, Captive Nations, Kalmyks, Non-Russians]
group: "Featured"
---
The lists were kept in three copies.

<blockquote class="twitter-tweet"><p lang="und" dir="ltr">A copy was found in Omsk. <a href="https://example.com/h">#lists</a></p>&mdash; Reader1451 (@Reader1451A) <a href="https://twitter.com/Reader1451A/status/1?ref_src=x">July 26, 2023</a></blockquote> <script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>
"""  # noqa: E501

#: The smallest JPEG that a browser shows: one grey pixel.
PIXEL = bytes.fromhex(
    "ffd8ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b0909"
    "0d110d0e0f101011100a0c12131210130f101010ffc9000b080001000101011100ffcc000600101005ffda0008010100003f00"
    "d2cf20ffd9"
)


def show(page: Page, folder: Path, text: str) -> None:
    site = make_site(folder, {"content/posts/model.md": text, "content/images/posts/omon.jpg": PIXEL})
    counts(site)
    page.goto((site / "output/posts/model/index.html").as_uri())


def check_model(page: Page, front: dict[str, str], tags: list[str], author: str, words: str) -> None:
    """Every field of the model post is on its page, and its embed is frozen."""
    assert front["title"] in page.title()
    expect(page.get_by_role("heading", level=1)).to_have_text(front["title"])
    expect(page.locator(".lede")).to_have_text(front["description"])
    assert page.locator('meta[name="description"]').get_attribute("content") == front["description"]
    assert page.locator("figure.lead img").evaluate("image => image.naturalWidth") == 1
    expect(page.locator("article time").first).to_have_text("July 22, 2023")
    expect(page.locator("article time").first).to_have_attribute("datetime", "2023-07-22T16:56:47+06:00")
    meta = page.locator("article header .meta")
    expect(meta.get_by_role("link", name=front["author"])).to_be_visible()
    expect(meta).to_contain_text(f"{front['time_to_read_in_minutes']} min read")
    expect(meta).to_contain_text(f"{int(front['views']):,} views")
    expect(page.locator("article header").get_by_role("link", name=front["category"])).to_be_visible()
    expect(page.locator("article header").get_by_role("link", name=front["group"])).to_be_visible()
    for tag in tags:
        expect(page.locator("article footer").get_by_role("link", name=tag, exact=True)).to_be_visible()
    embed = page.locator("figure.embed")
    expect(embed.locator("blockquote")).to_contain_text(words)
    expect(embed.locator("figcaption")).to_contain_text(author)
    link = embed.locator("figcaption a")
    expect(link).to_have_text("July 26, 2023")
    assert f"https://twitter.com/{author.partition('@')[2]}/status/" in (link.get_attribute("href") or "")
    assert page.locator("script[src*=twitter]").count() == 0


def front_matter(text: str) -> dict[str, str]:
    return dict(re.findall(r'^(\w+): "?(.*?)"?$', text.split("---")[1], re.MULTILINE))


def test_a_post_like_the_model_shows_every_field(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, MODEL)
    front = front_matter(MODEL)
    tags = front["tags"].strip("[]").split(", ")
    check_model(page, front, tags, "Reader1451 (@Reader1451A", "A copy was found in Omsk.")


@pytest.mark.beside_checkout
def test_the_model_post_shows_every_field(page: Page, tmp_path: Path) -> None:
    place = Path(os.environ.get("SITEGEN_SHARED", ROOT.parent / "shared")) / "seeds/post.md"
    if not place.is_file():
        pytest.skip(f"there is no model post at {place}")
    text = place.read_text(encoding="utf-8")
    show(page, tmp_path, text)
    front = front_matter(text)
    tags = front["tags"].strip("[]").split(", ")
    assert len(tags) == 4
    check_model(
        page, front, tags, "Anastasiya1451 (@Anastasiya1451A", "Forced mobilization of ethnic minorities"
    )
