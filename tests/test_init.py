"""A new site: it builds at once, with the very command that is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.outputs import sitegen


@pytest.mark.parametrize("name", ["archive", "my site", "it's (mine) & $HOME", "-x"])
def test_the_command_that_init_prints_builds_the_site_when_pasted(name: str, tmp_path: Path) -> None:
    made = sitegen("init", "--", name, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    command = shlex.split(made.stdout.splitlines()[-1])
    assert command[0] == "sitegen"
    built = sitegen(*command[1:], "--no-search", cwd=tmp_path)
    assert (built.returncode, "error" in built.stderr) == (0, False), built.stderr
    assert (tmp_path / name / "output/posts/the-first-post/index.html").is_file()


def test_init_speaks_of_this_folder_where_it_is_meant(tmp_path: Path) -> None:
    made = sitegen("init", ".", cwd=tmp_path).stdout
    assert "A new site is in this folder." in made
    assert made.endswith("    sitegen build\n")
    assert "sitegen.toml: is already in this folder" in sitegen("init", ".", cwd=tmp_path).stderr


def test_the_first_post_has_a_plain_date(tmp_path: Path) -> None:
    sitegen("init", ".", cwd=tmp_path)
    text = (tmp_path / "content/posts/the-first-post.md").read_text()
    assert re.search(r"^date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)


def test_help_is_whole_and_in_words(tmp_path: Path) -> None:
    commands = sitegen("--help", cwd=tmp_path).stdout.partition("Commands:")[2]
    assert {line.split()[0] for line in commands.strip().splitlines()} >= {"build", "import", "init"}
    assert "..." not in commands
    options = sitegen("build", "--help", cwd=tmp_path).stdout
    assert "x>=" not in options
    assert "one for each core" in options
    for jobs in ("0", "-1", "many"):
        assert sitegen("build", "--jobs", jobs, cwd=tmp_path).returncode == 2
