"""Times a publish to a folder: all new, then none changed. `python3 -m benchmarks.publishing [FILES]`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from sitegen.config import Config, Target, complete
from sitegen.manifest import MANIFEST, render_manifest, sha256
from sitegen.publish.go import Options, job_of, publish_to
from sitegen.publish.ledger import Ledger
from sitegen.publish.targets.folder import Folder
from sitegen.report import silent

#: Bytes of each file, about those of a post's page.
_SIZE = 12_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _make(place / "output", count)
        for what in ("all new", "unchanged"):
            start = time.perf_counter()
            job = job_of(place / "output", complete(Config()), Options(), {}, silent)
            with Ledger(place / "ledger") as ledger:
                target = Folder(place / "mirror")
                done = publish_to(target, job, Target(), Options(), ledger)
                target.close()
            print(f"{what}: {done.counts()} in {time.perf_counter() - start:.2f} s")


def _make(output: Path, count: int) -> None:
    digests = {}
    for number in range(count):
        path, data = f"posts/{number % 97}/{number}/index.html", f"{number:>{_SIZE}}".encode()
        (output / path).parent.mkdir(parents=True)
        (output / path).write_bytes(data)
        digests[path] = sha256(data)
    (output / MANIFEST).write_bytes(render_manifest(digests))


if __name__ == "__main__":
    main()
