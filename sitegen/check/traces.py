"""Places and people in XMP, IPTC and Photoshop's blocks, blanked where they stand: no byte moves.

XMP: ISO 16684-1. IPTC: Information Interchange Model 4.2, record 2. Photoshop: "Image Resource Blocks" of its
file format.
"""

from __future__ import annotations

import re

from sitegen.check.exif import Found, Tiff

#: Properties of XMP by their local name: prefixes are free, and these names are used by no other.
_PLACES = rb"GPS\w+|LocationCreated"
_PEOPLE = (
    rb"creator|Artist|AuthorsPosition|CaptionWriter|Credit|CreatorContactInfo|rights|Owner"
    rb"|OwnerName|CameraOwnerName|SerialNumber|BodySerialNumber|LensSerialNumber|CameraSerialNumber|ImageCreator"
    rb"|CopyrightOwner|ImageSupplier|Photographer|LastKeywordAuthor"
)
_NAME = rb"([\w.-]+:(?:" + _PLACES + rb"|" + _PEOPLE + rb"))"
_ATTRIBUTE = re.compile(rb"\s" + _NAME + rb"\s*=\s*(\"[^\"]*\"|'[^']*')")
_ELEMENT = re.compile(rb"<" + _NAME + rb"(?:\s[^<>]*)?(?<!/)>(.*?)</\1\s*>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")

#: By-line, its title, credit, source, copyright, contact, writer.
_IPTC = (80, 85, 110, 115, 116, 118, 122)


def scrub_xmp(data: bytearray, start: int, end: int) -> Found:
    found: Found = set()
    for pattern in (_ELEMENT, _ATTRIBUTE):
        for match in list(pattern.finditer(data, start, end)):
            if _TAG.sub(b"", match[2]).strip(b"\"' \t\r\n\0"):
                found.add("gps" if re.search(_PLACES, match[1]) else "name")
                data[match.start() : match.end()] = b" " * len(match[0])
    return found


def scrub_iptc(data: bytearray, start: int, end: int) -> Found:
    found: Found = set()
    while start + 5 <= end and data[start] == 0x1C:
        record, number = data[start + 1], data[start + 2]
        size = int.from_bytes(data[start + 3 : start + 5])
        value = slice(start + 5, start + 5 + size)
        if size >= 0x8000 or value.stop > end:
            break  # an extended dataset, which these never are
        if record == 2 and number in _IPTC and data[value].strip(b" \0"):
            found.add("name")
            data[value] = b" " * size
        start = value.stop
    return found


def scrub_photoshop(data: bytearray, start: int, end: int) -> Found:
    found: Found = set()
    while start + 12 <= end and data[start : start + 4] == b"8BIM":
        number = int.from_bytes(data[start + 4 : start + 6])
        named = start + 6 + (data[start + 6] + 2) // 2 * 2
        size = int.from_bytes(data[named : named + 4])
        value = named + 4
        if value + size > end:
            break
        if scrub := _RESOURCES.get(number):
            found |= scrub(data, value, value + size)
        start = value + (size + 1) // 2 * 2
    return found


def scrub_exif(data: bytearray, start: int, end: int) -> Found:
    """EXIF, perhaps with its name in front."""
    if data[start : start + 6] == b"Exif\0\0":
        start += 6
    if not data.startswith((b"II*\0", b"MM\0*"), start):
        return set()
    return Tiff(data, start, end).scrub({0x02BC: scrub_xmp, 0x83BB: scrub_iptc, 0x8649: scrub_photoshop})


_RESOURCES = {0x0404: scrub_iptc, 0x0422: scrub_exif, 0x0424: scrub_xmp}
