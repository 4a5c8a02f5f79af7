"""Disks that are full or may not be written to: told clearly, nothing lost, and healed by the next build."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outputs import PLAIN_THEME, counts, environment, sitegen, told, tree
from tests.sites import make_site, post

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount the small disks"
)


@contextlib.contextmanager
def disk(folder: Path, size: str = "64m") -> Iterator[Path]:
    """A disk of its own at `folder`, in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def archive(word: str) -> dict[str, str]:
    """A site of some 400 KB."""
    return {
        f"content/posts/{number}.md": post(
            f"{word} {number}", body=f"{word} {number}. " * 500, tags=f"[{word}]"
        )
        for number in range(60)
    }


def errors(site: Path) -> list[str]:
    """What a build in a process of its own tells, which must fail as the contract says."""
    done = sitegen("build", "--json", "--no-search", cwd=site, env=environment())
    assert done.returncode == 1, done.stdout
    assert not done.stderr
    return [f"{error['message']}; {error['hint']}" for error in told(done)["errors"]]


def built(site: Path) -> dict[str, bytes]:
    counts(site)
    return tree(site / "output")


@pytest.fixture
def versions(tmp_path: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The outputs of two versions of the site."""
    old = built(make_site(tmp_path / "old", {**PLAIN_THEME, **archive("Old")}))
    return old, built(make_site(tmp_path / "new", {**PLAIN_THEME, **archive("Newer")}))


@pytest.mark.parametrize("full", ["output", ".sitegen"])
@pytest.mark.parametrize("room", [0, 8_000, 40_000])
def test_a_full_disk_is_told_and_loses_nothing(
    tmp_path: Path, versions: tuple[dict[str, bytes], dict[str, bytes]], full: str, room: int
) -> None:
    old, new = versions
    site = make_site(tmp_path / "site", {**PLAIN_THEME, **archive("Old")})
    with disk(site / full) as small:
        assert built(site) == old
        make_site(site, archive("Newer"))
        free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
        with (small / "filler").open("wb") as filler:
            filler.write(bytes(free - room))
        told_of = errors(site)
        assert len(told_of) == 1, told_of
        # SQLite can't always tell the reason.
        assert "no space left" in told_of[0] or "whether its disk has room" in told_of[0]
        after = tree(site / "output")
        after.pop("filler", None)
        for path, data in after.items():
            assert data in (old.get(path), new.get(path)), f"{path} is torn"
        assert old.keys() <= after.keys() | (old.keys() - new.keys())
        (small / "filler").unlink()
        assert built(site) == new


@pytest.mark.parametrize("locked", ["output", ".sitegen"])
def test_a_disk_that_may_not_be_written_to_is_told_and_loses_nothing(
    tmp_path: Path, versions: tuple[dict[str, bytes], dict[str, bytes]], locked: str
) -> None:
    old, new = versions
    site = make_site(tmp_path / "site", {**PLAIN_THEME, **archive("Old")})
    with disk(site / locked) as small:
        assert built(site) == old
        make_site(site, archive("Newer"))
        remount(small, "ro")
        told_of = errors(site)
        assert len(told_of) == 1, told_of
        assert locked in told_of[0]
        assert "read-only" in told_of[0] or "permission denied" in told_of[0] or "may not write" in told_of[0]
        assert tree(site / "output") == old
        remount(small, "rw")
        assert built(site) == new


def test_a_build_onto_another_disk_that_is_killed_leaves_no_scraps_behind(
    tmp_path: Path, versions: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    site = make_site(tmp_path / "site", {**PLAIN_THEME, **archive("Old")})
    with disk(site / "output"):
        counts(site)
        scraps = 0
        for turn in range(6):
            make_site(site, archive("Newer" if turn % 2 == 0 else "Old"))
            command = [sys.executable, "-c", KILLED_BESIDE, str(2 + turn * 9)]
            killed = subprocess.run(command, cwd=site, env=environment(), capture_output=True, check=False)
            assert killed.returncode == -signal.SIGKILL, killed.stderr
            scraps += sum(path.name.endswith(".sitegen") for path in (site / "output").rglob("*"))
            assert built(site) == versions[1 - turn % 2]
        assert scraps


#: Runs a build that is killed when it puts together the N-th file that comes from another disk.
KILLED_BESIDE = """
import os, signal, sys

count, fatal = 0, int(sys.argv.pop(1))

def watch(event, arguments):
    global count
    if event == "os.rename" and str(arguments[0]).endswith(".sitegen"):
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

from sitegen.cli import main

sys.argv += ["build", "--no-search", "--jobs", "1"]
sys.addaudithook(watch)
main()
"""
