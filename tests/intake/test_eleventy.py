"""What of an Eleventy site comes along beside its texts."""

from __future__ import annotations

from pathlib import Path

from tests.intake.imports import bring_in, built, imported, notes, report
from tests.intake.tools.eleventy import SITE
from tests.sites import make_site


def test_what_eleventy_keeps_beside_its_texts_comes_along(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, make_site(tmp_path / "old", SITE))
    output = built(site)
    assert imported(site, "posts/hidden.md").meta["draft"] is True
    assert "the tag posts" in notes(site, "blog/second.md")
    assert (output / "img/a.png").is_file()
    assert 'engine = "commonmark"' in (site / "sitegen.toml").read_text()
    states = {line["source"]: line["state"] for line in report(site)["files"]}
    assert states["index.njk"] == states["liquid.json"] == "left"
