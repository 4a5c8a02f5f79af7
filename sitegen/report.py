"""What is asked of a build, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.model import LeftOut

#: Takes what begins and how many steps it has; returns what is called after each step.
Progress = Callable[[str, int], Callable[[], None]]


def silent(_stage: str, _steps: int) -> Callable[[], None]:
    """Show no progress."""
    return lambda: None


class Options(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard wants of a build."""

    output: Path | None = None  #: by default output/ in the site
    clean: bool = False  #: trust nothing that is there, write every file anew
    drafts: bool = False
    future: bool = False
    search: bool = True
    jobs: int = 1
    strict: bool = False  #: warnings are errors
    explain: str = ""  #: the address of a page
    now: datetime = datetime.min.replace(tzinfo=UTC)


class Report(Struct, frozen=True, kw_only=True):
    """What a build did."""

    pages: int  #: files in the output, the search bundle and the manifest aside
    files: int  #: those of the search bundle too
    written: int  #: of `files`
    deleted: int
    left_out: LeftOut
    warnings: tuple[Problem, ...]
    ms: int
    stages: dict[str, int]  #: stage -> milliseconds
    config: Config
    explained: tuple[str, ...] = ()  #: why the page that `explain` names was made anew or not, in lines
    store_was_damaged: bool = False  #: and was made anew
