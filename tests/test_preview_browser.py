"""The preview in a real browser: what a person sees who writes in one window and looks at the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.previews import PATIENCE, Running, preview
from tests.sites import make_site, post
from tests.test_browser import browser, context, page

__all__ = ["browser", "context", "page"]  # fixtures

LONG = "\n\n".join(f"Paragraph {number}." for number in range(200))

SITE = {
    "sitegen.toml": 'title = "Preview"\n[theme]\nname = "mine"\n',
    "themes/mine/theme.toml": 'extends = "chronicle"\n',
    "themes/mine/static/mine.css": ":root { --mine: 1px }",
    "themes/mine/templates/page.html": (
        '{% extends "post.html" %}{% block styles %}{{ super() }}'
        '<link rel="stylesheet" href="{{ asset("mine.css") }}">{% endblock %}'
    ),
    "content/posts/one.md": post("One", body=f"First words.\n\n{LONG}", description="D"),
    "content/posts/two.md": post("Two", "2020-01-02", body="Others.", description="D"),
    "content/posts/draft.md": post("Draft", "2020-01-03", draft="true"),
    "content/pages/about.md": "---\ntitle: About\n---\nAbout it.\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", SITE)


@pytest.fixture
def running(site: Path) -> Iterator[Running]:
    with preview(site, "--drafts") as one:
        yield one


def opened(page: Page, running: Running, path: str) -> Page:
    """The page, once it listens for events."""
    page.goto(running.address + path)
    expect(page.locator("script[data-listening]")).to_be_attached()
    page.evaluate("window.loadedOnce = true")
    return page


def was_reloaded(page: Page) -> bool:
    return not page.evaluate("window.loadedOnce === true")


def test_new_words_appear_by_themselves_and_the_place_stays(page: Page, running: Running, site: Path) -> None:
    opened(page, running, "posts/one/")
    page.evaluate("scrollTo({ top: 1500, behavior: 'instant' })")
    (site / "content/posts/one.md").write_text(
        post("One", body=f"Quite new words.\n\n{LONG}", description="D")
    )
    expect(page.get_by_text("Quite new words.")).to_be_attached()
    page.wait_for_function("document.readyState === 'complete'")
    assert abs(page.evaluate("scrollY") - 1500) < 2
    # Where the reader goes from here is not undone by the next change.
    page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")
    (site / "content/posts/one.md").write_text(post("One", body=f"Newer words.\n\n{LONG}", description="D"))
    expect(page.get_by_text("Newer words.")).to_be_attached()
    page.wait_for_function("document.readyState === 'complete'")
    assert abs(page.evaluate("scrollY") - 700) < 2


def test_a_change_of_another_page_does_nothing_to_this_one(page: Page, running: Running, site: Path) -> None:
    opened(page, running, "posts/one/")
    events = running.listen()
    (site / "content/pages/about.md").write_text("---\ntitle: About\n---\nAnother text.\n")
    assert events.next().data["changed"] == ["/about/"]
    page.wait_for_timeout(300)
    assert not was_reloaded(page)


def test_a_style_is_swapped_without_a_reload(page: Page, running: Running, site: Path) -> None:
    opened(page, running, "about/")
    page.evaluate("scrollTo(0, 0)")
    for colour, shown in (("red", "rgb(255, 0, 0)"), ("blue", "rgb(0, 0, 255)")):
        (site / "themes/mine/static/mine.css").write_text(f"h1 {{ color: {colour} }}")
        expect(page.locator("h1")).to_have_css("color", shown)
    assert not was_reloaded(page)
    assert page.locator('link[href*="mine.css"]').count() == 1
    assert page.locator('link[href*="/style.css"]').count() == 1


def test_a_broken_template_shows_what_is_wrong_until_it_is_mended(
    page: Page, running: Running, site: Path
) -> None:
    opened(page, running, "about/")
    template = site / "themes/mine/templates/page.html"
    good = template.read_text()
    template.write_text(good + "\n{% if %}")
    wrong = page.frame_locator("iframe[title='What is wrong']")
    expect(wrong.get_by_role("heading", name="themes/mine/templates/page.html:2")).to_be_visible()
    expect(wrong.locator(".meant")).to_contain_text("{% if %}")
    template.write_text(good.replace("{{ super() }}", "{{ super() }}<meta name=mended content=yes>"))
    expect(page.locator("meta[name=mended]")).to_be_attached()
    expect(page.locator("iframe")).to_have_count(0)


def test_a_mistake_of_front_matter_covers_the_page_and_goes_away(
    page: Page, running: Running, site: Path
) -> None:
    opened(page, running, "posts/two/")
    file = site / "content/posts/one.md"
    good = file.read_text()
    file.write_text(good.replace("date: 2020-01-01", "date: soon"))
    wrong = page.frame_locator("iframe[title='What is wrong']")
    expect(wrong.get_by_text("write 2023-07-22")).to_be_visible()
    link = wrong.get_by_role("link", name="content/posts/one.md:3")
    expect(link).to_have_attribute("href", f"vscode://file{file}:3")
    # One who comes meanwhile sees it too, and may look at the page all the same.
    page.goto(running.address + "about/")
    page.get_by_role("button", name="Show the page").click()
    expect(page.get_by_text("About it.")).to_be_visible()
    page.goto(running.address + "posts/two/")
    expect(page.locator("iframe")).to_be_visible()
    file.write_text(good)
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_text("Others.")).to_be_visible()


def test_a_page_that_waits_for_its_text_is_there_when_the_text_is(
    page: Page, running: Running, site: Path
) -> None:
    opened(page, running, "posts/new/")
    (site / "content/posts/new.md").write_text(post("New", body="Here it is."))
    expect(page.get_by_text("Here it is.")).to_be_visible()


def test_a_draft_says_that_it_is_one(page: Page, running: Running, site: Path) -> None:
    opened(page, running, "posts/draft/")
    bar = page.get_by_text("This is a draft. It is not part of the site that is published.")
    expect(bar).to_be_visible()
    (site / "content/posts/draft.md").write_text(post("Draft", "2020-01-03"))
    expect(bar).to_have_count(0)


def test_a_page_names_its_source_and_why_it_was_rendered(page: Page, running: Running, site: Path) -> None:
    opened(page, running, "posts/two/")
    (site / "content/posts/two.md").write_text(post("Two", "2020-01-02", body="Anew.", description="D"))
    expect(page.get_by_text("Anew.")).to_be_visible()
    page.get_by_text("preview", exact=True).click()
    expect(page.get_by_role("link", name="content/posts/two.md")).to_be_visible()
    expect(page.get_by_text("because the text of content/posts/two.md changed")).to_be_visible()


def test_a_page_that_outlives_the_server_catches_up(page: Page, site: Path) -> None:
    with preview(site) as running:
        opened(page, running, "posts/two/")
    (site / "content/posts/two.md").write_text(post("Two", "2020-01-02", body="Missed.", description="D"))
    with preview(site, "--port", str(running.port)) as again:
        assert again.port == running.port
        expect(page.get_by_text("Missed.")).to_be_visible(timeout=PATIENCE * 1000)


def test_many_pages_of_one_browser_and_others_hear_of_every_change(
    context: BrowserContext, running: Running, site: Path
) -> None:
    pages = [opened(context.new_page(), running, path) for path in ("posts/two/", "about/") * 5]
    listeners = [running.listen() for _ in range(20)]
    for number in range(10):
        text = post("Two", "2020-01-02", body=f"Change {number}.", description="D")
        (site / "content/posts/two.md").write_text(text)
        assert {tuple(one.next().data["changed"]) for one in listeners} == {("/posts/two/",)}
    for one in pages[::2]:
        expect(one.get_by_text("Change 9.")).to_be_visible()
    assert not any(was_reloaded(one) for one in pages[1::2])


def test_twenty_browsers_hear_every_event(browser: Browser, running: Running, site: Path) -> None:
    pages = [browser.new_context().new_page() for _ in range(20)]
    for one in pages:
        opened(one, running, "about/")
        one.evaluate(
            """() => new Promise((resolve) => {
                window.heard = [];
                const events = new EventSource("/_sitegen/events");
                events.addEventListener("reload", ({ data }) => heard.push(JSON.parse(data).changed[0]));
                events.onopen = resolve;
            })"""
        )
    listener = running.listen()
    for number in range(40):
        name = ("one", "two")[number % 2]
        (site / f"content/posts/{name}.md").write_text(post(name, body=f"Change {number}."))
        listener.next()
    told = ["/posts/one/", "/posts/two/"] * 20
    for one in pages:
        one.wait_for_function("heard.length >= 40")
        assert one.evaluate("heard") == told
        assert not was_reloaded(one)
        one.context.close()


def test_more_pages_than_a_browser_has_lines_to_a_host_follow_without_a_worker(
    context: BrowserContext, running: Running, site: Path
) -> None:
    """As on phones, whose browsers have no shared workers. A tab in the background is hidden."""
    context.add_init_script(
        """delete window.SharedWorker;
        window.beHidden = (hidden) => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        };"""
    )
    pages = []
    for _ in range(9):
        pages.append(opened(context.new_page(), running, "posts/two/"))
        pages[-1].evaluate("beHidden(true)")
    (site / "content/posts/two.md").write_text(post("Two", "2020-01-02", body="Missed.", description="D"))
    running.wait_for("content/posts/two.md")
    for one in pages:
        assert one.get_by_text("Missed.").count() == 0
        one.evaluate("beHidden(false)")
        expect(one.get_by_text("Missed.")).to_be_visible(timeout=PATIENCE * 1000)
        one.evaluate("beHidden(true)")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_another_site_can_not_read_the_preview(page: Page, running: Running) -> None:
    """A page of another port of this machine, as of any site that is open in another tab."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        page.goto(f"http://localhost:{other.server_port}/")
        told = page.evaluate(
            """async (address) => {
                const read = await fetch(address).then((one) => one.text(), () => "refused");
                const events = await new Promise((resolve) => {
                    const source = new EventSource(address + "_sitegen/events");
                    source.onopen = () => resolve("open");
                    source.onerror = () => resolve("refused");
                });
                const image = await new Promise((resolve) => {
                    const picture = new Image();
                    picture.onload = () => resolve("shown");
                    picture.onerror = () => resolve("refused");
                    picture.src = address + "favicon.ico";
                });
                return [read, events, image];
            }""",
            running.address,
        )
        assert told == ["refused", "refused", "refused"]
        other.shutdown()
