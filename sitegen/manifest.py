"""What a whole copy is: path and SHA-256 of every file, as `sha256sum -c` reads it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

MANIFEST = "manifest-sha256.txt"

#: Bytes that are read at a time: most files are smaller, and need no more than they have.
_PIECE = 1 << 18

_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)", re.DOTALL)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    whole = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()


def render_manifest(digests: Mapping[str, str]) -> bytes:
    """Write path -> digest in the format of GNU coreutils' sha256sum, sorted by the bytes of the path.

    A backslash or line break in a path is escaped and its line begins with a backslash, as sha256sum does.
    """
    lines = []
    for path in sorted(digests, key=str.encode):
        escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        lines.append(f"{chr(92) if escaped != path else ''}{digests[path]}  {escaped}\n")
    return "".join(lines).encode()


def parse_manifest(data: bytes) -> dict[str, str]:
    """Read path -> digest; lines that are none are left out."""
    digests = {}
    # Other line breaks that str.splitlines knows, like U+2028, may stand in a path.
    for line in data.decode("utf-8", "replace").split("\n"):
        match = _LINE.fullmatch(line)
        if match:
            path = match[3]
            if match[1]:
                path = re.sub(r"\\(.)", lambda one: {"n": "\n", "r": "\r"}.get(one[1], one[1]), path)
            digests[path] = match[2]
    return digests
