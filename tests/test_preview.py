"""The preview over HTTP: what it serves, to whom, and what it tells of changes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.outputs import PLAIN_THEME, page
from tests.previews import PATIENCE, Listener, Running, preview
from tests.sites import build, make_site, output, post, run

SETTINGS = """\
base_url = "https://example.org/"
[theme]
name = "plain"
[languages.en]
[languages.ru]
"""

SITE: dict[str, str | bytes] = {
    **PLAIN_THEME,
    "sitegen.toml": SETTINGS,
    "themes/plain/static/style.css": "body { color: black }",
    "themes/plain/static/script.js": "1",
    "themes/plain/templates/404.html": (
        '<link rel="stylesheet" href="{{ asset("style.css") }}"><a href="{{ url("/") }}">Home</a>'
    ),
    "content/posts/one.md": post("One", "2020-01-01", "First words. See [two](two.md).", tags="[a, b]"),
    "content/posts/two.md": post("Two", "2020-01-02", "Other words.", tags="[a]", aliases="[/old/]"),
    "content/ru/posts/one.md": post("Один", "2020-01-01", "Слова."),
    "content/posts/три.md": post("Три", "2020-01-03", "![x](picture.svg)", lang="ru", tags="[Калмыки]"),
    "content/posts/draft.md": post("Draft", "2020-01-05", draft="true"),
    "content/people/anna.md": "---\nname: Anna\n---\nWrites.\n",
    "content/pages/about.md": page("About"),
    "content/posts/picture.svg": '<svg width="3" height="4" xmlns="http://www.w3.org/2000/svg"></svg>',
    "content/files/data.bin": bytes(range(256)),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", SITE)


@pytest.fixture
def running(site: Path) -> Iterator[Running]:
    with preview(site) as one:
        yield one


def write(path: Path, text: str) -> None:
    """Save as most editors do: whole, beside the file, and then in its place."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def without_script(html: bytes) -> bytes:
    start = html.index(b'<script defer src="/_sitegen/preview.js"')
    end = html.index(b"</script>", start) + len(b"</script>")
    return html[:start] + html[end:]


# --- what is served ----------------------------------------------------------------------------------


def test_every_page_is_what_build_writes_byte_for_byte(site: Path) -> None:
    with preview(site) as running:
        build(site)
        for path, data in output(site).items():
            if path == "manifest-sha256.txt":
                continue
            answer = running.get("/" + quote(path))
            assert answer.status == 200, path
            served = without_script(answer.body) if path.endswith(".html") else answer.body
            assert served == data, path


def test_after_edits_every_page_is_still_what_build_writes(site: Path) -> None:
    with preview(site) as running:
        events = running.listen()
        before = build(site) and output(site)
        for path in before:
            running.get("/" + quote(path))  # so that it is kept
        write(site / "content/posts/one.md", post("One!", "2020-01-01", "New words.", tags="[b, New]"))
        events.next()
        (site / "content/posts/two.md").unlink()
        events.next()
        write(site / "content/posts/four.md", post("Four", "2020-01-04", tags="[new]"))
        events.next()
        build(site)
        for path, data in output(site).items():
            if path != "manifest-sha256.txt":
                answer = running.get("/" + quote(path))
                assert (without_script(answer.body) if path.endswith(".html") else answer.body) == data, path
        assert running.get("/posts/two/").status == 404


def test_the_published_output_is_never_touched(site: Path) -> None:
    with preview(site) as running:
        events = running.listen()
        write(site / "content/posts/one.md", post("One", body="New."))
        events.next()
        assert "New." in running.text("/posts/one/")
        assert not (site / "output").exists()


