"""What CI sees: a test that is skipped is a test that failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.outputs import environment
from tests.sites import make_site

SKIPPED = {
    "test_in_a_test.py": "import pytest\n\ndef test_it():\n    pytest.skip('no browser')\n",
    "test_marked.py": "import pytest\n\n@pytest.mark.skip(reason='no browser')\ndef test_it():\n    pass\n",
    "test_module.py": "import pytest\npytest.skip('no browser', allow_module_level=True)\n",
    "test_fixture.py": "import pytest\n\n@pytest.fixture\ndef it():\n    pytest.skip('no browser')\n\n"
    "def test_it(it):\n    pass\n",
}

BESIDE = """\
import pytest

@pytest.mark.beside_checkout
def test_it():
    pytest.skip("a fresh clone lacks it")
"""


def pytest_of(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
    ]
    env = environment(CI=ci, PYTEST_ADDOPTS="")
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_a_skip_is_a_failure_in_ci_and_says_why(tmp_path: Path) -> None:
    make_site(tmp_path, {**SKIPPED, "pytest.ini": "[pytest]\n"})
    at_home = pytest_of(tmp_path, "")
    assert at_home.returncode == 0, at_home.stdout
    assert "4 skipped" in at_home.stdout
    in_ci = pytest_of(tmp_path, "true")
    assert in_ci.returncode != 0
    assert "1 failed, 3 errors" in in_ci.stdout
    assert "skipped, which CI does not allow: Skipped: no browser" in in_ci.stdout


def test_what_a_fresh_clone_can_not_have_may_be_skipped_in_ci(tmp_path: Path) -> None:
    make_site(tmp_path, {"test_it.py": BESIDE, "pytest.ini": "[pytest]\n"})
    assert pytest_of(tmp_path, "true").returncode == 0
