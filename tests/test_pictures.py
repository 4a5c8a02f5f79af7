"""Pictures: how large each is, what is published of it, and the smaller ones that are made of it."""

from __future__ import annotations

import io
import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from sitegen import identity, jobs
from sitegen.config import Images
from sitegen.pictures import shrink
from sitegen.pictures.look import Look, Settings, look
from sitegen.pictures.scrub import scrubbed
from sitegen.pictures.size import size_of_drawing
from tests.crawl import dead_ends
from tests.outputs import PLAIN_THEME, counts, tree
from tests.sites import build, make_site, output, post, run

SMALL = Settings(images=Images(widths=(20, 40)), trusted=False)

#: What a camera writes: maker, the words of its owner, and where it was (EXIF 3.0, 4.6).
SECRETS = (b"Leica", b"Erdni", b"\x07GPSDATA", b"secret comment")

NOISE = Image.effect_noise((64, 48), 60).convert("RGB")


def exif(orientation: int = 1) -> Image.Exif:
    told = Image.Exif()
    told[0x0112], told[0x010F], told[0x013B] = orientation, "Leica", "Erdni"
    told.get_ifd(0x8825).update({1: "N", 2: (46.0, 18.0, 0.0), 27: b"\x07GPSDATA"})
    return told


def picture(kind: str, orientation: int = 1, *, image: Image.Image = NOISE, **more: Any) -> bytes:
    """A picture of 64 by 48 pixels that tells where it was taken, and by whom."""
    data = io.BytesIO()
    image.save(data, kind, exif=exif(orientation), comment="secret comment", **more)
    return data.getvalue()


def seen(name: str, data: bytes, settings: Settings = SMALL) -> Look:
    return look(name, data, settings)


def decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


# --- its size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_the_size_of_a_picture(kind: str) -> None:
    found = seen(f"a.{kind.lower()}", picture(kind)).picture
    assert (found.width, found.height) == (64, 48)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("metadata", ["strip", "keep"])
def test_a_picture_on_its_side_is_measured_as_browsers_show_it(orientation: int, metadata: str) -> None:
    settings = Settings(images=Images(metadata=metadata), trusted=False)  # type: ignore[arg-type]
    found = seen("a.jpg", picture("JPEG", orientation), settings).picture
    assert (found.width, found.height) == ((48, 64) if orientation >= 5 else (64, 48))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<svg width="30" height="20">', (30, 20)),
        ("<svg xmlns='x' height='20px' width='30px'/>", (30, 20)),
        ('<?xml version="1.0"?>\n<!-- a -->\n<svg\n viewBox="0 0 30 20">', (30, 20)),
        ('<svg viewBox="-5,-5, 30.4,19.6">', (30, 20)),
        ('<svg width="100%" height="100%" viewBox="0 0 30 20">', (30, 20)),
        ('<svg width="30" viewBox="0 0 60 40">', (60, 40)),
        ('<svg stroke-width="5" data-height="6">', (0, 0)),
        ('<svg width="1.2.3" height="20">', (0, 0)),
        ('<svg width="." height="." viewBox="0 0 . .">', (0, 0)),
        ("<svg>", (0, 0)),
        ("no picture", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_the_size_of_a_drawing(text: str, size: tuple[int, int]) -> None:
    assert size_of_drawing(text.encode()) == size


@given(st.text(st.sampled_from("<svg> width=\"0.-px' height=viewBox,")))
def test_a_broken_drawing_has_a_size_or_none(text: str) -> None:
    data = f'<svg width="{text}" height="{text}" viewBox="{text}">'.encode()
    assert all(side >= 0 for side in size_of_drawing(data))


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"]), st.data())
def test_a_broken_picture_has_a_size_or_none_and_crashes_nothing(kind: str, data: st.DataObject) -> None:
    whole = picture(kind)
    place = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, len(whole)))
    for broken in (whole[:cut], whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + 4 :]):
        found = seen(f"a.{kind.lower()}", broken)
        assert min(found.picture.width, found.picture.height) >= 0
        assert (found.published == b"") == (found.picture.cleaned == "")
        assert look(f"a.{kind.lower()}", broken, SMALL, "read").problems == found.problems


