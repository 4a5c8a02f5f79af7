"""Dates, numbers and interface texts in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jinja2
import pytest

from sitegen.words import date_in_words, direction, month_in_words, number_in_words, say

MOMENT = datetime.fromisoformat("2023-07-22T01:30:00+06:00")


@pytest.mark.parametrize(
    ("lang", "form", "words"),
    [
        ("en", "long", "July 22, 2023"),
        ("en", "medium", "Jul 22, 2023"),
        ("ru", "long", "22 июля 2023\u202fг."),
        ("de", "long", "22. Juli 2023"),
        ("pt-BR", "long", "22 de julho de 2023"),
        ("uk", "long", "22 липня 2023\u202fр."),
        ("xx", "long", "July 22, 2023"),
        ("en-XX", "long", "July 22, 2023"),
    ],
)
def test_a_date_in_the_words_of_a_language_and_in_its_own_zone(lang: str, form: str, words: str) -> None:
    assert date_in_words(MOMENT, form, lang).replace("\u00a0", "\u202f") == words


def test_a_month_stands_by_itself() -> None:
    assert month_in_words(2023, 7, "en") == "July 2023"
    assert month_in_words(2023, 7, "ru").startswith("июль 2023")


def test_numbers_have_the_separators_of_the_language() -> None:
    assert number_in_words(12345, "en") == "12,345"
    assert number_in_words(12345, "de") == "12.345"
    assert number_in_words(12345, "ru") == "12\u00a0345"


@pytest.mark.parametrize(
    ("lang", "way"), [("en", "ltr"), ("ru", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("xx", "ltr")]
)
def test_the_direction_of_a_language(lang: str, way: str) -> None:
    assert direction(lang) == way


TEXTS: Mapping[str, Mapping[str, Any]] = {
    "en": {"posts": {"one": "{n} post", "other": "{n} posts"}, "hello": "Hello, {name}", "only": "Only here"},
    "ru": {"posts": {"one": "{n} запись", "few": "{n} записи", "many": "{n} записей", "other": "{n} записи"}},
    "pt": {"hello": "Olá, {name}"},
}


@pytest.mark.parametrize(
    ("lang", "n", "words"),
    [
        ("en", 1, "1 post"),
        ("en", 0, "0 posts"),
        ("en", 1234, "1,234 posts"),
        ("ru", 1, "1 запись"),
        ("ru", 2, "2 записи"),
        ("ru", 5, "5 записей"),
        ("ru", 21, "21 запись"),
        ("ru", 11, "11 записей"),
        ("de", 2, "2 posts"),
    ],
)
def test_a_number_chooses_its_plural_form(lang: str, n: int, words: str) -> None:
    assert say(TEXTS, lang, "posts", {"n": n}) == words


def test_a_text_falls_back_from_region_to_language_to_english_to_the_default() -> None:
    assert say(TEXTS, "pt-BR", "hello", {"name": "Ann"}) == "Olá, Ann"
    assert say(TEXTS, "ru", "only", {}) == "Only here"
    assert say(TEXTS, "ru", "nowhere", {"default": "Places"}) == "Places"


def test_a_text_that_is_nowhere_is_told() -> None:
    with pytest.raises(jinja2.UndefinedError, match='no text "nowhere"'):
        say(TEXTS, "ru", "nowhere", {})


def test_a_text_that_needs_what_the_template_does_not_give_is_told() -> None:
    with pytest.raises(jinja2.UndefinedError, match="needs 'name'"):
        say(TEXTS, "en", "hello", {})


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert say(TEXTS, "en", "hello", {"name": "{name} {n}"}) == "Hello, {name} {n}"
