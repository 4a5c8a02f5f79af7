"""How large a picture is, so that a page can keep its place free."""

from __future__ import annotations

import re

#: The EXIF tag of the orientation, and its values that turn a picture on its side.
ORIENTATION, ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)

_NUMBER = r"(\d+\.?\d*|\.\d+)"


def size_of_drawing(data: bytes) -> tuple[int, int]:
    """Width and height of an SVG in pixels, as far as it says; (0, 0) when they can't be told."""
    opening = re.search(r"<svg\b[^>]*>", data[:65536].decode("utf-8", "replace"))
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