def test_a_build_can_run_beside_the_preview(site: Path) -> None:
    with preview(site) as running:
        events = running.listen()
        write(site / "content/posts/one.md", post("One", body="While it is served."))
        events.next()
        build(site)
        assert "Other words." in running.text("/posts/two/")
        assert "While it is served." in running.text("/posts/one/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/posts/picture.svg", "image/svg+xml; charset=utf-8"),
        ("/files/data.bin", "application/octet-stream"),
        ("/_sitegen/preview.js", "text/javascript; charset=utf-8"),
    ],
)
def test_types_are_told(shared: Running, path: str, kind: str) -> None:
    answer = shared.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A preview of a site that no test changes, with secrets beside what it may serve."""
    folder = make_site(tmp_path_factory.mktemp("shared"), {"secret.txt": "secret"})
    site = make_site(folder / "site", SITE | {"output/secret.txt": "secret", "secret.md": "secret"})
    with preview(site) as one:
        yield one


def test_a_part_of_a_file_can_be_had(shared: Running) -> None:
    answer = shared.get("/files/data.bin", Range="bytes=10-19")
    assert (answer.status, answer.body) == (206, bytes(range(10, 20)))
    assert answer.headers["content-range"] == "bytes 10-19/256"


@pytest.mark.parametrize("path", ["/feed.xml", "/posts/one/", "/files/data.bin"])
@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=10-19", slice(10, 20)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-99999999", slice(None)),
    ],
)
def test_a_part_of_anything_can_be_had(shared: Running, path: str, asked: str, part: slice) -> None:
    whole = shared.get(path)
    answer = shared.get(path, Range=asked)
    assert (answer.status, answer.body) == (206, whole.body[part])
    start, end, _ = part.indices(len(whole.body))
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(whole.body)}"
    assert shared.get(path, Range=asked, If_Range=whole.headers["etag"]).status == 206
    assert shared.get(path, Range=asked, If_Range='"another"').body == whole.body


def test_no_part_is_sent_that_is_not_there(shared: Running) -> None:
    answer = shared.get("/feed.xml", Range="bytes=9999999-")
    assert (answer.status, answer.body) == (416, b"")
    for asked in ("bytes=5-2", "bytes=-", "lines=1-2", "bytes=x-2"):
        assert shared.get("/feed.xml", Range=asked).status == 200


@pytest.mark.parametrize("path", ["/", "/files/data.bin", "/feed.xml"])
def test_what_the_browser_has_already_is_not_sent_again(shared: Running, path: str) -> None:
    etag = shared.get(path).headers["etag"]
    again = shared.get(path, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert shared.get(path, If_None_Match='"another"').status == 200


def test_a_missing_page_gets_the_sites_own_page_for_it_with_links_that_stay_here(shared: Running) -> None:
    answer = shared.get("/nothing/here/")
    assert answer.status == 404
    assert b'<a href="/">Home</a>' in answer.body
    assert b"example.org" not in answer.body


def test_a_folder_without_its_slash_leads_to_the_page(shared: Running) -> None:
    answer = shared.get("/posts/one?x=1")
    assert (answer.status, answer.headers["location"]) == (307, "/posts/one/?x=1")


def test_a_head_request_gets_no_body(shared: Running) -> None:
    answer = shared.get("/posts/one/", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")


# --- to whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/posts/one/", "/_sitegen/events", "/_sitegen/preview.js", "/files/data.bin"]
)
def test_a_foreign_origin_is_refused(shared: Running, path: str) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:1", "https://localhost:8000"):
        assert shared.get(path, Origin=origin).status == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "10.0.0.1"]
)
def test_another_name_is_refused(shared: Running, host: str) -> None:
    assert shared.get("/", Host=host).status == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(shared: Running, host: str) -> None:
    assert shared.get("/", Host=f"{host}:{shared.port}").status == 200


def test_two_names_at_once_are_refused(shared: Running) -> None:
    with socket.create_connection(("127.0.0.1", shared.port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert line.recv(1000).split()[1] in (b"400", b"403")


def test_parts_of_pages_can_not_be_loaded_by_another_site(shared: Running) -> None:
    for kind in ("cross-site", "same-site"):
        asked = {"Sec_Fetch_Site": kind, "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
        assert shared.get("/posts/picture.svg", **asked).status == 403
        framed = {"Sec_Fetch_Site": kind, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}
        assert shared.get("/", **framed).status == 403
    followed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert shared.get("/", **followed).status == 200


CLIMBS = [
    *("/..", "/../secret.txt", "/../../secret.txt", "/posts/../../secret.txt", "/./../secret.txt"),
    *(
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/.%2e/secret.txt",
        "/%2E%2E/secret.txt",
    ),
    *("/%252e%252e/secret.txt", "/..%252fsecret.txt", "/%c0%ae%c0%ae/secret.txt", "/..%c0%afsecret.txt"),
    *("/..\\secret.txt", "/..%5csecret.txt", "/posts\\..\\..\\secret.txt", "/%5c%5c127.0.0.1%5csecret.txt"),
    *(
        "//etc/passwd",
        "///etc/passwd",
        "/%2fetc/passwd",
        "/%2Fetc%2Fpasswd",
        "//../secret.txt",
        "/etc/passwd",
    ),
    *("/C:/Windows/win.ini", "/C:%5cWindows%5cwin.ini", "/file:///etc/passwd", "/....//secret.txt"),
    *("/sitegen.toml", "/secret.md", "/secret.txt", "/output/secret.txt", "/.sitegen/store.db"),
    *("/content/posts/one.md", "/posts/one.md", "/themes/plain/theme.toml", "/posts/one/index.html/"),
    *("/search/pagefind/../../secret.txt", "/search/pagefind/%2e%2e/key", "/search/pagefind/..%2fkey"),
    *("/posts/one/%00", "/%00", "/assets/0123456789/../style.css", "/assets/0123456789/../../theme.toml"),
    *("/_sitegen/../secret.txt", "/_sitegen/preview.js/..", "/_sitegen/%2e%2e/seen.py", "/files/data.bin/"),
]


def test_no_path_leads_to_anything_but_the_output(shared: Running) -> None:
    assert len(CLIMBS) >= 40
    statuses = {path: shared.get(path).status for path in CLIMBS}
    assert {path: status for path, status in statuses.items() if status != 404} == {}


def test_a_file_that_became_a_link_out_of_content_is_not_served(site: Path) -> None:
    (site / "secret.txt").write_text("secret")
    with preview(site) as running:
        events = running.listen()
        (site / "content/files/data.bin").unlink()
        (site / "content/files/data.bin").symlink_to(site / "secret.txt")
        assert b"secret" not in running.get("/files/data.bin").body
        told = events.until("problem")
        assert told.data["errors"][0]["message"] == "leads out of content/"
        assert b"secret" not in running.get("/files/data.bin").body


def test_it_listens_at_this_machine_alone_unless_told_otherwise(site: Path) -> None:
    with preview(site) as running:
        assert running.address.startswith("http://127.0.0.1:")
    with preview(site, "--host", "0.0.0.0") as running:
        assert "drafts too" in running.wait_for("can read the preview")
        assert running.get("/", Host="192.168.7.7:8000").status == 200
        assert running.get("/", Host="evil.example").status == 403
        assert str(site) not in running.text("/posts/one/")


# --- what is told of changes -------------------------------------------------------------------------


def test_who_has_a_page_open_is_told_of_it_and_of_no_other(running: Running, site: Path) -> None:
    for path in ("/posts/one/", "/posts/two/", "/posts/", "/about/"):
        running.get(path)
    events = running.listen()
    write(
        site / "content/posts/one.md",
        post("One", body="Some more, nothing of it in lists.", tags="[a, b]", description="D"),
    )
    first = events.next()
    assert first.name == "reload"
    assert isinstance(first.data["ms"], int)
    write(site / "content/posts/one.md", post("One", body="Only the words.", tags="[a, b]", description="D"))
    assert events.next().data["changed"] == ["/posts/one/"]


def test_a_page_that_shows_nothing_of_a_change_is_not_told(running: Running, site: Path) -> None:
    """The theme of these tests shows titles in lists and no descriptions."""
    for path in ("/", "/posts/two/", "/tags/a/"):
        running.get(path)
    events = running.listen()
    write(site / "content/posts/one.md", post("One", body="x", tags="[a, b]", description="Not shown"))
    assert events.next().data["changed"] == ["/posts/one/"]


def test_a_title_is_told_wherever_it_stands(running: Running, site: Path) -> None:
    for path in ("/", "/posts/one/", "/posts/two/", "/tags/b/", "/about/"):
        running.get(path)
    events = running.listen()
    write(site / "content/posts/one.md", post("Uno", body="First words. See [two](two.md).", tags="[a, b]"))
    told = events.next().data["changed"]
    assert {"/", "/posts/one/", "/tags/b/"} <= {*told}
    assert "/about/" not in told


def test_a_page_nobody_asked_for_yet_is_told_too(running: Running, site: Path) -> None:
    events = running.listen()
    write(
        site / "content/posts/two.md",
        post("Two", "2020-01-02", "Quite other.", tags="[a]", aliases="[/old/]"),
    )
    assert events.next().data["changed"] == ["/posts/two/"]


def test_who_waits_for_a_page_that_was_missing_is_told_when_it_is_there(running: Running, site: Path) -> None:
    assert running.get("/posts/new/").status == 404
    events = running.listen()
    write(site / "content/posts/new.md", post("New"))
    assert "/posts/new/" in events.next().data["changed"]
    assert running.get("/posts/new/").status == 200


def test_a_style_is_told_without_the_pages_that_use_it(running: Running, site: Path) -> None:
    running.get("/")
    missing = running.get("/nothing/").body.decode()
    old = missing.partition('href="/assets/')[2].partition('"')[0]
    events = running.listen()
    write(site / "themes/plain/static/style.css", "body { color: red }")
    (changed,) = events.next().data["changed"]
    assert changed.startswith("/assets/")
    assert changed.endswith("/style.css")
    assert running.text(changed) == "body { color: red }"
    # A page that is open knows the address that it had before.
    assert running.text(f"/assets/{old}") == "body { color: red }"


def test_another_file_of_the_theme_is_told_with_the_pages_that_have_it(site: Path) -> None:
    write(site / "themes/plain/templates/home.html", '<script src="{{ asset("script.js") }}"></script>')
    with preview(site) as running:
        for path in ("/", "/about/"):
            running.get(path)
        events = running.listen()
        write(site / "themes/plain/static/script.js", "2")
        assert events.next().data["changed"] == ["/"]


def test_a_template_is_told_with_the_pages_made_from_it(running: Running, site: Path) -> None:
    for path in ("/", "/posts/one/"):
        running.get(path)
    events = running.listen()
    write(site / "themes/plain/templates/post.html", "Another {{ post.title }}")
    assert events.next().data["changed"] == ["/posts/one/"]
    assert running.text("/posts/one/").startswith("Another One")


def test_a_setting_is_taken_up(running: Running, site: Path) -> None:
    running.get("/")
    events = running.listen()
    write(site / "sitegen.toml", SETTINGS.replace("[theme]", 'title = "Anew"\n[theme]', 1))
    assert "/" in events.next().data["changed"]
    assert "<title>Anew</title>" in running.text("/")


def test_a_picture_is_told(running: Running, site: Path) -> None:
    events = running.listen()
    write(site / "content/posts/picture.svg", '<svg width="7" height="7"></svg>')
    assert "/posts/picture.svg" in events.next().data["changed"]


def test_many_files_at_once_are_one_change(running: Running, site: Path) -> None:
    events = running.listen()
    for number in range(500):
        (site / f"content/posts/many-{number}.md").write_text(post(f"Many {number}", body="Text."))
    assert len(events.next().data["changed"]) >= 500
    write(site / "content/posts/one.md", post("One", body="The next change."))
    assert "/posts/one/" in events.next().data["changed"]


def test_folders_can_be_moved_made_and_deleted(running: Running, site: Path) -> None:
    events = running.listen()
    (site / "content/docs/deep").mkdir(parents=True)
    (site / "content/docs/deep/text.md").write_text(page("Deep"))
    events.next()
    assert running.get("/docs/deep/text/").status == 200
    (site / "content/docs").rename(site / "content/moved")
    events.next()
    assert (running.get("/docs/deep/text/").status, running.get("/moved/deep/text/").status) == (404, 200)
    (site / "content/moved/deep/text.md").write_text(page("Deep", "In its new place."))
    events.next()
    assert "In its new place." in running.text("/moved/deep/text/")
    shutil.rmtree(site / "content/moved")
    events.next()
    assert running.get("/moved/deep/text/").status == 404


def test_a_theme_behind_a_link_is_watched(site: Path, tmp_path: Path) -> None:
    shutil.move(site / "themes/plain", tmp_path / "elsewhere")
    (site / "themes/plain").symlink_to(tmp_path / "elsewhere")
    with preview(site) as running:
        running.get("/")
        events = running.listen()
        write(tmp_path / "elsewhere/templates/home.html", "From elsewhere")
        assert events.next().data["changed"] == ["/"]
        assert running.text("/").startswith("From elsewhere")


def test_how_editors_save_makes_one_change_each(running: Running, site: Path) -> None:
    file = site / "content/posts/one.md"
    events = running.listen()

    def in_place() -> None:
        file.write_text(post("One", body="In place."))

    def by_name() -> None:
        write(file, post("One", body="By name."))

    def with_backup() -> None:
        file.rename(file.with_name("one.md~"))
        file.write_text(post("One", body="With backup."))
        file.with_name("one.md~").unlink()

    def with_swap() -> None:
        (file.parent / ".one.md.swp").write_text("swap")
        (file.parent / "4913").write_text("")
        (file.parent / "4913").unlink()
        file.write_text(post("One", body="With swap."))
        (file.parent / ".one.md.swp").unlink()

    def half_written() -> None:
        file.write_text("")
        time.sleep(0.05)
        file.write_text(post("One", body="Half written."))

    for save in (in_place, by_name, with_backup, with_swap, half_written):
        save()
        event = events.next()
        assert event.name == "reload", (save.__name__, event)
        assert "/posts/one/" in event.data["changed"]
        assert save.__name__.replace("_", " ").capitalize() in running.text("/posts/one/")


# --- what is wrong -----------------------------------------------------------------------------------


def test_a_mistake_is_told_with_its_lines_and_the_last_good_site_stays(running: Running, site: Path) -> None:
    running.get("/posts/one/")
    events = running.listen()
    write(site / "content/posts/one.md", '---\ntitle: One\ndate: "soon"\n---\nNew.\n')
    (error,) = events.until("problem").data["errors"]
    assert (error["file"], error["line"], error["field"]) == ("content/posts/one.md", 3, "date")
    assert error["hint"].startswith("write 2023-07-22")
    assert [3, 'date: "soon"'] in error["excerpt"]
    assert "First words." in running.text("/posts/one/")
    shown = running.text("/_sitegen/problems")
    assert "content/posts/one.md:3" in shown
    assert "date: &quot;soon&quot;" in shown
    assert "soon" in running.wait_for("error content/posts/one.md:3")
    # One who comes later is told too.
    assert running.listen().next().name == "problem"
    write(site / "content/posts/one.md", post("One", body="Mended."))
    assert events.until("reload").data["changed"] == ["/posts/one/"]
    assert "Mended." in running.text("/posts/one/")
    running.wait_for("nothing is wrong any more")


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("sitegen.toml", 'title = "x\n', 1),
        ("sitegen.toml", "[theme]\nname = 'nowhere'\n", 2),
        ("themes/plain/templates/post.html", "one\n{% if %}", 2),
        ("themes/plain/templates/post.html", "one\n{{ post.nothing }}", 2),
        ("themes/plain/theme.toml", "settings = 3\n", 1),
    ],
)
def test_mistakes_of_settings_and_themes_are_lived_through(
    running: Running, site: Path, path: str, text: str, line: int
) -> None:
    running.get("/posts/one/")
    good = (site / path).read_text()
    events = running.listen()
    write(site / path, text)
    errors = events.until("problem").data["errors"]
    assert (path, line) in {(error["file"], error["line"]) for error in errors}
    assert "First words." in running.text("/posts/one/")
    write(site / path, good)
    events.until("reload")
    assert running.listen()
    assert "First words." in running.text("/posts/one/")


def test_a_site_that_is_wrong_from_the_beginning_is_shown_once_it_is_mended(site: Path) -> None:
    write(site / "content/posts/one.md", "no front matter")
    with preview(site) as running:
        answer = running.get("/")
        assert answer.status == 500
        assert b"content/posts/one.md" in answer.body
        events = running.listen()
        write(site / "content/posts/one.md", post("One"))
        events.until("reload")
        assert running.get("/").status == 200


def test_a_template_that_fails_on_one_page_is_told_on_it(site: Path) -> None:
    write(site / "themes/plain/templates/page.html", "{{ post.extra.colour }}")
    with preview(site) as running:
        assert running.get("/").status == 200
        failed = running.get("/about/")
        assert failed.status == 500
        assert b"themes/plain/templates/page.html:1" in failed.body
        events = running.listen()
        write(site / "content/pages/about.md", "---\ntitle: About\ncolour: red\n---\nText.\n")
        assert "/about/" in events.next().data["changed"]
        assert running.text("/about/").startswith("red")


def test_drafts_are_shown_when_they_are_asked_for(site: Path) -> None:
    with preview(site) as running:
        assert running.get("/posts/draft/").status == 404
    with preview(site, "--drafts") as running:
        answer = running.get("/posts/draft/")
        assert answer.status == 200
        assert b'data-draft="yes"' in answer.body


def values(html: str) -> dict[str, str]:
    """What the preview's script is told of a page."""
    tag = re.search(r'<script defer src="/_sitegen/preview.js"([^>]*)>', html)
    assert tag
    return {name: unescape(value) for name, value in re.findall(r' data-(\w+)="([^"]*)"', tag[1])}


