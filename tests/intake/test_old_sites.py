"""Sites built by the very programs they were written for: what these publish is what is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

from sitegen.intake.items import Text
from sitegen.intake.old_lists import with_old_lists
from sitegen.model import Entry
from sitegen.terms import Taxonomy
from sitegen.urls import fold, normal
from tests.intake.imports import bring_in_twice, built, words_at
from tests.intake.old_sites import OldSite, Published, published, published_terms, redirects
from tests.intake.tools import OLD_SITES
from tests.sites import linking, make_site


class Both(NamedTuple):
    """An old site as its program published it, and what was made of it."""

    told: OldSite
    published: Path
    output: Path
    report: str
    taxonomies: Mapping[str, Taxonomy]
    entries: Mapping[str, Entry]  #: by each address that leads to them


@pytest.fixture(scope="module", params=OLD_SITES, ids=lambda told: told.name)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    told: OldSite = request.param
    place = tmp_path_factory.mktemp("old")
    told.build(make_site(place / "built", told.files), place / "published")
    # What a program leaves behind in its folder is no part of the site.
    bring_in_twice(place / "site", make_site(place / "old", told.files))
    linked = linking(place / "site")
    entries = linked.site.entries.values()
    return Both(
        told=told,
        published=place / "published",
        output=built(place / "site"),
        report=next((place / "site/imports").glob("*.txt")).read_text(),
        taxonomies=linked.taxonomies,
        entries={url: entry for entry in entries for url in (entry.url, *entry.aliases)},
    )


def test_each_text_keeps_its_address_title_date_tags_and_words(both: Both) -> None:
    pages = list(published(both.published))
    assert len(pages) == both.told.texts, [page.url for page in pages]
    assert not [fault for page in pages for fault in _differences(page, both)]


def _differences(page: Published, both: Both) -> Iterator[str]:
    """What is not as it was."""
    entry = both.entries.get(page.url)
    if entry is None:
        yield f"{page.url} is not among {list(both.entries)}"
        return
    now = (entry.title, sorted(entry.names.get("tags", ())), page.date and entry.date)
    if now != (page.title, page.tags, page.date):
        yield f"{page.url}: {page.title}, {page.tags}, {page.date} became {now}"
    pairs = zip_longest(page.words, words_at(both.output, entry.url))
    if differs := [pair for pair in pairs if pair[0] != pair[1]]:
        yield f"{page.url}: {differs[:9]}"


def test_what_led_to_a_text_leads_there_still(both: Both) -> None:
    for url, target in redirects(both.published):
        assert both.entries[url] is both.entries[normal(target)], url


def test_the_old_list_of_each_term_leads_to_the_new_one_or_is_told_of(both: Both) -> None:
    terms = list(published_terms(both.published))
    assert len(terms) == both.told.terms, terms
    leading = dict(redirects(both.output))
    for term in terms:
        lang = "/ru" if term.url.startswith("/ru/") else ""
        new = f"{lang}/{term.taxonomy}/{both.taxonomies[term.taxonomy].slugs[fold(term.name)]}/"
        told = f'the old address "{term.url}" differs from the new one, {new}, only by case' in both.report
        assert new in (term.url, leading.get(term.url)) or told, (term, leading)


def test_a_term_called_none_is_not_taken_for_a_list_that_has_no_name() -> None:
    given = [
        Text(source="x", path="tags/_index.md", meta={"title": "Tags"}, body="", digest="1"),
        Text(source="y", path="posts/a.md", meta={"title": "A", "tags": ["None"]}, body="", digest="2"),
    ]
    made = with_old_lists(given, lambda taxonomy, *_: ["/tag/none/"] if taxonomy == "tags" else [])
    aliases = {one.path: one.meta.get("aliases") for one in made if isinstance(one, Text)}
    assert aliases == {"posts/a.md": None, "tags/_index.md": None, "tags/none.md": ["/tag/none/"]}
