"""`sitegen check --fix`: as little as can be is changed, nothing is lost, and once is enough."""

from __future__ import annotations

import io
import json
import shutil
import stat
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sitegen.check.carriers import scrub
from sitegen.check.fixes import _even_endings, _without_control
from tests.outputs import tree
from tests.sites import build, make_site, post, run, snapshot

SECRET = b"Anna Secret"


def fix(site: Path) -> list[str]:
    """What was mended, as `file code`."""
    told = run(site, "check", "--fix", "--json").json["fixed"]
    return [f"{one['file'].removeprefix('content/')} {one['code']}" for one in told]


# --- pictures --------------------------------------------------------------------------------------------


def exif(*, order: str = "<") -> Image.Exif:
    made = Image.Exif()
    made.endian = order
    made[0x010E] = "The quay"
    made[0x0112] = 6
    made[0x013B] = SECRET.decode()
    made[0x8298] = SECRET.decode()
    made[0x8769] = {0x9003: "2020:01:02 03:04:05", 0xA431: SECRET.decode()}
    made[0x8825] = {1: "N", 2: (46.0, 18.0, 0.0)}
    read = Image.Exif()  # which alone lets a TIFF be written
    read.load(made.tobytes())
    return read


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="46,18N" '
    b"photoshop:CaptionWriter='"
    + SECRET
    + b"'><dc:creator><rdf:Seq><rdf:li>"
    + SECRET
    + b"</rdf:li></rdf:Seq>"
    b"</dc:creator><dc:title>The quay</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def picture(kind: str, **more: Any) -> bytes:
    image = Image.effect_noise((40, 30), 60).convert("RGB")
    data = io.BytesIO()
    image.save(data, kind, **more)
    return data.getvalue()


def png_with_everything() -> bytes:
    texts = PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_text("Title", "The quay")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    texts.add_text(
        "Raw profile type exif", f"\nexif\n{len(exif().tobytes())}\n{exif().tobytes().hex()}\n", zip=True
    )
    return picture("PNG", exif=exif(), pnginfo=texts)


PICTURES: dict[str, Callable[[], bytes]] = {
    "a.jpg": lambda: picture("JPEG", exif=exif(), xmp=XMP),
    "big-endian.jpg": lambda: picture("JPEG", exif=exif(order=">")),
    "progressive.jpg": lambda: picture("JPEG", exif=exif(), progressive=True),
    "two.jpg": lambda: picture("JPEG") + picture("JPEG", exif=exif(), xmp=XMP),
    "a.png": png_with_everything,
    "a.webp": lambda: picture("WEBP", exif=exif(), xmp=XMP),
    "a.tif": lambda: picture("TIFF", exif=exif()),
}


def seen(data: bytes) -> tuple[object, ...]:
    with Image.open(io.BytesIO(data)) as image:
        found = image.getexif()
        return image.size, image.tobytes(), found.get(0x0112), found.get(0x010E)


@pytest.mark.parametrize("name", PICTURES)
def test_places_and_names_go_and_the_picture_stays(name: str, tmp_path: Path) -> None:
    data = PICTURES[name]()
    site = make_site(tmp_path, {f"content/{name}": data, "content/posts/x.md": post()})
    before = run(site, "check", "--json").json
    assert [one["code"] for one in before["errors"]] == ["picture-gps"]
    assert "picture-name" in {one["code"] for one in before["warnings"]}
    assert "Secret" not in json.dumps(before)
    assert f"{name} picture-gps" in fix(site)
    mended = (site / "content" / name).read_bytes()
    assert seen(mended) == seen(data)
    assert SECRET not in mended
    assert scrub(mended).found == frozenset()
    assert not Image.open(io.BytesIO(mended)).getexif().get_ifd(0x8825)
    assert fix(site) == []
    assert (site / "content" / name).read_bytes() == mended
    assert run(site, "check", "--json").json["errors"] == []