def test_a_page_tells_of_links_that_lead_nowhere_until_they_do(running: Running, site: Path) -> None:
    assert "warnings" not in values(running.text("/posts/one/"))
    events = running.listen()
    write(site / "content/posts/one.md", post("One", body="See [two](two.md) and [three](three.md)."))
    events.next()
    shown = running.get("/posts/one/")
    (told,) = json.loads(values(shown.body.decode())["warnings"])
    assert told == 'line 5: the link "three.md" leads to no text that is published'
    write(site / "content/posts/three.md", post("Three"))
    events.next()
    mended = running.get("/posts/one/", If_None_Match=shown.headers["etag"])
    assert mended.status == 200
    assert "warnings" not in values(mended.body.decode())


def test_a_page_that_is_missing_says_why_and_what_may_be_meant(shared: Running) -> None:
    told = values(shared.get("/posts/draft/", Accept="text/html").body.decode())
    assert told["missing_why"] == "content/posts/draft.md is a draft: sitegen serve --drafts shows it."
    told = values(shared.get("/posts/onne/", Accept="text/html").body.decode())
    assert told["near"].split()[0] == "/posts/one/"


def test_the_script_knows_where_the_source_is_and_why_a_page_was_rendered(
    running: Running, site: Path
) -> None:
    running.get("/posts/one/")
    events = running.listen()
    write(site / "content/posts/one.md", post("One", body="Anew.", tags="[a, b]"))
    events.next()
    shown = running.text("/posts/one/")
    assert 'data-source="content/posts/one.md"' in shown
    assert f'data-editor="vscode://file{site}/content/posts/one.md"' in shown
    assert "content/posts/one.md" in shown.partition('data-why="')[2].partition('"')[0]
    assert 'data-source="content/people/anna.md"' in running.text("/authors/anna/")


