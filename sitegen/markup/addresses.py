"""What an address leads to, read as a browser reads it (URL Standard, section 4.4)."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote, urlsplit

Kind = Literal["internal", "part", "external", "contact", "other"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENDS = "".join(map(chr, range(0x21)))
_SLASHES = ("//", "/\\", "\\/", "\\\\")

#: Parameters that say where a reader came from, and nothing of what is shown.
_TRACKING = re.compile(r"(?:utm_\w+|ref_src|ref_url|igsh|igshid|fbclid|__\w+__)=|src=hash|refer?=embed")


def tidy(address: str) -> str:
    """`address` as browsers take it: no space around it, no line break or tab in it, `https:` before `//`."""
    address = address.strip(_ENDS).replace("\t", "").replace("\n", "").replace("\r", "")
    return f"https://{address[2:]}" if address.startswith(_SLASHES) else address


def kind_of(address: str) -> Kind:
    """What a tidied address leads to. An internal one stays so when its percent-encoding is undone."""
    found = _kind(address)
    if found == "internal" and _kind(tidy(unquote(address))) != "internal":
        return "other"
    return found


def _kind(address: str) -> Kind:
    # Browsers ignore some invisible characters and not others: an address that needs to know is refused.
    scheme = _SCHEME.match(_INVISIBLE.sub("", address))
    if not address or _CONTROL.search(address):
        return "other"
    if address[0] == "#":
        return "part"
    if scheme is None:
        return "internal"
    if not address.lower().startswith(scheme[0].lower()):
        return "other"
    name = scheme[1].lower()
    if name in ("http", "https"):
        return "external" if host(address) else "other"
    return "contact" if name in ("mailto", "tel") else "other"


def host(address: str) -> str:
    """The host of a web address without www., "" if it has none."""
    try:
        name = urlsplit(address.replace("\\", "/")).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def untracked(address: str) -> str:
    """`address` without the parameters that only track readers."""
    start, question, rest = address.partition("?")
    if not question:
        return address
    query, hash_, part = rest.partition("#")
    kept = "&".join(item for item in query.split("&") if not _TRACKING.match(item))
    return start + ("?" + kept if kept else "") + hash_ + part
