"""What EXIF says of places and people, taken out where it stands.

EXIF is a TIFF without a picture (Exif 3.0, section 4.5; TIFF 6.0, section 2), and a TIFF has the same in it.
Nothing is moved, but for entries that close up within their own directory: whatever points into the file
from elsewhere still hits.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

#: What was found: "gps", or "name" for whatever leads to a person.
Found = set[str]

#: Takes the bytes, and where the part begins and ends that it is about.
Scrub = Callable[[bytearray, int, int], Found]

_GPS = 0x8825

#: Artist, Copyright, XPAuthor, HostComputer, CameraOwnerName, BodySerialNumber, LensSerialNumber,
#: ImageEditor, Photographer, and MakerNote, in which cameras write their number and their owner's name.
_NAMES = (0x013B, 0x8298, 0x9C9D, 0x013C, 0xA430, 0xA431, 0xA435, 0xA438, 0xA437, 0x927C)

#: Directories in directories: Exif, interoperability, SubIFDs.
_BELOW = (0x8769, 0xA005, 0x014A)

#: Bytes of a value, by its type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}

#: More directories than any camera writes.
_MOST = 200


class _Entry(NamedTuple):
    place: int  #: of its 12 bytes
    tag: int
    type: int
    value: int  #: place of its value
    size: int


class Tiff:
    """The directories of a TIFF that lies in `data` from `start` to `end`."""

    def __init__(self, data: bytearray, start: int, end: int) -> None:
        self._data, self._start, self._end = data, start, end
        self._order = "<" if data[start : start + 2] == b"II" else ">"
        self._seen: set[int] = set()

    def scrub(self, inside: Mapping[int, Scrub]) -> Found:
        """Take out what leads to a place or person; `inside` does so in the values of other tags."""
        if self._end - self._start < 8 or self._number("H", self._start + 2) != 42:
            return set()
        found: Found = set()
        for directory in self._chain(self._number("L", self._start + 4)):
            found |= self._scrub_directory(directory, inside)
        return found

    def _scrub_directory(self, place: int, inside: Mapping[int, Scrub]) -> Found:
        found: Found = set()
        # From the last on, since what stands behind a removed entry moves up.
        for entry in reversed(self._entries(place)):
            if entry.tag in _BELOW:
                for below in self._pointers(entry):
                    for directory in self._chain(below):
                        found |= self._scrub_directory(directory, inside)
            elif entry.tag == _GPS:
                found |= self._scrub_gps(place, entry)
            elif entry.tag in _NAMES and any(byte not in b"\0 " for byte in self._bytes(entry)):
                self._remove(place, entry)
                found.add("name")
            elif entry.tag in inside:
                found |= inside[entry.tag](self._data, entry.value, entry.value + entry.size)
        return found

    def _scrub_gps(self, place: int, entry: _Entry) -> Found:
        known = False
        for pointer in self._pointers(entry):
            for directory in self._chain(pointer):
                entries = self._entries(directory)
                # Many programs write the version of a GPS directory that says nothing.
                known = known or any(one.tag != 0 for one in entries)
                if known:
                    for one in reversed(entries):
                        self._remove(directory, one)
        if known:
            self._remove(place, entry)
        return {"gps"} if known else set()

    def _chain(self, offset: int) -> Iterator[int]:
        """The places of a directory and of those that follow it."""
        while offset and len(self._seen) < _MOST:
            place = self._start + offset
            if place in self._seen or place + 6 > self._end:
                return
            self._seen.add(place)
            count = self._number("H", place)
            after = place + 2 + 12 * count
            if after + 4 > self._end:
                return
            offset = self._number("L", after)
            yield place

    def _entries(self, place: int) -> list[_Entry]:
        entries = []
        for at in range(place + 2, place + 2 + 12 * self._number("H", place), 12):
            tag, kind = self._number("H", at), self._number("H", at + 2)
            size = _SIZES.get(kind, 0) * self._number("L", at + 4)
            value = at + 8 if size <= 4 else self._start + self._number("L", at + 8)
            if size and value + size <= self._end:
                entries.append(_Entry(at, tag, kind, value, size))
        return entries

    def _pointers(self, entry: _Entry) -> list[int]:
        return [self._number("L", at) for at in range(entry.value, entry.value + entry.size - 3, 4)]

    def _remove(self, place: int, entry: _Entry) -> None:
        """Blank an entry's value, and close the gap that it leaves among the entries."""
        count = self._number("H", place)
        if not count:  # in a harmed picture a value may lie over the directory
            return
        self._data[entry.value : entry.value + entry.size] = bytes(entry.size)
        end = place + 2 + 12 * count + 4
        rest = self._data[entry.place + 12 : end]
        self._data[entry.place : end] = rest + bytes(12)
        struct.pack_into(self._order + "H", self._data, place, count - 1)

    def _bytes(self, entry: _Entry) -> bytes:
        return bytes(self._data[entry.value : entry.value + entry.size])

    def _number(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(self._order + kind, self._data, place)[0])
