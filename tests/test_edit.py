"""Front matter is changed where it is to be, and nowhere else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.edit import CannotEditError, add, in_file, put, rename
from sitegen.errors import SiteError
from sitegen.front_matter import split

ADDED = {
    "a list in brackets": ("---\ntags: [a, 'b']  # c\n---\nT", "---\ntags: [a, 'b', \"x: y\"]  # c\n---\nT"),
    "a list in lines": (
        "---\ntags:\n- a # c\n\nk: 1\n---\nT",
        '---\ntags:\n- a # c\n- "x: y"\n\nk: 1\n---\nT',
    ),
    "a text": ("---\ntags: a b\n---\nT", '---\ntags: [a b, "x: y"]\n---\nT'),
    "an empty key": ("---\ntags:  # c\nk: 1\n---\nT", '---\ntags: ["x: y"]  # c\nk: 1\n---\nT'),
    "no key": ("---\nk: 1\n---\nT", '---\nk: 1\ntags: ["x: y"]\n---\nT'),
    "TOML": (
        "+++\ntags = ['a'] # c\n[m]\nk = 1\n+++\nT",
        "+++\ntags = ['a', \"x: y\"] # c\n[m]\nk = 1\n+++\nT",
    ),
    "TOML without the key": ("+++\n[m]\nk = 1\n+++\nT", '+++\ntags = ["x: y"]\n[m]\nk = 1\n+++\nT'),
    "JSON": ('{\n"tags": ["a"], "k": [1]\n}\nT', '{\n"tags": ["a", "x: y"], "k": [1]\n}\nT'),
    "JSON between lines": ('---json\n{"k": 1}\n---\nT', '---json\n{\n"tags": ["x: y"],"k": 1}\n---\nT'),
}


@pytest.mark.parametrize("case", ADDED)
def test_an_item_is_added_where_it_belongs(case: str) -> None:
    before, after = ADDED[case]
    assert add(before, "tags", ["x: y"]) == after
    assert add(after, "tags", ["x: y"]) == after


RENAMED = {
    "in brackets": (
        "---\ntags: [a b, 'a b', \"a  b\", ab]\n---\n",
        "---\ntags: [New, 'New', \"New\", ab]\n---\n",
    ),
    "in lines": ("---\ntags:\n  - a b # c\n  - ab\n---\n", "---\ntags:\n  - New # c\n  - ab\n---\n"),
    "between commas": ("---\ntags: 'x,  a b , ab'\n---\n", "---\ntags: 'x,  New , ab'\n---\n"),
    "in TOML": ("+++\ntags = ['x', 'a b']\n+++\n", "+++\ntags = ['x', \"New\"]\n+++\n"),
    "in JSON": ('{\n"title": "a b", "tags": ["a b"]\n}\n', '{\n"title": "a b", "tags": ["New"]\n}\n'),
}


@pytest.mark.parametrize("case", RENAMED)
def test_an_item_is_renamed_where_it_stands(case: str) -> None:
    before, after = RENAMED[case]
    assert rename(before, "tags", "a b", "New") == after


@pytest.mark.parametrize(
    "text",
    [
        "---\n{title: x}\n---\nT",
        "---\ntags: [a,\n  b, # c\n]\n---\nT",
        "---\ntags: {a: b}\n---\nT",
        '{\n"title": "no end"\n',
    ],
)
def test_what_is_not_surely_changed_right_is_not_changed(text: str) -> None:
    with pytest.raises((CannotEditError, SiteError)):
        add(text, "tags", ["x"])


@given(st.text(min_size=1), st.sampled_from(["---\nk: 1\n---\nT", "+++\nk = 1\n+++\nT", '{\n"k": 1\n}\nT']))
def test_any_text_can_be_put_in_and_is_read_again_as_it_was(value: str, text: str) -> None:
    try:
        changed = put(text, "title", value)
    except CannotEditError:
        # What no front matter can hold: control characters, halves of characters.
        assert not value.isprintable()
        return
    assert split(changed, "").meta["title"] == value
    assert split(changed, "").body == split(text, "").body


@given(st.lists(st.sampled_from(["\r\n", "\n", "\r"]), min_size=5, max_size=5), st.booleans())
def test_a_change_leaves_all_other_bytes_of_a_file_as_they_are(ends: list[str], bom: bool) -> None:
    lines = ["---", "tags: [ä]", "k: 1", "---", "Text ü"]
    raw = "\ufeff" * bom + "".join(line + end for line, end in zip(lines, ends, strict=True))
    changed = in_file(raw.encode(), lambda text: add(text, "tags", ["x"])).decode()
    assert '[ä, "x"]' in changed
    assert changed.replace(', "x"', "") == raw


def test_a_key_that_says_something_is_left_as_it_is() -> None:
    text = "---\ntitle: T\nempty: ''\n---\n"
    assert put(text, "title", "Other") == text
    assert put(text, "empty", ["a", "b c"]) == '---\ntitle: T\nempty: ["a", b c]\n---\n'
    assert json.loads(put('{\n"a": null\n}\n', "a", True)) == {"a": True}
