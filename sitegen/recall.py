"""Work that need not be done again while the same goes into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Takes a name, what goes into the work, and the work; returns what comes out of it, perhaps remembered from
#: the last time that the same went in. All of it as JSON can have it.
Recall = Callable[[str, object, Callable[[], Any]], Any]


def afresh(_name: str, _inputs: object, work: Callable[[], Any]) -> Any:
    """Remember nothing."""
    return work()