def test_a_webp_that_ends_before_its_first_flags_crashes_nothing() -> None:
    cut = picture("WEBP")[:12] + b"VP8X\x0a\x00\x00\x00"
    assert "is broken" in seen("a.webp", cut).problems[0].message


# --- what it tells -----------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_a_camera_wrote_is_not_published(kind: str, orientation: int) -> None:
    data = picture(kind, orientation)
    found = seen(f"a.{kind.lower()}", data)
    assert any(secret in data for secret in SECRETS)
    for published in (found.published, *found.made.values()):
        assert not [secret for secret in SECRETS if secret in published]
        assert not decoded(published).getexif()
        assert "xmp" not in decoded(published).info
    assert not found.problems


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_no_pixel_changes_when_metadata_is_taken_out(kind: str) -> None:
    data = picture(kind)
    assert decoded(scrubbed(data)).tobytes() == decoded(data).tobytes()
    assert not [secret for secret in SECRETS if secret in scrubbed(data)]
    assert scrubbed(scrubbed(data)) == scrubbed(data)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_moving_picture_still_moves_and_is_not_made_smaller(kind: str) -> None:
    other = NOISE.rotate(180)
    data = picture(kind, image=NOISE, save_all=True, append_images=[other], duration=100)
    found = seen(f"a.{kind.lower()}", data)
    assert not found.made
    with Image.open(io.BytesIO(found.published or data)) as image:
        assert getattr(image, "n_frames", 1) == 2
        assert not image.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_and_its_smaller_ones_stand_upright(kind: str, orientation: int) -> None:
    image = Image.new("RGB", (64, 48), "white")
    image.paste("black", (0, 0, 32, 24))
    found = seen(f"a.{kind.lower()}", picture(kind, orientation, image=image))
    dark = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
    for data in (found.published, *found.made.values()):
        one = decoded(data).convert("L")
        corners = {
            (x, y): one.getpixel((x * (one.width - 3) + 1, y * (one.height - 3) + 1))
            for x in (0, 1)
            for y in (0, 1)
        }
        assert min(corners, key=lambda corner: corners[corner]) == dark[orientation]  # type: ignore[arg-type,return-value]
        assert (one.width < one.height) == (orientation >= 5)


def test_the_picture_behind_a_picture_is_not_published() -> None:
    data = picture("MPO", save_all=True, append_images=[NOISE.rotate(180)])
    found = seen("a.jpg", data)
    assert data.count(b"\xff\xd8\xff") == 2
    assert found.published.count(b"\xff\xd8\xff") == 1
    assert found.made


def test_metadata_stays_where_the_settings_say_so() -> None:
    settings = Settings(images=Images(widths=(20, 40), metadata="keep"), trusted=False)
    found = seen("a.jpg", picture("JPEG", 6), settings)
    assert found.published == b""
    assert not any(decoded(data).getexif() for data in found.made.values())


@pytest.mark.parametrize(("name", "kind"), [("a.tiff", "TIFF"), ("a.avif", "AVIF"), ("a.jpg", "TIFF")])
def test_what_can_not_be_taken_out_is_told(name: str, kind: str) -> None:
    (problem,) = seen(name, picture(kind)).problems
    assert problem.message == "may tell where, when or with what it was made"


def test_a_format_that_nobody_here_reads_is_not_called_broken() -> None:
    assert seen("a.heic", b"ftypheic").problems == ()
    (problem,) = seen("a.heic", b"ftypheic Exif\0\0").problems
    assert problem.group == "pictures that tell of their making"


def test_colours_are_those_of_the_profile() -> None:
    image = Image.new("RGB", (64, 48), (10, 200, 10))
    # In a profile whose red and green have changed places, this green is meant for a red.
    turned = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    turned[:] = turned.replace(b"rXYZ", b"!!!!").replace(b"gXYZ", b"rXYZ").replace(b"!!!!", b"gXYZ")
    turned[:] = turned.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    data = picture("PNG", image=image, icc_profile=bytes(turned))
    found = seen("a.png", data)
    assert decoded(found.published).info["icc_profile"]
    with patch.object(shrink, "_FEW_COLOURS", 0):
        red, green, _ = decoded(shrink.smaller(data, (40,))[40]).getpixel((5, 5))  # type: ignore[misc]
    assert red > 150 > green


