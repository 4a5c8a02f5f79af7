"""One picture file -> what is known of it, what is published in its place, and smaller ones of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from msgspec import Struct

from sitegen.config import Config, Images
from sitegen.errors import Problem
from sitegen.manifest import sha256
from sitegen.model import Picture, Smaller
from sitegen.pictures.drawing import tamed
from sitegen.pictures.scrub import scrubbed
from sitegen.pictures.shrink import (
    SHRUNK,
    Facts,
    TooLargeError,
    facts_of,
    most_pixels,
    opened,
    smaller,
    upright,
)
from sitegen.pictures.size import size_of_drawing
from sitegen.urls import slug_of_file

#: Where smaller pictures lie in the output.
FOLDER = "assets/pictures"

_DRAWINGS = (".svg", ".svgz")
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".pjp", ".pjpeg", ".png", ".apng", ".webp", ".gif"),
    *(".avif", ".bmp", ".heic", ".heif", ".ico", ".jxl", ".tif", ".tiff"),
    *_DRAWINGS,
)

#: Formats that no decoder of ours knows.
_UNREAD = (".heic", ".heif", ".jxl")

#: What metadata begins with in formats that are not taken apart.
_MARKS = (b"Exif\0\0", b"<x:xmpmeta")


class Settings(Struct, frozen=True, kw_only=True):
    """What of a site's settings shapes its pictures."""

    images: Images
    trusted: bool  #: drawings may act


class Look(NamedTuple):
    """What one picture came to."""

    picture: Picture
    problems: tuple[Problem, ...] = ()
    published: bytes = b""  #: where that is not the file itself
    made: Mapping[str, bytes] = {}  #: digest -> a smaller picture


def settings_of(config: Config) -> Settings:
    return Settings(images=config.images, trusted=config.markdown.html == "trusted")


def is_picture(path: str) -> bool:
    return path.lower().endswith(_SUFFIXES)


#: What is done with a picture's pixels: smaller pictures, only a look whether that can be done, or nothing.
Pixels = Literal["shrink", "read", "leave"]


def look(path: str, data: bytes, settings: Settings, pixels: Pixels = "shrink") -> Look:
    """What the picture file `path`, which holds `data`, comes to."""
    if path.lower().endswith(_DRAWINGS):
        return _drawing(path, data, settings)
    problems: list[Problem] = []

    def warn(message: str, hint: str, group: str) -> None:
        problems.append(Problem(file=f"content/{path}", message=message, hint=hint, group=group))

    facts = None if path.lower().endswith(_UNREAD) else _facts(data, warn)
    published = data
    if settings.images.metadata == "strip":
        published = _stripped(data, facts, warn)
    widths = _widths(facts, settings.images.widths, warn) if facts and pixels != "leave" else ()
    made = _smaller(data, len(published), widths, warn, shrink=pixels == "shrink")
    sizes = [(width, sha256(one)) for width, one in sorted(made.items())]
    picture = Picture(
        width=facts.size[0] if facts else 0,
        height=facts.size[1] if facts else 0,
        smaller=tuple(
            Smaller(width=width, path=_place(path, one, width), digest=one) for width, one in sizes
        ),
        cleaned=sha256(published) if published != data else "",
    )
    by_digest = {one: made[width] for width, one in sizes}
    return Look(picture, tuple(problems), published if picture.cleaned else b"", by_digest)


_Warn = Callable[[str, str, str], None]

_BROKEN = "pictures that are broken"
_TOO_LARGE = "pictures that are too large"
_TELLING = "pictures that tell of their making"
_ACTING = "drawings that act"


def _facts(data: bytes, warn: _Warn) -> Facts | None:
    try:
        with opened(data) as image:
            return facts_of(image)
    except TooLargeError as error:
        warn(str(error), _fewer(), _TOO_LARGE)
    except ValueError as error:
        warn(str(error), "save it anew with the program it comes from", _BROKEN)
    return None


