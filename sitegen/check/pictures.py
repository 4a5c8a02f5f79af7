"""Rules about one picture: what its metadata betray, and how large it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from sitegen.check.carriers import scrub
from sitegen.check.rule import Rule
from sitegen.errors import Problem
from sitegen.find import CONTENT

#: Bytes of a picture that a reader on a slow line waits for a minute or so.
LARGEST = 1_000_000

SUFFIXES = frozenset(
    (".avif", ".gif", ".heic", ".heif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
)


class Picture(Struct, frozen=True, kw_only=True):
    """A file of content/ that is a picture by its name."""

    path: str  #: below content/
    size: int  #: in bytes
    found: frozenset[str]  #: see `carriers.scrub`

    def problem(self, message: str, hint: str) -> Problem:
        return Problem(file=f"{CONTENT}/{self.path}", message=message, hint=hint)


def picture(path: str, data: bytes) -> Picture:
    return Picture(path=path, size=len(data), found=scrub(data).found)


def is_picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in SUFFIXES


def place_taken(one: Picture) -> Iterator[Problem]:
    """What is found is not told: reports are read by more people than the archive's own."""
    if "gps" in one.found:
        told = "the picture's metadata tell where it was taken"
        yield one.problem(told, "take them out: sitegen check --fix")


def person_named(one: Picture) -> Iterator[Problem]:
    if "name" in one.found:
        told = "the picture's metadata name its author, or the number of the camera"
        yield one.problem(told, "take them out: sitegen check --fix")


def too_large(one: Picture) -> Iterator[Problem]:
    if one.size > LARGEST:
        told = f"the picture weighs {one.size / 1_000_000:.1f} MB"
        yield one.problem(
            told, f"save it with at most {LARGEST // 1_000_000} MB; 2000 pixels across are enough"
        )


RULES = (
    Rule(
        "picture-gps",
        "error",
        ("picture that tells where it was taken", "pictures that tell where they were taken"),
        "A picture's metadata don't tell where it was taken.",
        place_taken,
        mends=True,
    ),
    Rule(
        "picture-name",
        "warning",
        ("picture that names a person in its metadata", "pictures that name a person in their metadata"),
        "A picture's metadata don't name its author, nor the number of the camera.",
        person_named,
        mends=True,
    ),
    Rule(
        "picture-large",
        "warning",
        ("picture that is too large", "pictures that are too large"),
        f"A picture weighs at most {LARGEST // 1_000_000} MB.",
        too_large,
    ),
)
