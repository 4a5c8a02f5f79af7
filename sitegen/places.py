"""Where a site is published, as the settings write it: addresses, shares and spans of time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

#: Every kind of place, with an example for those who mistyped theirs.
EXAMPLES: Mapping[str, str] = {
    "file": "file:///srv/www",
    "sftp": "sftp://user@host/srv/www",
    "s3": "s3://bucket/prefix",
    "gs": "gs://bucket/prefix",
    "az": "az://container/prefix",
    "git+ssh": "git+ssh://git@host/owner/repository.git#pages",
    "git+file": "git+file:///srv/git/site.git#pages",
    "rclone": "rclone:remote:path",
}

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Place(Struct, frozen=True, kw_only=True):
    """An address taken apart."""

    scheme: str
    host: str = ""  #: of s3, gs and az the bucket or container
    port: int = 0  #: 0 for the usual one
    user: str = ""
    path: str = ""  #: decoded; of rclone everything after the scheme
    branch: str = ""
    query: Mapping[str, str] = {}  #: what is no secret and an address can't say: endpoint, region


def place_of(to: str) -> Place:
    """Take an address apart; raises ValueError whose text says what is wrong and what to write."""
    scheme, colon, rest = to.partition(":")
    if not colon or scheme not in EXAMPLES:
        raise ValueError(f'"{_shown(to)}" is no place to publish to; write one like {EXAMPLES["file"]}')
    if scheme == "rclone":
        if not re.fullmatch(r"[^:/,]+:.*", rest):
            raise ValueError(f"it names no remote of rclone; write one like {EXAMPLES['rclone']}")
        return Place(scheme=scheme, path=rest)
    if scheme == "file" and not rest.startswith("//"):
        return _needing_path(Place(scheme=scheme, path=unquote(rest)))
    try:
        parts = urlsplit(to)
        port = parts.port or 0
    except ValueError:
        raise ValueError(f"it is no address; write one like {EXAMPLES[scheme]}") from None
    if parts.password is not None:
        raise ValueError(f"it holds a password, which settings must not; {PASSWORD_HINT}")
    if scheme in ("file", "git+file") and parts.netloc not in ("", "localhost"):
        raise ValueError(f"it names a host; write one like {EXAMPLES[scheme]}")
    if scheme not in ("file", "git+file") and not parts.hostname:
        raise ValueError(f"it names no host or bucket; write one like {EXAMPLES[scheme]}")
    place = Place(
        scheme=scheme,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        path=unquote(parts.path),
        branch=unquote(parts.fragment),
        query=dict(parse_qsl(parts.query)),
    )
    return place if scheme in ("s3", "gs", "az") else _needing_path(place)


PASSWORD_HINT = (
    "keep it in the environment (docs/mirroring.md), and change it, since it has been written down"
)


def _needing_path(place: Place) -> Place:
    if not place.path.strip("/"):
        raise ValueError(f"it names no folder; write one like {EXAMPLES[place.scheme]}")
    return place


def _shown(to: str) -> str:
    """An address without what may be a password."""
    return re.sub(r"//[^/@]*:[^/@]*@", "//…@", to)[:80]


def span_of(text: str) -> timedelta:
    """`1d`, `12h`, `30m`, `0` -> a span of time; raises ValueError."""
    match = re.fullmatch(r"(\d{1,5})\s*([smhdw]?)", text.strip())
    if match is None or (not match[2] and int(match[1])):
        raise ValueError(f'"{text}" is no span of time; write one like "1d", "12h" or "0"')
    return timedelta(**{_UNITS[match[2] or "s"]: int(match[1])})


def allowance_of(text: str, total: int) -> int:
    """How many of `total` files `20%` or `50` allow; raises ValueError."""
    match = re.fullmatch(r"(\d{1,9})\s*(%?)", text.strip())
    if match is None or (match[2] and int(match[1]) > 100):
        raise ValueError(f'"{text}" is no share and no number; write one like "20%" or "50"')
    return total * int(match[1]) // 100 if match[2] else int(match[1])
