"""A preview that runs, and those who listen to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Seconds that an event may take before it is taken for lost.
PATIENCE = 20.0


class Client:
    """Listens to the event stream and remembers what it heard, and when."""

    def __init__(self, port: int) -> None:
        self.heard: list[Any] = []
        self.new: queue.Queue[tuple[float, Any]] = queue.Queue()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self._connection.request("GET", "/_sitegen/events")
        self._stream = self._connection.getresponse()
        self._stream.readline()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            for line in self._stream:
                if line.startswith(b"data: "):
                    moment = time.perf_counter()
                    data = json.loads(line[6:])
                    self.heard.append(data)
                    self.new.put((moment, data))

    def until(self, url: str) -> float:
        """When an event came that names `url`."""
        while True:
            try:
                moment, data = self.new.get(timeout=PATIENCE)
            except queue.Empty:
                raise SystemExit(f"no event named {url}; the last were {self.heard[-3:]}") from None
            if "errors" in data:
                raise SystemExit(f"the preview found mistakes: {data}")
            if any(one.endswith(url) for one in data["changed"]):
                return moment


class Chromium:
    """Browsers, each with a page that listens, as a reader of the stream would write it."""

    def __init__(self, count: int, port: int) -> None:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=shutil.which("chromium"))
        self._pages = [self._browser.new_context().new_page() for _ in range(count)]
        for page in self._pages:
            page.goto(f"http://127.0.0.1:{port}/search/none/")
            page.evaluate(
                """() => new Promise((resolve) => {
                    window.heard = [];
                    const events = new EventSource("/_sitegen/events");
                    for (const name of ["reload", "problem"])
                        events.addEventListener(name, ({ data }) => heard.push(JSON.parse(data)));
                    events.onopen = resolve;
                })"""
            )

    def heard(self) -> list[list[Any]]:
        return [page.evaluate("heard") for page in self._pages]

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()


class Served:
    """A preview that runs."""

    def __init__(self, site: Path) -> None:
        begun = time.perf_counter()
        command = [sys.executable, "-m", "sitegen", "serve", "--site", str(site), "--port", "0"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.port = int(line.split()[4].rstrip("/").rpartition(":")[2])
        self.get("/")
        self.start = time.perf_counter() - begun

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().read()

    def memory(self) -> int:
        """Bytes held by the process, pages that it shares counted in part (PSS)."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))

    def cpu(self) -> float:
        """Seconds that the process has worked, on whatever core."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> float:
        """Seconds until it is gone; fails if anything of it is left."""
        begun = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        took = time.perf_counter() - begun
        if status or _is_alive(self.process.pid):
            raise SystemExit(f"the preview ended with status {status}, or left a process")
        return took


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def serving(site: Path) -> Iterator[Served]:
    """A preview that does not outlive its use."""
    served = Served(site)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.process.kill()
            served.process.wait()
