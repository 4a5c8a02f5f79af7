"""SQLite's failures in our words, and a place held for one process."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sitegen.errors import Problem, SiteError

#: What SQLite calls it when the disk or its rights are at fault, not what is in the file -> what it means.
_OUTWARD = {
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EACCES,
}


class DamagedError(Exception):
    """What is in the store is not what was put there."""


@contextlib.contextmanager
def sound() -> Iterator[None]:
    """Where SQLite can't do its work, raise DamagedError, or SiteError if the disk is at fault."""
    try:
        yield
    except (sqlite3.DatabaseError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # The higher bits only say more of the same.
        meaning = _OUTWARD.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if meaning is None:
            raise DamagedError from error
        message, hint = "another sitegen is at work on this site", "wait until it is done"
        if meaning != errno.EBUSY:
            message = f"the store in .sitegen can not be used: {os.strerror(meaning).lower()}"
            hint = "see whether its disk has room, and may be written to"
        raise SiteError([Problem(message=message, hint=hint)]) from None


def hold(path: Path) -> sqlite3.Connection:
    """Hold a place for this process; a killed process lets go by itself. Raises SiteError if it is held."""
    try:
        with sound(), contextlib.ExitStack() as held:
            connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            held.callback(connection.close)
            connection.execute("BEGIN EXCLUSIVE")
            held.pop_all()
    except DamagedError:
        path.unlink()
        return hold(path)
    return connection
