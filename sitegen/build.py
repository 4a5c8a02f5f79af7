"""One build: the whole way, or none of it when nothing has changed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from msgspec.structs import asdict, replace

from sitegen.again import NOTHING_CHANGED, edited, forget, frame_of, last_report, remember
from sitegen.errors import told
from sitegen.report import Options, Progress, Report, silent
from sitegen.sound import DamagedError, sound
from sitegen.store import Store
from sitegen.survey import survey

__all__ = ["STORE", "Options", "Progress", "Report", "build", "silent"]

STORE = ".sitegen"


def build(folder: Path, options: Options, progress: Progress = silent) -> Report:
    """Build the site in `folder`. Raises SiteError with everything that is wrong; then nothing changed."""
    start = time.perf_counter()
    with told("the build can not begin"):
        store = Store(folder / STORE)
    with told("the build stopped, and nothing was replaced"), contextlib.closing(store), sound():
        if options.clean:
            store.discard()
        try:
            with sound():
                report = _build(folder, options, store, progress)
        except DamagedError:
            store.mend()
            report = _build(folder, options, store, progress)
    return replace(report, ms=round((time.perf_counter() - start) * 1000))


def _build(folder: Path, options: Options, store: Store, progress: Progress) -> Report:
    site = survey(folder)
    output = options.output or folder / "output"
    frame = frame_of(site, options)
    last = last_report(store, frame, options, output)
    texts = edited(store, site.found) if last else ()
    if last and not texts:
        return replace(last, explained=(NOTHING_CHANGED,) if options.explain else ())
    # What the whole way needs takes longer to import than it takes to see that nothing changed.
    from sitegen.ready import Task
    from sitegen.way import go

    forget(store)
    task = Task(**asdict(site), options=options, last=last, edited=texts)
    report = go(task, store, progress)
    remember(store, frame, report, output)
    return report
