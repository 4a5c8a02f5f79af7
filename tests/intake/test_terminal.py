"""What `sitegen import` asks a person at a terminal, of a real terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.sites import make_site

RAW = "The winter march\n\nIn January they left.\n\nThey walked for months.\n"


def at_a_terminal(site: Path, answers: Sequence[str], *args: str) -> str:
    """Import raw.txt and answer what is asked; returns all that was asked."""
    person, program = pty.openpty()
    command = [sys.executable, "-m", "sitegen", "import", str(site / "raw.txt"), "--site", str(site), *args]
    with subprocess.Popen(command, stdin=program, stderr=program, stdout=subprocess.DEVNULL) as running:
        os.close(program)
        seen = ""
        for answer in answers:
            seen += read_to(person, "): ")
            os.write(person, f"{answer}\n".encode())
        assert running.wait(60) == 0, seen
    os.close(person)
    return seen


def read_to(terminal: int, end: str) -> str:
    """What is shown on a terminal until it ends with `end`."""
    shown = ""
    while not shown.endswith(end):
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 1_000).decode()
    return shown


def written(site: Path) -> str:
    (path,) = (site / "content/posts").glob("*.md")
    return path.read_text()


def test_date_and_author_are_asked_for_and_written(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"raw.txt": RAW})
    asked = at_a_terminal(site, ["1771-01-17", "Documents Desk"])
    assert 'Date of "The winter march" (empty: leave it a draft): ' in asked
    assert 'Author of "The winter march"' in asked
    text = written(site)
    assert "date: '1771-01-17'" in text
    assert "author: Documents Desk" in text
    assert "draft" not in text


def test_who_answers_nothing_gets_a_draft(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"raw.txt": RAW})
    at_a_terminal(site, ["", ""])
    assert "draft: true" in written(site)


def test_what_an_option_tells_is_not_asked(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"raw.txt": RAW})
    asked = at_a_terminal(site, ["1771-01-17"], "--author", "Documents Desk")
    assert "Author" not in asked
    assert "draft" not in written(site)


def test_a_date_that_is_none_is_asked_for_again(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"raw.txt": RAW})
    asked = at_a_terminal(site, ["soon", "1771-01-17", "Documents Desk"])
    assert '"soon" is not a date; write 2023-07-22. Date of "The winter march"' in asked
    assert "date: '1771-01-17'" in written(site)
