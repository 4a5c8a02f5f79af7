"""What tests of publishing share: small outputs, a publisher that dies, a reader who looks on."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import dirname, join, normpath

from msgspec.structs import replace

from sitegen.config import Target as Settings
from sitegen.manifest import MANIFEST, render_manifest, sha256
from sitegen.publish.go import Done, Options, job_of, publish_to
from sitegen.publish.ledger import Ledger
from sitegen.publish.look import Job
from sitegen.publish.patience import Patient
from sitegen.publish.targets import Arrived, Sending, Target
from tests.sites import default_config, make_site

#: Reads a file as visitors do; None when there is none.
Reader = Callable[[str], bytes | None]


def make_output(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write `files` as if they had been built: with a manifest, and nothing else beside them."""
    make_site(folder, files)
    for path in list(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    digests = {
        path: sha256(text if isinstance(text, bytes) else text.encode()) for path, text in files.items()
    }
    (folder / MANIFEST).write_bytes(render_manifest(digests))
    return folder


def archive(version: int, posts: int) -> dict[str, str]:
    """A site of about three files for each post. From version to version posts come, go and change."""
    style = f"assets/{sha256(str(version).encode())[:12]}/style.css"
    first = version * max(1, posts // 10)
    numbers = range(first, first + posts)
    files = {style: f"/* {version} */", "feed.xml": f"<feed>{version}</feed>"}

    def page(path: str, *links: str) -> None:
        up = "../" * path.count("/")
        named = "".join(f'<a href="{up}{link}">x</a>' for link in links)
        # The search is loaded from every page, and leads to files that its pointer names.
        files[path] = f'<link href="{up}{style}"><a href="{up}search/pagefind/pagefind-entry.json">{named}'

    for number in numbers:
        # Every third post changes with every version, and so do its neighbours' links at the ends.
        salt = version if number % 3 == 0 else 0
        picture = f"images/{number}-{salt}.png"
        files[picture] = f"picture {number} {salt}"
        near = [f"posts/{one}/" for one in (number - 1, number + 1) if one in numbers]
        page(f"posts/{number}/index.html", picture, *near, "tags/all/")
        fragment = f"search/pagefind/fragment/{number}_{salt}.pf_fragment"
        files[fragment] = f"posts/{number}/ {salt}"
    every = [f"posts/{number}/" for number in numbers]
    for path in ("index.html", "posts/index.html", "tags/all/index.html"):
        page(path, "feed.xml", "posts/", "tags/all/", *every)
    meta = f"search/pagefind/pagefind.{version}.pf_meta"
    named = [path for path in files if path.endswith(".pf_fragment")]
    files[meta] = " ".join(f'"{path}"' for path in named)
    files["search/pagefind/pagefind-entry.json"] = f'"{meta}"'
    return files


def references(path: str, data: bytes) -> Iterator[str]:
    """The files that a file of `archive` leads to."""
    text = data.decode()
    if path.endswith(".html"):
        for address in re.findall(r'href="([^"]*)"', text):
            target = normpath(join(dirname(path), address))
            yield f"{target}/index.html" if address.endswith("/") else target
    elif path.startswith("search/"):
        yield from re.findall(r'"([^"]+)"', text)
        if path.endswith(".pf_fragment"):
            yield text.split()[0] + "index.html"


class Crawler:
    """Reads a site all along, and remembers each page that it has seen: its links must go on to work."""

    def __init__(self, read: Reader, every: int = 1) -> None:
        self._read, self._every = read, every
        self._looks = self.crawls = 0
        self._seen: dict[tuple[str, bytes], tuple[str, ...]] = {}
        self._now: set[tuple[str, bytes]] = set()  #: pages that the last crawl came through
        self.broken: list[str] = []

    def look(self) -> None:
        """Crawl, but only every so many times."""
        self._looks += 1
        if self._looks % self._every == 0:
            self.crawl()

    def forget(self) -> None:
        """Close all pages but those that are there now: their time of grace is over."""
        self._seen = {page: links for page, links in self._seen.items() if page in self._now}

    def crawl(self) -> int:
        """Follow every link from the front page, and every link of the pages seen before."""
        self.crawls += 1
        wanted, got = ["index.html"], dict[str, bytes | None]()
        self._now.clear()
        while wanted:
            path = wanted.pop()
            if path in got:
                continue
            data = got[path] = self._read(path)
            if data is None:
                self.broken.append(path)
                continue
            page = (path, data)
            self._now.add(page)
            if page not in self._seen:
                self._seen[page] = tuple(references(path, data))
            wanted += self._seen[page]
        for links in list(self._seen.values()):
            for link in links:
                if link not in got:
                    got[link] = self._read(link)
                    if got[link] is None:
                        self.broken.append(link)
        return len(got)


class KilledError(BaseException):
    """The publisher is dead; nothing that it would still do arrives."""


class Frail(Patient):
    """A target whose publisher dies before its request number `fatal`.

    A request brings or takes away one file, or `batch` files. Where nobody looks on, those that come before
    the fatal one are made at a time.
    """

    def __init__(
        self,
        target: Target,
        fatal: int = 0,
        looking: Callable[[], object] | None = None,
        batch: int = 1,
    ) -> None:
        super().__init__(target, 0)
        self._fatal, self._looking, self._batch = fatal, looking, batch
        self.requests = 0
        self._chance = random.Random(fatal)

    def _request(self, files: int = 1) -> int:
        """Begin a request for so many files, or for as many as may be; returns how many."""
        if self.requests and self._looking:
            self._looking()
        together = 1 if self._looking else max(1, -(-files // self._batch))
        if self._fatal:
            if self.requests + 1 >= self._fatal:
                self.requests += 1
                raise KilledError
            together = min(together, self._fatal - self.requests - 1)
        self.requests += together
        return together * self._batch

    def begin(self) -> None:
        self._request()
        super().begin()

    def swap(self, path: str, data: bytes, version: str) -> str:
        self._request()
        return super().swap(path, data, version)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        # Files of one call may arrive in any order.
        mixed = self._chance.sample(list(files), len(files))
        while mixed:
            count = self._request(len(mixed))
            self._target.put(mixed[:count], arrived)
            mixed = mixed[count:]

    def delete(self, paths: Sequence[str]) -> None:
        left = list(paths)
        while left:
            count = self._request(len(left))
            self._target.delete(left[:count])
            left = left[count:]

    def commit(self) -> None:
        self._request()
        super().commit()


def job(output: Path, options: Options | None = None, **environ: str) -> Job:
    """The job of publishing an output."""
    return job_of(output, default_config(), options or Options(), environ)


def publish_output(
    target: Target,
    output: Path,
    ledger: Path,
    *,
    grace: str = "1d",
    options: Options | None = None,
    pause: float = 20,
) -> Done:
    """Publish an output to a target, and close it; a mass of changes is allowed.

    `pause` is how many seconds lie between its signs of life.
    """
    settings = Settings(to="file:///unused", grace=grace, max_delete="100%")
    options = options or Options(patience=0.2)
    try:
        with Ledger(ledger) as noted:
            return publish_to(target, replace(job(output, options), pause=pause), settings, options, noted)
    finally:
        target.close()
