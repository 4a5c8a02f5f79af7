"""`sitegen verify`: a copy is whole, or what is wrong with it is named."""

from __future__ import annotations

import functools
import os
import random
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from sitegen.manifest import MANIFEST
from sitegen.publish.kinds import STATE
from sitegen.publish.targets.folder import Folder
from sitegen.publish.verify import Verdict, verify
from sitegen.signing import PUBLIC_KEY, SIGNATURE, SecretKey, sign_output
from tests.publishing import archive, make_output, publish_output
from tests.sites import build, make_site, post, run

KEY = SecretKey(b"12345678", bytes(range(32)))

#: How many bits are flipped. More:
#:     SITEGEN_FLIPS=10000 pytest -n 0 tests/test_verify.py -k flipped
FLIPS = int(os.environ.get("SITEGEN_FLIPS", "150"))


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A copy that was published and signed."""
    output = make_output(tmp_path / "output", {**archive(0, 6), PUBLIC_KEY: KEY.public.file})
    sign_output(output, KEY)
    publish_output(Folder(tmp_path / "mirror"), output, tmp_path / "ledger")
    return tmp_path / "mirror"


@pytest.fixture
def address(mirror: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(mirror)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def site_with_key(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", {f"content/{PUBLIC_KEY}": KEY.public.file})


def named(verdict: Verdict) -> set[str]:
    """The files that a verdict says something against."""
    signature = {SIGNATURE, MANIFEST} if verdict.signature == "invalid" else set()
    return {*verdict.missing, *verdict.changed, *signature}


def test_every_flipped_bit_is_found_and_its_file_is_named(mirror: Path) -> None:
    chance = random.Random(1943)
    files = sorted(path for path in mirror.rglob("*") if path.is_file())
    assert {STATE, MANIFEST, SIGNATURE} <= {path.name for path in files}
    for _ in range(FLIPS):
        place = chance.choice(files)
        whole = place.read_bytes()
        harmed = bytearray(whole)
        bit = chance.randrange(len(whole) * 8)
        harmed[bit // 8] ^= 1 << bit % 8
        place.write_bytes(harmed)
        verdict = verify(Folder(mirror), KEY.public)
        assert place.relative_to(mirror).as_posix() in named(verdict), bit
        assert not verdict.whole
        place.write_bytes(whole)
    assert verify(Folder(mirror), KEY.public).whole


@pytest.mark.parametrize("by_web", [False, True])
def test_missing_changed_and_extra_files_are_named(
    by_web: bool, mirror: Path, address: str, tmp_path: Path
) -> None:
    site, place = site_with_key(tmp_path), address if by_web else str(mirror)
    whole = run(site, "verify", place, "--json")
    assert whole.json == {
        "ok": True,
        "errors": [],
        "warnings": [],
        "missing": [],
        "changed": [],
        "extra": [],
        "signature": "valid",
    }
    (mirror / "feed.xml").write_text("<feed>other</feed>")
    (mirror / "tags/all/index.html").unlink()
    (mirror / "extra.html").write_text("not ours")
    harmed = run(site, "verify", place, "--json")
    assert harmed.status == 1
    assert (harmed.json["missing"], harmed.json["changed"]) == (["tags/all/index.html"], ["feed.xml"])
    # What else lies on a host can't be seen over the web.
    assert harmed.json["extra"] == ([] if by_web else ["extra.html"])
    plain = run(site, "verify", place)
    assert "missing tags/all/index.html\nchanged feed.xml\n" in plain.out
    assert "this copy is not whole" in plain.out


def test_extra_files_are_a_fault_only_where_that_is_asked(mirror: Path, tmp_path: Path) -> None:
    site = site_with_key(tmp_path)
    (mirror / "extra.html").write_text("not ours")
    assert run(site, "verify", str(mirror)).status == 0
    assert run(site, "verify", str(mirror), "--strict").status == 1


def test_a_sample_is_as_large_as_asked(mirror: Path, tmp_path: Path) -> None:
    done = run(site_with_key(tmp_path), "verify", str(mirror), "--sample", "5")
    assert done.status == 0
    total = len((mirror / MANIFEST).read_text().splitlines())
    assert f"5 files of {total}, chosen at random: all as they were built" in done.out
    assert run(tmp_path, "verify", str(mirror), "--sample", "0").status == 2


def test_a_copy_of_somebody_else_is_not_taken_for_ours(mirror: Path, tmp_path: Path) -> None:
    other = SecretKey(b"87654321", bytes(32))
    site = site_with_key(tmp_path)
    sign_output(mirror, other)
    done = run(site, "verify", str(mirror), "--json")
    assert (done.status, done.json["signature"]) == (1, "invalid")
    (mirror / SIGNATURE).unlink()
    assert run(site, "verify", str(mirror), "--json").json["signature"] == "invalid"
    assert run(tmp_path, "verify", str(mirror), "--json").json["signature"] == "none"
    sign_output(mirror, KEY)
    given = run(tmp_path, "verify", str(mirror), "--key", KEY.public.text)
    assert (given.status, "signature valid" in given.out) == (0, True)
    assert "holds no public key" in run(tmp_path, "verify", str(mirror), "--key", "RWx").err


def test_a_copy_without_its_key_says_whose_key_it_was_checked_with(mirror: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "verify", str(mirror))
    assert "signature valid" in done.out
    assert "the key that lies in the copy; compare it" in done.out


def test_a_manifest_can_not_lead_out_of_the_copy(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    copy = make_output(tmp_path / "copy", {"index.html": "x"})
    with (copy / MANIFEST).open("a") as manifest:
        manifest.write(f"{'0' * 64}  ../secret.txt\n")
    verdict = verify(Folder(copy))
    assert (verdict.checked, verdict.changed) == (1, (MANIFEST,))


def test_what_is_no_copy_is_told(tmp_path: Path, address: str) -> None:
    assert "there is no manifest-sha256.txt" in run(tmp_path, "verify", str(tmp_path)).err
    assert "there is no manifest-sha256.txt" in run(tmp_path, "verify", f"{address}images/").err
    assert "hint" not in run(tmp_path, "verify", "nowhere").err
    assert (
        '"nowhere" is no folder, no target of this site, and no address'
        in run(tmp_path, "verify", "nowhere").err
    )
    failed = run(tmp_path, "verify", "http://127.0.0.1:9/", "--json")
    assert (failed.status, failed.json["ok"], failed.json["missing"]) == (1, False, [])
    assert "can not be read" in failed.json["errors"][0]["message"]


def test_the_mirrors_are_listed_with_the_key(tmp_path: Path) -> None:
    site = site_with_key(tmp_path)
    assert "there is no mirror to list" in run(site, "mirrors").err
    settings = (
        'base_url = "https://one.example/"\n[publish.two]\nto = "file:///x"\nurl = "https://two.example"\n'
    )
    make_site(site, {"sitegen.toml": settings})
    assert run(site, "mirrors").status == 0
    page = (site / "content/pages/mirrors.md").read_text()
    assert "- <https://one.example/>\n- <https://two.example/>\n" in page
    assert KEY.public.text in page
    assert f'"public_key": "{KEY.public.text}"' in (site / "content/mirrors.json").read_text()
    assert run(site, "mirrors").status == 0, "its own page is written anew"
    (site / "content/pages/mirrors.md").write_text("mine")
    assert "was not made by `sitegen mirrors`" in run(site, "mirrors").err


def test_every_page_offers_itself_on_the_mirrors(tmp_path: Path) -> None:
    settings = '[publish.two]\nto = "file:///x"\nurl = "https://two.example/sub"\n[publish.hidden]\nto = "file:///y"\n'
    site = make_site(tmp_path / "site", {"sitegen.toml": settings, "content/posts/калмыки.md": post()})
    build(site)
    page = (site / "output/posts/калмыки/index.html").read_text()
    assert f'href="https://two.example/sub/posts/{quote("калмыки")}/"' in page
    assert "two.example" not in (site / "output/404.html").read_text()
