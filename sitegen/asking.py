"""Questions asked of a view on behalf of one page, each kept with the digest of its answer.

A page is fresh while every question it asked would still be answered the same (a *verifying trace*:
Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte", 2018). Theme authors declare nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from sitegen.identity import digest
from sitegen.view import Library, View

P = ParamSpec("P")
T = TypeVar("T")

#: Question -> digest of its answer. A question is JSON: language, name, arguments.
Trace = dict[str, str]

_encoder = msgspec.json.Encoder(enc_hook=str)


class Asker:
    """Asks the view of one language for one page."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.trace: Trace = {}
        self.seen: set[str] = set()  #: see `watched.Seen`

    def __call__(self, question: Callable[Concatenate[View, P], T], *args: P.args, **_: P.kwargs) -> T:
        """The answer to `question`, a method of View; it is kept in the trace."""
        name = question.__name__
        self.view.seen.take()
        answer = question(self.view, *args)  # type: ignore[call-arg]
        self.trace[name_of(self.view.language, name, args)] = _digest(self.view, name, args, answer)
        self.seen |= self.view.seen.take()
        return answer

    def include(self, trace: Trace, seen: Iterable[str]) -> None:
        """Take over what was asked for a part of the page."""
        self.trace.update(trace)
        self.seen.update(seen)


def name_of(lang: str, name: str, args: tuple[Any, ...]) -> str:
    return _encoder.encode((lang, name, *args)).decode()


def _digest(view: View, name: str, args: tuple[Any, ...], answer: Any) -> str:
    cheap = view.digests.get(name)
    return cheap(*args) if cheap else digest(_encoder.encode(answer))


class Verifier:
    """Answers recorded questions anew, each once however many pages asked it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._digests: Trace = {}
        self._seen: dict[str, frozenset[str]] = {}

    def first_change(self, trace: Trace) -> str:
        """The first question of `trace` that is answered differently now; "" when none is."""
        digests = self._digests
        for question, old in trace.items():
            new = digests.get(question)
            if new is None:
                new = digests[question] = self._answer(question)
            if new != old:
                return question
        return ""

    def seen(self, trace: Trace) -> frozenset[str]:
        """What was looked at for the answers to `trace`, in which nothing has changed."""
        return frozenset().union(*(self._seen[question] for question in trace))

    def _answer(self, question: str) -> str:
        self._library.seen.take()
        try:
            return self._asked(question)
        finally:
            self._seen[question] = self._library.seen.take()

    def _asked(self, question: str) -> str:
        try:
            lang, name, *args = msgspec.json.decode(question)
            view = self._library.view(lang)
            if name in view.digests:
                return view.digests[name](*args)
            return digest(_encoder.encode(getattr(view, name)(*args)))
        except Exception:  # what is gone can't be asked about, nor can what a damaged store makes up
            return "gone"
