"""Dates in the shapes people write them -> datetimes with a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_SHAPE = re.compile(
    r"""(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})
        (?:(?:[Tt]|[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
           [ ]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?""",
    re.VERBOSE,
)

EXAMPLES = "write 2023-07-22 or 2023-07-22T16:56:47+06:00"


def parse_date(text: str, zone: tzinfo) -> datetime:
    """Read a date, with or without a time and a zone; `zone` stands in for a missing one.

    Raises ValueError with a clause that says what is wrong: `"soon" is not a date`.
    """
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text.strip()}" is not a date')
    numbers = {name: int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    try:
        date = datetime(**numbers, tzinfo=_zone(match["zone"]) or zone)
        offset = date.utcoffset() or timedelta()
        # Zones of old had seconds, which RFC 3339 can't write.
        date = date.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))
        date.astimezone(UTC)  # the year 1 in a zone east of Greenwich has no UTC
    except (ValueError, OverflowError):
        raise ValueError(f'"{text.strip()}" does not exist') from None
    return date


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no zone is {text} away from Greenwich")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ](.+)")


def split_dated_name(stem: str) -> tuple[str, str]:
    """`2021-06-07-title` -> (`2021-06-07`, `title`); a name without a date -> ("", name)."""
    match = _DATED_NAME.fullmatch(stem)
    return (match[1], match[2]) if match else ("", stem)
