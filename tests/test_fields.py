"""Fields may be written loosely, and come out as one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.fields import text_of, texts_of
from sitegen.model import Entry
from tests.sites import make_site, post, reading


def entry(tmp_path: Path, text: str, path: str = "posts/x.md") -> Entry:
    site = make_site(tmp_path, {f"content/{path}": text})
    content, _, problems = reading(site)
    assert not problems
    return content.entries[path]


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("[Kalmyks, Non-Russians]", ("Kalmyks", "Non-Russians")),
        ("\n  - Kalmyks\n  - Non-Russians", ("Kalmyks", "Non-Russians")),
        ("Kalmyks, Non-Russians", ("Kalmyks", "Non-Russians")),
        ("Kalmyks", ("Kalmyks",)),
        ("'Kalmyks, '", ("Kalmyks",)),
        ("['Oirats, western']", ("Oirats, western",)),
        ("[1943, 1957.5, true]", ("1943", "1957.5", "true")),
        ("1943", ("1943",)),
        ("[NO, 007, null, '']", ("NO", "007")),
        ("[Tag, TAG, '  tag ']", ("Tag",)),
        ("", ()),
        ("null", ()),
        ("[]", ()),
        ("','", ()),
    ],
)
def test_tags_in_every_shape(written: str, tags: tuple[str, ...], tmp_path: Path) -> None:
    assert entry(tmp_path, post(tags=written)).names.get("tags", ()) == tags


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Smith, John", ("Smith, John",)),
        ("[Ann Lee, 'Smith, John']", ("Ann Lee", "Smith, John")),
        ("null", ()),
        ("''", ()),
    ],
)
def test_an_author_with_a_comma_stays_one(written: str, authors: tuple[str, ...], tmp_path: Path) -> None:
    assert entry(tmp_path, post(author=written)).names.get("authors", ()) == authors


def test_a_category_and_a_group_with_a_comma_stay_one(tmp_path: Path) -> None:
    names = entry(tmp_path, post(category="Law, courts", group="Top, now")).names
    assert names == {"categories": ("Law, courts",), "groups": ("Top, now",)}


def test_every_other_key_is_kept_in_order(tmp_path: Path) -> None:
    found = entry(tmp_path, post(zeta="1", tags="[a]", alpha="{b: [c]}", slug="y", mid="NO"))
    assert list(found.extra.items()) == [("zeta", 1), ("alpha", {"b": ["c"]}), ("mid", "NO")]


def test_all_fields_of_a_post_are_read(tmp_path: Path) -> None:
    found = entry(
        tmp_path,
        post(
            title="'A  title\n  on two lines'",
            date="2023-07-22T16:56:47+06:00",
            description="What it says",
            image="/images/x.jpg",
            image_alt="A picture",
            updated="2023-08-01",
            time_to_read_in_minutes="7",
            views="'150'",
            aliases="[/old/, old, /older.html]",
            draft="false",
            source_url="https://example.org/first",
            license="CC BY 4.0",
        ),
    )
    assert found.title == "A title on two lines"
    assert found.date is not None
    assert found.date.isoformat() == "2023-07-22T16:56:47+06:00"
    assert found.updated is not None
    assert found.updated.isoformat() == "2023-08-01T00:00:00+00:00"
    assert (found.description, found.image, found.image_alt) == ("What it says", "/images/x.jpg", "A picture")
    assert (found.minutes, found.views) == (7, 150)
    assert found.aliases == ("/old/", "/older.html")
    assert (found.source_url, found.license) == ("https://example.org/first", "CC BY 4.0")


def test_the_time_to_read_and_what_stands_for_the_description_are_made_where_they_lack(
    tmp_path: Path,
) -> None:
    found = entry(tmp_path, post(body="word " * 441))
    assert found.minutes == 3
    assert found.description == ""
    assert found.excerpt.startswith("word word")
    assert len(found.excerpt) <= 200
    assert entry(tmp_path / "short", post(body="")).minutes == 1


def test_texts_are_composed_and_on_one_line() -> None:
    assert text_of(" a\tb \n c\u00a0d ") == "a b c d"
    assert text_of("e\u0301") == "\u00e9"
    assert text_of(True) == "true"
    assert text_of(5) == "5"


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_is_kept_but_for_its_spaces_or_refused(text: str) -> None:
    try:
        read = text_of(text)
    except ValueError as error:
        assert "control character" in str(error)
        assert any(character < " " or character in "\x7f\ufffe\uffff" for character in text)
    else:
        assert text_of(read) == read
        assert "".join(read.split()) == "".join(text_of(f"x{text}")[1:].split())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]))))
def test_no_text_of_a_list_is_lost_or_doubled(texts: list[str]) -> None:
    read = texts_of(texts)
    assert len(set(read)) == len(read)
    assert set(read) == {text_of(text) for text in texts} - {""}


@pytest.mark.parametrize("value", [{"a": "b"}, ["a"]])
def test_a_list_or_table_is_no_text(value: Any) -> None:
    with pytest.raises(ValueError, match="write one text"):
        text_of(value)
