"""Dates, numbers and interface texts in the words of a language (Unicode CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import jinja2
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal


@cache
def locale_of(lang: str) -> Locale:
    """The CLDR locale of a language code, or the nearest that CLDR knows."""
    for code in (lang, lang.partition("-")[0], "en"):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR knows English")


#: Scripts written from right to left, by their codes of ISO 15924.
_LEFTWARD = frozenset(("Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"))


@cache
def direction(lang: str) -> str:
    """ "ltr" or "rtl", by the script that the code names, else by the language's usual one."""
    parts = lang.split("-")
    scripts = [part.title() for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if not scripts:
        likely = get_global("likely_subtags")
        known = next((code for code in ("_".join(parts), parts[0]) if code in likely), "")
        scripts = likely[known].split("_") if known else []
    return "rtl" if _LEFTWARD.intersection(scripts) else "ltr"


@lru_cache(maxsize=65536)
def _date(day: date, form: str, lang: str) -> str:
    return format_date(day, format=form, locale=locale_of(lang))


def date_in_words(moment: datetime, form: str, lang: str) -> str:
    """A date in the zone it was written in; `form` is "long", "medium" or "short"."""
    return _date(moment.date(), form, lang)


@cache
def month_in_words(year: int, month: int, lang: str) -> str:
    """`July 2023`."""
    return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale_of(lang)))


@lru_cache(maxsize=65536)
def number_in_words(number: float, lang: str) -> str:
    """A number with the language's separators."""
    return str(format_decimal(number, locale=locale_of(lang)))


def say(texts: Mapping[str, Mapping[str, Any]], lang: str, key: str, values: Mapping[str, Any]) -> str:
    """The interface text `key` in `lang`, filled with `values`; `n` chooses among plural forms.

    A text the theme lacks in `lang` is taken from the language without its region, then from English;
    `default` stands in when there is none. Raises jinja2.UndefinedError otherwise.
    """
    for code in (lang, lang.partition("-")[0], "en"):
        text = texts.get(code, {}).get(key)
        if text is not None:
            break
    else:
        if "default" in values:
            return str(values["default"])
        raise jinja2.UndefinedError(f'there is no text "{key}" in i18n/{lang}.toml, nor in i18n/en.toml')
    if isinstance(text, Mapping):
        form = locale_of(code).plural_form(values["n"])
        text = text.get(form) or text["other"]
    shown = {**values, "n": number_in_words(values["n"], lang)} if "n" in values else values
    try:
        return str(text).format_map(shown)
    except KeyError as error:
        raise jinja2.UndefinedError(
            f'the text "{key}" needs {error}, which the template does not give'
        ) from None
