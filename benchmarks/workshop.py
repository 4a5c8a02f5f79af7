"""A folder with everything a run needs: the tools, installed by name, and the archives they build."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.corpus import posts, write_corpus, write_pictures, write_posts

ROOT = Path(__file__).parent.parent
SITES = Path(__file__).parent / "sites"


class MissingToolError(Exception):
    """A tool can not be had here."""


class Workshop:
    """Installs and writes below `folder`, what is there already is kept."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self._say = say

    def environment(self, name: str, *requirements: str, fresh: bool = False) -> Path:
        """A virtual environment with `requirements`, `fresh` or as it is; returns its folder of programs."""
        place = self.folder / "tools" / name
        if fresh or not (place / "installed").exists():
            self._say(f"Installing {name}")
            shutil.rmtree(place, ignore_errors=True)
            self._run(name, [sys.executable, "-m", "venv", str(place)])
            self._run(name, [str(place / "bin" / "pip"), "install", *requirements])
            (place / "installed").touch()
        return place / "bin"

    def node_package(self, name: str, package: str) -> Path:
        """The folder of an npm package, installed with what it needs."""
        place = self.folder / "tools" / name
        if not (place / "installed").exists():
            if not (shutil.which("npm") and shutil.which("node")):
                raise MissingToolError("there is no node and npm")
            self._say(f"Installing {name}")
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            (place / "package.json").write_text('{"private": true}')
            self._run(name, ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(place), package])
            (place / "installed").touch()
        return place / "node_modules" / package

    def corpus(self, count: int, languages: Iterable[str] = ()) -> Path:
        """A content folder with `count` posts in front matter and Markdown."""
        codes = tuple(languages)
        place = self.folder / "corpora" / "-".join((str(count), *codes))
        if not place.exists():
            self._say(f"Writing {count:,} posts" + (f" in {', '.join(codes)}" if codes else ""))
            write_corpus(count, place.with_suffix(".part"), codes)
            place.with_suffix(".part").rename(place)
        return place

    def site(self, name: str, count: int, form: Callable[..., str] | None = None) -> Path:
        """A new folder `name` for a tool's site, with a copy of benchmarks/sites/`name` if there is one.

        With a `form`, the posts are written into its content/ in that form.
        """
        place = self.folder / "sites" / str(count) / name
        shutil.rmtree(place, ignore_errors=True)
        if (SITES / name).is_dir():
            shutil.copytree(SITES / name, place)
        else:
            place.mkdir(parents=True)
        if form:
            write_posts(posts(count), place / "content" / "posts", form)
            write_pictures(place / "content" / "images" / "posts")
        return place

    def log(self, name: str) -> Path:
        place = self.folder / "logs" / f"{name.replace(' ', '-').replace('/', '-')}.log"
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def clear_sites(self, count: int) -> None:
        shutil.rmtree(self.folder / "sites" / str(count), ignore_errors=True)

    def _run(self, name: str, command: list[str]) -> None:
        log = self.log(f"install {name}")
        with log.open("ab") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise MissingToolError(f"{name} can not be installed:\n{last}")


def link_tree(source: Path, target: Path) -> None:
    """Show the files of `source` in `target` too. They are the same files: nothing may change them."""
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


def versions(programs: Path) -> dict[str, str]:
    """Package -> version, of all that is in a virtual environment."""
    listed = subprocess.run(
        [str(programs / "pip"), "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    return {one["name"].lower().replace("_", "-"): one["version"] for one in json.loads(listed.stdout)}
