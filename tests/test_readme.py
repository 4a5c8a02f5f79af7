"""The README's two command lines stand there word for word, and CI runs them as they stand."""

from __future__ import annotations

import stat

import pytest

from tests.outputs import ROOT

LINES = ["pip install . && sitegen build", "pip install '.[test]' && pytest"]


@pytest.mark.parametrize("line", LINES)
def test_the_readme_has_the_command_line_on_a_line_of_its_own(line: str) -> None:
    assert line in (text.strip() for text in (ROOT / "README.md").read_text().splitlines())


@pytest.mark.parametrize("line", LINES)
def test_ci_runs_the_command_line_as_the_readme_has_it(line: str) -> None:
    assert line in (text.strip() for text in (ROOT / ".ci/run").read_text().splitlines())


def test_ci_can_be_run() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & stat.S_IXUSR