@pytest.mark.parametrize(
    "image",
    [
        *(NOISE.convert(mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")),
        Image.new("P", (64, 48)),
    ],
    ids=lambda image: image.mode,
)
def test_every_kind_of_pixels_can_be_made_smaller(image: Image.Image) -> None:
    data = io.BytesIO()
    image.save(data, "PNG")
    made = shrink.smaller(data.getvalue(), (20, 40))
    assert {width: decoded(one).size for width, one in made.items()} == {20: (20, 15), 40: (40, 30)}


# --- drawings ----------------------------------------------------------------------------------------

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 2 1"{}>{}</svg>'
)
HTML = "http://www.w3.org/1999/xhtml"


@pytest.mark.parametrize(
    ("root", "inside"),
    [
        ("", '<script>alert(1)</script><rect width="1"/>'),
        (' onload="alert(1)"', '<rect width="1"/>'),
        ("", '<rect width="1" onclick="alert(1)" OnMouseOver="alert(1)"/>'),
        ("", '<a xlink:href=" java&#10;script:alert(1)"><rect width="1"/></a>'),
        ("", '<a href="data:text/html,alert"><rect width="1"/></a>'),
        (
            "",
            f'<foreignObject><b xmlns="{HTML}">alert</b></foreignObject><rect width="1"/>',
        ),
        ("", '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script><rect width="1"/>'),
        (
            "",
            '<set attributeName="onclick" to="alert"/><animate attributeName="xlink:href" to="alert"/>'
            '<rect width="1"/>',
        ),
        ("", '<style>@import "https://e.example/alert";</style><rect width="1"/>'),
        ("", '<style>a{b:c}<g/>d{background:url(//e.example/alert)}</style><rect width="1"/>'),
        ("", '<rect width="1" style="fill:u\\72l(//e.example/alert)" fill="url(https://e.example/alert)"/>'),
        (
            "",
            '<image href="https://e.example/alert"/><use xlink:href="//e.example/alert#x"/><rect width="1"/>',
        ),
        ("", '<use href="data:image/svg+xml,alert"/><image href="/\\e.example/alert"/><rect width="1"/>'),
        (' xml:base="https://e.example/alert"', '<rect width="1"/>'),
        ("", '<?xml-stylesheet href="alert.css"?><rect width="1"/>'),
        (
            ' xmlns:i="http://i" i:export="/home/alert"',
            '<metadata>alert</metadata><i:x>alert</i:x><rect width="1"/>',
        ),
    ],
)
def test_a_drawing_only_draws(root: str, inside: str) -> None:
    found = seen("a.svg", SVG.format(root, inside).encode())
    text = found.published.decode()
    assert "alert" not in text
    assert '<rect width="1"' in text
    assert "e.example" not in text
    assert found.picture.width == 2


def test_an_entity_can_not_carry_a_script_past() -> None:
    script = "<script xmlns='http://www.w3.org/2000/svg'>alert(1)</script>"
    text = f'<!DOCTYPE svg [<!ENTITY x "{script}">]>' + SVG.format("", "&x;<rect/>")
    assert b"alert" not in seen("a.svg", text.encode()).published
    assert b"alert" not in seen("a.svg", text.encode("utf-16")).published


def test_a_drawing_that_only_draws_is_published_as_it_is() -> None:
    inside = (
        "<!-- by hand --><style>.a { fill: url('#b') }</style><title>&lt;</title>"
        '<a href="https://example.org/"><use href="#b"/></a><image href="data:image/png;base64,AA"/>'
    )
    found = seen("a.svg", SVG.format(' class="a" style="color: red"', inside).encode())
    assert found == Look(found.picture)
    assert not found.picture.cleaned


@pytest.mark.parametrize("text", ["<svg/>", SVG[:-8], "", "\0", SVG.replace("svg", "html"), "<a/><b/>"])
def test_what_is_no_drawing_is_not_published(text: str) -> None:
    found = seen("a.svg", text.encode())
    assert found.picture.refused
    assert [problem.group for problem in found.problems] == ["drawings that act"]
    assert seen("a.svgz", text.encode()).picture.refused


def test_a_trusted_drawing_may_act() -> None:
    data = SVG.format(' onload="x()"', "").encode()
    assert seen("a.svg", data, Settings(images=Images(), trusted=True)).published == b""


# --- smaller ones ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "made"),
    [(20, []), (21, [21]), (40, [20, 40]), (44, [20, 40]), (600, [20, 40])],
)
def test_which_sizes_are_made(own: int, made: list[int]) -> None:
    data = picture("JPEG", image=NOISE.resize((own, 30)), quality=95)
    assert [one.width for one in seen("a.jpg", data).picture.smaller] == made


