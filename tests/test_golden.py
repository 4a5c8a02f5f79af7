"""The golden sites: a change of any file of its output is seen, and read, before it is committed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import golden


def differences(kept: Mapping[str, bytes], built: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted({*kept, *built}):
        before, after = kept.get(path), built.get(path)
        if before != after:
            yield from difflib.unified_diff(
                (before or b"").decode("utf-8", "replace").splitlines(),
                (after or b"").decode("utf-8", "replace").splitlines(),
                f"kept/{path}" if before is not None else "nothing",
                f"built/{path}" if after is not None else "nothing",
                lineterm="",
            )


@pytest.mark.parametrize("site", golden.SITES, ids=lambda site: site.name)
def test_a_golden_site_builds_as_it_did(site: Path, tmp_path: Path) -> None:
    found = list(differences(golden.kept(site), golden.built(site, tmp_path)))
    assert not found, "\n".join(["renew it with `python -m tests.golden` if this is right:", *found])


def test_a_difference_is_shown_line_by_line() -> None:
    kept = {"a.html": b"one\ntwo\n", "gone.html": b"x\n", "same": b"\xff"}
    built = {"a.html": b"one\nthree\n", "new.html": b"y\n", "same": b"\xff"}
    shown = list(differences(kept, built))
    assert shown[:2] == ["--- kept/a.html", "+++ built/a.html"]
    assert shown[3:6] == [" one", "-two", "+three"]
    assert "+++ nothing" in shown
    assert "--- nothing" in shown
