"""A picture without what cameras and programs write beside it: place, device, owner, comments, thumbnails.

The pixels are not touched, so nothing of the picture is lost. What is kept is listed, all else goes: JPEG
(ITU-T T.81, JFIF), PNG (W3C PNG, third edition), WebP (RFC 9649), GIF (89a).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Segments for applications that change how a JPEG looks: its kind, its colour profile, its colour space.
_JPEG_KEPT = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_JPEG_COMMENT, _JPEG_SCAN, _JPEG_END = 0xFE, 0xDA, 0xD9

#: What ends the data of a scan: a marker that is neither a stuffed byte nor a restart.
_AFTER_SCAN = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")

#: Chunks beside the critical ones that change how a PNG looks, animation among them.
_PNG_KEPT = frozenset(
    b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)

_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF_AND_XMP = 0b1100

_GIF_KEPT = (b"\xf9", b"\x01", b"\xff\x0bNETSCAPE2.0", b"\xff\x0bANIMEXTS1.0")


def scrubbed(data: bytes) -> bytes:
    """The same picture with nothing written beside it; `data` of another format as it is.

    Raises ValueError for a file that is not put together as its format has it.
    """
    if data.startswith(b"\xff\xd8"):
        return b"".join(_jpeg(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"".join(_png(data))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return b"".join(_gif(data))
    return data


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while at < len(data):
        marker = data[at + 1 : at + 2]
        if data[at] != 0xFF or not marker:
            raise ValueError("something stands between the segments of a JPEG")
        if marker == b"\xff":  # a byte that only fills
            at += 1
            continue
        if marker[0] == _JPEG_END:  # what follows is another picture, with its own metadata
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + max(length, 2)
        if marker[0] == _JPEG_SCAN:
            after = _AFTER_SCAN.search(data, end)
            end = after.start() if after else len(data)
        if _is_kept_in_jpeg(marker[0], data[at + 4 : at + 16]):
            yield data[at:end]
        at = end
    yield b"\xff\xd9"


def _is_kept_in_jpeg(marker: int, opening: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return any(marker == kept and opening.startswith(name) for kept, name in _JPEG_KEPT)
    return marker != _JPEG_COMMENT


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    for at, end, kind in _chunks(data, 8, "big", 4):
        if kind[:1].isupper() or kind in _PNG_KEPT:
            yield data[at:end]
        if kind == b"IEND":
            return


def _webp(data: bytes) -> bytes:
    kept = []
    for at, end, kind in _chunks(data, 12, "little", 0):
        if kind == b"VP8X":
            flags = bytes(flag & ~_WEBP_EXIF_AND_XMP for flag in data[at + 8 : at + 9])
            kept.append(data[at : at + 8] + flags + data[at + 9 : end])
        elif kind in _WEBP_KEPT:
            kept.append(data[at:end])
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(data: bytes, at: int, order: str, tail: int) -> Iterator[tuple[int, int, bytes]]:
    """Where each chunk begins and ends, and its kind. A PNG's has its length first, and a sum at its end."""
    while at + 8 <= len(data):
        if order == "big":
            length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        else:
            kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
            length += length % 2
        end = at + 8 + length + tail
        yield at, end, kind
        at = end


def _gif(data: bytes) -> Iterator[bytes]:
    at = 13 + _colours(data[10:11])
    yield data[:at]
    while at < len(data) and data[at : at + 1] != b"\x3b":
        if data[at : at + 1] == b"\x21":
            end = _end_of_blocks(data, at + 2)
            if data[at + 1 : at + 13].startswith(_GIF_KEPT):
                yield data[at:end]
        elif data[at : at + 1] == b"\x2c":
            end = _end_of_blocks(data, at + 11 + _colours(data[at + 9 : at + 10]))
            yield data[at:end]
        else:
            raise ValueError("something stands between the blocks of a GIF")
        at = end
    yield b"\x3b"


def _colours(flags: bytes) -> int:
    """How many bytes the table of colours has that `flags` speak of."""
    return 3 * 2 ** ((flags[0] & 0b111) + 1) if flags and flags[0] & 0x80 else 0


def _end_of_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
