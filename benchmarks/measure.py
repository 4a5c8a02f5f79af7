"""Runs a program and measures it: wall time, processor time and memory of its whole process tree."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at the memory.
_INTERVAL = 0.1


class RunError(Exception):
    """A program that was measured failed."""


@dataclass(frozen=True, slots=True)
class Measured:
    wall: float  #: seconds
    cpu: float  #: seconds of all cores, user and system, in the process and all its children
    pss: int = 0  #: most bytes held at a time, pages that processes share counted once; 0 if not looked at


def measure(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    memory: bool = False,
    timeout: float = 3600,
) -> Measured:
    """Run `command` in `folder`; raises RunError if it fails.

    Only look at the memory in a run whose times are of no interest: the kernel walks through all pages
    of a process to tell its PSS, and holds the process up meanwhile, the larger the longer.
    """
    words = [str(word) for word in command]
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            words,
            cwd=folder,
            env={**_environment(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        watch = _Watch(process.pid) if memory else None
        alarm = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            alarm.cancel()
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = watch.stop() if watch else 0
    if process.returncode:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RunError(f"{Path(words[0]).name} ended with status {process.returncode}:\n{last}")
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak)


def _environment() -> dict[str, str]:
    """That of this process, but that Python keeps what it compiles, as it does where sitegen is used."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self._peak = 0
        self.start()

    def run(self) -> None:
        while not self._done.wait(_INTERVAL):
            self._peak = max(self._peak, sum(_pss(pid) for pid in _tree(self._pid)))

    def stop(self) -> int:
        self._done.set()
        self.join()
        return self._peak


def _tree(pid: int) -> Iterator[int]:
    """The process and all that it and its children have started."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:  # the thread is gone
            continue
        for child in started:
            yield from _tree(int(child))


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # the process is gone
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
