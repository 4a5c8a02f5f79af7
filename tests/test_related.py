"""Related entries: those that share rare tags, found with bounded work."""

from __future__ import annotations

import sys
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sitegen.related import COUNT, WINDOW, relate

tagged = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.lists(st.sampled_from(["t", "u", "v", "w"]), unique=True).map(tuple),
    max_size=40,
)


@given(tagged)
def test_an_entry_is_related_only_to_others_that_share_a_tag(tags: dict[str, tuple[str, ...]]) -> None:
    for key, nearest in relate(list(tags), tags).items():
        assert key not in nearest
        assert len(set(nearest)) == len(nearest) <= COUNT
        assert all(set(tags[key]) & set(tags[other]) for other in nearest)


@given(tagged)
def test_every_entry_that_shares_a_tag_has_relatives(tags: dict[str, tuple[str, ...]]) -> None:
    related = relate(list(tags), tags)
    for key in tags:
        shares = any(set(tags[key]) & set(tags[other]) for other in tags if other != key)
        assert bool(related.get(key)) is shares


@given(tagged, st.randoms())
def test_the_result_depends_on_the_order_of_time_alone(
    tags: dict[str, tuple[str, ...]], random: Random
) -> None:
    order = sorted(tags)
    keys = random.sample(order, len(order))
    shuffled = {key: tuple(random.sample(tags[key], len(tags[key]))) for key in keys}
    assert relate(order, tags) == relate(order, shuffled)


def test_rare_tags_count_more_than_common_ones() -> None:
    tags = {"x": ("common", "rare"), "kin": ("rare",)} | {f"n{n}": ("common",) for n in range(20)}
    order = [*(f"n{n}" for n in range(10)), "x", *(f"n{n}" for n in range(10, 20)), "kin"]
    assert relate(order, tags)["x"][0] == "kin"


def test_more_shared_tags_come_first_then_the_nearest_in_time_then_the_key() -> None:
    tags = dict.fromkeys(("far", "b", "a"), ("t",)) | {"x": ("t", "u"), "two": ("t", "u")}
    assert relate(["a", "x", "b", "two", "far"], tags)["x"] == ("two", "a", "b", "far")


def test_an_entry_without_tags_has_no_relatives() -> None:
    assert relate(["a", "b"], {"a": (), "b": ("t",)}) == {"b": ()}


def test_only_the_nearest_in_time_are_looked_at_however_common_a_tag_is() -> None:
    order = [f"{number:05}" for number in range(1000)]
    related = relate(order, dict.fromkeys(order, ("everywhere",)))
    distances = [abs(int(key) - int(other)) for key, nearest in related.items() for other in nearest]
    assert max(distances) <= WINDOW


def test_ten_times_the_entries_take_about_ten_times_the_work() -> None:
    def work(count: int) -> int:
        order = [f"{number:05}" for number in range(count)]
        tags = dict.fromkeys(order, ("everywhere",))
        calls = 0

        def count_call(_frame: object, _event: str, _arg: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count_call)
        try:
            relate(order, tags)
        finally:
            sys.setprofile(None)
        return calls

    assert work(2000) <= 11 * work(200)