def test_what_is_small_already_is_not_made_smaller() -> None:
    data = picture("WEBP", image=NOISE.resize((45, 30)), quality=1)
    assert seen("a.webp", data).picture.smaller == ()


def test_a_picture_with_too_many_pixels_is_not_decoded() -> None:
    data = picture("PNG", 6)
    for limit, told in (
        (2000, "has 48 x 64 pixels, too many to make it smaller"),
        (100, "has more pixels than are looked at"),
    ):
        with patch.object(Image, "MAX_IMAGE_PIXELS", limit):
            found = seen("a.png", data)
        assert not found.made
        assert not decoded(found.published).getexif()
        (problem,) = found.problems
        assert problem.message == told


BUILT: Mapping[str, str | bytes] = {
    **PLAIN_THEME,
    "sitegen.toml": 'theme.name = "chronicle"\nimages.widths = [20, 40]\n',
    "content/posts/x.md": post(image="Photo.JPG", body="![A](Photo.JPG)\n\n![B](/b.png)\n\n![C](c.svg)\n"),
    "content/posts/Photo.JPG": picture("JPEG", 6, quality=95),
    "content/b.png": picture("PNG"),
    "content/posts/c.svg": SVG.format(' onload="x()"', "<g/>"),
}


def test_pages_offer_smaller_pictures_and_every_address_leads_somewhere(tmp_path: Path) -> None:
    site = make_site(tmp_path, BUILT)
    warnings = build(site, "--json").json["warnings"]
    assert [one["file"] for one in warnings] == ["content/posts/c.svg"]
    files = output(site)
    assert dead_ends(files) == []
    page = files["posts/x/index.html"].decode()
    lead, first, second = re.findall(r"<picture>.*?</picture>", page)[:3]
    assert 'width="48" height="64" fetchpriority="high"' in lead
    assert "lazy" not in lead
    assert 'loading="lazy"' in first
    assert 'width="64" height="48"' in second
    assert re.search(r'srcset="../../assets/pictures/b-[0-9a-f]{10}-20.webp 20w, [^"]*-40.webp 40w"', second)
    assert 'src="c.svg"' not in page
    assert re.search('src="../../posts/c.svg" width="2" height="1"', page)
    assert b"onload" not in files["posts/c.svg"]
    assert not decoded(files["posts/Photo.JPG"]).getexif()
    assert re.search(r'data-pagefind-meta="image:../../assets/pictures/photo-[0-9a-f]{10}-20.webp"', page)


def test_only_the_picture_that_leads_a_page_is_loaded_at_once(tmp_path: Path) -> None:
    pair = "![A](/b.png)\n\n![B](/b.png)"
    texts = {
        "content/posts/lead.md": post(image="/b.png", body=pair),
        "content/posts/opens.md": post(body=pair),
        "content/posts/later.md": post(body=f"Words.\n\n{pair}"),
    }
    site = make_site(tmp_path, {"content/b.png": picture("PNG"), **texts})
    build(site)
    found = {}
    for name in ("lead", "opens", "later"):
        article = output(site)[f"posts/{name}/index.html"].decode().partition("</article>")[0]
        images = re.findall("<img [^>]*>", article)
        found[name] = [("high" in one, "lazy" in one) for one in images]
    first, lazy = (True, False), (False, True)
    assert found == {"lead": [first, lazy, lazy], "opens": [first, lazy], "later": [lazy, lazy]}


def test_no_smaller_pictures_are_made_where_none_are_wanted(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**BUILT, "sitegen.toml": "images.widths = []\n"})
    build(site)
    assert not [path for path in output(site) if path.endswith(".webp")]
    assert b"<picture" not in output(site)["posts/x/index.html"]
    assert not decoded(output(site)["posts/Photo.JPG"]).getexif()


