"""Addresses: safe, whole, and the same from wherever they are looked at."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sitegen import urls

names = st.text(st.characters(codec="utf-8"), min_size=1)
#: What a segment of a site path may hold once it was checked: no slash, nothing that climbs.
segments = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\?#", exclude_categories=["Cc", "Cn"]), min_size=1
).filter(lambda text: text not in (".", "..") and text.strip() == text)
paths = st.lists(segments, max_size=4).map(lambda parts: "/" + "".join(f"{part}/" for part in parts))


@given(names)
def test_a_terms_slug_is_never_empty_and_safe_in_any_url(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", urls.slug_of_term(name))
    assert len(urls.slug_of_term(name)) <= 80


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Калмыки", "kalmyki"),
        ("Non-Russians", "non-russians"),
        ("Free Nations League", "free-nations-league"),
        ("Çağatay Türkçesi", "cagatay-turkcesi"),
        ("  Spaces   around ", "spaces-around"),
        ("Smith, John", "smith-john"),
        ("中文", "zhong-wen"),
        ("007", "007"),
    ],
)
def test_a_terms_slug_is_lower_case_and_transliterated(name: str, slug: str) -> None:
    assert urls.slug_of_term(name) == slug


@given(names)
def test_a_files_slug_is_one_safe_segment_and_repairing_it_again_changes_nothing(name: str) -> None:
    slug = urls.slug_of_file(name)
    assert slug
    assert not re.search(r"""[\s/\\:*?"<>|#%\x00-\x1f\x7f]""", slug)
    assert slug not in (".", "..")
    assert not slug.startswith((".", "-"))
    assert urls.slug_of_file(slug) == slug


@given(st.from_regex(r"[\w()!,;'&+=~-]+", fullmatch=True))
def test_a_files_slug_keeps_case_and_script(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    assume(composed.strip("-. ") == composed)
    assert urls.slug_of_file(name) == composed


def test_names_that_leave_no_slug_differ() -> None:
    assert urls.slug_of_file("...") != urls.slug_of_file("---")
    assert urls.slug_of_term("!!!") != urls.slug_of_term("???")


@given(paths, paths, st.sampled_from(["", "?q=1", "#part", "?q=1#part"]))
def test_a_relative_link_leads_to_its_target_from_any_page(page: str, target: str, tail: str) -> None:
    for base in ("https://host/", "https://host/deep/er/", "file:///srv/www/"):
        href = urls.relative(urls.root_of(page), target + tail)
        assert not href.startswith("/")
        assert urljoin(base + urls.encode(page)[1:], href) == base + urls.encode(target)[1:] + tail


@given(paths, paths)
def test_a_link_to_files_names_the_file(page: str, target: str) -> None:
    href = urls.relative(urls.root_of(page), target, files=True)
    here = "file:///srv/" + urls.encode(page)[1:] + "index.html"
    assert unquote(urljoin(here, href)) == "file:///srv/" + urls.output_path(target)


@given(paths, segments, segments)
def test_a_link_from_or_to_a_file_leads_there(folder: str, name: str, page: str) -> None:
    assume(not page.endswith("/"))
    href = urls.relative(urls.root_of(f"{folder}{page}.html"), f"{folder}{name}.jpg")
    here = "https://host" + urls.encode(f"{folder}{page}.html")
    assert urljoin(here, href) == "https://host" + urls.encode(f"{folder}{name}.jpg")


@given(paths)
def test_percent_encoding_goes_there_and_back(path: str) -> None:
    encoded = urls.encode(path)
    assert encoded.isascii()
    assert not set(encoded) & set(' "<>\\^`{|}?#')
    assert unquote(encoded) == path
    assert urls.join("https://host/x/", path) == "https://host/x" + encoded


def test_what_a_url_may_hold_is_not_encoded() -> None:
    assert urls.encode("/a-b_c.d~e!f$g&h'i(j)k*l+m,n;o=p:q@r/") == "/a-b_c.d~e!f$g&h'i(j)k*l+m,n;o=p:q@r/"
    assert urls.encode("/100% “ё”/") == "/100%25%20%E2%80%9C%D1%91%E2%80%9D/"


@given(st.text())
def test_the_one_form_of_a_path_is_its_own_form(path: str) -> None:
    assume("%" not in unquote(path))
    normal = urls.normal(path)
    assert normal.startswith("/")
    assert "//" not in normal
    assert urls.normal(normal) == normal


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("old", "/old/"),
        ("/old/", "/old/"),
        ("//old//path", "/old/path/"),
        ("/old/index.html", "/old/"),
        ("/old.html", "/old.html"),
        ("/feed.xml", "/feed.xml"),
        ("/v1.0", "/v1.0/"),
        ("/%D1%91", "/ё/"),
        ("/e\u0301/", "/\u00e9/"),
        ("", "/"),
        ("/index.html", "/"),
    ],
)
def test_a_path_as_people_write_it(written: str, path: str) -> None:
    assert urls.normal(written) == path


