"""Saved web pages become posts: the text, its facts and its pictures, without what stands around it."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Route

from sitegen.intake.mhtml import page_of
from tests.intake.imports import (
    bring_in,
    bring_in_twice,
    built,
    imported,
    notes,
    report,
    told,
    words,
    words_at,
)
from tests.outputs import environment
from tests.sites import make_site
from tests.test_browser import browser as browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

TEXT = """
<p>The crane on the <b>east quay</b> will be sold for scrap, the board of the harbour said on
<a href="https://paper.example/monday">Monday</a> in a letter to everybody who works there.</p>
<figure><img src="crane_files/crane%20one.png" alt="A crane">
<figcaption>The crane in 1953.</figcaption></figure>
<h2>How it began</h2>
<p>It has lifted coal for eighty years. “Nobody asked us,” a driver said,
and 5 * 3 &lt; 20 &amp;amp; _so_.</p>
<ul><li>the first thing in the list</li><li>the second thing in the list</li></ul>
<blockquote><p>They never asked anybody at all about this.</p></blockquote>
<table><tr><th>Year</th><th>Ships</th></tr><tr><td>1953</td><td>1204</td></tr></table>
<p>The board gave no reasons for the sale, and no date. It said that <em>all</em> would be told in time.</p>
<img src="data:image/png;base64,PIXEL"><img src="missing.png"><img src="https://cdn.example/far.png">
""".replace("PIXEL", base64.b64encode(PIXEL).decode())

PAGE = f"""<!DOCTYPE html>
<!-- saved from url=(0035)https://harbour.example/2019/crane/ -->
<html lang="en-US"><head><meta charset="utf-8"><title>The crane is sold - Harbour News</title>
<meta name="author" content="Anna Visser"><meta property="og:title" content="The crane is sold">
<meta property="article:published_time" content="2019-03-09T14:30:00+01:00">
<meta name="description" content="It lifted coal."></head>
<body><nav><ul><li><a href="/">Home</a></li></ul></nav>
<article><h1>The crane is sold</h1>{TEXT}</article>
<aside><h3>More stories</h3><a href="/ferry">The ferry line closes for ever</a></aside>
<section id="comments"><p>Nice article!</p></section><footer>Copyright</footer></body></html>"""


def test_a_saved_page_becomes_a_post_with_its_pictures(tmp_path: Path) -> None:
    site = tmp_path / "site"
    files: dict[str, str | bytes] = {"crane.html": PAGE, "crane_files/crane one.png": PIXEL}
    bring_in_twice(site, make_site(tmp_path / "saved", {**files, "crane_files/frame.html": "<p>An ad</p>"}))
    text = imported(site, "posts/the-crane-is-sold.md")
    assert text.meta == {
        "title": "The crane is sold",
        "description": "It lifted coal.",
        "date": "2019-03-09T14:30:00+01:00",
        "author": "Anna Visser",
        "source_url": "https://harbour.example/2019/crane/",
        "lang": "en",
    }
    assert "Ferry" not in text.body
    assert "Nice article" not in text.body
    pictures = [path for path in (site / "content/images").rglob("*") if path.is_file()]
    assert {(path.name, path.read_bytes()) for path in pictures} == {
        ("crane one.png", PIXEL),
        ("2.png", PIXEL),
    }
    assert "missing.png" in notes(site, "crane.html")
    assert "far.png" in notes(site, "crane.html")
    assert told(site, "crane_files/frame.html")["state"] == "left"
    output = built(site)
    assert words_at(output, "/posts/the-crane-is-sold/") == words(f"<article>{TEXT}</article>")


def test_a_page_without_a_text_is_reported(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "crane.html": PAGE,
        "menu.html": "<html><body><script>menu()</script></body></html>",
        "odd.html": b"\x00\x01\x02",
        "README.html": "",
    }
    bring_in(tmp_path / "site", make_site(tmp_path / "saved", files))
    states = {line["source"]: line["state"] for line in report(tmp_path / "site")["files"]}
    assert {name for name, state in states.items() if state == "left"} == {
        "menu.html",
        "odd.html",
        "README.html",
    }


def test_pictures_outside_of_the_folder_are_not_fetched(tmp_path: Path) -> None:
    make_site(tmp_path, {"secret.png": PIXEL})
    page = PAGE.replace("missing.png", "../secret.png").replace(
        "https://cdn.example/far.png", "/etc/hostname"
    )
    bring_in(tmp_path / "site", make_site(tmp_path / "saved", {"crane.html": page}))
    assert "secret.png" in notes(tmp_path / "site", "crane.html")
    assert not list((tmp_path / "site/content").rglob("secret.png"))


def test_without_trafilatura_it_says_what_to_install(tmp_path: Path) -> None:
    source = make_site(tmp_path / "saved", {"crane.html": PAGE})
    blocked = "import sys; sys.modules['trafilatura'] = None; from sitegen.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "import", str(source)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install 'sitegen[import]'" in done.stderr


def test_a_page_that_chromium_saved_as_one_file_becomes_a_post(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    # Pictures of a page that has an address: a file's may not be looked at.
    page.route("https://harbour.example/**", _serve)
    page.goto("https://harbour.example/2019/crane/")
    saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    page.close()
    site = tmp_path / "site"
    odd: dict[str, str | bytes] = {"none.mhtml": "Text.\n", "cut.mht": saved[: len(saved) // 3]}
    files = make_site(tmp_path / "saved", {"crane.mhtml": saved.encode(), **odd})
    bring_in_twice(site, files)
    text = imported(site, "posts/the-crane-is-sold.md")
    assert (text.meta["title"], text.meta["author"]) == ("The crane is sold", "Anna Visser")
    assert text.meta["source_url"] == "https://harbour.example/2019/crane/"
    pictures = list((site / "content/images").rglob("*.png"))
    assert [path.read_bytes() for path in pictures] == [PIXEL, PIXEL]
    assert f"]({'/' + pictures[0].relative_to(site / 'content').as_posix()}" in text.body
    assert words_at(built(site), "/posts/the-crane-is-sold/") == words(f"<article>{TEXT}</article>")
    assert told(site, "none.mhtml")["reason"] == "holds no web page"


def test_a_wrong_address_in_a_page_saved_as_one_file_stays_as_it_is() -> None:
    head = "MIME-Version: 1.0\nContent-Type: text/html\nContent-Location: https://harbour.example/\n\n"
    assert 'src="http://[x"' in page_of(f'{head}<img src="http://[x">'.encode())


def _serve(route: Route) -> None:
    if route.request.url.endswith("/2019/crane/"):
        route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
    elif route.request.url.endswith("crane%20one.png"):
        route.fulfill(body=PIXEL, content_type="image/png")
    else:
        route.fulfill(status=404)
