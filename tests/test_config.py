"""The settings: every mistake is told in the words and on the line of the person who wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, structs

from sitegen.config import Config, complete
from sitegen.contradictions import is_language
from sitegen.errors import Problem, SiteError, nearest
from sitegen.settings import line_of, read_config
from sitegen.typed import fill
from tests.sites import build, make_site, post, run


def told(tmp_path: Path, text: str) -> list[str]:
    return [str(problem) for problem in read_config(make_site(tmp_path, {"sitegen.toml": text}))[1]]


def config(tmp_path: Path, text: str) -> Config:
    settings, problems = read_config(make_site(tmp_path, {"sitegen.toml": text}))
    assert not problems
    return settings


def test_a_site_without_settings_has_them_all(tmp_path: Path) -> None:
    settings, problems = read_config(tmp_path)
    assert not problems
    assert settings == complete(Config())
    assert (settings.language, list(settings.languages), settings.page_size) == ("en", ["en"], 20)
    assert list(settings.taxonomies) == ["tags", "authors", "categories", "groups"]
    assert settings.theme.name == "chronicle"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('tittle = "x"', 'sitegen.toml:1: tittle: "tittle" is not known here; did you mean "title"?'),
        (
            'base-url = "x"',
            'sitegen.toml:1: base-url: "base-url" is not known here; did you mean "base_url"?',
        ),
        (
            '[markdown]\n\nhtml = "raw"',
            'sitegen.toml:3: markdown.html: "raw" is not one of "sanitized", "trusted"; '
            'write "sanitized" or "trusted"',
        ),
        (
            "[sections.posts]\nfeed = 1",
            "sitegen.toml:2: sections.posts.feed: 1 is not true or false; write true or false",
        ),
        (
            "[sections]\nposts = true",
            "sitegen.toml:1: sections: {'posts': True} stands where tables are expected; "
            "write [sections.NAME]",
        ),
        (
            '[theme]\nname = "cronicle"',
            'sitegen.toml:2: theme.name: there is no theme "cronicle"; did you mean "chronicle"?',
        ),
    ],
)
def test_a_mistake_names_its_line_its_key_and_the_way_out(text: str, message: str, tmp_path: Path) -> None:
    if "theme" in text:
        from sitegen.theme import load_theme

        site = make_site(tmp_path, {"sitegen.toml": text})
        assert [str(problem) for problem in load_theme(site, read_config(site)[0])[1]] == [message]
    else:
        assert told(tmp_path, text) == [message]


#: For every key with a plain value: values of every other kind.
WRONG = {
    "text": '"x"',
    "number": "5",
    "fraction": "0.5",
    "truth": "true",
    "list": "[1]",
    "table": "{ a = 1 }",
}
PLAIN = {
    "title": {"text"},
    "description": {"text"},
    "author": {"text"},
    "page_size": {"number"},
    "search.enabled": {"truth"},
    "markdown.extensions": set[str](),
    "images.widths": set[str](),
    "images.metadata": set[str](),
    "search.facets": set[str](),
    "sections.posts.permalink": set[str](),
    "sections.posts.dated": {"truth"},
    "sections.posts.feed": {"truth"},
    "sections.posts.search": {"truth"},
    "sections.posts.template": {"text"},
    "taxonomies.places.field": {"text"},
    "taxonomies.places.feed": {"truth"},
    "languages.ru.name": {"text"},
    "languages.ru.missing_translations": set[str](),
    "publish.home.to": set[str](),
    "markdown.engine": set[str](),
    "links": set[str](),
    "theme.name": {"text"},
    "nav.items": set[str](),
}


@pytest.mark.parametrize("key", PLAIN)
def test_every_wrong_kind_of_value_is_told_with_the_line_of_its_key(key: str, tmp_path: Path) -> None:
    for kind, value in WRONG.items():
        problems = told(tmp_path, f"# a comment\n{key} = {value}\n")
        about = [problem for problem in problems if problem.startswith(f"sitegen.toml:2: {key}: ")]
        assert bool(about) is (kind not in PLAIN[key]), (kind, problems)


def test_every_key_is_known_to_the_test_above() -> None:
    tried = {key.partition(".")[0] for key in PLAIN}
    rest = {"base_url", "language", "timezone"}
    assert tried | rest == {field.name for field in structs.fields(Config)}


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('title = "a"', ("title",), 1),
        ('\n\n  title   = "a"', ("title",), 3),
        ('[markdown]\nengine = "a"', ("markdown", "engine"), 2),
        ('markdown.engine = "a"', ("markdown", "engine"), 1),
        ('[ markdown ] # here\n"engine" = 1', ("markdown", "engine"), 2),
        ('title = "a"\n[sections.posts]\nfeed = true', ("sections", "posts", "feed"), 3),
        ('[a]\ntitle = 1\n[b]\ntitle = "a"', ("b", "title"), 4),
        ('[languages."pt-BR"]\nname = 5', ("languages", "pt-BR", "name"), 2),
        ("[[nav.items]]\ntitle = 1\n[[nav.items]]\ntitel = 1", ("nav", "items", "titel"), 4),
        ("[markdown]\n", ("markdown", "engine"), 1),
        ('title = "a"', ("author",), 0),
    ],
)
def test_the_line_of_a_key(text: str, path: tuple[str, ...], line: int) -> None:
    assert line_of(text, path) == line


def test_all_mistakes_of_the_settings_are_told_at_once(tmp_path: Path) -> None:
    text = (
        'tittle = "x"\npage_size = 0\ntimezone = "Mars"\nbase_url = "x"\n[markdown]\nengine = 5\nhtlm = ""\n'
    )
    assert [problem.partition(";")[0].split(": ")[:2] for problem in told(tmp_path, text)] == [
        ["sitegen.toml:1", "tittle"],
        ["sitegen.toml:6", "markdown.engine"],
        ["sitegen.toml:7", "markdown.htlm"],
        ["sitegen.toml:2", "page_size"],
        ["sitegen.toml:3", "timezone"],
        ["sitegen.toml:4", "base_url"],
    ]


def test_the_first_language_is_one_of_the_languages(tmp_path: Path) -> None:
    assert told(tmp_path, 'language = "en"\n[languages.ru]\n') == [
        'sitegen.toml:1: language: "en" is not among [languages]; add [languages.en] or known are: ru'
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tabels", 'there is no extension "tabels"; did you mean "tables"?'),
        ("no.such", 'there is no extension "no.such"; install its package'),
        ("json", 'the extension "json" can not be loaded: AttributeError'),
    ],
)
def test_an_extension_that_can_not_be_loaded_is_told_among_all_mistakes(
    name: str, message: str, tmp_path: Path
) -> None:
    files = {
        "sitegen.toml": f'[markdown]\nextensions = ["{name}"]\n',
        "content/posts/x.md": post(date="soon"),
    }
    site = make_site(tmp_path, files)
    errors = run(site, "build").err
    assert f"sitegen.toml:2: markdown.extensions: {message}" in errors
    assert "content/posts/x.md:3: date:" in errors


def test_extensions_that_the_other_engine_does_not_know_are_told(tmp_path: Path) -> None:
    text = '[markdown]\nengine = "commonmark"\nextensions = ["tables"]\n'
    site = make_site(tmp_path, {"sitegen.toml": text, "content/posts/x.md": post()})
    assert 'sitegen.toml:3: markdown.extensions: extensions have no effect with engine = "commonmark"' in (
        build(site).err
    )


@pytest.mark.parametrize("table", ["languages", "sections", "taxonomies", "publish"])
def test_tables_without_a_name_are_told(table: str, tmp_path: Path) -> None:
    assert f"write [{table}.NAME]" in told(tmp_path, f"[[{table}]]\n")[0]


def test_links_of_the_navigation_with_a_name_are_told(tmp_path: Path) -> None:
    assert "write [[nav.items]]" in told(tmp_path, '[nav.items.a]\ntitle = "A"\nurl = "/"\n')[0]


def test_defaults_stand_in_for_what_is_wrong(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": 'title = "Mine"\npage_size = 0\ntimezone = "Mars"\n'})
    settings, problems = read_config(site)
    assert len(problems) == 2
    assert (settings.title, settings.page_size > 0, settings.zone.key) == ("Mine", True, "UTC")


def test_the_first_language_is_the_one_named_or_the_first_listed(tmp_path: Path) -> None:
    assert config(tmp_path, '[languages.ru]\nname = "Русский"\n[languages.en]\n').language == "ru"
    named = config(tmp_path, 'language = "en"\n[languages.ru]\nname = "Русский"\n[languages.en]\n')
    assert (named.language, list(named.languages)) == ("en", ["en", "ru"])


@pytest.mark.parametrize("code", ["en", "ru", "xal", "pt-BR", "zh-Hant-TW", "sr-Latn"])
def test_a_language_code(code: str) -> None:
    assert is_language(code)


@pytest.mark.parametrize("code", ["", "e", "EN", "english", "en_GB", "en-", "../en", "en/x", "русский"])
def test_what_is_no_language_code(code: str) -> None:
    assert not is_language(code)


@pytest.mark.parametrize(
    ("written", "base_url"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/archive", "https://example.org/archive/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
    ],
)
def test_the_sites_address_ends_in_a_slash(written: str, base_url: str, tmp_path: Path) -> None:
    assert config(tmp_path, f'base_url = "{written}"').base_url == base_url


@pytest.mark.parametrize(
    "written", ["example.org", "ftp://x.org", "https://", "https://x/?q", "https://x/#a", "https://[x/"]
)
def test_what_is_no_address_of_a_site(written: str, tmp_path: Path) -> None:
    assert "is not a web address" in told(tmp_path, f'base_url = "{written}"')[0]


def test_a_language_in_capitals_is_told_how_it_is_written(tmp_path: Path) -> None:
    assert told(tmp_path, "[languages.PT-BR]\n")[0].endswith('is not a language code; write "pt-BR"')


def test_sections_have_their_defaults(tmp_path: Path) -> None:
    settings = config(tmp_path, "[sections.docs]\ndated = true\n")
    assert [settings.section(name).dated for name in ("posts", "docs", "videos")] == [True, True, False]
    assert [settings.section(name).feed for name in ("posts", "docs", "videos")] == [True, True, False]
    assert settings.section("pages").permalink == "/{path}/{slug}/"
    assert settings.section("videos").template == "page.html"
    assert settings.section("docs").template == "post.html"


@pytest.mark.parametrize(
    ("written", "permalink", "search"),
    [
        ("", "/{path}/{slug}/", False),
        ("search = true", "/{path}/{slug}/", True),
        ('permalink = "/p/{slug}/"', "/p/{slug}/", False),
    ],
)
def test_what_the_settings_do_not_say_of_pages_stays_as_it_is(
    written: str, permalink: str, search: bool, tmp_path: Path
) -> None:
    pages = config(tmp_path, f"[sections.pages]\n{written}\n").section("pages")
    assert (pages.permalink, pages.search) == (permalink, search)


def test_a_new_taxonomy_has_its_field_and_profiles_called_like_itself(tmp_path: Path) -> None:
    taxonomies = config(tmp_path, "[taxonomies.places]\n[taxonomies.tags]\nfeed = false\n").taxonomies
    assert (taxonomies["places"].field, taxonomies["places"].profiles) == ("places", "places")
    assert (taxonomies["tags"].field, taxonomies["tags"].feed) == ("tags", False)


class _Inner(Struct, frozen=True, kw_only=True):
    size: int = 1


class _Outer(Struct, frozen=True, kw_only=True):
    name: str = "x"
    inner: _Inner = _Inner()
    many: dict[str, _Inner] = {}
    listed: tuple[_Inner, ...] = ()


def filled(data: dict[str, Any]) -> tuple[_Outer, list[str]]:
    problems: list[str] = []
    outer = fill(
        _Outer, data, lambda path, message, hint: problems.append(f"{'.'.join(path)}: {message}; {hint}")
    )
    return outer, problems


def test_plain_data_becomes_a_struct() -> None:
    outer, problems = filled({"inner": {"size": 2}, "many": {"a": {"size": 3}}, "listed": [{"size": 4}, {}]})
    assert not problems
    assert outer == _Outer(
        inner=_Inner(size=2), many={"a": _Inner(size=3)}, listed=(_Inner(size=4), _Inner(size=1))
    )


def test_every_mistake_is_told_and_the_rest_kept() -> None:
    outer, problems = filled(
        {"nmae": 1, "name": 5, "inner": {"size": "x", "sise": 1}, "many": {"a": {"size": 2.5}}, "listed": {}}
    )
    assert outer == _Outer(many={"a": _Inner()})
    assert problems == [
        'nmae: "nmae" is not known here; did you mean "name"?',
        'name: 5 is not text; write text in quotes, "like this"',
        'inner.size: "x" is not a whole number; write a whole number, like 20',
        'inner.sise: "sise" is not known here; did you mean "size"?',
        "many.a.size: 2.5 is not a whole number; write a whole number, like 20",
        "listed: {} stands where tables are expected; write [[listed]]",
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["name", "inner", "many", "listed", "size", "x"]), json_values))
def test_any_data_is_filled_in_or_told(data: dict[str, Any]) -> None:
    outer, problems = filled(data)
    assert isinstance(outer, _Outer)
    assert isinstance(outer.name, str)
    assert all(isinstance(one, _Inner) for one in (*outer.many.values(), outer.inner))
    assert bool(problems) or set(data) <= {"name", "inner", "many", "listed"}


def test_the_nearest_known_word_is_named_or_all_of_them() -> None:
    assert nearest("tittle", ["title", "author"]) == 'did you mean "title"?'
    assert nearest("xyz", ["title", "author"]) == "known are: author, title"
    assert nearest("xyz", []) == ""


def test_a_problem_reads_as_one_line() -> None:
    whole = Problem(
        file="a.md", line=4, field="date", message='"soon" is not a date', hint="write 2023-07-22"
    )
    assert str(whole) == 'a.md:4: date: "soon" is not a date; write 2023-07-22'
    assert str(Problem(file="a.md", message="is empty")) == "a.md: is empty"
    assert str(Problem(message="no room")) == "no room"


def test_an_error_holds_each_problem_once_in_order() -> None:
    first, second = Problem(file="a.md", line=2, message="x"), Problem(file="a.md", line=10, message="y")
    error = SiteError([second, first, second])
    assert error.problems == (first, second)
    assert str(error) == "a.md:2: x\na.md:10: y"


def test_a_taxonomy_can_not_be_called_like_a_language(tmp_path: Path) -> None:
    text = '[languages.en]\n[languages.ru]\n[taxonomies.ru]\nfield = "ru"\n'
    _, problems = read_config(make_site(tmp_path, {"sitegen.toml": text}))
    assert [(one.line, one.field) for one in problems] == [(3, "taxonomies.ru")]