climbing = st.lists(st.sampled_from(["..", ".", "%20", " ", "%2e", "%2F", "/", "\u2003", "x", "%252e"])).map(
    "".join
)


@given(st.text() | climbing)
def test_a_path_without_fault_stays_in_the_output(path: str) -> None:
    assume(not urls.path_fault(path))
    parts = urls.output_path(urls.normal(path)).split("/")
    assert "" not in parts
    assert not {".", ".."} & {part.strip() for part in parts}
    assert "\0" not in "".join(parts)
    assert all(len(part.encode()) <= 255 for part in parts)


@given(st.text() | climbing)
def test_a_slug_without_fault_is_one_segment(slug: str) -> None:
    assume(not urls.slug_fault(slug))
    assert "/" not in urls.slug_of_file(slug)
    assert urls.slug_of_file(slug) not in (".", "..")


@pytest.mark.parametrize(
    ("pattern", "parts", "url"),
    [
        ("/{section}/{path}/{slug}/", {"section": "posts", "path": "", "slug": "x"}, "/posts/x/"),
        ("/{section}/{path}/{slug}/", {"section": "posts", "path": "a/b", "slug": "x"}, "/posts/a/b/x/"),
        ("{year}/{month}/{slug}", {"year": "2023", "month": "07", "slug": "x"}, "/2023/07/x/"),
        ("/{slug}.html", {"slug": "x"}, "/x.html"),
    ],
)
def test_a_permalink_is_filled_and_its_gaps_closed(pattern: str, parts: dict[str, str], url: str) -> None:
    assert urls.permalink(pattern, parts) == url


def test_only_other_languages_than_the_first_have_a_folder() -> None:
    assert urls.in_language("/tags/", "en", "en") == "/tags/"
    assert urls.in_language("/tags/", "ru", "en") == "/ru/tags/"


def test_the_pages_of_a_list() -> None:
    assert urls.url_of_list("tags/x") == "/tags/x/"
    assert urls.url_of_list("tags/x", 3) == "/tags/x/page/3/"
    assert urls.url_of_list("") == "/"


@pytest.mark.parametrize("address", ["https://x.org", "HTTP://x", "//x.org/a", "mailto:a@b", "tel:1", "x:y"])
def test_an_address_elsewhere(address: str) -> None:
    assert urls.is_external(address)


@pytest.mark.parametrize("address", ["/a:b/", "a/b:c", "./a", "../a", "#a", "?a:b", "1:2", ""])
def test_an_address_here(address: str) -> None:
    assert not urls.is_external(address)


@given(st.text())
def test_names_that_fold_alike_are_one_however_often_they_are_folded(name: str) -> None:
    assert urls.fold(f"  {name}\t") == urls.fold(name)
    assert urls.fold(unicodedata.normalize("NFD", name)) == urls.fold(unicodedata.normalize("NFC", name))


def test_case_spaces_and_unicode_forms_do_not_make_names_differ() -> None:
    assert urls.fold(" Captive \u00a0 NATIONS ") == urls.fold("captive nations")
    assert urls.fold("STRASSE") == urls.fold("straße")
    assert urls.fold("Caf\u00e9") == urls.fold("CAFE\u0301")
    assert urls.fold("Калмыки") != urls.fold("Калмыкi")