def test_a_mended_picture_is_as_long_as_before_but_for_png() -> None:
    for name, make in PICTURES.items():
        data = make()
        assert (len(scrub(data).data) == len(data)) == (not name.endswith(".png"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_what_another_program_writes_is_found_and_it_finds_nothing_afterwards(
    kind: str, tmp_path: Path
) -> None:
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is missing: apt-get install libimage-exiftool-perl")
    file = tmp_path / f"x.{kind.lower()}"
    file.write_bytes(picture(kind))
    secret = ["EXIF:Artist", "EXIF:Copyright", "EXIF:OwnerName", "EXIF:SerialNumber", "XMP-dc:Creator"]
    secret += [
        "XMP-dc:Rights",
        "XMP-aux:SerialNumber",
        "XMP-photoshop:CaptionWriter",
        "IPTC:By-line",
        "IPTC:Contact",
    ]
    places = ["-EXIF:GPSLatitude=46.3", "-EXIF:GPSLatitudeRef=N", "-XMP-exif:GPSLongitude=44.2"]
    kept = {"XMP:Title": "The quay", "EXIF:DateTimeOriginal": "2020:01:02 03:04:05"}
    given_ = [
        *(f"-{tag}={SECRET.decode()}" for tag in secret),
        *places,
        *(f"-{k}={v}" for k, v in kept.items()),
    ]
    subprocess.run(["exiftool", "-q", "-m", "-overwrite_original", *given_, str(file)], check=True)
    data = file.read_bytes()
    assert scrub(data).found == {"gps", "name"}
    file.write_bytes(scrub(data).data)
    told = subprocess.run(["exiftool", "-a", "-G0", "-j", str(file)], check=True, capture_output=True).stdout
    assert SECRET not in told
    assert b"GPS" not in told
    assert {k: json.loads(told)[0].get(k) for k in kept if k in json.loads(told)[0]} == (
        kept if kind != "GIF" else {"XMP:Title": "The quay"}
    )
    assert seen(file.read_bytes())[:2] == seen(data)[:2]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PICTURES)), st.data())
def test_a_harmed_picture_never_stops_a_check(name: str, data: st.DataObject) -> None:
    harmed = bytearray(_MADE[name])
    for _ in range(data.draw(st.integers(1, 12))):
        harmed[data.draw(st.integers(0, min(len(harmed) - 1, 700)))] = data.draw(st.integers(0, 255))
    cut = bytes(harmed[: data.draw(st.integers(0, len(harmed)))])
    scrubbed = scrub(cut)
    assert scrub(scrubbed.data).data == scrubbed.data


def test_a_value_that_lies_over_its_directory_never_stops_a_check() -> None:
    harmed = bytearray(_MADE["big-endian.jpg"][:242])
    harmed[0] = harmed[237] = 0
    scrubbed = scrub(bytes(harmed)).data
    assert scrub(scrubbed).data == scrubbed


_MADE = {name: make() for name, make in PICTURES.items()}


def test_a_picture_that_would_not_stay_the_same_is_left_alone(tmp_path: Path) -> None:
    # The value of the artist's tag points at the pixels.
    data = bytearray(picture("TIFF", exif=exif()))
    with Image.open(io.BytesIO(bytes(data))) as image:
        pixels = image.tag_v2[273][0]  # type: ignore[attr-defined]
    at = data.find(struct.pack("<HH", 0x013B, 2))
    data[at + 8 : at + 12] = struct.pack("<L", pixels)
    site = make_site(tmp_path, {"content/a.tif": bytes(data), "content/posts/x.md": post()})
    assert fix(site) == []
    assert (site / "content/a.tif").read_bytes() == bytes(data)
    assert run(site, "check").status == 1


def test_a_chunk_that_holds_a_bomb_is_not_unpacked_whole() -> None:
    bomb = zlib.compress(bytes(2**28), 9)
    body = b"Raw profile type exif\0\0" + bomb
    chunk = len(body).to_bytes(4) + b"zTXt" + body + zlib.crc32(b"zTXt" + body).to_bytes(4)
    plain = picture("PNG")
    assert scrub(plain[:33] + chunk + plain[33:]).found == frozenset()


# --- texts -----------------------------------------------------------------------------------------------


def test_line_endings_become_those_of_most_lines_and_control_characters_what_they_were_meant_as(
    tmp_path: Path,
) -> None:
    text = (
        "\ufeff---\r\ntitle: A  # why\r\ndate: 2020-01-01\r\n---\r\n\x93Yes\x94, \x07he said.\n\x0cThen\r\n"
    )
    site = make_site(tmp_path, {"content/posts/x.md": text})
    assert set(fix(site)) == {"posts/x.md line-endings", "posts/x.md control-character"}
    mended = (site / "content/posts/x.md").read_bytes().decode()
    assert mended == "\ufeff---\r\ntitle: A  # why\r\ndate: 2020-01-01\r\n---\r\n“Yes”, he said.\r\n Then\r\n"
    assert fix(site) == []


