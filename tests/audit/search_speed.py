"""How soon, and for how many bytes, a reader has a first result: `make search-speed`.

Searches a made-up archive in Chromium, nothing of the search in its cache, in the three ways there are, and
prints the median of several times until the first result is in the page: "opened", from the opening of
/search/?q=WORD in a browser that has seen nothing of the archive, for which it starts a process; "sent", from
the moment the form in the head of the front page has led there; "typed", from the last letter of WORD in the
field of the search page at rest, with the pause in which the page waits for more letters. It means something
on a machine that does nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.corpus import write_corpus
from tests.audit.serving import compressing
from tests.sites import run
from tests.test_browser import ARGUMENTS, chromium

#: Notes when the first result is there, and when the last letter came.
WATCH = """
new MutationObserver((_, watching) => {
  if (!document.querySelector("[data-results] > li")) return;
  window.found = performance.now();
  watching.disconnect();
}).observe(document, { childList: true, subtree: true });
addEventListener("input", () => { window.typed = performance.now(); }, true);
"""

#: A word of about 900 in 1,000 posts, which takes longest; of about 300; of 25.
WORDS = ("steme", "brimu", "nuter")


class Opening(NamedTuple):
    opened: float  #: ms from the opening to the first result
    sent: float  #: ms from the front page's form to the first result
    typed: float  #: ms from the last letter to the first result
    weight: int  #: bytes that came over the wire until the first result of what was opened


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit.search_speed", description=__doc__)
    parser.add_argument("words", nargs="*", default=WORDS, metavar="WORD")
    parser.add_argument("--posts", type=int, default=1_000, metavar="N")
    parser.add_argument("--runs", type=int, default=7, help="of each word, default: 7")
    parser.add_argument("--output", type=Path, help="a site that is built already; by default one is made")
    given = parser.parse_args()
    program = chromium()
    if program is None:
        sys.exit("there is no Chromium; install it: apt-get install chromium")
    with tempfile.TemporaryDirectory() as place:
        output = given.output or _build(Path(place), given.posts)
        with compressing(output) as host, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            print(f"{'word':12}{'opened':>10}{'sent':>10}{'typed':>10}{'weight':>10}", flush=True)
            for word in given.words:
                openings = [_opening(browser, host, word) for _ in range(given.runs)]
                *times, weight = map(statistics.median, zip(*openings, strict=True))
                print(
                    f"{word:12}",
                    *(f"{time:6.0f} ms" for time in times),
                    f"{weight / 1000:6.0f} kB",
                    flush=True,
                )
            browser.close()
    return 0


def _build(site: Path, count: int) -> Path:
    write_corpus(count, site / "content")
    (site / "sitegen.toml").write_text('title = "Search"\n')
    done = run(site, "build")
    if done.status:
        sys.exit(done.err)
    return site / "output"


def _opening(browser: Browser, host: str, word: str) -> Opening:
    page = _page(browser)
    weight = 0

    def add(event: dict[str, float]) -> None:
        nonlocal weight
        weight += int(event["encodedDataLength"])

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", add)
    page.goto(f"{host}search/?q={word}", wait_until="commit")
    opened = _found(page)
    page.context.close()

    page = _page(browser)
    page.goto(host, wait_until="networkidle")
    _type(page, word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*", wait_until="commit")
    sent = _found(page)
    page.context.close()

    page = _page(browser)
    page.goto(f"{host}search/", wait_until="networkidle")
    _type(page, word)
    typed = _found(page) - page.evaluate("window.typed")
    page.context.close()
    return Opening(opened, sent, typed, weight)


def _type(page: Page, word: str) -> None:
    page.locator("form[role=search] input[type=search]").focus()
    page.keyboard.insert_text(word)


def _page(browser: Browser) -> Page:
    """A page of a browser that has seen nothing yet, and is at rest."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(WATCH)
    page.wait_for_timeout(1_000)  # until the page before is put away, and this one's empty window is drawn
    return page


def _found(page: Page) -> float:
    # What looks into the page is a script of its own, which would take time from that of the page.
    page.wait_for_timeout(1_500)
    page.wait_for_function("window.found")
    return float(page.evaluate("window.found"))


if __name__ == "__main__":
    sys.exit(main())
