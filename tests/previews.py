"""A preview of a small site, run as its users run it."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.outputs import environment

#: Seconds that anything in a test may take before it is given up.
PATIENCE = 30.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]  #: names in lower case
    body: bytes


class Event(NamedTuple):
    name: str
    data: dict[str, Any]


class Listener:
    """One client of the event stream."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/_sitegen/events")
        self._stream = self._connection.getresponse()
        assert self._stream.getheader("content-type", "").startswith("text/event-stream")
        assert self._stream.readline() == b": the preview\n"

    def next(self) -> Event:
        """The next event; fails after a while."""
        name = ""
        for raw in self._stream:
            field, _, value = raw.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                return Event(name, json.loads(value))
        raise AssertionError("the stream ended")

    def until(self, name: str) -> Event:
        """The next event of this name."""
        while (event := self.next()).name != name:
            pass
        return event

    def close(self) -> None:
        self._stream.close()
        self._connection.close()


class Running:
    """A preview that runs, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("The preview is at "), process.stderr and process.stderr.read()
        self.address = first.split()[4]
        self.port = urlsplit(self.address).port or 0
        self._listeners: list[Listener] = []
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for exactly this path; header names are written with "_" for "-"."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in named)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())

    def text(self, path: str) -> str:
        return self.get(path).body.decode()

    def listen(self) -> Listener:
        self._listeners.append(Listener(self.port))
        return self._listeners[-1]

    def wait_for(self, words: str) -> str:
        """The line with these words, once it has been said."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.said:
                if words in line:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"it was not said: {words}; but: {self.said}")

    def stop(self) -> int:
        for listener in self._listeners:
            listener.close()
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def preview(site: Path, *args: str, **env: str) -> Iterator[Running]:
    """Run `sitegen serve` on a free port."""
    command = [sys.executable, "-m", "sitegen", "serve", "--site", str(site), "--port", "0", *args]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(SITEGEN_TRACEBACK="1", **env),
    )
    try:
        running = Running(process)
        yield running
        assert running.stop() == 0, running.said
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