# --- beginning and end -------------------------------------------------------------------------------


def test_a_port_that_is_taken_gives_way_to_the_next(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with preview(site, "--port", str(port)) as running:
            assert running.port > port
            running.wait_for(f"port {port} is taken; the preview is at {running.port}")


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_of_this_machine_is_told(site: Path, host: str) -> None:
    done = run(site, "serve", "--host", host)
    assert done.status == 1
    assert "write an address of this machine" in done.err


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_when_it_is_stopped(site: Path, ending: signal.Signals) -> None:
    """By another program, by Ctrl+C, or with the terminal that it was started in."""
    with preview(site) as running:
        listeners = [running.listen() for _ in range(3)]
        processes = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(running.process.pid)], capture_output=True, text=True
        ).stdout.split()
        running.process.send_signal(ending)
        assert running.process.wait(PATIENCE) == 0
        assert listeners
        assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    build(site)  # the store is free


def test_it_goes_on_when_nobody_reads_what_it_says(site: Path) -> None:
    command = [sys.executable, "-m", "sitegen", "serve", "--site", str(site), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stderr
    try:
        address = process.stdout.readline().split()[4]
        process.stdout.close()
        process.stderr.close()
        events = Listener(urlsplit(address).port or 0)
        for words in ("First.", "Second.", "Third."):
            write(site / "content/posts/one.md", post("One", "2020-01-01", words))
            assert "/posts/one/" in events.next().data["changed"]
        events.close()
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("errno.ENOSPC, 'inotify watch limit reached'", "fs.inotify.max_user_watches"),
        ("errno.EACCES, 'Permission denied'", "can not be watched: permission denied"),
    ],
)
def test_where_the_kernel_does_not_watch_files_are_looked_at(
    site: Path, tmp_path: Path, error: str, says: str
) -> None:
    patch = (
        "import errno, watchdog.observers.inotify as inotify\n"
        f"def refuse(*_, **__): raise OSError({error})\n"
        "inotify.InotifyObserver.schedule = refuse\n"
    )
    make_site(tmp_path / "patch", {"sitecustomize.py": patch})
    paths = os.pathsep.join([str(tmp_path / "patch"), str(Path(__file__).parent.parent)])
    with preview(site, PYTHONPATH=paths) as running:
        running.wait_for(says)
        events = running.listen()
        write(site / "content/posts/one.md", post("One", body="Seen all the same."))
        assert "/posts/one/" in events.next().data["changed"]
