"""A preview that lives through any edits shows what a clean build would write, and tells of all that changed.

By default some 100 edits are made; `SITEGEN_STEPS=10000` makes more, and other ones each time.
"""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from sitegen.errors import SiteError
from sitegen.make import published
from sitegen.manifest import MANIFEST
from sitegen.pictures import kept_in
from sitegen.preview.desk import Desk
from sitegen.preview.seen import Wish
from sitegen.preview.shelf import Shelf
from tests.outputs import tree
from tests.sites import NOW
from tests.test_incremental import Edited, compiled_once, make_edits

__all__ = ["compiled_once"]  # a fixture

STEPS = int(os.environ.get("SITEGEN_STEPS", "100"))

STEPS_OF_ONE = 20

_COPIED = ("asset", "picture", "theme-file")


class Lived(Edited):
    """The same edits as `test_incremental` makes, seen by a preview of the site."""

    steps = failing = 0

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        super().begin(seed)
        self._start()

    def _start(self) -> None:
        self.desk = Desk(Wish(folder=self.site.resolve(), now=lambda: NOW, drafts=self.drafts))
        self.shown: dict[str, bytes] = {}
        self.before = self._sources()

    # What only a build can meet.
    tamper = lose = rest = another_day = None  # type: ignore[assignment]

    @rule()
    def toggle_drafts(self) -> None:
        self.drafts = not self.drafts
        self._start()

    @invariant()
    def the_incremental_build_equals_a_clean_one(self) -> None:
        """The law, in place of that of the builds."""
        type(self).steps += 1
        now = self._sources()
        touched = {path for path in now.keys() | self.before.keys() if now.get(path) != self.before.get(path)}
        paths = {str(self.site.resolve() / path) for path in touched}
        # The watcher names what changed; what it can't name is found by looking at everything.
        outcomes = [self.desk.update(paths if self.chance.random() < 0.7 else ()), self.desk.update(())]
        self.before = now
        clean_site = self.folder / "clean"
        shutil.copytree(self.site, clean_site, ignore=shutil.ignore_patterns(".sitegen", "output"))
        clean = self._build(clean_site, search=False)
        if clean.report:
            self.good = now
            self._compare(
                tree(clean_site / "output"), {url for one in outcomes if one for url in one.changed}
            )
        else:
            type(self).failing += 1
            assert self.desk.problems or self._fails_somewhere()
            self._mend()
        shutil.rmtree(clean_site)

    def _compare(self, clean: dict[str, bytes], told: set[str]) -> None:
        assert not self.desk.problems
        shelf = self._shelf()
        assert shelf.edition.pages.keys() == clean.keys() - {MANIFEST}
        old, self.shown = self.shown, {}
        styled = any(url.endswith(".css") for url in told)
        for path, page in shelf.edition.pages.items():
            if page.kind in _COPIED:
                data = published(page, shelf.edition.library, kept_in(self.site / ".sitegen"))
                assert (data if isinstance(data, bytes) else data.read_bytes()) == clean[path], path
                continue
            assert shelf.rendered(page).data == clean[path], path
            if path.endswith(".html"):
                self.shown[path] = clean[path]
                assert styled or old.get(path, clean[path]) == clean[path] or page.url in told, path

    def _fails_somewhere(self) -> bool:
        """Whether a page shows what is wrong with its template."""
        for page in self._shelf().edition.pages.values():
            if page.kind not in _COPIED:
                try:
                    self._shelf().rendered(page)
                except SiteError:
                    return True
        return False

    def _shelf(self) -> Shelf:
        assert self.desk.shelf
        return self.desk.shelf


@pytest.mark.usefixtures("compiled_once")
def test_after_any_edits_the_preview_shows_what_a_clean_build_writes() -> None:
    make_edits(Lived, STEPS, STEPS_OF_ONE)
