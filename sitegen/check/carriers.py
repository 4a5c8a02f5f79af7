"""Where the metadata of a picture lie: JPEG, PNG, WebP, TIFF, and whatever else holds EXIF or XMP whole.

The pixels are never touched, nor decoded.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from sitegen.check.exif import Found
from sitegen.check.traces import scrub_exif, scrub_iptc, scrub_photoshop, scrub_xmp


class Scrubbed(NamedTuple):
    data: bytes  #: the file without what was found
    found: frozenset[str]  #: "gps", and "name" for whatever leads to a person


def scrub(data: bytes) -> Scrubbed:
    """Take places and people out of a picture's metadata. A file that is no picture comes back as it is."""
    changed = bytearray(data)
    if data.startswith(b"\xff\xd8"):
        found = _jpeg(changed, 0)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _png(changed)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = _webp(changed)
    elif data[:4] in (b"II*\0", b"MM\0*"):
        found = scrub_exif(changed, 0, len(changed))
    else:
        found = _anywhere(changed)
    return Scrubbed(bytes(changed), frozenset(found)) if found else Scrubbed(data, frozenset())


_SEGMENTS = (
    (0xE1, b"Exif\0\0", scrub_exif),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0", scrub_xmp),
    (0xE1, b"http://ns.adobe.com/xmp/extension/\0", scrub_xmp),
    (0xED, b"Photoshop 3.0\0", scrub_photoshop),
)


def _jpeg(data: bytearray, place: int) -> Found:
    """Segments by segments (ITU-T T.81, annex B); pictures that follow the first one too."""
    found: Found = set()
    place += 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:  # the scan: up to the next marker that isn't part of it
            marker = _SCANNED.search(data, place)
            if marker is None:
                return found
            place = marker.start()
        kind = data[place + 1]
        if kind == 0xD9:
            following = data.find(b"\xff\xd8\xff", place)
            return found | (_jpeg(data, following) if following >= 0 else set())
        if kind == 0xFF or kind == 0x01 or 0xD0 <= kind <= 0xD8:
            place += 1 if kind == 0xFF else 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        for number, name, scrubber in _SEGMENTS:
            if kind == number and data.startswith(name, place + 4):
                found |= scrubber(data, place + 4 + len(name), min(end, len(data)))
        place = max(end, place + 4)
    return found


_SCANNED = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_PERSONAL = re.compile(
    rb"(exif:)?(author|artist|creator|copyright|.*owner ?name|.*serial ?number)", re.IGNORECASE
)
_PROFILE = re.compile(rb"raw profile type (exif|app1|iptc|8bim|xmp)", re.IGNORECASE)
_XMP = b"XML:com.adobe.xmp"


def _png(data: bytearray) -> Found:
    """Chunk by chunk (PNG, third edition, section 5); those that are about a person go whole."""
    found: Found = set()
    kept = bytearray(data[:8])
    place = 8
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind, body = bytes(data[place + 4 : place + 8]), data[place + 8 : end - 4]
        here, left = _png_chunk(kind, body)
        found |= here
        if not here:
            kept += data[place:end]
        elif left is not None:
            whole = kind + left
            kept += len(left).to_bytes(4) + whole + zlib.crc32(whole).to_bytes(4)
        place = end
    data[:] = kept + data[place:]
    return found


def _png_chunk(kind: bytes, body: bytearray) -> tuple[Found, bytes | None]:
    """What a chunk tells, and what is left of it: None if nothing."""
    if kind == b"eXIf":
        return scrub_exif(body, 0, len(body)), bytes(body)
    if kind not in (b"tEXt", b"zTXt", b"iTXt"):
        return set(), None
    keyword, _, rest = bytes(body).partition(b"\0")
    if re.fullmatch(rb"exif:GPS\w+", keyword):
        return {"gps"}, None
    if _PERSONAL.fullmatch(keyword):
        return ({"name"} if rest.strip(b"\0 ") else set()), None
    if keyword == _XMP and rest[:1] == b"\0":
        return scrub_xmp(body, 0, len(body)), bytes(body)
    text = _inflated(kind, rest)
    if keyword == _XMP:
        return scrub_xmp(text, 0, len(text)), None
    if _PROFILE.fullmatch(keyword):
        return _raw_profile(text), None
    return set(), None


def _inflated(kind: bytes, rest: bytes) -> bytearray:
    """The text of a chunk behind its keyword, at most 16 MB of it."""
    if kind == b"tEXt":
        return bytearray(rest)
    packed = rest[1:] if kind == b"zTXt" else rest[2:].split(b"\0", 2)[-1]
    if kind == b"iTXt" and rest[:1] == b"\0":
        return bytearray(packed)
    try:
        return bytearray(zlib.decompressobj().decompress(packed, 2**24))
    except zlib.error:
        return bytearray()


def _raw_profile(text: bytearray) -> Found:
    """A profile as ImageMagick writes it: a name, a length, and hexadecimal digits."""
    digits = re.sub(rb"[^0-9a-fA-F]", b"", b"".join(bytes(text).split(b"\n")[3:]))
    profile = bytearray(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()))
    size = len(profile)
    photoshop = scrub_photoshop(profile, 14 if profile.startswith(b"Photoshop 3.0\0") else 0, size)
    return (
        photoshop | scrub_exif(profile, 0, size) | scrub_iptc(profile, 0, size) | scrub_xmp(profile, 0, size)
    )


def _webp(data: bytearray) -> Found:
    """Chunk by chunk (RFC 9649, section 2.3)."""
    found: Found = set()
    place = 12
    while place + 8 <= len(data):
        kind, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        end = min(place + 8 + size, len(data))
        if kind == b"EXIF":
            found |= scrub_exif(data, place + 8, end)
        elif kind == b"XMP ":
            found |= scrub_xmp(data, place + 8, end)
        place += 8 + size + size % 2
    return found


_EXIF_ANYWHERE = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_XMP_ANYWHERE = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)


def _anywhere(data: bytearray) -> Found:
    """AVIF, HEIC, GIF and others: each packet of metadata in them lies in one piece."""
    found: Found = set()
    for match in list(_EXIF_ANYWHERE.finditer(data)):
        found |= scrub_exif(data, match.end(), len(data))
    for match in list(_XMP_ANYWHERE.finditer(data)):
        found |= scrub_xmp(data, match.start(), match.end())
    return found
