"""Markers: what stands in a body's HTML for an address that depends on the rest of the site.

A marker is U+FDD0, an index into `Body.references`, U+FDD1, and stands alone in the value of one attribute:
`<a href="\\ufdd03\\ufdd1">`, `<img src="\\ufdd04\\ufdd1" alt="…">`. Unicode keeps these code points out of
every text (noncharacters, section 23.7), and `engines` takes them out of what authors write, so no post can
imitate a marker.

A link to a part of its own page, `#part`, is among the references too, for checks, and needs no marker.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: All noncharacters of this block are kept out of texts; `engines` uses two others.
NONCHARACTERS = "\ufdd0-\ufdef"

_MARKER = re.compile("\ufdd0([0-9]+)\ufdd1")

#: Character references to a noncharacter, as HTML reads them: the semicolon may be missing.
_HIDDEN = re.compile(
    r"&#(?:0*(?:6497[6-9]|649[89][0-9]|6500[0-7])(?![0-9])|x0*fd[de][0-9a-f](?![0-9a-f]));?", re.IGNORECASE
)


def marker(index: int) -> str:
    """What stands for the reference at `index`."""
    return f"\ufdd0{index}\ufdd1"


#: What a marker ends with, where it is the value of an attribute.
END = '\ufdd1"'

#: A picture's tag with a marker in it. In serialised HTML the values of attributes stand in such quotes.
_IMAGE = re.compile('<img\\b(?:[^<>"\ufdd0]|"[^"\ufdd0]*")*"\ufdd0([0-9]+)\ufdd1"(?:[^<>"]|"[^"]*")*>')


def resolve_images(html: str, replace: Callable[[int, str], str]) -> str:
    """`html` with the tag of each picture that has a marker replaced by what `replace` returns.

    `replace` takes the marker's index, and the tag; it may leave the marker in place for `resolve`.
    """
    return _IMAGE.sub(lambda found: replace(int(found[1]), found[0]), html)


def resolve(html: str, replace: Callable[[int], str]) -> str:
    """`html` with each marker replaced by what `replace` returns for its index.

    The returned string is put between the quotation marks of the attribute, so it must be escaped already.
    """
    return _MARKER.sub(lambda found: replace(int(found[1])), html)


def disarm(html: str) -> str:
    """`html` without character references that a parser would turn into a marker.

    They become U+FFFD and not nothing, so that the text around them can't join to form another one.
    """
    return _HIDDEN.sub("\ufffd", html) if "&#" in html else html
