"""Time the preview at the size of a large archive: a file is saved, and the browsers are told.

The clients are plain connections to the event stream, as many as browsers would make; a browser itself takes
a few milliseconds more to hand the event to the page's script.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import queue
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.corpus import write_corpus
from sitegen.store import Store

SETTINGS = """\
title = "Preview"
base_url = "https://example.org/"
[theme]
name = "own"
[search]
enabled = false
"""

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


def save(path: Path, text: str) -> float:
    """Put a file in its place as editors do; returns when it was there."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return time.perf_counter()


def body_edit(file: Path, number: int) -> str:
    return file.read_text(encoding="utf-8") + f"\nEdit {number}.\n"


class Bench:
    def __init__(self, site: Path, served: Served, clients: int, seed: int = 1) -> None:
        self.site, self.served = site, served
        self.rng = random.Random(seed)
        self.files = sorted((site / "content" / "posts").rglob("*.md"))
        self.clients = [Client(served.port) for _ in range(clients)]
        self.tags = sorted({tag for file in self.files[::50] for tag in _tags_of(file)})
        self._number = 0

    def edits(self, count: int, form: Callable[[Path, int], str]) -> list[float]:
        """Milliseconds from save to event, each for a post that somebody has open."""
        times = []
        for _ in range(count):
            self._number += 1
            file = self.rng.choice(self.files)
            url = self.url(file)
            self.served.get(url)
            saved = save(file, form(file, self._number))
            times.append((self.clients[0].until(url) - saved) * 1000)
            time.sleep(self.rng.uniform(0.0, 0.1))
        return times

    def tag_edit(self, file: Path, number: int) -> str:
        """Another tag of the archive in the place of one; once in five times a new one."""
        text = file.read_text(encoding="utf-8")
        start = text.index("\ntags: [") + len("\ntags: [")
        end = text.index("]", start)
        written = _tags_of(file)
        others = [tag for tag in self.tags if tag not in written]
        new = f"Tag {number}" if number % 5 == 0 else self.rng.choice(others)
        return text[:start] + ", ".join(dict.fromkeys([new, *(written[1:] or written)])) + text[end:]

    def styles(self, count: int) -> list[float]:
        times = []
        for number in range(count):
            saved = save(self.site / "themes/own/static/own.css", f":root {{ --own: {number}px }}\n")
            times.append((self.clients[0].until("/own.css") - saved) * 1000)
            time.sleep(self.rng.uniform(0.0, 0.1))
        return times

    def url(self, file: Path) -> str:
        below = file.relative_to(self.site / "content").with_suffix("")
        return f"/{below.as_posix()}/"

    def open_pages(self) -> None:
        """What the other browsers show."""
        for path in ("/", "/posts/", "/tags/", "/archive/", "/authors/", "/feed.xml"):
            self.served.get(path)
        for file in self.rng.sample(self.files, 14):
            self.served.get(self.url(file))

    def all_heard_the_same(self) -> bool:
        time.sleep(1)
        return all(client.heard == self.clients[0].heard for client in self.clients)


def _tags_of(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    start = text.index("\ntags: [") + len("\ntags: [")
    return [tag.strip('" ') for tag in text[start : text.index("]", start)].split(",")]


def timed(name: str, served: Served, edits: Callable[[], list[float]]) -> None:
    """Print how long edits took, and how long the preview worked on each, whatever else the machine did."""
    begun = served.cpu()
    times = edits()
    print(f"{shown(name, times)}   cpu {(served.cpu() - begun) * 1000 / len(times):4.0f} ms each", flush=True)


def shown(name: str, times: list[float]) -> str:
    parts = statistics.quantiles(times, n=100, method="inclusive")
    return f"{name:<32} p50 {parts[49]:6.0f} ms   p95 {parts[94]:6.0f} ms   n {len(times)}"


def prepare(site: Path, count: int) -> None:
    """The archive, built once, so that the store is warm."""
    if not (site / "content").is_dir():
        write_corpus(count, site / "content")
    (site / "themes/own/static").mkdir(parents=True, exist_ok=True)
    (site / "themes/own/theme.toml").write_text('extends = "chronicle"\n')
    (site / "themes/own/static/own.css").write_text(":root { --own: 0px }\n")
    (site / "sitegen.toml").write_text(SETTINGS)
    command = [sys.executable, "-m", "sitegen", "build", "--site", str(site), "--no-search"]
    subprocess.run(command, check=True, capture_output=True)


def run(site: Path, given: argparse.Namespace) -> None:
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    starts = []
    for _ in range(3):
        with serving(site) as served:
            starts.append(served.start)
            served.stop()
    print(f"start until the first page: {', '.join(f'{one:.2f}' for one in sorted(starts))} s", flush=True)
    with serving(site) as served:
        bench = Bench(site, served, given.clients)
        bench.open_pages()
        timed("body edit -> event", served, lambda: bench.edits(given.edits, body_edit))
        timed("tag edit -> event", served, lambda: bench.edits(given.edits, bench.tag_edit))
        timed("stylesheet -> event", served, lambda: bench.styles(given.edits))
        long_run(bench, given)
        print(f"stopped in {served.stop():.2f} s, no process left")
    Store(site / ".sitegen").close()
    print("the store is free")
    print(f"load after: {os.getloadavg()[0]:.1f}")


def long_run(bench: Bench, given: argparse.Namespace) -> None:
    """Whether memory grows, and whether an event is lost."""
    before = len(bench.clients[0].heard)
    sizes, times = [], []
    for _ in range(0, given.saves, 100):
        times += bench.edits(100, body_edit)
        sizes.append(bench.served.memory())
    print(shown("body edits of the long run", times))
    spread = (max(sizes) - min(sizes)) / statistics.mean(sizes) / 2
    print(
        f"memory over {given.saves} edits: {min(sizes) >> 20} to {max(sizes) >> 20} MB, "
        f"so +-{spread:.1%}; each 100: {', '.join(str(size >> 20) for size in sizes)}"
    )
    told = len(bench.clients[0].heard) - before
    same = "yes" if bench.all_heard_the_same() else "NO"
    print(
        f"events of {given.saves} saves: {told}; {given.clients} clients heard the same: {same}", flush=True
    )


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


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="sitegen-preview-") as made:
            yield Path(made)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preview", description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, metavar="N")
    parser.add_argument("--clients", type=int, default=20, metavar="N")
    parser.add_argument("--edits", type=int, default=60, metavar="N", help="of each kind, default: 60")
    parser.add_argument("--saves", type=int, default=1000, metavar="N", help="of the long run, default: 1000")
    parser.add_argument("--folder", type=Path, help="make the archive here, and keep it")
    given = parser.parse_args()
    with _folder(given.folder) as site:
        prepare(site, given.posts)
        run(site, given)


if __name__ == "__main__":
    main()
