"""Dates in the shapes of other programs -> the shape that sitegen writes."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from sitegen.dates import parse_date

#: Beside those that sitegen reads itself. English names of months, as `strptime` has them without a locale.
_SHAPES = tuple(
    f"{day}{time}"
    for day in ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d.%m.%Y", "%Y.%m.%d", "%d-%b-%Y", "%Y%m%d")
    for time in ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
)


class Time(NamedTuple):
    """A date as front matter has it."""

    text: str  #: `2023-07-22` or `2023-07-22T16:56:47+06:00`; "" when nothing could be made of it
    guess: str = ""  #: what had to be guessed, as a clause


def read_time(value: Any, zone: tzinfo) -> Time:
    """What a date in any known shape means; `zone` is that of times without one."""
    if isinstance(value, datetime):
        return Time(_with_zone(value, zone).isoformat())
    if isinstance(value, date):
        return Time(value.isoformat())
    text = re.sub(r"\s+", " ", str(value)).strip().strip("\"'")
    text = re.sub(r"^(\d{4})/(\d{1,2})/(\d{1,2})", r"\1-\2-\3", text)
    with suppress(ValueError):
        return _plain(text, parse_date(text, zone))
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        found = parsedate_to_datetime(text)
        parse_date(found.date().isoformat(), zone)
        return Time(_with_zone(found, zone).isoformat())
    bare = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.replace(",", " "), flags=re.IGNORECASE)
    bare = " ".join(bare.split())
    for shape in _SHAPES:
        with suppress(ValueError):
            found = datetime.strptime(bare, shape)
            return Time(_with_zone(found, zone).isoformat() if "%M" in shape else found.date().isoformat())
    return _seconds(text) or _slashes(text)


def _plain(text: str, found: datetime) -> Time:
    return Time(found.isoformat() if ":" in text else found.date().isoformat())


def _with_zone(found: datetime, zone: tzinfo) -> datetime:
    found = found if found.tzinfo else found.replace(tzinfo=zone)
    return found.replace(microsecond=0)


def _seconds(text: str) -> Time | None:
    """Seconds, or thousandths of them, since 1970."""
    if not re.fullmatch(r"\d{9,10}|\d{12,13}", text):
        return None
    seconds = int(text) // (1000 if len(text) > 10 else 1)
    return Time(datetime.fromtimestamp(seconds, UTC).isoformat())


def _slashes(text: str) -> Time:
    """`22/07/2023`: the day comes first, unless there is no such month."""
    match = re.match(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text)
    if match is None:
        return Time("")
    first, second, year = (int(part) for part in match.groups())
    day, month = (second, first) if second > 12 else (first, second)
    with suppress(ValueError):
        found = date(year, month, day).isoformat()
        unsure = first <= 12 and second <= 12 and first != second
        return Time(found, f'"{text}" is taken as day/month/year: {found}' if unsure else "")
    return Time("")
