"""Links to other sites: asked for over real sockets, politely, and remembered."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.sites import make_site, post, run

#: Path -> answer to HEAD, and to GET.
ANSWERS = {
    "/there": (200, 200),
    "/gone": (404, 404),
    "/get-only": (405, 200),
    "/password": (403, 403),
    "/broken": (500, 500),
    "/moved": (301, 301),
    "/circle": (302, 302),
    "/inside": (302, 302),
}
PLACES = {
    "/moved": "http://a.example/there",
    "/circle": "http://a.example/circle",
    "/inside": "http://10.0.0.1/",
}


class Web(BaseHTTPRequestHandler):
    """Stands for the whole web: as a proxy it is asked for the addresses of every host."""

    asked: ClassVar[Counter[str]] = Counter()
    at_once: ClassVar[Counter[str]] = Counter()
    most_at_once = 0

    def _answer(self, number: int) -> None:
        url, host = self.path, self.path.split("/")[2]
        Web.asked[f"{self.command} {url}"] += 1
        Web.at_once[host] += 1
        Web.most_at_once = max(Web.most_at_once, Web.at_once[host])
        path = "/" + url.split("/", 3)[3]
        self.send_response(ANSWERS[path][number])
        if path in PLACES:
            self.send_header("Location", PLACES[path])
        self.send_header("Content-Length", "0")
        Web.at_once[host] -= 1
        self.end_headers()

    def do_HEAD(self) -> None:
        self._answer(0)

    def do_GET(self) -> None:
        self._answer(1)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Web]]:
    Web.asked, Web.at_once, Web.most_at_once = Counter(), Counter(), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with contextlib.closing(server.socket):
        yield Web
        server.shutdown()
        thread.join()


def linked(site: Path, *urls: str, day: str = "2019-03-04") -> Path:
    body = "\n\n".join(f"[{at}]({url})" for at, url in enumerate(urls))
    return make_site(site, {"content/posts/x.md": post("X", day, body)})


def dead(site: Path) -> dict[str, dict[str, Any]]:
    told = run(site, "check", "--external", "--json").json
    return {one["message"].split('"')[1]: one for one in told["warnings"] if one["code"] == "link-outside"}


def test_what_is_gone_is_told_with_its_line_and_the_archives_address(tmp_path: Path, web: type[Web]) -> None:
    site = linked(tmp_path, "http://a.example/there", "http://a.example/gone#part")
    (one,) = dead(site).values()
    assert one["message"] == '"http://a.example/gone#part" is gone'
    assert one["hint"].endswith("https://web.archive.org/web/20190304/http://a.example/gone#part")
    assert (one["file"], one["line"]) == ("content/posts/x.md", 7)
    assert web.asked["HEAD http://a.example/there"] == 1


def test_only_what_is_surely_nothing_is_told(tmp_path: Path, web: type[Web]) -> None:
    site = linked(tmp_path, *(f"http://{path[1:]}.example{path}" for path in ANSWERS), "http://127.0.0.1/x")
    told = {url: one["message"].split('" ')[1] for url, one in dead(site).items()}
    assert told == {
        "http://gone.example/gone": "is gone",
        "http://broken.example/broken": "answers with status 500",
        "http://circle.example/circle": "leads in a circle",
        "http://inside.example/inside": "leads into a private network, where readers can not follow",
        "http://127.0.0.1/x": "leads into a private network, where readers can not follow",
    }
    assert web.asked["GET http://get-only.example/get-only"] == 1
    assert not [url for url in web.asked if "10.0.0.1" in url or "127.0.0.1" in url]


def test_an_answer_is_remembered_and_one_host_is_asked_one_thing_at_a_time(
    tmp_path: Path, web: type[Web]
) -> None:
    site = linked(
        tmp_path, *(f"http://a.example{path}" for path in ("/there", "/gone", "/password", "/get-only"))
    )
    first = dead(site)
    asked = web.asked.copy()
    assert web.most_at_once == 1
    assert dead(site) == first
    assert web.asked == asked
    linked(site, "http://a.example/there", "http://b.example/there")
    assert dead(site) == {}
    assert web.asked - asked == Counter({"HEAD http://b.example/there": 1})


def test_without_external_nobody_is_asked(tmp_path: Path, web: type[Web]) -> None:
    run(linked(tmp_path, "http://a.example/gone"), "check")
    assert web.asked == Counter()
