"""What of a Pelican site comes along beside its texts, and what is never run."""

from __future__ import annotations

from pathlib import Path

from tests.intake.imports import bring_in, bring_in_twice, built, imported, notes, report
from tests.intake.tools.pelican import SITE
from tests.sites import default_config, make_site


def test_what_pelican_keeps_beside_its_texts_comes_along(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, make_site(tmp_path / "old", SITE))
    first = imported(site, "posts/first-foremost-its-here.md").meta
    assert (first["description"], first["author"], first["category"]) == (
        "How it began.",
        "Anna Visser",
        "News",
    )
    assert (first["updated"], first["custom"]) == ("2019-04-01", "kept")
    assert imported(site, "posts/second.md").meta["author"] == ["Jan Smit", "Visser, Anna"]
    assert imported(site, "posts/later.md").meta["draft"] is True
    assert "pandoc" in {line["source"]: line.get("reason", "") for line in report(site)["files"]}["old.rst"]
    assert (built(site) / "images/a.png").is_file()
    assert "engine" not in (site / "sitegen.toml").read_text()


def test_settings_that_are_code_are_not_run(tmp_path: Path) -> None:
    code = (
        f"import pathlib\npathlib.Path({str(tmp_path / 'ran')!r}).touch()\nSITENAME = 'X'\nPATH = '../../'\n"
    )
    files = {"pelicanconf.py": code, "content/a.md": "Title: A\nDate: 2020-01-01\n\n[x]({filename}none.md)\n"}
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", files))
    assert not (tmp_path / "ran").exists()
    assert 'title = "X"' in (site / "sitegen.toml").read_text()
    assert '"none.md" leads to no text' in notes(site, "a.md")
    assert default_config().language == "en"


def test_old_lists_part_no_terms_and_change_nothing_that_is_there(tmp_path: Path) -> None:
    text = "Title: A\nDate: 2020-01-01\nCategory: c\nAuthor: Ann\nTags: sea, a b, a/b, %\n\nText.\n"
    old = make_site(tmp_path / "old", {"pelicanconf.py": "", "content/a.md": text})
    profile = "---\nname: The Sea\naliases: [sea]\n---\n"
    site = make_site(tmp_path / "site", {"content/tags/the-sea.md": profile})
    bring_in_twice(site, old)
    assert (site / "content/tags/the-sea.md").read_text() == profile
    (line,) = (line for line in report(site)["files"] if line["target"] == "content/tags/sea.md")
    assert line["notes"] == [{"kind": "lost", "message": "add to its aliases: /tag/sea.html"}]
    output = built(site)
    assert "/tags/a-b/" in (output / "tag/a-b.html").read_text()
    apart = imported(site, "tags/a-b-c14cdd.md").meta
    assert apart == {"name": "a/b", "aliases": ["/tag/ab.html"]}
    assert "/tags/a-b-c14cdd/" in (output / "tag/ab.html").read_text()
    assert "/posts/" in (output / "archives.html").read_text()
