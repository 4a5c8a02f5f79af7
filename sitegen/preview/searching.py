"""The search of the preview: indexed behind everybody's back, in a process of its own, when all is quiet."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sitegen.errors import SiteError
from sitegen.preview.seen import STORE, Wish
from sitegen.sound import hold

#: Seconds after the last change before the index is made.
QUIET = 5.0

#: With more posts than these, which take gigabytes, nothing is indexed before somebody asks for the search.
MANY = 2_000


class Searcher:
    """Keeps a bundle of the site, at most one process at a time."""

    def __init__(self, wish: Wish, quiet: float = QUIET) -> None:
        self._wish, self._quiet = wish, quiet
        self._own, self._held = _own_folder(wish.folder / STORE)
        self._place = self._own / "bundles"
        shutil.rmtree(self._place, ignore_errors=True)
        built = wish.folder / STORE / "search" / "bundle"
        self._bundle: Path | None = built if built.is_dir() else None
        self._changed = time.monotonic()
        self._count = 0
        self._version = 1  #: of the text
        self._indexed = 0  #: the version that the bundle is of
        self._tried = 0  #: the version that was tried last
        self._asked = False
        self._process: subprocess.Popen[bytes] | None = None
        self._wake = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="search")

    def start(self) -> None:
        self._thread.start()

    def changed(self, count: int) -> None:
        """The text is another one now, of `count` posts."""
        with self._wake:
            self._version += 1
            self._count = count
            self._changed = time.monotonic()
            self._wake.notify()

    def file(self, name: str) -> Path | None:
        """A file of the bundle."""
        self._ask()
        bundle = self._bundle
        if bundle is None or ".." in name.split("/") or "\0" in name:
            return None
        file = bundle / name
        inside = os.path.realpath(file).startswith(os.path.realpath(bundle) + os.sep)
        return file if inside and file.is_file() else None

    def state(self) -> dict[str, Any]:
        """`state` is "fresh", "older" than the text, or "none"; `working`, whether a newer one is made."""
        self._ask()
        with self._wake:
            fresh = self._indexed == self._version
            state = "none" if self._bundle is None else "fresh" if fresh else "older"
            failed = self._tried == self._version and not fresh and self._process is None
            return {"state": state, "working": self._process is not None, "failed": failed}

    def _ask(self) -> None:
        with self._wake:
            if not self._asked:
                self._asked = True
                self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._open and (wait := self._due()) > 0:
                    self._wake.wait(wait)
                if not self._open:
                    return
                version = self._tried = self._version
                target = self._place / str(version)
                self._process = self._start(target)
            whole = self._process.wait() == 0
            with self._wake:
                self._process = None
                if whole and self._open:
                    old, self._bundle, self._indexed = self._bundle, target, version
                    if old and old.parent == self._place:
                        shutil.rmtree(old, ignore_errors=True)

    def _due(self) -> float:
        """Seconds until there is something to do."""
        if self._tried == self._version or (self._count > MANY and not self._asked):
            return 3600.0
        return self._changed + self._quiet - time.monotonic()

    def _start(self, target: Path) -> subprocess.Popen[bytes]:
        now, drafts = self._wish.now().isoformat(), "drafts" if self._wish.drafts else ""
        command = [sys.executable, "-m", "sitegen.preview.indexing", str(self._wish.folder), str(self._own)]
        return subprocess.Popen(
            [*command, str(target), now, drafts],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        """Stop, and whatever is under way."""
        with self._wake:
            self._open = False
            if self._process:
                with contextlib.suppress(OSError):
                    _kill(self._process)
            self._wake.notify()
        self._thread.join()
        shutil.rmtree(self._place, ignore_errors=True)


def _own_folder(store: Path) -> tuple[Path, sqlite3.Connection]:
    """A folder that no other preview of the site is at work in, and what holds it until the process ends."""
    for number in itertools.count(1):
        folder = store / ("preview" if number == 1 else f"preview-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(SiteError):
            return folder, hold(folder / "held.db")
    raise AssertionError


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except AttributeError:  # Windows has no groups of processes
        process.kill()
