"""How large a picture is, so that a page can keep its place free."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

#: The EXIF tag of the orientation, and its values that turn a picture on its side.
_ORIENTATION, _ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)

_NUMBER = r"(\d+\.?\d*|\.\d+)"


def size_of(path: Path) -> tuple[int, int]:
    """Width and height in pixels as a browser shows the picture; (0, 0) when they can't be told."""
    if path.suffix.lower() == ".svg":
        return _size_of_svg(path)
    from PIL import Image

    try:
        # Only the size is read: no picture is too large for that, and its other oddities don't matter.
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            width, height = image.size
            turned = image.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0, 0
    return (height, width) if turned else (width, height)


def _size_of_svg(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        opening = re.search(r"<svg\b[^>]*>", file.read(65536).decode("utf-8", "replace"))
    if not opening:
        return 0, 0
    sides = [
        re.search(rf'\s{side}\s*=\s*["\']{_NUMBER}(?:px)?["\']', opening[0]) for side in ("width", "height")
    ]
    if all(sides):
        return tuple(round(float(side[1])) for side in sides if side)  # type: ignore[return-value]
    box = re.search(
        r'\sviewBox\s*=\s*["\'][-\d.]+[\s,]+[-\d.]+[\s,]+' + rf"{_NUMBER}[\s,]+{_NUMBER}", opening[0]
    )
    return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
