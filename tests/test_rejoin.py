"""The law of `rejoin`: where it gives anything, it gives what `link` would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from sitegen.config import Config, Language, complete
from sitegen.link import link
from sitegen.model import Content, Entry, Profile
from sitegen.plan import plan
from sitegen.preview.rejoin import relink
from sitegen.urls import fold

CONFIG = complete(
    Config(languages={"en": Language(), "ru": Language(missing_translations="hide")}, page_size=2)
)

NAMES = ("Exile", "exile", "Ssylka", "ссылка", "Law", "Laws", "A b", "A-b")

names = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique_by=fold).map(tuple)
        for name in ("tags", "authors")
    },
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    number, lang = draw(st.integers(0, 5)), draw(st.sampled_from(("en", "ru")))
    slug = f"t{number}"
    return Entry(
        key=f"posts/{lang}/{slug}.md",
        section="posts",
        folder="",
        slug=slug,
        lang=lang,
        url=f"/{lang}/{slug}/",
        translation_key=slug,
        title=slug,
        date=datetime(2020, 1, 1 + number % 3, tzinfo=UTC),
        names=draw(names),
    )


PROFILES = (Profile(key="tags/exile.md", taxonomy="tags", slug="exile", lang="en", name="Exile"),)


def plain(content: Content) -> dict[str, Any]:
    """All that a linking says, its lazy parts worked out."""
    linking = link(content, CONFIG, lazily=True)
    return asdict(linking.site) | {"related": dict(linking.site.related)}


@given(st.lists(entries(), min_size=1, max_size=8), st.data())
def test_a_site_joined_anew_in_part_is_the_site_joined_anew_in_whole(
    written: list[Entry], data: st.DataObject
) -> None:
    content = Content(entries={one.key: one for one in written}, outlines={}, profiles=PROFILES)
    linking = link(content, CONFIG, lazily=True)
    for _ in range(data.draw(st.integers(1, 3))):
        old = data.draw(st.sampled_from(sorted(content.entries)).map(content.entries.__getitem__))
        new = replace(
            old,
            title=data.draw(st.sampled_from(("t", "u"))),
            names=data.draw(names),
        )
        content = replace(content, entries={**content.entries, new.key: new})
        joined = relink(linking, {new.key: new}, CONFIG)
        whole = link(content, CONFIG, lazily=True)
        if joined is None:
            joined = whole
        assert asdict(joined.site) | {"related": dict(joined.site.related)} == plain(content)
        assert joined.warnings == whole.warnings
        assert dict(joined.site.related) == link(content, CONFIG).site.related
        assert plan(joined.site, CONFIG, ()) == plan(whole.site, CONFIG, ())
        linking = joined


def test_a_change_of_names_that_are_known_is_joined_in_part() -> None:
    one, two = (
        Entry(
            key=f"posts/{slug}.md",
            section="posts",
            folder="",
            slug=slug,
            lang="en",
            url=f"/posts/{slug}/",
            translation_key=slug,
            title=slug,
            names={"tags": ("Exile",)},
        )
        for slug in ("one", "two")
    )
    linking = link(Content(entries={one.key: one, two.key: two}, outlines={}), CONFIG, lazily=True)
    joined = relink(linking, {two.key: replace(two, names={"tags": ("Exile", "Law")})}, CONFIG)
    assert joined
    assert joined.site.lists["en"]["tags/law"] == (two.key,)
    assert relink(linking, {two.key: replace(two, draft=True)}, CONFIG) is None
    assert relink(linking, {"posts/new.md": replace(two, key="posts/new.md")}, CONFIG) is None
