"""Work that goes on in stages, and work that is spread over processes."""

from __future__ import annotations

from functools import partial

import pytest

from sitegen.jobs import WORTH_SPREADING, Stages, in_step, spread


def test_none_goes_on_before_all_have_come_as_far_and_each_gives_its_own() -> None:
    done: list[str] = []

    def work(name: str, stages: int) -> Stages[str]:
        for number in range(stages):
            done.append(f"{name}{number}")
            yield
        return name.upper()

    assert in_step([work("a", 2), work("b", 0), work("c", 3)]) == ["A", "B", "C"]
    assert done == ["a0", "c0", "a1", "c1", "c2"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 33, WORTH_SPREADING + 1])
@pytest.mark.parametrize("heavy", [True, False])
def test_results_come_in_the_order_of_the_tasks(jobs: int, count: int, heavy: bool) -> None:
    results = spread(partial(map, str), range(count), jobs, heavy=heavy)
    assert list(results) == [str(number) for number in range(count)]
