"""Folders and files of other people, looked at with care: no link is followed out of them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from sitegen.intake.items import LARGEST_TEXT

#: Folders that hold no text that a person wrote.
_SKIPPED = frozenset({"node_modules", "__pycache__", "vendor", "bower_components"})

#: Texts about a site's files, not of the site.
_ABOUT_FILES = ("readme", "license", "licence", "copying", "changelog", "contributing", "code_of_conduct")

#: Files that systems and editors leave behind.
_LEAVINGS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


class Unreadable(Exception):  # noqa: N818 - it is the file's fault, not an error of ours
    """Why a file can't be read as text, as a clause."""


def walk(root: Path, skipped: tuple[str, ...] = ()) -> Iterator[tuple[str, Path]]:
    """Every file below `root`: its path with "/" between, and where it lies; in order of path.

    Hidden files and folders, and the folders named in `skipped` at the top, are passed by, as is every
    link that leads out of `root`.
    """
    inside = os.path.realpath(root) + os.sep
    found = []
    for place, folders, names in os.walk(root):
        below = os.path.relpath(place, root).replace(os.sep, "/")
        top = below == "."
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in _SKIPPED and not (top and name in skipped)
        ]
        for name in names:
            path = Path(place, name)
            hidden = name.startswith(".") or name.lower() in _LEAVINGS
            if not hidden and path.is_file() and os.path.realpath(path).startswith(inside):
                found.append((name if top else f"{below}/{name}", path))
    yield from sorted(found)


def files_of(source: Path) -> list[tuple[str, Path]]:
    """The file at `source`, or every file of the folder: see `walk`."""
    return list(walk(source)) if source.is_dir() else [(source.name, source)]


def about_files(path: str) -> bool:
    """Whether a file is a README or the like."""
    name = path.rpartition("/")[2].lower()
    return name.rpartition(".")[0].replace("-", "_") in _ABOUT_FILES or name in _ABOUT_FILES


def read_text(path: Path) -> tuple[str, bool]:
    """The text of a file, its lines ending in a newline; and whether its encoding had to be guessed.

    Raises Unreadable for what is no text.
    """
    return decode(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """What is in a file that should be a text. Raises Unreadable where it is too large, or can't be had."""
    try:
        if path.stat().st_size > LARGEST_TEXT:
            raise Unreadable(f"is larger than {LARGEST_TEXT >> 20} MB, which no text is")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"can not be read: {(error.strerror or str(error)).lower()}") from None


def decode(data: bytes) -> tuple[str, bool]:
    """Bytes as text: UTF-8, UTF-16 by its mark, else a guess at Windows' Cyrillic or Western letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _lines(data.decode("utf-16", "replace")), False
    if b"\0" in data:
        raise Unreadable("is not a text file")
    try:
        return _lines(data.decode("utf-8-sig")), False
    except UnicodeDecodeError:
        # In the Cyrillic code page nearly all letters are above 0xC0; in the Western one few are.
        high = sum(byte >= 0xC0 for byte in data)
        letters = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in data)
        return _lines(data.decode("cp1251" if high > letters else "cp1252", "replace")), True


def decode_page(data: bytes) -> str:
    """A web page as text, in the encoding that it names. Raises Unreadable."""
    named = re.search(rb"charset=[\"']?([\w-]+)", data[:4096])
    try:
        return data.decode(named[1].decode() if named else "utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        return decode(data)[0]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def readable(name: str) -> str:
    """A name as it can be written in UTF-8 and compared: NFC, half characters told by their number."""
    whole = name.encode("utf-8", "backslashreplace").decode()
    return unicodedata.normalize("NFC", whole)
