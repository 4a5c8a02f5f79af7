"""What the last build knew: SQLite in .sitegen/, safe to delete at any time."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sitegen import __version__
from sitegen.errors import SiteError
from sitegen.identity import digest
from sitegen.rows import BodyRow, FileRow, SourceRow, StoredBodies, TraceRow, packed
from sitegen.sound import DamagedError, hold, sound

FILE = "store.db"

#: The fact by which a build knows what the last one was made from (see `again`).
FRAME = "frame"

#: Raised whenever the tables or what is in them changes its meaning.
VERSION = 3

#: By this SQLite knows our files from those of other programs ("site" in ASCII).
_APPLICATION = 0x73697465

# The sums tell a harmed row from a whole one, as far as it could lead to a wrong byte: SQLite would not.
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB, sum INTEGER) WITHOUT ROWID;
CREATE TABLE sources (key TEXT PRIMARY KEY, identity TEXT, digest TEXT, result BLOB, sum INTEGER);
CREATE TABLE bodies (key TEXT PRIMARY KEY, digest TEXT, body BLOB);
CREATE TABLE files (
    path TEXT PRIMARY KEY, shape TEXT, digest TEXT, indexed TEXT, identity TEXT, sum INTEGER,
    seen BLOB, seen_sum INTEGER, trace BLOB
);
"""

_FILES = list[tuple[str, str, str, str, str, int]]


