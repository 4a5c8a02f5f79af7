"""A process of its own that indexes a site for the search of its preview: see `searching`.

It says nothing. Exit status 0: the folder it was given holds a bundle; 1: there is something wrong with the
site, or with Pagefind. It ends, and Pagefind with it, when its standard input does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import sys
import threading
from datetime import datetime
from pathlib import Path

from sitegen.errors import SiteError
from sitegen.join import join, library_of, read_parts
from sitegen.make import Known, Making, is_searched, make
from sitegen.pictures import kept_in
from sitegen.preview.seen import STORE
from sitegen.read import Choice
from sitegen.report import silent
from sitegen.search import index
from sitegen.store import FILE, Store
from sitegen.survey import survey
from sitegen.write import Output


def main(folder: Path, own: Path, target: Path, choice: Choice) -> None:
    """Index the site in `folder` as it stands now, and put the bundle into the new folder `target`.

    In `own`, which is no other preview's, is kept what makes the next time quicker.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(19)
    store = folder / STORE
    # What the last build knew, so that nothing is read or rendered twice; that store itself isn't touched.
    with (
        contextlib.closing(sqlite3.connect(f"{(store / FILE).as_uri()}?mode=rw", uri=True)) as known,
        contextlib.closing(sqlite3.connect(own / FILE)) as copy,
    ):
        known.backup(copy)
    if not (own / "search").exists() and (store / "search").is_dir():
        shutil.copytree(store / "search", own / "search", copy_function=os.link)
    with contextlib.closing(Store(own)) as opened:
        bundle = _bundle(folder, opened, choice)
        for name, file in bundle.items():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, place)


def _bundle(folder: Path, store: Store, choice: Choice) -> dict[str, Path]:
    """The files of the bundle, by name."""
    joined = join(read_parts(survey(folder), store), choice, lazily=True)
    problems, library = joined.problems(), library_of(joined, store.bodies())
    if problems or library is None:
        raise SiteError(problems)
    # What the published output holds already is taken from there; nothing is ever put into it.
    output = Output(folder / "output", store.folder)
    making = Making(library=library, output=output, site=folder, pictures=kept_in(store.folder))
    shutil.rmtree(store.folder / "waiting", ignore_errors=True)
    (store.folder / "waiting").mkdir()
    searched = [page for page in joined.pages if is_searched(page, library)]
    known = Known(files=store.files(), traces={row.path: row for row in store.traces()})
    made = make(making, searched, known, 1, silent("", 0))
    places = {one.file.path: Path(one.file.waiting or output.folder / one.file.path) for one in made}
    return index(places, {one.file.path: one.indexed for one in made}, store.folder)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    with contextlib.suppress(AttributeError):  # Windows has no groups of processes
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    _folder, _own, _target, _now, _drafts = sys.argv[1:]
    try:
        main(
            Path(_folder),
            Path(_own),
            Path(_target),
            Choice(now=datetime.fromisoformat(_now), drafts=_drafts == "drafts"),
        )
    except Exception:
        os._exit(1)
    os._exit(0)
