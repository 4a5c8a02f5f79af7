"""Whether something is still what was seen last: digests of bytes, and of files without opening them."""

from __future__ import annotations

import hashlib
import os

#: Two changes nearer in time than this may bear the same time stamp on some file system (FAT counts in 2 s).
GRAIN_NS = 2_000_000_000


def identity_of(stat: os.stat_result, seen_ns: int = 0) -> str:
    """Size, times and inode. "" when the file changed so shortly before `seen_ns` (or, by a clock set
    back, after it) that a further change could leave no trace: then it has to be read again."""
    if seen_ns and max(stat.st_mtime_ns, stat.st_ctime_ns) > seen_ns - GRAIN_NS:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"


def identity_at(path: str | os.PathLike[str]) -> str:
    """The identity of the file at `path`; "" when there is none."""
    try:
        return identity_of(os.stat(path))  # noqa: PTH116 - it is called for every file, and Path is slow
    except OSError:
        return ""


def digest(data: bytes) -> str:
    """A short digest, for comparing what sitegen itself has seen."""
    # Processors have instructions for SHA-256, so that it takes less than half of the time of others.
    return hashlib.sha256(data).hexdigest()[:18]
