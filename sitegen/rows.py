"""What the store holds, row by row."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from sitegen.identity import digest
from sitegen.model import Body
from sitegen.sound import DamagedError, sound


class SourceRow(NamedTuple):
    """A source file as it was read last."""

    key: str
    identity: str  #: "" when it has to be read again to be sure
    digest: str  #: of its bytes
    result: bytes  #: JSON of what it came to, its body aside


class BodyRow(NamedTuple):
    key: str
    digest: str
    body: bytes  #: JSON


class FileRow(NamedTuple):
    """A file of the output as it was written last."""

    path: str
    shape: str  #: digest of all that shapes it beside the answers in its trace
    digest: str  #: SHA-256 of its bytes
    indexed: str  #: digest of what the search reads of it
    identity: str  #: of the file in the output


class TraceRow(NamedTuple):
    """What a file of the output was made from."""

    path: str
    trace: bytes = b"{}"  #: JSON: each question asked, and the digest of its answer
    seen: bytes = b""  #: what was looked at for the answers (see `watched.Seen`), packed


def packed(keys: Iterable[str]) -> bytes:
    """Keys as one value, in which each can be looked for."""
    return "".join(f"\0{key}\0" for key in keys).encode()


class StoredBodies:
    """The bodies in a store, read one by one; usable in every process that is forked from this one."""

    def __init__(self, path: Path, digests: dict[str, str]) -> None:
        self._path = path
        self._digests = digests
        self._connections: dict[int, sqlite3.Connection] = {}

    def __getitem__(self, key: str) -> Body:
        with sound():
            connection = self._connections.get(os.getpid())
            if connection is None:
                # Must not be carried over a fork:
                # https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_
                connection = self._connections[os.getpid()] = sqlite3.connect(self._path)
            row = connection.execute("SELECT body FROM bodies WHERE key = ?", (key,)).fetchone()
            if row is None or not isinstance(row[0], bytes) or digest(row[0]) != self._digests[key]:
                raise DamagedError
            return _decoder.decode(row[0])

    def digest(self, key: str) -> str:
        return self._digests[key]

    def close(self) -> None:
        """Let go of what this process has opened."""
        if connection := self._connections.pop(os.getpid(), None):
            connection.close()


_decoder = msgspec.json.Decoder(Body)
