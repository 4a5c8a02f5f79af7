"""What the last build knew: SQLite in .sitegen/, safe to delete at any time."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from sitegen import __version__
from sitegen.errors import Problem, SiteError
from sitegen.identity import digest
from sitegen.model import Body

FILE = "store.db"

#: Raised whenever the tables or what is in them changes its meaning.
VERSION = 2

_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE sources (key TEXT PRIMARY KEY, identity TEXT, digest TEXT, result BLOB);
CREATE TABLE bodies (key TEXT PRIMARY KEY, digest TEXT, body BLOB);
CREATE TABLE files (path TEXT PRIMARY KEY, shape TEXT, trace BLOB, digest TEXT, indexed TEXT, identity TEXT);
"""


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
    trace: bytes  #: JSON
    digest: str  #: SHA-256 of its bytes
    indexed: str  #: digest of what the search reads of it
    identity: str  #: of the file in the output


class Store:
    """Opened for one build. Raises SiteError when another build holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = False  #: it was there and could not be used
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / "lock.db")
        try:
            self._open()
        except sqlite3.DatabaseError:
            self.damaged = True
            self.discard()

    def _open(self) -> None:
        self._path = self.folder / FILE
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            if version:
                raise sqlite3.DatabaseError("made by another version")
            self._connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

    def discard(self) -> None:
        """Forget everything."""
        with contextlib.suppress(AttributeError):
            self._connection.close()
        for suffix in ("", "-wal", "-shm"):
            (self.folder / (FILE + suffix)).unlink(missing_ok=True)
        self._open()

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """No connection is open within, so that processes may be forked."""
        self._connection.close()
        try:
            yield
        finally:
            self._open()

    def close(self) -> None:
        self._connection.close()
        self._lock.close()

    @contextlib.contextmanager
    def changes(self) -> Iterator[None]:
        """All or nothing of what is put within."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def fact(self, name: str) -> bytes:
        """Something remembered under a name; b"" if nothing is."""
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else b""

    def put_fact(self, name: str, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def recall(self, name: str, inputs: object, work: Callable[[], Any]) -> Any:
        """What `work` gave when the same `inputs` went in last, else what it gives now (see `recall`)."""
        key = digest(msgspec.json.encode((inputs, __version__)))
        remembered = self.fact(name)
        if remembered.startswith(key.encode()):
            return msgspec.json.decode(remembered[len(key) :])
        answer = work()
        self.put_fact(name, key.encode() + msgspec.json.encode(answer))
        return answer

    def sources(self) -> dict[str, SourceRow]:
        return {row[0]: SourceRow(*row) for row in self._connection.execute("SELECT * FROM sources")}

    def put_sources(self, rows: Iterable[SourceRow], bodies: Iterable[BodyRow], gone: Iterable[str]) -> None:
        execute = self._connection.executemany
        execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?)", rows)
        execute("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)", bodies)
        for table in ("sources", "bodies"):
            execute(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in gone))

    def files(self) -> dict[str, FileRow]:
        return {row[0]: FileRow(*row) for row in self._connection.execute("SELECT * FROM files")}

    def put_files(self, rows: Iterable[FileRow], gone: Iterable[str]) -> None:
        execute = self._connection.executemany
        execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows)
        execute("DELETE FROM files WHERE path = ?", ((path,) for path in gone))

    def bodies(self) -> StoredBodies:
        return StoredBodies(self._path, dict(self._connection.execute("SELECT key, digest FROM bodies")))


class StoredBodies:
    """The bodies in a store, read one by one; usable in every process that is forked from this one."""

    def __init__(self, path: Path, digests: dict[str, str]) -> None:
        self._path = path
        self._digests = digests
        self._connections: dict[int, sqlite3.Connection] = {}

    def __getitem__(self, key: str) -> Body:
        connection = self._connections.get(os.getpid())
        if connection is None:
            # A connection must not be carried over a fork (https://www.sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_).
            connection = self._connections[os.getpid()] = sqlite3.connect(self._path)
        row = connection.execute("SELECT body FROM bodies WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return _decoder.decode(row[0])

    def digest(self, key: str) -> str:
        return self._digests[key]


_decoder = msgspec.json.Decoder(Body)


def _lock(path: Path) -> sqlite3.Connection:
    """Hold the site for this process; a killed process lets go by itself."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None
        raise SiteError(
            [Problem(message="another sitegen is at work on this site", hint="wait until it is done")]
        ) from None
    return connection
