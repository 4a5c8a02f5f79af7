"""Front matter is read strictly: what is written is what comes out, on the line where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SiteError
from sitegen.front_matter import split


def meta(text: str) -> dict[str, Any]:
    return dict(split(text, "content/x.md").meta)


def yaml(lines: str) -> dict[str, Any]:
    return meta(f"---\n{lines}\n---\nText.\n")


def fault(text: str) -> str:
    with pytest.raises(SiteError) as caught:
        split(text, "content/x.md")
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize("word", ["NO", "no", "yes", "on", "Off", "y", "n", "tRUE", "nuLL", "None"])
def test_words_that_yaml_1_1_turned_into_truth_stay_text(word: str) -> None:
    assert yaml(f"tags: [{word}]") == {"tags": [word]}


@pytest.mark.parametrize(
    "text",
    [
        "007",
        "1.10",
        "1e3",
        "0x1F",
        "0o17",
        "1_000",
        "12:30",
        "+5",
        ".5",
        "5.",
        ".inf",
        ".nan",
        "-0.0x",
        "1" * 19,
    ],
)
def test_what_would_not_be_written_the_same_again_stays_text(text: str) -> None:
    assert yaml(f"a: {text}") == {"a": text}


def test_only_true_false_and_null_are_more_than_text() -> None:
    assert yaml("a: true\nb: False\nc: null\nd: ~\ne:\nf: NULL") == {
        "a": True,
        "b": False,
        "c": None,
        "d": None,
        "e": None,
        "f": None,
    }


@pytest.mark.parametrize("quoted", ['"true"', "'null'", '"5"', "'1.5'", "'~'"])
def test_what_is_quoted_is_text(quoted: str) -> None:
    assert yaml(f"a: {quoted}") == {"a": quoted[1:-1]}


@given(st.integers(-(10**17), 10**17))
def test_a_whole_number_is_one(number: int) -> None:
    assert yaml(f"a: {number}") == {"a": number}


@pytest.mark.parametrize("date", ["2023-07-22", "2023-07-22T16:56:47+06:00", "2015-07-06 9:00:00 -0400"])
def test_a_date_stays_as_it_was_written(date: str) -> None:
    assert yaml(f"date: {date}") == {"date": date}


def test_block_texts_keep_their_lines() -> None:
    assert yaml("a: |\n  one\n  two\nb: >-\n  one\n  two") == {"a": "one\ntwo\n", "b": "one two"}


def test_keys_keep_their_order() -> None:
    assert list(yaml("z: 1\na: 2\nm: 3")) == ["z", "a", "m"]


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers(-(2**53), 2**53) | st.booleans()))
def test_any_keys_and_values_written_as_json_come_back(values: dict[str, Any]) -> None:
    written = json.dumps(values)
    assert meta(f"---json\n{written}\n---\n") == values


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cn"]), max_size=20))
)
def test_a_list_of_texts_comes_back(texts: list[str]) -> None:
    lines = "".join("\n- '" + text.replace("'", "''").strip() + "'" for text in texts)
    assert yaml(f"a:{lines}")["a"] == ([text.strip() for text in texts] or None)


FORMATS = {
    "YAML": "---\ntitle: A\n\ntags:\n  - b\nviews: 5\n---\nText.\n",
    "TOML": '+++\ntitle = "A"\n\ntags = [\n  "b"]\nviews = 5\n+++\nText.\n',
    "fenced JSON": '---json\n{"title": "A",\n\n"tags":\n  ["b"],\n"views": 5}\n---\nText.\n',
    "bare JSON": '{\n"title": "A",\n\n"tags":\n  ["b"],\n"views": 5\n}\nText.\n',
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_keys_body_and_lines(name: str) -> None:
    document = split(FORMATS[name], "content/x.md")
    assert document.meta == {"title": "A", "tags": ["b"], "views": 5}
    assert document.lines == {"title": 2, "tags": 4, "views": 6}
    assert document.body.strip() == "Text."
    assert document.body == "\nText.\n"


@pytest.mark.parametrize("name", FORMATS)
def test_blank_lines_above_move_every_line(name: str) -> None:
    document = split("\n \n\n" + FORMATS[name], "content/x.md")
    assert document.lines == {"title": 5, "tags": 7, "views": 9}


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 5))
def test_the_bodys_line_is_the_one_an_editor_shows(above: int, keys: int, below: int) -> None:
    text = "\n" * above + "---\n" + "".join(f"k{n}: 1\n" for n in range(keys)) + "---" + "\n" * below + "Word"
    document = split(text, "content/x.md")
    place = document.body_line + document.body[: document.body.index("Word")].count("\n")
    assert text.splitlines()[place - 1] == "Word"


def test_toml_dates_are_what_a_person_would_write() -> None:
    text = "+++\na = 2023-07-22\nb = 2023-07-22T16:56:47+06:00\nc = [{ d = 2023-07-22 }]\ne = 16:30:00\n+++\n"
    assert meta(text) == {
        "a": "2023-07-22",
        "b": "2023-07-22T16:56:47+06:00",
        "c": [{"d": "2023-07-22"}],
        "e": "16:30:00",
    }


def test_longer_fences_and_spaces_after_them_are_read() -> None:
    assert meta("-----\na: 1\n---   \nText.\n") == {"a": 1}


def test_a_line_of_dashes_in_the_text_is_the_texts() -> None:
    document = split("---\na: 1\n---\nOne\n\n---\n\nTwo\n", "content/x.md")
    assert document.body == "\nOne\n\n---\n\nTwo\n"


def test_a_fence_within_a_line_closes_nothing() -> None:
    assert yaml("a: one --- two\nb: ' --- '") == {"a": "one --- two", "b": " --- "}


def test_no_keys_at_all_are_none() -> None:
    assert meta("---\n---\nText.\n") == {}
    assert meta("---\n# only a comment\n---\n") == {}


def test_nesting_that_people_write_is_read() -> None:
    assert yaml("a:\n  b:\n    - c: [1, {d: 2}]\n      e: {}") == {
        "a": {"b": [{"c": [1, {"d": 2}], "e": {}}]}
    }


@pytest.mark.parametrize("deep", ["[" * 5000, "{a: " * 5000, "- " * 5000, "? " * 5000, "[" * 60 + "]" * 60])
def test_nesting_that_nobody_writes_is_refused_and_crashes_nothing(deep: str) -> None:
    assert "content/x.md" in fault(f"---\na: {deep}\n---\n")


def test_nesting_by_thousands_of_lines_is_refused() -> None:
    lines = "\n".join(" " * n + "a:" for n in range(3000))
    assert "nested too deeply" in fault(f"---\n{lines}\n---\n")


def test_brackets_in_a_text_are_no_nesting() -> None:
    assert yaml(f"a: '{'[x] ' * 200}'") == {"a": "[x] " * 200}


def test_a_bomb_of_aliases_is_refused() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]"
    assert "repeats a value" in fault(f"---\n{bomb}\n---\n")


@given(st.text())
def test_any_text_is_read_or_refused_with_its_file(text: str) -> None:
    try:
        document = split(text, "content/x.md")
    except SiteError as error:
        assert all(problem.file == "content/x.md" for problem in error.problems)
        assert all(problem.line <= text.count("\n") + 1 for problem in error.problems)
    else:
        assert text.endswith(document.body)


def test_a_line_separator_pasted_into_a_value_breaks_no_line() -> None:
    document = split("---\ntitle: a\u2028b\x85c\nviews: 1\n---\n", "content/x.md")
    assert (document.meta["title"], document.lines["views"]) == ("a b c", 3)
    with pytest.raises(SiteError) as caught:
        split("---\ntitle: a\u2028\u2028\u2028b\ntitle: c\n---\n", "content/x.md")
    assert [problem.line for problem in caught.value.problems] == [3]


@given(st.text(st.sampled_from("-+{}[]:#&*!|>'\"%@`,? \t\nab1~\\\ufeff\x85\u2028")))
def test_any_block_of_signs_is_read_or_refused_with_its_line(block: str) -> None:
    for fence in ("---", "+++", "---json"):
        closing = "---" if fence == "---json" else fence
        text = f"{fence}\n{block}\n{closing}\n"
        try:
            split(text, "content/x.md")
        except SiteError as error:
            assert all(1 <= problem.line <= text.count("\n") + 1 for problem in error.problems)