def test_a_picture_is_made_once_and_kept_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path, BUILT)
    build(site)
    before = tree(site / "output")
    with monkeypatch.context() as patched:
        patched.delattr(shrink, "_webp")  # to make one more would fail
        build(site)
        os.utime(site / "content/b.png")
        shutil.rmtree(site / "output")
        build(site)
        assert tree(site / "output") == before
    for kept in (site / ".sitegen/pictures").iterdir():
        kept.write_bytes(b"harmed")
    shutil.rmtree(site / "output")
    build(site)
    assert tree(site / "output") == before
    (site / "content/b.png").unlink()
    build(site)
    assert not [path for path in output(site) if path.startswith("assets/pictures/b-")]
    assert len(list((site / ".sitegen/pictures").iterdir())) == 2


def test_pictures_are_the_same_whoever_makes_them(tmp_path: Path) -> None:
    names = {f"content/p{number}.jpg": picture("JPEG", 1 + number % 8, quality=95) for number in range(9)}
    trees = []
    for workers in (1, 2):
        site = make_site(tmp_path / str(workers), {**PLAIN_THEME, "content/posts/a.md": post(), **names})
        (site / "sitegen.toml").write_text('theme.name = "plain"\nimages.widths = [20, 40]\n')
        with patch.object(jobs, "WORTH_SPREADING", 2):
            assert run(site, "build", "--no-search", "--jobs", str(workers)).status == 0
        trees.append(tree(site / "output"))
    assert trees[0] == trees[1]
    assert len([path for path in trees[0] if path.endswith(".webp")]) == 18


def test_a_picture_that_changes_gets_other_names_and_the_pages_follow(tmp_path: Path) -> None:
    site = make_site(tmp_path, BUILT)
    with patch.object(identity, "GRAIN_NS", 0):
        build(site)
        before = output(site)
        time.sleep(0.01)
        make_site(site, {"content/b.png": picture("PNG", image=NOISE.rotate(180))})
        build(site)
    after = output(site)
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert len(gone) == len(new) == 2
    assert before["posts/x/index.html"] != after["posts/x/index.html"]
    assert dead_ends(after) == []


def test_a_text_that_calls_itself_a_picture_is_a_warning(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/x.md": post(image="a.jpg", body="![A](a.jpg)\n\n![B](b.png)\n"),
            "content/posts/a.jpg": "no picture",
            "content/posts/b.png": picture("PNG"),
        },
    )
    (warning,) = counts(site)["warnings"]
    assert warning["file"] == "content/posts/a.jpg"
    assert warning["message"] == "is no picture that can be read"
    page = output(site)["posts/x/index.html"].decode()
    made, broken = (re.search(rf'<img [^>]*alt="{alt}"[^>]*>', page) for alt in "BA")
    assert made
    assert 'width="64" height="48"' in made[0]
    assert broken
    assert "width" not in broken[0]


def test_a_cut_picture_is_a_warning_every_time(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**BUILT, "content/cut.jpg": picture("JPEG")[:-700]})
    first = counts(site)["warnings"]
    assert [one["message"] for one in first if one["file"] == "content/cut.jpg"]
    assert counts(site)["warnings"] == first
    assert not decoded_head(output(site)["cut.jpg"])


def test_a_check_finds_what_a_build_would_find_wrong_and_makes_no_picture(tmp_path: Path) -> None:
    files = {**BUILT, "content/cut.jpg": picture("JPEG")[:-700], "content/posts/a.jpg": "no picture"}
    site = make_site(tmp_path, files)
    first = run(site, "check", "--json").json
    assert {one["file"] for one in first["warnings"]} >= {"content/cut.jpg", "content/posts/a.jpg"}
    assert not (site / ".sitegen/pictures").exists()
    build(site)
    assert len([path for path in output(site) if path.endswith(".webp")]) > 1
    os.utime(site / "content/b.png")
    assert run(site, "check", "--json").json["warnings"] == first["warnings"]
    assert (site / ".sitegen/pictures").is_dir()


def decoded_head(data: bytes) -> Image.Exif:
    with Image.open(io.BytesIO(data)) as image:
        return image.getexif()


def test_widths_that_no_picture_can_have_are_an_error(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": "[images]\nwidths = [5, 480]\nmetadata = 'some'\n"})
    errors = run(site, "build", "--json").json["errors"]
    told = {(one["field"], one["message"]) for one in errors if one["file"] == "sitegen.toml"}
    assert ("images.metadata", '"some" is not one of "strip", "keep"') in told