class Store:
    """Opened for one build. Raises SiteError when another build holds it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.damaged = False  #: it was there and could not be used
        self._path = folder / FILE
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = hold(folder / "lock.db")
        self._bodies: list[StoredBodies] = []
        try:
            with sound():
                self._open()
        except DamagedError:
            self.mend()
        except SiteError:
            self.close()
            raise

    def _open(self) -> None:
        if self._path.is_dir():
            raise DamagedError
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        # Bodies are some 10 KB long; smaller pages take far longer to write.
        self._connection.execute("PRAGMA page_size = 32768")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        ask = self._connection.execute
        if not ask("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA application_id = {_APPLICATION};"
                f"PRAGMA user_version = {VERSION}; COMMIT;"
            )
        elif ask("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise DamagedError
        elif ask("PRAGMA user_version").fetchone()[0] != VERSION:
            self.discard()  # another version's, which is no harm to tell of

    def mend(self) -> None:
        """Make anew what could not be used."""
        self.damaged = True
        with sound():
            self.discard()

    def discard(self) -> None:
        """Forget everything."""
        with contextlib.suppress(AttributeError):
            self._connection.close()
        if self._path.is_dir():
            shutil.rmtree(self._path)
        for suffix in ("", "-wal", "-shm", "-journal"):
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
        for bodies in self._bodies:
            bodies.close()
        with contextlib.suppress(AttributeError):
            self._connection.close()
        self._lock.close()

    @contextlib.contextmanager
    def changes(self) -> Iterator[None]:
        """All or nothing of what is put within."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.OperationalError):  # SQLite may have done so itself
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        # From now on processes may read while this one writes. What came first into a new store was not
        # written twice: into the log, and from there to its place.
        self._connection.execute("PRAGMA journal_mode = WAL")

    def fact(self, name: str) -> bytes:
        """Something remembered under a name; b"" if nothing is."""
        row = self._connection.execute("SELECT value, sum FROM facts WHERE name = ?", (name,)).fetchone()
        if row is None:
            return b""
        if not isinstance(row[0], bytes) or _sum(name.encode(), row[0]) != row[1]:
            raise DamagedError
        return row[0]

    def put_fact(self, name: str, value: bytes) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (name, value, _sum(name.encode(), value))
        )

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
        rows = map(self._source_row, self._connection.execute("SELECT * FROM sources"))
        return {row.key: row for row in rows}

    def source(self, key: str) -> SourceRow:
        """What one file came to. Raises DamagedError when it was never read."""
        rows = self._connection.execute("SELECT * FROM sources WHERE key = ?", (key,))
        return self._source_row(rows.fetchone() or ())

    def identities(self) -> dict[str, str]:
        """Of every file that was read, what it was like then: key -> identity."""
        return dict(self._connection.execute("SELECT key, identity FROM sources"))

    @staticmethod
    def _source_row(columns: Sequence[Any]) -> SourceRow:
        if not columns:
            raise DamagedError
        # Harm may change the type of a value too, since SQLite lets every column hold any.
        row = msgspec.convert(columns[:-1], SourceRow)
        if _sum(row.key.encode(), row.result) != columns[-1]:
            raise DamagedError
        return row

    def put_sources(self, read: Iterable[tuple[SourceRow, BodyRow | None]], gone: Collection[str]) -> None:
        """Keep what files came to, and the bodies of those whose bytes are others than before.

        Not only builds read: then the last one must not be taken for the work on these texts.
        """
        execute = self._connection.execute
        is_new = bool(gone)
        for row, body in read:
            total = _sum(row.key.encode(), row.result)
            execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", (*row, total))
            if body:
                is_new = True
                execute("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)", body)
        for key in gone:
            execute("DELETE FROM sources WHERE key = ?", (key,))
            execute("DELETE FROM bodies WHERE key = ?", (key,))
        if is_new:
            self.put_fact(FRAME, b"")

    def outputs(self) -> dict[str, str]:
        """Of every file of the output, what it was like when it was written: path -> identity."""
        return dict(self._connection.execute("SELECT path, identity FROM files"))

    def files(self) -> dict[str, FileRow]:
        """What each file of the output was when it was written."""
        columns = self._connection.execute("SELECT path, shape, digest, indexed, identity, sum FROM files")
        rows = {}
        for path, shape, sha, indexed, identity, total in msgspec.convert(columns.fetchall(), _FILES):
            if _sum(path.encode(), sha.encode()) != total:
                raise DamagedError
            rows[path] = FileRow(path, shape, sha, indexed, identity)
        return rows

    def traces(self) -> Iterator[TraceRow]:
        """What each file was made from."""
        query = "SELECT path, trace, seen, seen_sum FROM files"
        return (_trace_row(*row) for row in self._connection.execute(query))

    def traces_of(self, keys: Iterable[str]) -> Iterator[TraceRow]:
        """The same of the files for which one of `keys` was looked at."""
        wanted = [packed((key,)) for key in keys]
        query = "SELECT trace FROM files WHERE path = ?"
        for path, seen, total in self._connection.execute("SELECT path, seen, seen_sum FROM files"):
            if any(key in seen for key in wanted):
                trace = self._connection.execute(query, (path,)).fetchone()[0]
                yield _trace_row(path, trace, seen, total)
            elif _sum(path.encode(), seen) != total:
                raise DamagedError

    def put_files(self, rows: Iterable[tuple[FileRow, TraceRow]], gone: Iterable[str]) -> None:
        execute = self._connection.executemany
        execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_columns(row, made) for row, made in rows),
        )
        execute("DELETE FROM files WHERE path = ?", ((path,) for path in gone))

    def body_digest(self, key: str) -> str:
        row = self._connection.execute("SELECT digest FROM bodies WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def body_digests(self) -> dict[str, str]:
        """The digest of each body, by key."""
        digests = dict(self._connection.execute("SELECT key, digest FROM bodies"))
        if digests.keys() != {key for (key,) in self._connection.execute("SELECT key FROM sources")}:
            raise DamagedError
        return digests

    def bodies(self) -> StoredBodies:
        bodies = StoredBodies(self._path, self.body_digests())
        self._bodies.append(bodies)
        return bodies


def _columns(row: FileRow, made: TraceRow) -> tuple[object, ...]:
    path = row.path.encode()
    return (*row, _sum(path, row.digest.encode()), made.seen, _sum(path, made.seen), made.trace)


def _trace_row(path: str, trace: bytes, seen: bytes, total: int) -> TraceRow:
    if not isinstance(seen, bytes) or not isinstance(trace, bytes) or _sum(path.encode(), seen) != total:
        raise DamagedError
    return TraceRow(path, trace, seen)


def _sum(name: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(name))
