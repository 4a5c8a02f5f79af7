"""Everything that is wrong with a site, in one list; nothing is looked at again that can't have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sitegen.build import STORE
from sitegen.check.checked import Checked, remember, task_of, unchanged
from sitegen.errors import told
from sitegen.report import Progress, silent
from sitegen.store import DamagedError, Store, sound

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
