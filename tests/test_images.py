"""How large a picture is, whatever its file holds."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from sitegen.images import size_of
from tests.sites import build, make_site, output, post


def picture(kind: str, orientation: int = 1) -> bytes:
    """A picture of 30 by 20 pixels."""
    data = io.BytesIO()
    image = Image.new("RGB", (30, 20), "red")
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(data, kind, exif=exif)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_the_size_of_a_picture(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    path.write_bytes(picture(kind))
    assert size_of(path) == (30, 20)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_on_its_side_is_measured_as_browsers_show_it(orientation: int, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(picture("JPEG", orientation))
    assert size_of(path) == ((20, 30) if orientation >= 5 else (30, 20))


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
def test_the_size_of_a_drawing(text: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text(text)
    assert size_of(path) == size


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broken")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"]), st.data())
def test_a_broken_picture_has_a_size_or_none_and_crashes_nothing(
    folder: Path, kind: str, data: st.DataObject
) -> None:
    whole = picture(kind)
    cut = data.draw(st.integers(0, len(whole)))
    place = data.draw(st.integers(0, len(whole)))
    broken = whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + 4 :]
    path = folder / f"a.{kind.lower()}"
    for bytes_ in (whole[:cut], broken):
        path.write_bytes(bytes_)
        width, height = size_of(path)
        assert width >= 0
        assert height >= 0


@given(st.text(st.sampled_from("<svg> width=\"0.-px' height=viewBox,")))
def test_a_broken_drawing_has_a_size_or_none(folder: Path, text: str) -> None:
    path = folder / "a.svg"
    path.write_text(f'<svg width="{text}" height="{text}" viewBox="{text}">', encoding="utf-8")
    assert all(side >= 0 for side in size_of(path))


def test_a_text_that_calls_itself_a_picture_builds(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/x.md": post(image="a.jpg", body="![A](a.jpg)\n\n![B](b.png)\n"),
            "content/posts/a.jpg": "no picture",
            "content/posts/b.png": picture("PNG"),
        },
    )
    assert build(site, "--json").json["warnings"] == []
    page = output(site)["posts/x/index.html"].decode()
    made, broken = (re.search(rf'<img [^>]*alt="{alt}"[^>]*>', page) for alt in "BA")
    assert made
    assert 'width="30" height="20"' in made[0]
    assert broken
    assert "width" not in broken[0]
