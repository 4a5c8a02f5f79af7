"""What is wrong, where, and what to do about it: the only kind of error a user sees."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One mistake, told so that the reader can mend it without asking."""

    file: str = ""  #: path below the site's folder, with "/"; "" when it is about no file
    line: int = 0  #: 1-based; 0 when the whole file is meant
    field: str = ""  #: the front matter or settings key, if there is one
    message: str  #: what is wrong, as a clause without a full stop
    hint: str = ""  #: what to write or do instead
    group: str = ""  #: warnings of one group are shown together and counted

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        told = ": ".join(part for part in (place, self.field, self.message) if part)
        return f"{told}; {self.hint}" if self.hint else told


class SiteError(Exception):
    """The content, the settings or a target is at fault. Carries every problem found, sorted.

    `warnings` are those that were found on the way to it.
    """

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.warnings = tuple(sorted(warnings))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[SiteError], tuple[tuple[Problem, ...]]]:
        """Come whole out of another process."""
        return SiteError, (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known word nearest to `word`, or listing them when none is near."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are: {', '.join(choices)}" if choices else ""


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Turn an operating system's error into a problem with the words `what`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = f" ({error.filename})" if error.filename else ""
        raise SiteError([Problem(message=f"{what}: {reason}{place}")]) from None
