"""Time the preview at the size of a large archive: a file is saved, and the browsers are told.

The clients are plain connections to the event stream, as many as browsers would make; a browser itself takes
a few milliseconds more to hand the event to the page's script. With --chromium so many browsers of that kind
listen too while files are saved at random, and must have heard all of it in the end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.corpus import write_corpus
from benchmarks.served import PATIENCE, Chromium, Client, Served, serving
from sitegen.store import Store

SETTINGS = """\
title = "Preview"
base_url = "https://example.org/"
[theme]
name = "own"
[search]
enabled = false
"""


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
        self._number = int(time.time())  # what a run before this one wrote must not be written again

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

    def save_at_random(self, count: int) -> list[str]:
        """Save without waiting for any event; returns the urls that no event named after their last save."""
        first = self.clients[0]
        while not first.new.empty():
            first.new.get()
        last: dict[str, float] = {}
        for _ in range(count):
            self._number += 1
            file = self.rng.choice(self.files)
            form = self.rng.choice((body_edit, body_edit, body_edit, self.tag_edit))
            last[self.url(file)] = save(file, form(file, self._number))
            time.sleep(self.rng.choice((0.0, 0.01, 0.05, 0.2)))
        with contextlib.suppress(queue.Empty):
            while last:
                moment, data = first.new.get(timeout=PATIENCE / 2)
                for url in data.get("changed", ()):
                    if last.get(url, moment) < moment:
                        del last[url]
        return sorted(last)

    def all_heard_the_same(self) -> bool:
        time.sleep(1)
        return all(client.heard == self.clients[0].heard for client in self.clients)


def _tags_of(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8")
    start = text.index("\ntags: [") + len("\ntags: [")
    return [tag.strip('" ') for tag in text[start : text.index("]", start)].split(",")]


def timed(name: str, wanted: str, served: Served, edits: Callable[[], list[float]]) -> None:
    """Print how long edits took, and how long the preview worked on each, whatever else the machine did."""
    begun = served.cpu()
    times = edits()
    cpu = (served.cpu() - begun) * 1000 / len(times)
    print(f"{shown(name, times)}   cpu {cpu:4.0f} ms each   wanted: {wanted}", flush=True)


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
    told = ", ".join(f"{one:.2f}" for one in sorted(starts))
    print(f"start until the first page, warm store: {told} s   wanted: 1.5 s", flush=True)
    with serving(site) as served:
        bench = Bench(site, served, given.clients)
        bench.open_pages()
        timed("body edit -> event", "p50 100, p95 250", served, lambda: bench.edits(given.edits, body_edit))
        timed("tag edit -> event", "p50 250", served, lambda: bench.edits(given.edits, bench.tag_edit))
        timed("stylesheet -> event", "p50 50", served, lambda: bench.styles(given.edits))
        long_run(bench, given)
        random_saves(bench, given)
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
        f"so +-{spread:.1%}; each 100: {', '.join(str(size >> 20) for size in sizes)}   wanted: +-5%"
    )
    told = len(bench.clients[0].heard) - before
    same = "yes" if bench.all_heard_the_same() else "NO"
    print(
        f"events of {given.saves} saves: {told}; {given.clients} clients heard the same: {same}", flush=True
    )


def random_saves(bench: Bench, given: argparse.Namespace) -> None:
    """Whether an event is lost while files are saved at any moment."""
    begun = len(bench.clients[0].heard)
    browsers = Chromium(given.chromium, bench.served.port) if given.chromium else None
    lost = bench.save_at_random(given.saves)
    same = "yes" if bench.all_heard_the_same() else "NO"
    events = bench.clients[0].heard[begun:]
    print(
        f"{given.saves} saves at random came as {len(events)} events; not told of: {len(lost)}; "
        f"{given.clients} clients heard the same: {same}   wanted: 0, yes",
        flush=True,
    )
    if browsers:
        same = "yes" if all(one == events for one in browsers.heard()) else "NO"
        print(f"{given.chromium} Chromium browsers heard the same: {same}   wanted: yes", flush=True)
        browsers.close()


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
    parser.add_argument(
        "--chromium", type=int, default=0, metavar="N", help="browsers of that kind; default: 0"
    )
    parser.add_argument("--folder", type=Path, help="make the archive here, and keep it")
    given = parser.parse_args()
    with _folder(given.folder) as site:
        prepare(site, given.posts)
        run(site, given)


if __name__ == "__main__":
    main()
