"""What of a Jekyll site comes along beside its texts, and what stays as it is."""

from __future__ import annotations

from pathlib import Path

from tests.intake.imports import bring_in, bring_in_twice, built, imported, notes, report
from tests.intake.tools.jekyll import SITE
from tests.sites import make_site


def test_what_jekyll_keeps_beside_its_texts_comes_along(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, make_site(tmp_path / "old", SITE))
    second = imported(site, "posts/The_Second.Post.md").meta
    assert {"/old/second/", "/other.html"} <= set(second["aliases"])
    assert (second["author"], second["category"]) == ("Anna Visser", "news")
    assert imported(site, "people/anna-visser.md").body.strip() == "Writes."
    assert imported(site, "posts/hidden.md").meta["draft"] is True
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert 'timezone = "Europe/Amsterdam"' in (site / "sitegen.toml").read_text()
    assert "engine" not in (site / "sitegen.toml").read_text()
    states = {line["source"]: line["state"] for line in report(site)["files"]}
    assert states["README.md"] == states["index.html"] == "left"
    assert (built(site) / "img/a.png").is_file()
    assert 'class="big"' in (built(site) / "posts/first-post/index.html").read_text()


def test_liquid_that_is_not_known_stays_and_is_told(tmp_path: Path) -> None:
    body = "{% include video.html id=1 %} {{ site.data.x }} {% post_url 2000-01-01-none %}"
    files = {"_config.yml": "", "_posts/2020-01-01-x.md": f"---\ntitle: X\n---\n{body}\n"}
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", files))
    assert imported(site, "posts/x.md").body.strip() == body
    assert 'the shortcode "include" is kept as text' in notes(site, "_posts/2020-01-01-x.md")
    assert '"2000-01-01-none" leads to no text' in notes(site, "_posts/2020-01-01-x.md")
    built(site)
