"""Everything that is wrong with a site, in one list; nothing is looked at again that can't have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sitegen.build import STORE
from sitegen.check.checked import Checked, remember, task_of, unchanged
from sitegen.errors import Problem, told
from sitegen.report import Progress, silent
from sitegen.sound import DamagedError, sound
from sitegen.store import Store

T = TypeVar("T")


def check(folder: Path, now: datetime, jobs: int, progress: Progress = silent) -> Checked:
    """Check the site in `folder`. Raises SiteError only when it can't be looked at."""

    def work(store: Store) -> Checked:
        task = task_of(folder, now, jobs)
        checked = unchanged(task, store)
        if checked is None:
            # What the whole way needs takes longer to import than it takes to see that nothing changed.
            from sitegen.check.way import go

            checked, _ = go(task, store, progress)
            remember(task, checked, store)
        return checked

    return held(folder, work)


#: Mending can bring new things to light: a tag that has taken in another may be like a third.
_ROUNDS = 10


def fix(folder: Path, now: datetime, jobs: int, progress: Progress = silent) -> list[Problem]:
    """Mend what can be mended safely; returns what was done. Doing so again does nothing."""

    def work(store: Store) -> list[Problem]:
        from sitegen.check.fixes import fix as mend
        from sitegen.check.way import go

        mended: list[Problem] = []
        for number in range(_ROUNDS):
            task = task_of(folder, now, jobs)
            checked, archive = go(task, store, silent if number else progress)
            done = mend(folder, task.found, archive, checked.findings)
            mended += done
            if not done:
                remember(task, checked, store)
                break
        return mended

    return held(folder, work)


def look_outside(folder: Path, now: datetime, progress: Progress = silent) -> list[Problem]:
    """Look after the links to other sites of a site that was just checked."""
    from sitegen.check.looked import answers, places, put_answers
    from sitegen.check.outside import ask, due, findings

    links, known = held(folder, lambda store: (places(store), answers(store)))
    urls = due(links, known, now)
    try:
        # Nothing else has to wait for it: the store is not held meanwhile.
        ask(urls, known, now, progress("Asking other sites", 0))
    finally:
        held(folder, lambda store: put_answers(store, known))
    return list(findings(links, known))


def held(folder: Path, work: Callable[[Store], T]) -> T:
    """Do `work` with the site's store; once more with a new one, if the old one was damaged."""
    with told("the check can not begin"):
        store = Store(folder / STORE)
    with told("the check stopped"), contextlib.closing(store), sound():
        try:
            with sound():
                return work(store)
        except DamagedError:
            store.mend()
            return work(store)
