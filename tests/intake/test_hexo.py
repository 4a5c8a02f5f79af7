"""What of a Hexo site comes along beside its texts."""

from __future__ import annotations

from pathlib import Path

from tests.intake.imports import bring_in, built, imported, notes, report
from tests.intake.tools.hexo import SITE
from tests.sites import make_site


def test_what_hexo_keeps_beside_its_texts_comes_along(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, make_site(tmp_path / "old", SITE))
    output = built(site)
    assert (output / "posts/first-post/a.png").is_file()
    assert (output / "img/b.png").is_file()
    assert 'engine = "commonmark"' in (site / "sitegen.toml").read_text()
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert "which of its categories" in notes(site, "_posts/first-post.md")
    assert all(line["state"] == "added" for line in report(site)["files"])
