"""Rendered bodies while their texts are being edited: few in memory, the others where they can be had."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from sitegen.identity import digest
from sitegen.model import Body

#: How many bodies are kept in memory, so that it does not grow with what was edited.
KEPT = 100

_decoder = msgspec.json.Decoder(Body)


class Press:
    """Bodies by key and digest: kept, or in the store, or else rendered anew from the text."""

    def __init__(self, store: Path, render: Callable[[str], bytes]) -> None:
        """`store` is the SQLite file of a build's store; `render` gives the JSON of a body by key."""
        self._store = store
        self._render = render
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, body: bytes) -> str:
        """Keep the JSON of a body; returns its digest."""
        told = digest(body)
        with self._lock:
            self._kept[key, told] = body
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return told

    def get(self, key: str, wanted: str) -> Body:
        """The body of `key` that has the digest `wanted`, or what stands in its file now."""
        with self._lock:
            body = self._kept.get((key, wanted))
        return _decoder.decode(body or self._stored(key, wanted) or self._render(key))

    def _stored(self, key: str, wanted: str) -> bytes:
        """A build that ran meanwhile may have put another one there, or may be doing so."""
        try:
            with closing(sqlite3.connect(f"{self._store.as_uri()}?mode=rw", uri=True, timeout=1)) as store:
                row = store.execute("SELECT body FROM bodies WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            return b""
        return row[0] if row and isinstance(row[0], bytes) and digest(row[0]) == wanted else b""


class Bodies:
    """The bodies of one moment, by key; see `view.Bodies`."""

    def __init__(self, press: Press, digests: Mapping[str, str]) -> None:
        self._press = press
        self.digests = digests

    def __getitem__(self, key: str) -> Body:
        return self._press.get(key, self.digests[key])

    def digest(self, key: str) -> str:
        return self.digests[key]
