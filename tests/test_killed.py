"""A build that is killed at any moment: every file is whole, and the next build heals the rest."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegen.manifest import MANIFEST
from tests.outputs import PLAIN_THEME, counts, environment, tree
from tests.sites import make_site, post

#: Runs a build that is killed before the N-th time it would open a file to write, or rename or delete one;
#: N = 0 lets it live and prints how often it did.
KILLED_AT = """
import os, signal, sys

count, fatal = 0, int(sys.argv.pop(1))

def watch(event, arguments):
    global count
    writes = event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile"):
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

from sitegen.cli import main

sys.addaudithook(watch)
try:
    main()
finally:
    print(count)
"""

#: More kills: SITEGEN_KILLS=200 pytest -n 0 tests/test_killed.py
TURNS = int(os.environ.get("SITEGEN_KILLS", "20"))
POSTS = 1000


def archive_of(count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        body = f"The words of number {number}. " * (20 + number % 7 * 40)
        yield (
            f"content/posts/{number // 100}/post-{number}.md",
            post(f"Post {number}", f"2020-0{number % 3 + 1}-11", body, tags=f"[t{number % 5}]"),
        )


def versions() -> tuple[dict[str, str], dict[str, str]]:
    """The texts of two versions of one site; each has pages that the other has not."""
    posts = dict(archive_of(POSTS))
    first = {**posts, "sitegen.toml": 'title = "Before"\n[theme]\nname = "plain"\n'}
    second = {**posts, "sitegen.toml": 'title = "After"\n[theme]\nname = "plain"\n'}
    for number in range(20):
        del first[f"content/posts/0/post-{number}.md"]
        second[f"content/posts/1/post-{100 + number}.md"] = post(
            f"Moved {number}", "2019-01-01", tags="[moved]"
        )
        del second[f"content/posts/2/post-{200 + number}.md"]
    return first, second


def become(site: Path, texts: Mapping[str, str]) -> None:
    for path in site.joinpath("content").rglob("*.md"):
        if path.relative_to(site).as_posix() not in texts:
            path.unlink()
    make_site(site, texts)


def test_a_killed_build_leaves_whole_files_and_the_next_one_heals(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", PLAIN_THEME)
    texts = versions()
    clean: list[dict[str, bytes]] = []
    for number, version in enumerate(texts):
        reference = make_site(tmp_path / f"clean-{number}", {**PLAIN_THEME, **version})
        counts(reference)
        clean.append(tree(reference / "output"))
    become(site, texts[0])
    counts(site)
    become(site, texts[1])
    living = [sys.executable, "-c", KILLED_AT, "0", "build", "--no-search", "--jobs", "1"]
    steps = int(subprocess.run(living, cwd=site, env=environment(), capture_output=True).stdout.split()[-1])
    chance = random.Random(1943)
    killed = 0
    for turn in range(TURNS):
        old, new = clean[(turn + 1) % 2], clean[turn % 2]
        become(site, texts[turn % 2])
        # Every other time by the clock, with two workers, wherever that may strike.
        fatal = chance.randrange(1, steps) if turn % 2 else 0
        command = [
            *(sys.executable, "-c", KILLED_AT, str(fatal), "build", "--no-search"),
            *("--jobs", "1" if fatal else "2"),
        ]
        process = subprocess.Popen(
            command, cwd=site, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            process.communicate(timeout=None if fatal else chance.uniform(0.2, 1.2))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        killed += process.returncode == -signal.SIGKILL
        for path, data in tree(site / "output").items():
            assert data in (old.get(path), new.get(path)), f"{path} is torn"
        counts(site)
        assert tree(site / "output") == new
    assert killed > TURNS // 2


def test_the_workers_of_a_killed_build_end_too(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, **dict(archive_of(1500))})
    process = subprocess.Popen(
        [sys.executable, "-m", "sitegen", "build", "--no-search", "--jobs", "2"],
        cwd=site,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert any("Rendering" in line for line in process.stderr)
    process.kill()
    # Both pipes are inherited by the workers, so their end is seen only when no worker is left.
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL


def test_what_a_killed_build_began_in_one_folder_is_not_sought_in_another(tmp_path: Path) -> None:
    texts = {**PLAIN_THEME, **dict(archive_of(3)), "content/posts/lost.md": post("Lost")}
    command = ("build", "--no-search", "--jobs", "1")

    def build_until(site: Path, fatal: int) -> subprocess.CompletedProcess[bytes]:
        killer = [sys.executable, "-c", KILLED_AT, str(fatal), *command]
        return subprocess.run(killer, cwd=site, env=environment(), capture_output=True, check=False)

    last = int(build_until(make_site(tmp_path / "living", texts), 0).stdout.split()[-1])
    site = make_site(tmp_path / "killed", texts)
    # With the last few steps the manifest is placed and what was begun is forgotten.
    assert build_until(site, last - 10).returncode == -signal.SIGKILL
    assert (site / "output/posts/lost/index.html").exists()
    assert not (site / "output" / MANIFEST).exists()
    (site / "content/posts/lost.md").unlink()
    make_site(site, {"mirror/posts/lost/index.html": "somebody's own"})
    counts(site, "--output", str(site / "mirror"))
    assert (site / "mirror/posts/lost/index.html").read_text() == "somebody's own"
    counts(site)
    assert not (site / "output/posts/lost").exists()