@given(st.text("ab \r\n\x00\x07\x0b\x85\x93\x81яё"))
def test_mending_twice_is_mending_once_and_loses_no_letter(text: str) -> None:
    once = _without_control(text.encode())
    assert _without_control(once) == once
    assert [sign for sign in once.decode() if sign in "abяё"] == [sign for sign in text if sign in "abяё"]
    if "\n" in text or "\r" in text:
        even = _even_endings(text.encode())
        assert _even_endings(even) == even
        assert even.split() == text.encode().split()


def test_a_mended_file_keeps_its_rights_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post(body="a\x07b")})
    file = site / "content/posts/x.md"
    file.chmod(0o640)
    fix(site)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(tree(site / "content")) == ["posts/x.md"]


# --- tags ------------------------------------------------------------------------------------------------


def tagged(*posts: str) -> dict[str, str]:
    return {f"content/posts/{at}.md": post(f"P{at}", tags=tags) for at, tags in enumerate(posts)}


def test_tags_that_mean_the_same_are_merged_by_a_profile_and_no_text_is_touched(tmp_path: Path) -> None:
    files = tagged("[Harbour, Калмыки, Deportation]", "[Harbours, Kalmyki, Deportaton]", "[Harbour, Kalmyki]")
    site = make_site(tmp_path, {**files, "content/posts/d.md": post("D", tags="[Deportation]")})
    before = snapshot(site / "content/posts")
    assert fix(site) == [f"tags/{name}.md tag-alike" for name in ("deportation", "harbour", "kalmyki")]
    assert snapshot(site / "content/posts") == before
    assert (site / "content/tags/kalmyki.md").read_text() == "---\nname: Kalmyki\naliases: [Калмыки]\n---\n"
    build(site)
    assert sorted(path.parent.name for path in (site / "output/tags").rglob("feed.xml")) == [
        "deportation",
        "harbour",
        "kalmyki",
    ]
    assert "../../tags/harbour/" in (site / "output/tags/harbours/index.html").read_text()
    assert fix(site) == []


def test_a_profile_that_is_there_takes_the_other_name_in_and_keeps_the_rest(tmp_path: Path) -> None:
    profile = (
        "---\r\nname: Harbour  # the old one\r\naliases:\r\n  - Port\r\n# of the town\r\n---\r\nWater.\r\n"
    )
    site = make_site(tmp_path, {**tagged("[Harbour]", "[Harbours]"), "content/tags/harbour.md": profile})
    assert fix(site) == ["tags/harbour.md tag-alike"]
    mended = (site / "content/tags/harbour.md").read_bytes().decode()
    assert mended == profile.replace("  - Port\r\n", "  - Port\r\n  - Harbours\r\n")


def test_three_tags_in_a_row_become_one(tmp_path: Path) -> None:
    posts = ["[Kalmyks]"] * 3 + ["[Kalmyk]"] * 2 + ["[Kalmykk]"]
    site = make_site(tmp_path, tagged(*posts))
    fix(site)
    build(site)
    assert len(list((site / "output/tags").rglob("feed.xml"))) == 1
    assert fix(site) == []


@pytest.mark.parametrize("tags", ["[Iran, Iraq]", "[Poland, Roland]", "[C, C++]", "[1943, 1944]"])
def test_tags_that_may_mean_different_things_are_not_merged(tags: str, tmp_path: Path) -> None:
    assert fix(make_site(tmp_path, tagged(tags))) == []


def test_a_spelling_is_mended_in_its_place(tmp_path: Path) -> None:
    odd = "---\ntitle: Z\ndate: 2020-01-01\ntags:   ['the  harbour', \"x\"]   # two\n---\nText.\n"
    files = tagged("[The Harbour, X]", "The Harbour, X")
    site = make_site(
        tmp_path, {**files, "content/posts/z.md": odd, "content/posts/y.md": post("Y", tags="x , q")}
    )
    assert fix(site) == ["posts/y.md tag-spelling", "posts/z.md tag-spelling", "posts/z.md tag-spelling"]
    mended = (site / "content/posts/z.md").read_text()
    assert mended == odd.replace("'the  harbour', \"x\"", "'The Harbour', \"X\"")
    assert "tags: X , q\n" in (site / "content/posts/y.md").read_text()
