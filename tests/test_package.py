"""The package: its wheel works far from the checkout, and its commands explain themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from sitegen import __version__
from sitegen.cli import cli
from tests.outputs import ROOT, sitegen, told, tree


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name: `build`, `keys new`."""
    waiting: list[tuple[str, click.Command]] = list(cli.commands.items())
    while waiting:
        name, command = waiting.pop()
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {below}", one) for below, one in command.commands.items()]


COMMANDS = dict(sorted(commands()))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    # Without isolation nothing is fetched: hatchling is among the test dependencies.
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    done = subprocess.run([*command, str(place), str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = place.glob("*.whl")
    return made


def test_the_wheel_holds_the_code_the_themes_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    checkout = {
        *(f"sitegen/{path}" for path in tree(ROOT / "sitegen") if "__pycache__" not in path),
        *(f"sitegen/themes/{path}" for path in tree(ROOT / "themes")),
    }
    assert names == checkout
    assert "sitegen/themes/chronicle/theme.toml" in names


def test_an_installed_sitegen_makes_and_builds_a_site_without_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    target, place = tmp_path / "installed", tmp_path / "elsewhere"
    place.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target"]
    done = subprocess.run([*install, str(target), str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    env = {**os.environ, "PYTHONPATH": str(target)}
    where = [sys.executable, "-c", "import sitegen; print(sitegen.__file__)"]
    found = subprocess.run(where, cwd=place, env=env, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(target)
    begun = sitegen("init", "my-archive", cwd=place, env=env)
    assert begun.returncode == 0, begun.stderr
    built = sitegen("build", "--json", "--site", "my-archive", cwd=place, env=env)
    assert told(built)["ok"], built.stdout
    assert told(built)["warnings"] == []
    files = tree(place / "my-archive/output")
    assert {"index.html", "posts/the-first-post/index.html", "about/index.html", "feed.xml"} <= files.keys()
    assert "search/pagefind/pagefind-entry.json" in files
    assert any(re.fullmatch(r"assets/\w+/style\.css", path) for path in files)


def test_the_version_is_told_and_is_that_of_the_package(tmp_path: Path) -> None:
    done = sitegen("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"sitegen {__version__}\n")


def test_the_versions_of_code_and_metadata_agree() -> None:
    settings = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{__version__}"' in settings
    try:
        installed = version("sitegen")
    except ModuleNotFoundError:
        installed = __version__  # run from a checkout that is not installed
    assert installed == __version__


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_reads_well(name: str, tmp_path: Path) -> None:
    done = sitegen(*name.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: ")
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert done.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert command.get_short_help_str(100).rstrip(".")
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert option.help[0].isupper(), option.name
            assert option.help.endswith((".", ")")), option.name


def test_wrong_usage_is_exit_status_2_and_says_what_is_known(tmp_path: Path) -> None:
    for arguments, words in (
        (["biuld"], "No such command"),
        (["build", "--cleen"], "--clean"),
        (["build", "--jobs", "0"], "--jobs"),
        (["build", "--site", "nowhere"], "nowhere"),
    ):
        done = sitegen(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    texts = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    told_of = "\n".join(path.read_text() for path in texts)
    assert f"sitegen {name}" in told_of
    options = [max(one.opts, key=len) for one in COMMANDS[name].params if isinstance(one, click.Option)]
    missing = [option for option in options if not re.search(rf"{option}(?![\w-])", told_of)]
    assert missing == []
