"""Texts that say nearly the same: found by a small sketch of each, without comparing all with all.

A sketch is the lowest hashes of the text's chunks ("bottom-k MinHash": A. Broder, "On the resemblance and
containment of documents", 1997). Where a chunk ends is told by its letters alone, so that the same words have
the same chunks in each text (U. Manber, "Finding similar files in a large file system", 1994). The share of
hashes that two sketches have in common estimates the share of their texts.
"""

from __future__ import annotations

import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from zlib import crc32

from sitegen.check.rule import Archive, Rule
from sitegen.errors import Problem
from sitegen.model import Body

#: Hashes in a sketch: 64 tell shares apart that differ by about a tenth.
SIZE = 64

#: Texts that share more than this are told of.
NEAR = 0.6

#: How many of its lowest hashes a text is found by. Near ones lack all eight once in 1,000.
_FOUND_BY = 8

#: Shorter texts are alike by chance: captions, forms of words.
_FEWEST_WORDS = 40

#: Likewise chunks, in bytes.
_SHORTEST = 12

#: What ends a chunk: letters that are not too frequent, so that a chunk has some four words. Outside ASCII
#: they are the last bytes of some letters in UTF-8: here those of Cyrillic, in other scripts any.
_MARKS = b"bfgjkpqvwxyz" + "бжхчшыю".encode().translate(None, b"\xd0\xd1")
_ENDS = bytes.maketrans(_MARKS, b"\n" * len(_MARKS))

#: In these a text may differ from its copy.
_LAYOUT = b" \t\r\n.,;:!?\"'()-"

_TAG = re.compile(rb"<[^>]*>")


def sketch(body: Body) -> bytes:
    """The sketch of a body, b"" of a text too short to have one."""
    if body.words < _FEWEST_WORDS:
        return b""
    chunks = _TAG.sub(b"", body.html.encode()).translate(_ENDS, _LAYOUT).split(b"\n")
    lowest = sorted({crc32(chunk) for chunk in chunks if len(chunk) >= _SHORTEST})[:SIZE]
    return struct.pack(f">{len(lowest)}I", *lowest)


def share(one: bytes, other: bytes) -> float:
    """What part of their chunks two texts share, 0 to 1; less than NEAR is not told exactly."""
    first, second = {*_hashes(one)}, {*_hashes(other)}
    both = first & second
    most = len(both) / max(len(first), len(second), 1)
    if most < NEAR:
        return most
    lowest = sorted(first | second)[:SIZE]
    return len(both.intersection(lowest)) / len(lowest)


def _hashes(sketched: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(sketched) // 4}I", sketched)


def near_texts(sketches: Mapping[str, bytes]) -> dict[str, tuple[str, float]]:
    """Key of a text -> key of an earlier one that it repeats, and how much of it."""
    lows = {key: _lows(sketched) for key, sketched in sorted(sketches.items())}
    counted = Counter(chain.from_iterable(lows.values()))
    places: defaultdict[bytes, list[str]] = defaultdict(list)
    near: dict[str, tuple[str, float]] = {}
    for key, own in lows.items():
        shared = [low for low in own if counted[low] > 1]  # few are
        # The first and the last that has the hash are enough: what all texts share is no sign of anything.
        found = dict.fromkeys(other for low in shared for other in (*places[low][:1], *places[low][-1:]))
        # Quicker than to see how much they share. Near ones have fewer of them once in 2,000.
        others = [one for one in found if 4 * sum(map(sketches[one].__contains__, own)) >= len(own)]
        best = max(((share(sketches[key], sketches[other]), other) for other in others), default=(0.0, ""))
        if best[0] >= NEAR:
            near[key] = (best[1], best[0])
        for low in shared:
            places[low].append(key)
    return near


def _lows(sketched: bytes) -> list[bytes]:
    """The hashes that a text is found by."""
    return [sketched[at : at + 4] for at in range(0, min(len(sketched), 4 * _FOUND_BY), 4)]


def text_twice(archive: Archive) -> Iterator[Problem]:
    entries = archive.site.entries
    sketches = {key: one for key, one in archive.sketches.items() if one and key in entries}
    near = archive.recall("near texts", sketches, partial(near_texts, sketches))
    for key, (other, part) in near.items():
        much = "repeats" if part > 0.99 else f"shares about {round(part * 20) * 5} % of its words with"
        told = f"the text {much} content/{other}"
        hint = "keep one, with the other's address among its aliases, or say in it that it is another version"
        yield Problem(file=f"content/{key}", message=told, hint=hint)


RULES = (
    Rule(
        "text-twice",
        "warning",
        ("text that is there twice", "texts that are there twice"),
        "A text doesn't repeat most of another.",
        text_twice,
    ),
)
