"""The same input gives the same bytes: here, whatever the order in which a disk names its files.

Folders, time zones, locales, hash seeds and the number of jobs: `test_build`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

from tests.edits import INDEX_TEXTS, INDEXES, PROFILE_TEXTS, SITE, png
from tests.outputs import counts, tree
from tests.sites import make_site

LISTED, SCANNED = os.listdir, os.scandir


class Backwards:
    """What os.scandir gives, the last first."""

    def __init__(self, path: Any = ".") -> None:
        with SCANNED(path) as found:
            self._found = sorted(found, key=lambda entry: entry.name, reverse=True)

        self._left: Iterator[os.DirEntry[str]] = iter(self._found)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self

    def __next__(self) -> os.DirEntry[str]:
        return next(self._left)

    def close(self) -> None:
        pass

    def __enter__(self) -> Backwards:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        pass


class Forwards(Backwards):
    """The same, the first first."""

    def __init__(self, path: Any = ".") -> None:
        super().__init__(path)
        self._left = reversed(self._found)


def test_the_order_of_the_files_in_their_folders_does_not_matter(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        **SITE,
        "sitegen.toml": 'page_size = 2\ntheme.name = "child"\nlanguages = { en = {}, ru = {}, uk = {} }\n',
        **{f"content/{path}": INDEX_TEXTS[number % 2] for number, path in enumerate(INDEXES)},
        "content/people/anna.ru.md": PROFILE_TEXTS[1],
        "content/people/anna.uk.md": PROFILE_TEXTS[3],
        "content/images/b.png": png(3, 4),
    }
    trees = []
    for kind, name in ((Forwards, "forwards"), (Backwards, "backwards")):
        site = make_site(tmp_path / name, files)
        with (
            patch.object(os, "scandir", kind),
            patch.object(os, "listdir", lambda path=".", kind=kind: [one.name for one in kind(path)]),
        ):
            counts(site)
        trees.append(tree(site / "output"))
    assert len(trees[0]) > 60
    assert trees[0] == trees[1]
