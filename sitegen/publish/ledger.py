"""What has arrived at a target so far: from there a publish that was stopped goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from sitegen.manifest import parse_manifest, render_manifest


class Ledger:
    """A file whose first line names a run, followed by a manifest of what arrived in it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._file: BinaryIO | None = None

    def tells_of(self, run: str) -> bool:
        """Whether `run` was a publish of this computer; as it is not at work any more, it was stopped."""
        return self._read()[0] == run

    def known(self, run: str) -> Mapping[str, str]:
        """Path -> SHA-256 of what had arrived when `run` was stopped; nothing, if it was another's."""
        name, noted = self._read()
        # Its last line may be torn; a line that is whole is true.
        return parse_manifest(noted[: noted.rfind(b"\n") + 1]) if name == run else {}

    def _read(self) -> tuple[str, bytes]:
        try:
            name, _, noted = self._place.read_bytes().partition(b"\n")
        except OSError:
            return "", b""
        return name.decode(errors="replace"), noted

    def begin(self, run: str, known: Mapping[str, str]) -> None:
        self._place.parent.mkdir(parents=True, exist_ok=True)
        self._place.write_bytes(run.encode() + b"\n" + render_manifest(known))
        self._file = self._place.open("ab", buffering=0)

    def note(self, path: str, digest: str) -> None:
        if self._file:
            self._file.write(render_manifest({path: digest}))

    def end(self) -> None:
        """All is done, and the target's own manifest says so."""
        self.close()
        with contextlib.suppress(OSError):
            self._place.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()
