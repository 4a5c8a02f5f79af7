"""After any series of edits the incremental build equals a clean one, byte for byte.

By default some 300 edits are made. Many more, and other ones each time:

    SITEGEN_STEPS=10000 pytest -n 0 -s tests/test_incremental.py
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import jinja2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sitegen import identity, jobs
from sitegen.build import Options, Report, build
from sitegen.check import check
from sitegen.check.checked import Checked
from sitegen.errors import Problem, SiteError
from sitegen.manifest import MANIFEST
from tests import edits
from tests.outputs import PLAIN_THEME, ROOT, counts, environment, page, sitegen, tree
from tests.sites import NOW, make_site, post, run

STEPS = int(os.environ.get("SITEGEN_STEPS", "300"))

#: Edits of one site before the next begins anew.
STEPS_OF_ONE = 25

BUNDLE = "search/pagefind/"


class Outcome(NamedTuple):
    """What a build came to: a report or problems."""

    report: Report | None
    problems: tuple[Problem, ...]


class Edited(RuleBasedStateMachine):
    """A site that is edited and built incrementally, beside a clean build of the same site."""

    steps = 0
    failing = 0  #: steps after which the site had a mistake in it

    def __init__(self) -> None:
        super().__init__()
        # In memory if that can be: a step writes some two hundred files.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="sitegen-", dir=memory))
        self.site = make_site(self.folder / "site", edits.SITE)
        self.content = self.site / "content"
        self.output = self.site / "output"
        self.settings = {key: values[0] for key, values in edits.SETTINGS.items()}
        self.drafts = False
        self.now = NOW
        self.tampered: dict[Path, bytes] = {}
        self.untouched = False
        self._write_settings()
        self.good = self._sources()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.chance = Random(seed)

    # --- posts ---

    @rule(place=st.sampled_from(edits.PLACES), data=st.data())
    def write(self, place: str, data: st.DataObject) -> None:
        keys = {"title": "New", "date": "2020-07-01"}
        for key in data.draw(st.lists(st.sampled_from(sorted(edits.KEYS)), max_size=5)):
            keys[key] = data.draw(st.sampled_from(edits.KEYS[key]))
        self._write(f"content/{place}", _text(keys, self._body(data)))

    @rule(data=st.data(), key=st.sampled_from(sorted(edits.KEYS)))
    def edit_key(self, data: st.DataObject, key: str) -> None:
        if path := self._some_post(data):
            keys, body = _parts(path.read_text())
            path.write_text(_text({**keys, key: data.draw(st.sampled_from(edits.KEYS[key]))}, body))

    @rule(data=st.data())
    def edit_body(self, data: st.DataObject) -> None:
        if path := self._some_post(data):
            path.write_text(_text(_parts(path.read_text())[0], self._body(data)))

    @rule(data=st.data())
    def edit_body_and_restore_the_time(self, data: st.DataObject) -> None:
        if path := self._some_post(data):
            with _same_time(path):
                path.write_text(path.read_text().translate(str.maketrans("eotx", "toex")))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if path := self._some_post(data):
            path.unlink()

    @rule(data=st.data(), place=st.sampled_from(edits.PLACES))
    def rename(self, data: st.DataObject, place: str) -> None:
        if path := self._some_post(data):
            (self.content / place).parent.mkdir(parents=True, exist_ok=True)
            path.replace(self.content / place)

    @rule(data=st.data(), same_time=st.booleans())
    def swap(self, data: st.DataObject, same_time: bool) -> None:
        one, other = self._some_post(data), self._some_post(data)
        if one and other and one != other:
            times = one.stat().st_mtime_ns
            one.replace(self.folder / "aside")
            other.replace(one)
            (self.folder / "aside").replace(other)
            if same_time:
                os.utime(one, ns=(times, times))
                os.utime(other, ns=(times, times))

    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        if path := self._some_post(data):
            os.utime(path)

    @rule(data=st.data(), days=st.integers(-1000, 1000))
    def set_the_time_of_a_file(self, data: st.DataObject, days: int) -> None:
        if path := self._some_post(data):
            moment = path.stat().st_mtime + days * 86400
            os.utime(path, (moment, moment))

    # --- what posts stand in ---

    @rule(place=st.sampled_from(edits.PROFILES), text=st.sampled_from((*edits.PROFILE_TEXTS, "")))
    def profile(self, place: str, text: str) -> None:
        self._write(f"content/{place}", text)

    @rule(place=st.sampled_from(edits.INDEXES), text=st.sampled_from((*edits.INDEX_TEXTS, "")))
    def index(self, place: str, text: str) -> None:
        self._write(f"content/{place}", text)

    @rule(
        place=st.sampled_from(edits.IMAGES),
        size=st.sampled_from((*edits.SIZES, None)),
        same_time=st.booleans(),
    )
    def image(self, place: str, size: tuple[int, int] | None, same_time: bool) -> None:
        path = self.content / place
        data = b"" if size is None else edits.KINDS[place[-3:]](*size)
        if same_time and path.exists() and data:
            with _same_time(path):
                path.write_bytes(data)
        else:
            self._write(f"content/{place}", data)

    @rule(place=st.sampled_from(edits.FILES), text=st.sampled_from(("a,b\n", "c,d\n", "")))
    def file(self, place: str, text: str) -> None:
        with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            self._write(f"content/{place}", text)

    # --- settings and theme ---

    @rule(data=st.data(), key=st.sampled_from(sorted(edits.SETTINGS)))
    def setting(self, data: st.DataObject, key: str) -> None:
        self.settings[key] = data.draw(st.sampled_from(edits.SETTINGS[key]))
        self._write_settings()

    @rule(data=st.data(), name=st.sampled_from(sorted(edits.TEMPLATES)))
    def template(self, data: st.DataObject, name: str) -> None:
        texts = (*edits.TEMPLATES[name], "")
        self._write(edits.CHILD + name, data.draw(st.sampled_from(texts)))

    @rule(data=st.data(), path=st.sampled_from(sorted(edits.OTHER_THEME_FILES)))
    def theme_file(self, data: st.DataObject, path: str) -> None:
        texts = edits.OTHER_THEME_FILES[path]
        required = path.endswith(("theme.toml", "base.html"))
        self._write(path, data.draw(st.sampled_from(texts if required else (*texts, ""))))

    # --- options ---

    @rule()
    def toggle_drafts(self) -> None:
        self.drafts = not self.drafts

    @rule(days=st.sampled_from((0, 200, -2000)))
    def another_day(self, days: int) -> None:
        self.now = NOW + timedelta(days=days)

    # --- harm ---

    @rule(data=st.data(), harm=st.sampled_from(("delete", "cut", "change", "change unseen")))
    def tamper(self, data: st.DataObject, harm: str) -> None:
        files = sorted(path for path in self.output.rglob("*") if path.is_file())
        if not files:
            return
        path = data.draw(st.sampled_from(files))
        if path == self.output / MANIFEST and harm == "delete":
            return  # Then nothing tells which files are sitegen's, and none is deleted.
        self.tampered[path] = whole = path.read_bytes()
        if harm == "delete":
            path.unlink()
        elif harm == "cut":
            path.write_bytes(whole[: len(whole) // 2])
        elif harm == "change":
            path.write_bytes(whole + b" ")
        else:
            with _same_time(path):
                path.write_bytes(bytes(255 - byte for byte in whole))

    @rule(place=st.sampled_from((".sitegen", ".sitegen/store.db", ".sitegen/search", "output")))
    def lose(self, place: str) -> None:
        path = self.site / place
        if place == "output":
            self.tampered = {}
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            for one in path.parent.glob(path.name + "*"):
                one.unlink()

    @rule()
    def rest(self) -> None:
        """Nothing happens between two builds."""
        self.untouched = True

    # --- the law ---

    @invariant()
    def the_incremental_build_equals_a_clean_one(self) -> None:
        type(self).steps += 1
        search, spread = self.chance.random() < 0.02, self.chance.random() < 0.04
        # Files count as settled at once, so that their identities are trusted, or as just changed.
        grain = self.chance.choice((0, identity.GRAIN_NS))
        before = _tree(self.output)
        checked = self._checked(self.site, grain) if self.chance.random() < 0.1 else None
        with patch.object(identity, "GRAIN_NS", grain), patch.object(jobs, "WORTH_SPREADING", 10):
            now = self._build(self.site, search=search, jobs=2 if spread else 1)
        clean_site = self.folder / "clean"
        shutil.copytree(self.site, clean_site, ignore=shutil.ignore_patterns(".sitegen", "output"))
        if checked:
            # What was published is told of too.
            if manifest := before.get(MANIFEST):
                make_site(clean_site, {f"output/{MANIFEST}": manifest})
            assert checked == self._checked(clean_site, grain)
            for name in (".sitegen", "output"):
                shutil.rmtree(clean_site / name, ignore_errors=True)
        clean = self._build(clean_site, search=search)
        assert now.problems == clean.problems
        if now.report and clean.report:
            assert _compared(_tree(self.output)) == _compared(_tree(clean_site / "output"))
            assert now.report.warnings == clean.report.warnings
            assert (now.report.pages, now.report.left_out) == (clean.report.pages, clean.report.left_out)
            assert not now.report.store_was_damaged
            self.good = self._sources()
            if self.untouched and before == _tree(self.output):
                assert (now.report.written, now.report.deleted) == (0, 0)
        else:
            assert _tree(self.output) == before
            type(self).failing += 1
            self._undo_harm()
            if self.chance.random() < 0.7:
                self._mend()
        self.tampered = {}
        self.untouched = False
        shutil.rmtree(clean_site)

    def _build(self, site: Path, *, search: bool, jobs: int = 1) -> Outcome:
        options = Options(drafts=self.drafts, now=self.now, search=search, jobs=jobs)
        try:
            return Outcome(build(site, options), ())
        except SiteError as error:
            return Outcome(None, error.problems)

    def _checked(self, site: Path, grain: int) -> Checked:
        """What a check says, which reads into the store what the next build finds there."""
        with patch.object(identity, "GRAIN_NS", grain):
            return check(site, self.now, jobs=1)

    def _undo_harm(self) -> None:
        """A manifest that stays harmed would no longer name what the next builds have to delete."""
        manifest = self.output / MANIFEST
        if manifest in self.tampered:
            manifest.write_bytes(self.tampered[manifest])

    # --- helpers ---

    def _sources(self) -> dict[str, bytes]:
        return {
            path: data
            for path, data in _tree(self.site).items()
            if not path.startswith(("output/", ".sitegen/")) and not path.endswith("/")
        }

    def _mend(self) -> None:
        """Go back to the last site that had no mistake in it, or most steps would tell of mistakes."""
        now = self._sources()
        for path in now.keys() - self.good.keys():
            (self.site / path).unlink()
        for path, data in self.good.items():
            if now.get(path) != data:
                if (self.site / path).is_dir():  # emptied by what was unlinked
                    shutil.rmtree(self.site / path)
                make_site(self.site, {path: data})
        lines = (self.site / "sitegen.toml").read_text().splitlines()
        written = dict(line.split(" = ", 1) for line in lines)
        self.settings = {key: written.get(key, "") for key in self.settings}

    def _some_post(self, data: st.DataObject) -> Path | None:
        found = [place for place in edits.PLACES if (self.content / place).is_file()]
        return self.content / data.draw(st.sampled_from(found)) if found else None

    def _body(self, data: st.DataObject) -> str:
        return "\n\n".join(data.draw(st.lists(st.sampled_from(edits.PARAGRAPHS), max_size=4)))

    def _write(self, path: str, text: str | bytes) -> None:
        """An empty text takes the file away."""
        if text:
            make_site(self.site, {path: text})
        else:
            (self.site / path).unlink(missing_ok=True)

    def _write_settings(self) -> None:
        lines = [f"{key} = {value}\n" for key, value in self.settings.items() if value]
        (self.site / "sitegen.toml").write_text("".join(lines))


def _text(keys: Mapping[str, str], body: str) -> str:
    lines = [f"{key}: {value}" for key, value in keys.items() if value]
    return "\n".join(["---", *lines, "---", body, ""])


def _parts(text: str) -> tuple[dict[str, str], str]:
    match = re.fullmatch(r"---\n(.*?)---\n(.*)", text, re.DOTALL)
    if match is None:  # swapped letters may have undone it
        return {}, text
    pairs = (line.partition(": ") for line in match[1].splitlines())
    return {key: value for key, _, value in pairs}, match[2]


@contextmanager
def _same_time(path: Path) -> Iterator[None]:
    """Let the file bear its old time of change."""
    old = path.stat()
    yield
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))


def _tree(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, and every folder."""
    found = {}
    for path, folders, files in os.walk(folder):
        place = Path(path)
        for name in folders:
            found[f"{(place / name).relative_to(folder).as_posix()}/"] = b""
        for name in files:
            found[(place / name).relative_to(folder).as_posix()] = (place / name).read_bytes()
    return found


