"""The tools that are compared: how each is installed, and the commands that are timed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.corpus import pelican_metadata
from benchmarks.workshop import ROOT, Workshop, link_tree, versions

COLD = "sitegen: cold"
COMMONMARK = 'sitegen: cold, engine = "commonmark"'
SEARCH = "sitegen: cold, with search"
BILINGUAL = "sitegen: cold, two languages"
UNCHANGED = "sitegen: nothing changed"
BODY = "sitegen: one body edited"
TITLE = "sitegen: one title edited"
POST_TEMPLATE = "sitegen: the template of posts edited"
BASE_TEMPLATE = "sitegen: the template of all pages edited"
HELP = "sitegen --help"
HUGO = "Hugo: cold, related posts"
HUGO_UNRELATED = "Hugo: cold, without related posts"
ELEVENTY = "Eleventy: cold, without related posts"
PELICAN = "Pelican: cold, without related posts"

#: Groups of cases that a run may be restricted to.
GROUPS = ("cold", "edits", "search", "languages")

LANGUAGES = ("en", "ru")


def _nothing(_: int) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is timed."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    output: Path | None = None  #: given for cold builds, whose files are counted
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[int], None] = _nothing  #: done before each run, untimed; takes the run's number


class Tool(Protocol):
    def cases(self, count: int, groups: Sequence[str]) -> list[Case]:
        """Lay out a site of so many posts; what is to be timed, in this order."""

    def versions(self) -> dict[str, str]:
        """What takes part -> version."""


class Sitegen:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._programs = workshop.environment("sitegen", str(ROOT), fresh=True)

    def versions(self) -> dict[str, str]:
        known = versions(self._programs)
        shaping = ("jinja2", "markdown", "msgspec", "nh3", "pagefind-bin", "pyromark", "selectolax")
        commit = _commit()
        return {
            "sitegen": known["sitegen"] + (f" ({commit})" if commit else ""),
            "Python": _python(self._programs),
            **{name: known[name] for name in shaping},
        }

    def help(self) -> Case:
        return Case(name=HELP, command=(self._programs / "sitegen", "--help"), folder=self._workshop.folder)

    def cases(self, count: int, groups: Sequence[str]) -> list[Case]:
        cases = []
        if {*groups} & {"cold", "edits", "languages", "scale"}:
            site = self._site("sitegen", count)
            cases += [self._cold(COLD, site)]
        if "cold" in groups:
            cases += [self._cold(COMMONMARK, self._site("sitegen-commonmark", count, _COMMONMARK))]
        if "search" in groups:
            cases += [self._cold(SEARCH, self._site("sitegen-search", count), search=True)]
        if "languages" in groups:
            place = self._site("sitegen-languages", count, _BILINGUAL, LANGUAGES)
            cases += [self._cold(BILINGUAL, place)]
        if "edits" in groups:
            cases += self._edits(site)
        return cases

    def _site(self, name: str, count: int, settings: str = "", languages: Sequence[str] = ()) -> Path:
        site = self._workshop.site(name, count)
        (site / "sitegen.toml").write_text(_SETTINGS + settings)
        shutil.copytree(self._workshop.corpus(count, languages), site / "content")
        shutil.copytree(ROOT / "themes", site / "themes")
        return site

    def _build(self, site: Path, *, search: bool = False) -> Sequence[str | Path]:
        command = (self._programs / "sitegen", "build", "--site", site)
        return command if search else (*command, "--no-search")

    def _cold(self, name: str, site: Path, *, search: bool = False) -> Case:
        def before(_: int) -> None:
            _clear(site / "output", site / ".sitegen")

        return Case(
            name=name,
            command=self._build(site, search=search),
            folder=site,
            output=site / "output",
            before=before,
        )

    def _edits(self, site: Path) -> list[Case]:
        sources = sorted((site / "content/posts").rglob("*.md"), key=lambda path: _number(path.stem))
        newest, middle = sources[-1], sources[len(sources) // 2]
        templates = site / "themes/chronicle/templates"
        edits: tuple[tuple[str, Callable[[int], None]], ...] = (
            (UNCHANGED, _nothing),
            (BODY, lambda run: _append(middle, f"\nOne more paragraph, written for run {run}.\n")),
            (TITLE, lambda run: _replace(newest, r'(?<=^title: ")', f"Corrected {run}: ")),
            (
                POST_TEMPLATE,
                lambda run: _replace(templates / "post.html", "(?=</section>)", f"<!-- {run} -->"),
            ),
            (BASE_TEMPLATE, lambda run: _replace(templates / "base.html", "(?=</body>)", f"<!-- {run} -->")),
        )
        command = self._build(site)
        return [Case(name=name, command=command, folder=site, before=edit) for name, edit in edits]


class Hugo:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._programs = workshop.environment("hugo", "hugo")
        # Not the Python program that stands before it: Hugo itself is to be timed.
        found = sorted(self._programs.parent.glob("lib/*/site-packages/hugo/binaries/hugo*"))
        self._program = found[0] if found else self._programs / "hugo"

    def versions(self) -> dict[str, str]:
        return {"Hugo": versions(self._programs)["hugo"]}

    def cases(self, count: int, groups: Sequence[str]) -> list[Case]:
        if "cold" not in groups and "edits" not in groups:
            return []
        site = self._workshop.site("hugo", count)
        corpus = self._workshop.corpus(count)
        link_tree(corpus / "posts", site / "content/posts")
        link_tree(corpus / "images", site / "static/images")
        related = self._case(HUGO, site, "public", "hugo.toml")
        unrelated = self._case(HUGO_UNRELATED, site, "public-unrelated", "unrelated.toml,hugo.toml")
        return [related, unrelated] if "cold" in groups else [related]

    def _case(self, name: str, site: Path, output: str, settings: str) -> Case:
        cache = site / "cache"

        def before(_: int) -> None:
            _clear(site / output, site / "resources", cache)

        command = (self._program, "--config", settings, "--destination", output, "--cacheDir", cache)
        return Case(name=name, command=command, folder=site, output=site / output, before=before)


class Eleventy:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._package = workshop.node_package("eleventy", "@11ty/eleventy")

    def versions(self) -> dict[str, str]:
        node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        described = json.loads((self._package / "package.json").read_text())
        return {"Eleventy": described["version"], "Node": node.strip().removeprefix("v")}

    def cases(self, count: int, groups: Sequence[str]) -> list[Case]:
        if "cold" not in groups:
            return []
        site = self._workshop.site("eleventy", count)
        link_tree(self._workshop.corpus(count), site)
        output = site / "_site"
        return [
            Case(
                name=ELEVENTY,
                command=("node", self._package / "cmd.cjs", "--quiet"),
                folder=site,
                output=output,
                before=lambda _: _clear(output, site / ".cache"),
            )
        ]


class Pelican:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._programs = workshop.environment("pelican", "pelican[markdown]")

    def versions(self) -> dict[str, str]:
        return {"Pelican": versions(self._programs)["pelican"]}

    def cases(self, count: int, groups: Sequence[str]) -> list[Case]:
        if "cold" not in groups:
            return []
        site = self._workshop.site("pelican", count, pelican_metadata)
        output = site / "output"
        return [
            Case(
                name=PELICAN,
                command=(self._programs / "pelican", "--settings", "pelicanconf.py", "--output", output),
                folder=site,
                output=output,
                before=lambda _: _clear(output, site / "cache"),
            )
        ]


TOOLS: Mapping[str, Callable[[Workshop], Tool]] = {
    "sitegen": Sitegen,
    "hugo": Hugo,
    "eleventy": Eleventy,
    "pelican": Pelican,
}

_SETTINGS = 'title = "Archive"\nbase_url = "https://archive.example/"\n'
_COMMONMARK = '[markdown]\nengine = "commonmark"\n'
_BILINGUAL = '[languages.en]\nname = "English"\n[languages.ru]\nname = "Русский"\n'


def _clear(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def _replace(file: Path, pattern: str, text: str) -> None:
    """Put `text` where `pattern` is first found."""
    edited, found = re.subn(pattern, text, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    if not found:
        raise LookupError(f"{file.name} has no place to edit")
    file.write_text(edited, encoding="utf-8")


def _number(slug: str) -> int:
    return int(slug.rpartition("-")[2])


def _python(programs: Path) -> str:
    told = subprocess.run([str(programs / "python"), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[-1]


def _commit() -> str:
    """The commit that is measured; "" where there is no git."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return ""
    command = ["git", "-C", os.fspath(ROOT), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
