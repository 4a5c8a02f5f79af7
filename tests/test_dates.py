"""Dates in all the shapes people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.dates import parse_date, split_dated_name
from tests.sites import linking, make_site, post, reading

VILNIUS = ZoneInfo("Europe/Vilnius")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-07-22", "2023-07-22T00:00:00+03:00"),
        ("2023-7-2", "2023-07-02T00:00:00+03:00"),
        ("2023-01-22", "2023-01-22T00:00:00+02:00"),
        ("2023-07-22T16:56:47+06:00", "2023-07-22T16:56:47+06:00"),
        ("2023-07-22T16:56:47Z", "2023-07-22T16:56:47+00:00"),
        ("2023-07-22t16:56z", "2023-07-22T16:56:00+00:00"),
        ("2023-07-22 16:56", "2023-07-22T16:56:00+03:00"),
        ("2015-07-06 9:00:00 -0400", "2015-07-06T09:00:00-04:00"),
        ("2015-07-06 09:00:00 UTC", "2015-07-06T09:00:00+00:00"),
        ("2015-07-06 09:00:00.123456 +05:30", "2015-07-06T09:00:00+05:30"),
        ("2015-07-06T09:00:00,5-03", "2015-07-06T09:00:00-03:00"),
        ("  2023-07-22  ", "2023-07-22T00:00:00+03:00"),
    ],
)
def test_a_date_as_people_write_it(text: str, expected: str) -> None:
    assert parse_date(text, VILNIUS).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2023",
        "2023-07",
        "20230722",
        "22.07.2023",
        "07/22/2023",
        "2023-07-22T",
        "2023-07-22T16",
        "16:30-:00+16:30",
        "2023-07-22T16:56:47+6",
        "2023-07-22 4:56 pm",
        "-2023-07-22",
        "２０２３-07-22x",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        parse_date(text, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "2023-02-29",
        "1900-02-29",
        "2023-00-01",
        "2023-13-01",
        "0000-01-01",
        "2023-07-22T24:00",
        "2023-07-22T16:60",
        "2023-07-22T16:56:60Z",
        "2023-07-22T16:56+15:00",
        "2023-07-22T16:56+05:60",
        "0001-01-01T00:00+05:00",
        "9999-12-31T23:59-05:00",
    ],
)
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        parse_date(text, UTC)


moments = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 12, 31),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda moment: moment.replace(microsecond=0))


def _shapes(moment: datetime) -> list[str]:
    day, time = moment.date().isoformat(), moment.time().isoformat("seconds")
    offset = moment.isoformat()[-6:]
    return [
        moment.isoformat(),
        moment.isoformat().replace("T", "t"),
        f"{day} {time} {offset.replace(':', '')}",
        f"{day} {moment.hour}:{time[3:]} {offset}",
        f"{moment.year:04d}-{moment.month}-{moment.day} {time}{offset}",
        f"{day}T{time}.25{offset}",
        f"{day}  {time}{offset[:3] if offset.endswith('00') else offset}",
    ]


@given(moments)
def test_any_moment_written_in_any_shape_comes_back_equal_and_in_its_zone(moment: datetime) -> None:
    for text in _shapes(moment):
        read = parse_date(text, UTC)
        assert (read, read.utcoffset()) == (moment, moment.utcoffset()), text


@given(moments)
def test_any_moment_without_a_zone_is_one_of_the_sites_zone(moment: datetime) -> None:
    zone = moment.tzinfo
    assert zone is not None
    assert parse_date(moment.replace(tzinfo=None).isoformat(" "), zone) == moment
    midnight = moment.replace(hour=0, minute=0, second=0)
    assert parse_date(moment.date().isoformat(), zone) == midnight


@given(moments)
def test_any_moment_in_utc_may_be_written_with_z(moment: datetime) -> None:
    text = moment.astimezone(UTC).isoformat()
    for sign in ("Z", "z", " Z", "UTC", " GMT"):
        assert parse_date(text.replace("+00:00", sign), VILNIUS) == moment


@given(st.text())
def test_any_text_is_a_date_or_refused_with_words(text: str) -> None:
    try:
        assert parse_date(text, UTC).tzinfo is not None
    except ValueError as error:
        assert "is not a date" in str(error) or "does not exist" in str(error)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("2021-06-07-title", ("2021-06-07", "title")),
        ("2021-06-07_title", ("2021-06-07", "title")),
        ("2021-06-07 title", ("2021-06-07", "title")),
        ("2021-06-07-2022-01-01-x", ("2021-06-07", "2022-01-01-x")),
        ("2021-06-07", ("", "2021-06-07")),
        ("2021-06-07-", ("", "2021-06-07-")),
        ("21-06-07-title", ("", "21-06-07-title")),
        ("title-2021-06-07", ("", "title-2021-06-07")),
    ],
)
def test_a_date_before_a_name_is_cut_off(stem: str, expected: tuple[str, str]) -> None:
    assert split_dated_name(stem) == expected


def test_a_date_in_the_name_dates_a_post_and_one_in_the_text_wins(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/2021-06-07-a.md": "---\ntitle: A\n---\n",
            "content/posts/2021-06-07-b.md": post(date="1999-01-01"),
        },
    )
    entries = reading(site).content.entries
    dates = [entry.date.date().isoformat() for entry in entries.values() if entry.date]
    assert dates == ["2021-06-07", "1999-01-01"]
    assert [entry.slug for entry in entries.values()] == ["a", "b"]


def test_naive_and_zoned_dates_sort_together_and_ties_fall_to_the_path(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": 'timezone = "Asia/Almaty"\n',
            "content/posts/2020-06-01-name.md": "---\ntitle: A\n---\n",
            "content/posts/day.md": post(date="2020-06-01"),
            "content/posts/earlier.md": post(date="2020-05-31T17:59:59Z"),
            "content/posts/later.md": post(date="'2020-05-31 14:00:01 -0400'"),
            "content/posts/same.md": post(date="2020-05-31T21:00:00+03:00"),
        },
    )
    assert linking(site).site.lists["en"]["posts"] == (
        "posts/later.md",
        "posts/2020-06-01-name.md",
        "posts/day.md",
        "posts/same.md",
        "posts/earlier.md",
    )


def test_the_archives_year_is_that_of_the_posts_own_zone(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/a.md": post(date="2020-01-01T02:00:00+06:00")})
    assert linking(site).site.lists["en"]["archive/2020/01"] == ("posts/a.md",)


def test_a_date_that_the_clock_skips_is_still_a_date() -> None:
    assert parse_date("2023-03-26 03:30", VILNIUS).isoformat() == "2023-03-26T03:30:00+02:00"
