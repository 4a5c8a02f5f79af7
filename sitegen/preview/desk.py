"""The one who keeps the preview up to date: looks, joins, and tells what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence

from msgspec import Struct

from sitegen.errors import Problem, SiteError, told
from sitegen.preview.edition import bring_out
from sitegen.preview.seen import Reader, Wish, same
from sitegen.preview.shelf import Shelf


class Outcome(Struct, frozen=True, kw_only=True):
    """What a change came to."""

    changed: Sequence[str] = ()  #: urls of what looks different now
    problems: Sequence[Problem] = ()  #: for which the last good edition is still shown
    mended: bool = False  #: there were problems, and now there are none
    ms: int = 0


class Desk:
    """The site as it is shown, and what is wrong with the site as it stands."""

    def __init__(self, wish: Wish) -> None:
        """Read the site. Raises SiteError only when it can't be read at all."""
        self._wish = wish
        self._lock = threading.Lock()
        with told("the site can not be read"):
            self._reader = Reader(wish)
        self.problems: tuple[Problem, ...] = ()
        self.shelf: Shelf | None = None  #: None until nothing was wrong for the first time
        try:
            self._turn()
        except SiteError as error:
            self.problems = error.problems

    def update(self, paths: Collection[str], since: float = 0.0) -> Outcome | None:
        """Look at what has changed at `paths`, everywhere when none are given; None if nothing has.

        `since` is when it was noticed, by `time.perf_counter`.
        """
        begun = since or time.perf_counter()
        with self._lock:
            before, seen = self.problems, self._reader.seen
            try:
                with told("the site can not be read"):
                    self._reader.update(paths)
                if self.shelf and not before and same(seen, self._reader.seen):
                    return None
                changed = self._turn()
                self.problems = ()
            except SiteError as error:
                changed, self.problems = [], error.problems
            except Exception as error:  # one mistake of ours must not end the preview
                message = f"sitegen itself is at fault: {type(error).__name__}: {error}"
                hint = "please report it; the preview goes on with the next change"
                changed, self.problems = [], (Problem(message=message, hint=hint),)
            if self.problems and self.problems == before:
                return None
            ms = round((time.perf_counter() - begun) * 1000)
            mended = bool(before) and not self.problems
            return Outcome(changed=changed, problems=self.problems, mended=mended, ms=ms)

    def _turn(self) -> list[str]:
        """Show what stands now, if nothing is wrong with it."""
        last = self.shelf.edition if self.shelf else None
        edition = bring_out(self._reader.seen, self._reader.press, self._wish, last)
        if self.shelf is None:
            self.shelf = Shelf(edition, self._wish.folder)
            return []
        if last and (edition.seen.theme is not last.seen.theme or edition.seen.config != last.seen.config):
            self.shelf.try_out(edition)
        return self.shelf.turn(edition)

    def knows(self, path: str) -> bool:
        """Whether a file or folder that is gone was part of the site."""
        return self._reader.knows(path)

    def theme_folders(self) -> list[str]:
        """Where the theme in use lies, and those it extends."""
        theme = self._reader.seen.theme
        return [str(folder) for folder in theme.folders] if theme else []
