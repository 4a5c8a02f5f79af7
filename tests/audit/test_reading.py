"""What a reader can do with a page: choose its colours, print it, load what was frozen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.audit import KINDS
from tests.sites import build, make_site, post
from tests.test_browser import background, serving

TWEET = (
    '<blockquote class="twitter-tweet"><p lang="en">Words that stay.</p>&mdash; Someone (@one) '
    '<a href="https://twitter.com/one/status/1234567">July 26, 2023</a></blockquote>'
)
VIDEO = '<iframe src="https://www.youtube.com/embed/abc123" title="A film"></iframe>'


def test_the_switch_turns_pages_dark_and_remembers(page: Page, host: str) -> None:
    page.goto(host)
    switch = page.locator("[data-scheme-switch]")
    expect(switch).to_have_attribute("aria-pressed", "false")
    light = background(page)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    dark = background(page)
    assert sum(dark) < 200 < sum(light)
    page.goto(host + KINDS["post"])
    assert background(page) == dark
    page.locator("[data-scheme-switch]").click()
    page.goto(host)
    assert background(page) == light


def test_the_remembered_colours_are_there_before_anything_is_painted(page: Page, host: str) -> None:
    page.goto(host)
    page.locator("[data-scheme-switch]").click()
    look = "() => { window.early = document.documentElement.dataset.scheme; }"
    page.add_init_script(f"addEventListener('DOMContentLoaded', {look}, true)")
    page.goto(host + KINDS["post"])
    assert page.evaluate("window.early") == "dark"


def test_who_goes_back_to_the_colours_of_the_system_follows_it_again(page: Page, host: str) -> None:
    page.goto(host)
    page.locator("[data-scheme-switch]").click()
    page.locator("[data-scheme-switch]").click()
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert sum(background(page)) < 200


def test_without_scripts_there_is_no_switch_and_the_system_decides(browser: Browser, host: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(host)
    expect(page.locator("[data-scheme-switch]")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [700, 1280])
def test_the_switch_stands_in_the_same_place_on_every_page(page: Page, host: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    places = set()
    for kind in ("post", "search", "tags"):
        page.goto(host + KINDS[kind])
        places.add(tuple((page.locator("[data-scheme-switch]").bounding_box() or {}).values()))
    assert len(places) == 1


def test_a_picture_that_is_not_there_leaves_its_words(page: Page, host: str) -> None:
    page.route("**/*.svg", lambda route: route.abort())
    page.goto(host + KINDS["post"])
    picture = page.locator(".lead img")
    words = picture.evaluate("picture => getComputedStyle(picture, '::after').content")
    assert words == f'"{picture.get_attribute("alt")}"'


def test_words_in_latin_script_on_an_arabic_page_have_digits_of_their_own_script(
    page: Page, host: str
) -> None:
    page.goto(host + KINDS["home in Arabic"])
    fonts = "element => getComputedStyle(element).fontFamily"
    assert "Naskh" in page.locator("h1").first.evaluate(fonts).split(",")[0]
    title = page.locator(".card [dir=ltr] :is(h2, h3), .card [dir=ltr]:is(h2, h3)").first
    assert title.evaluate(fonts).startswith("Georgia")


def test_a_strict_content_security_policy_changes_nothing(page: Page, host: str) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    def strictly(route: Route) -> None:
        answer = route.fetch()
        policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'"
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route(host + KINDS["post"], strictly)
    page.goto(host + KINDS["post"])
    page.locator("[data-scheme-switch]").click()
    assert sum(background(page)) < 200
    link = page.locator(".kicker a").first
    assert link.evaluate("link => getComputedStyle(link).color") != page.locator("h1").evaluate(
        "title => getComputedStyle(title).color"
    )
    assert faults == []


def test_printed_a_post_is_a_clean_sheet_with_its_address_and_citation(page: Page, host: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(host + KINDS["post"])
    for gone in (".find", ".nav >> nth=0", ".toc", ".foot", ".around", ".scheme"):
        expect(page.locator(gone).first).to_be_hidden()
    cite = page.locator(".cite")
    expect(cite).to_be_visible()
    expect(cite).to_contain_text("https://archive.example/posts/deportation-of-the-kalmyks-1943/")
    expect(cite).to_contain_text("History Desk")
    assert page.locator("h1").evaluate("title => getComputedStyle(title).color") == "rgb(0, 0, 0)"


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[str]:
    """A site whose embeds load on a click."""
    texts = {
        "sitegen.toml": '[markdown]\nembeds = "click"\n',
        "content/posts/x.md": post(body=f"{TWEET}\n\n{VIDEO}\n"),
    }
    build(make_site(tmp_path, texts))
    with serving(tmp_path / "output") as address:
        yield address


def test_an_embed_asks_its_service_for_nothing_until_the_reader_does(page: Page, frozen: str) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<p>A widget</p>", content_type="text/html")

    page.route(lambda url: not url.startswith(frozen), answer)
    page.goto(frozen + "posts/x/", wait_until="networkidle")
    assert asked == []
    page.get_by_role("button", name="Load this from platform.twitter.com").press("Enter")
    expect(page.frame_locator("iframe").first.get_by_text("A widget")).to_be_visible()
    assert asked == ["https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1234567"]
    expect(page.get_by_role("link", name="July 26, 2023")).to_be_visible()
    page.get_by_role("button", name="Load this from youtube-nocookie.com").press("Enter")
    expect(page.locator("iframe")).to_have_count(2)
    assert asked[1:] == ["https://www.youtube-nocookie.com/embed/abc123"]


def test_an_archive_without_posts_says_so(page: Page, tmp_path: Path) -> None:
    build(make_site(tmp_path, {"content/pages/about.md": "---\ntitle: About\n---\nText.\n"}))
    with serving(tmp_path / "output") as address:
        for path in ("", "archive/"):
            page.goto(address + path)
            expect(page.get_by_text("Nothing has been published here yet.")).to_be_visible()