def _compared(tree: Mapping[str, bytes]) -> dict[str, object]:
    """All but the search bundle, in which no two runs of Pagefind are alike."""
    kept: dict[str, object] = {path: data for path, data in tree.items() if not path.startswith(BUNDLE)}
    kept[MANIFEST] = [line for line in tree[MANIFEST].splitlines() if f"  {BUNDLE}".encode() not in line]
    return kept


@pytest.fixture
def compiled_once() -> Iterator[None]:
    """Each template text is compiled once for all builds: that is most of the time of a small one."""
    compile_, parse = jinja2.Environment.compile, jinja2.Environment.parse

    def fast(method: Any) -> Any:
        known: dict[Any, Any] = {}

        def remembering(self: jinja2.Environment, source: str, *args: Any, **kwargs: Any) -> Any:
            key = (source, args, tuple(kwargs.items()))
            if key not in known:
                known[key] = method(self, source, *args, **kwargs)
            return known[key]

        return remembering

    with (
        patch.object(jinja2.Environment, "compile", fast(compile_)),
        patch.object(jinja2.Environment, "parse", fast(parse)),
    ):
        yield


def make_edits(machine: type[Edited], steps: int, of_one: int) -> None:
    """Let a machine make some `steps`, at most `of_one` on each site before it begins another."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, steps // of_one),
            stateful_step_count=of_one,
            derandomize="SITEGEN_STEPS" not in os.environ,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    sys.stderr.write(f"\n{machine.steps} steps, after {machine.failing} of them the site had a mistake\n")
    assert machine.steps >= steps // 2


@pytest.mark.usefixtures("compiled_once")
def test_after_any_edits_the_output_is_that_of_a_clean_build() -> None:
    make_edits(Edited, STEPS, STEPS_OF_ONE)
    assert Edited.failing < Edited.steps // 3


# --- what the machine or its makers found -------------------------------------------------------------

POST = {"content/posts/a.md": post()}


def clean_tree(site: Path, place: Path) -> dict[str, bytes]:
    """What a clean build of the same site makes, in the folder `place`."""
    shutil.copytree(site, place, ignore=shutil.ignore_patterns(".sitegen", "output"))
    counts(place)
    return tree(place / "output")


def test_the_order_in_which_files_were_read_does_not_matter(tmp_path: Path) -> None:
    texts = {
        "content/docs/_index.md": "---\ntitle: The upper\n---\n",
        "content/docs/below/_index.md": "---\ntitle: The lower\n---\n",
        "content/docs/guide.md": page("Guide"),
    }
    site = make_site(tmp_path / "site", {**PLAIN_THEME, **texts})
    with patch.object(identity, "GRAIN_NS", 0):
        counts(site)
        for path in texts:
            (site / path).write_text((site / path).read_text() + "More.\n")
            counts(site)
            assert tree(site / "output") == clean_tree(site, tmp_path / path)


def test_a_picture_that_changes_its_size_twice_in_a_second_keeps_no_old_size(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, "content/posts/a.md": post(body="![x](/x.svg)")})
    for side in (10, 20, 30):
        make_site(site, {"content/x.svg": edits.svg(side, side)})
        counts(site)
        assert f'width="{side}"' in (site / "output/posts/a/index.html").read_text()


def test_a_template_that_comes_to_be_is_taken_in_where_it_was_missing(tmp_path: Path) -> None:
    templates = "themes/plain/templates"
    taken = '{% extends "base.html" %}{% block main %}{% include "note.html" ignore missing %}{% endblock %}'
    site = make_site(tmp_path, {**PLAIN_THEME, **POST, f"{templates}/404.html": taken})
    counts(site)
    make_site(site, {f"{templates}/note.html": "NOTE"})
    counts(site)
    assert "NOTE" in (site / "output/404.html").read_text()
    (site / templates / "note.html").unlink()
    counts(site)
    assert "NOTE" not in (site / "output/404.html").read_text()


@pytest.mark.parametrize("tag", ['{% include "gone.html" %}', '{% extends "gone.html" %}'])
def test_a_template_that_takes_in_what_is_not_there_is_told_with_its_line(tmp_path: Path, tag: str) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, **POST, "themes/plain/templates/404.html": f"\n{tag}"})
    (problem,) = run(site, "build", "--json", "--no-search").json["errors"]
    assert (problem["file"], problem["line"]) == ("themes/plain/templates/404.html", 2)
    assert problem["message"] == 'there is no template "gone.html"'


def test_a_file_that_keeps_its_size_and_time_is_copied_anew(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, **POST, "content/a.txt": "one"})
    counts(site)
    shutil.rmtree(site / ".sitegen")
    counts(site)
    with _same_time(site / "content/a.txt"):
        (site / "content/a.txt").write_text("six")
    counts(site)
    assert (site / "output/a.txt").read_text() == "six"


def test_a_manifest_that_was_harmed_is_written_anew_when_nothing_else_changed(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**PLAIN_THEME, **POST})
    with patch.object(identity, "GRAIN_NS", 0):
        counts(site)
        whole = tree(site / "output")
        for text in ("", "not a manifest\n"):
            (site / "output" / MANIFEST).write_text(text)
            counts(site)
            assert tree(site / "output") == whole
        (site / "output" / MANIFEST).unlink()
        counts(site)
        assert tree(site / "output") == whole


def test_a_template_of_any_suffix_is_seen_to_change(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            **PLAIN_THEME,
            **POST,
            "sitegen.toml": 'theme.name = "plain"\nsections.posts.template = "article.j2"\n',
            "themes/plain/templates/article.j2": '{% include "one.txt" %}',
            "themes/plain/templates/one.txt": '{% include "two.txt" %}',
            "themes/plain/templates/two.txt": "first",
        },
    )
    counts(site)
    assert (site / "output/posts/a/index.html").read_text() == "first"
    make_site(site, {"themes/plain/templates/two.txt": "second"})
    counts(site)
    assert (site / "output/posts/a/index.html").read_text() == "second"
    make_site(site, {"themes/plain/templates/article.j2": "third"})
    counts(site)
    assert (site / "output/posts/a/index.html").read_text() == "third"


def test_a_markdown_extension_whose_code_changes_is_run_anew(tmp_path: Path) -> None:
    code = """
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Shout(Preprocessor):
    def run(self, lines):
        return [line + "WORD" for line in lines]

class ShoutExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Shout(md), "shout", 0)

def makeExtension(**_):
    return ShoutExtension()
"""
    settings_text = 'theme.name = "plain"\nmarkdown.extensions = ["shout"]\n'
    site = make_site(tmp_path, {**PLAIN_THEME, **POST, "sitegen.toml": settings_text})
    for word in ("quiet", "loud"):
        make_site(tmp_path / "lib", {f"{word}/shout.py": code.replace("WORD", word)})
        env = environment(PYTHONPATH=os.pathsep.join([str(ROOT), str(tmp_path / "lib" / word)]))
        done = sitegen("build", "--no-search", cwd=site, env=env)
        assert done.returncode == 0, done.stderr
        assert word in (site / "output/posts/a/index.html").read_text()
