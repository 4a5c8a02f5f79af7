"""What the Nu HTML checker, the W3C's own, says of the pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.audit import java, tool


@pytest.mark.parametrize("name", ["archive", "plain"])
def test_the_checker_finds_no_mistake_in_the_sample_archive(
    name: str, request: pytest.FixtureRequest
) -> None:
    assert mistakes(request.getfixturevalue(name)) == []


def test_the_checker_finds_no_mistake_in_what_is_made_of_bad_input(bad: Path) -> None:
    assert mistakes(bad) == []


def mistakes(output: Path) -> list[str]:
    """What the checker has against any page below `output`."""
    command = [java(), "-jar", str(tool("vnu-jar/build/dist/vnu.jar")), "--errors-only", "--skip-non-html"]
    done = subprocess.run([*command, str(output)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or done.stderr
    return done.stderr.splitlines()[:20]
