"""What the Nu HTML checker, the W3C's own, says of the pages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.audit import java, tool


@pytest.mark.parametrize("name", ["archive", "plain", "bad"])
def test_the_checker_finds_no_mistake(name: str, request: pytest.FixtureRequest) -> None:
    command = [java(), "-jar", str(tool("vnu-jar/build/dist/vnu.jar")), "--errors-only", "--skip-non-html"]
    # The bundle brings pages of Pagefind's own making.
    places = [
        str(path) for path in sorted(output_of(name, request).glob("*")) if path.suffix in ("", ".html")
    ]
    done = subprocess.run([*command, *places], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[:20] == []
    assert done.returncode == 0


def output_of(name: str, request: pytest.FixtureRequest) -> Path:
    output: Path = request.getfixturevalue(name)
    return output
