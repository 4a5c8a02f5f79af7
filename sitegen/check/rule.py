"""What a rule of `sitegen check` is, and what the rules are given to look at.

A *finding* is a `Problem` whose `group` is the code of the rule that found it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.find import Source
from sitegen.model import Body, Entry, Index, Page, Profile, Site
from sitegen.recall import Recall, afresh

_BREAKS = re.compile("\r\n?")

Level = Literal["error", "warning"]

#: Looks at one thing, and yields what is wrong with it.
Look = Callable[[Any], Iterator[Problem]]


class Rule(Struct, frozen=True):
    """One thing that an editor would say."""

    code: str  #: its name, and that of its part in docs/checking.md
    level: Level
    counted: tuple[str, str]  #: what one finding is called after its number, and what several are
    says: str  #: the rule itself, in a sentence
    look: Look | None = None  #: None where the stages of a build find it
    mends: bool = False  #: whether --fix mends it


class Text(Struct, frozen=True, kw_only=True):
    """A source file, as it lies there and as it was read."""

    source: Source
    data: str  #: with its own line endings
    value: Entry | Profile | Index | None
    body: Body
    config: Config

    def problem(self, message: str, hint: str = "", *, field: str = "", at: int | None = None) -> Problem:
        """A problem of this file, on the line of `field`, or at the place `at` in `data`."""
        line = getattr(self.value, "lines", {}).get(field, 0)
        if at is not None:
            line = len(_BREAKS.sub("\n", self.data[:at]).split("\n"))
        return Problem(file=self.source.file, line=line, field=field, message=message, hint=hint)

    @property
    def post(self) -> Entry | None:
        """The entry, if it stands in a dated section."""
        entry = self.value if isinstance(self.value, Entry) else None
        return entry if entry and self.config.section(entry.section).dated else None


class Archive(Struct, frozen=True, kw_only=True):
    """The whole site, as it would be built."""

    config: Config
    site: Site
    pages: tuple[Page, ...]
    future: tuple[str, ...]  #: keys of entries whose date is still to come
    hidden: Mapping[str, Entry]  #: entries that are left out, by key: drafts, and those of the future
    published: frozenset[str]  #: paths of the last output
    sketches: Mapping[str, bytes]  #: key -> see `twins`
    recall: Recall = afresh


def look(rules: Iterable[Rule], thing: object) -> Iterator[Problem]:
    """All that `rules` find in `thing`."""
    for rule in rules:
        if rule.look:
            for problem in rule.look(thing):
                yield replace(problem, group=rule.code)