def _fewer() -> str:
    return f"save it with at most {most_pixels() // 1_000_000} million"


def _is_too_large(facts: Facts) -> bool:
    return facts.size[0] * facts.size[1] > most_pixels()


def _stripped(data: bytes, facts: Facts | None, warn: _Warn) -> bytes:
    """The picture without its metadata, and upright."""
    try:
        if (
            facts
            and facts.turned
            and facts.format in SHRUNK
            and not facts.animated
            and not _is_too_large(facts)
        ):
            return scrubbed(upright(data))
        clean = scrubbed(data)
    except ValueError as error:
        if facts and facts.format in SHRUNK and not facts.animated:
            return _saved_anew(data, error, warn)
        clean = data
    if clean == data and ((facts and facts.telling) or any(mark in data for mark in _MARKS)):
        hint = "save it as JPEG, PNG or WebP, from which such notes are taken out"
        warn("may tell where, when or with what it was made", hint, _TELLING)
    return clean


def _saved_anew(data: bytes, error: ValueError, warn: _Warn) -> bytes:
    """A picture that is put together oddly, as a decoder understands it."""
    try:
        return scrubbed(upright(data))
    except ValueError:
        message = f"is broken, so what it tells of its making can not be taken out: {error}"
        warn(message, "save it anew with the program it comes from", _BROKEN)
        return data


def _smaller(
    data: bytes, limit: int, widths: tuple[int, ...], warn: _Warn, *, shrink: bool
) -> dict[int, bytes]:
    """Smaller pictures by their width, of at most `limit` bytes."""
    try:
        made = smaller(data, widths, shrink=shrink) if widths else {}
    except ValueError as error:
        warn(str(error), "save it anew with the program it comes from", _BROKEN)
        return {}
    return made if made and len(made[max(made)]) < limit else {}


def _widths(facts: Facts, wanted: tuple[int, ...], warn: _Warn) -> tuple[int, ...]:
    """The widths to make of a picture: none much like the next, and its own where it is not too wide.

    None at all where it is small enough for any screen, or can't be made smaller.
    """
    own = facts.size[0]
    if not wanted or own <= min(wanted) or facts.format not in SHRUNK or facts.animated:
        return ()
    if _is_too_large(facts):
        message = f"has {facts.size[0]} x {facts.size[1]} pixels, too many to make it smaller"
        warn(message, _fewer(), _TOO_LARGE)
        return ()
    top = min(own, max(wanted))
    return tuple(sorted({*(width for width in wanted if width < top * 0.85), top}))


def _place(path: str, digest: str, width: int) -> str:
    # In lower case, since on some disks names that differ only by case are one.
    stem = slug_of_file(PurePosixPath(path).stem).lower()[:40]
    return f"{FOLDER}/{stem}-{digest[:10]}-{width}.webp"


def _drawing(path: str, data: bytes, settings: Settings) -> Look:
    width, height = size_of_drawing(data)
    if settings.trusted:
        return Look(Picture(width=width, height=height))
    file, packed = f"content/{path}", path.lower().endswith(".svgz")
    try:
        if packed:
            raise ValueError("it is packed")
        published, removed = tamed(data)
    except ValueError as error:
        message = f"is not published, for it could hide what acts: {error}"
        hint = "unpack it to .svg" if packed else "save it anew as SVG"
        return Look(Picture(refused=True), (Problem(file=file, message=message, hint=hint, group=_ACTING),))
    problems: tuple[Problem, ...] = ()
    if removed:
        message = f"what could act or load something was taken out: {', '.join(removed)[:200]}"
        hint = 'take it out of the file, or set html = "trusted" in [markdown]'
        problems = (Problem(file=file, message=message, hint=hint, group=_ACTING),)
    if published == data:
        return Look(Picture(width=width, height=height), problems)
    return Look(Picture(width=width, height=height, cleaned=sha256(published)), problems, published)
