"""Real hosts for tests of publishing, started on loopback when a test first needs them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    assert isinstance(port, int)
    return port


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends; it must listen on `port` within half a minute."""
    with log.open("wb") as told:
        server = subprocess.Popen(command, stdout=told, stderr=told, stdin=subprocess.DEVNULL)
    try:
        for _ in range(300):
            assert server.poll() is None, log.read_text(errors="replace")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise AssertionError(log.read_text(errors="replace"))
        yield
    finally:
        server.terminate()
        server.wait(10)


@contextlib.contextmanager
def s3_host(log: Path) -> Iterator[str]:
    """A store that speaks S3, conditional writes included: moto's server. Gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with serving(command, port, log):
        yield f"http://127.0.0.1:{port}"
