"""Raw text becomes posts: what stands around an article on its page is kept apart."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.imports import bring_in, bring_in_twice, built, imported, notes, report, told, words_at
from tests.outputs import environment
from tests.sites import make_site, run, snapshot

ARTICLE = """\
Harbour crane to be sold, board says


The crane on the east quay will be sold for scrap, the board of the harbour said on Monday.

It has lifted coal for eighty years. “Nobody asked us,” a crane driver said.

Ferry line to the islands closes after ninety years of service

The board gave no reasons. 1,204 ships came last year; 5 * 3 <b> [sic] and a_b stay as written.

How it began

The first crane came in 1889.

Leave a Reply

Your email address will not be published. Required fields are marked *"""

WORDS = re.findall(
    r"\w+",
    """The crane on the east quay will be sold for scrap, the board of the harbour said on Monday.
    It has lifted coal for eighty years. “Nobody asked us,” a crane driver said.
    The board gave no reasons. 1,204 ships came last year; 5 * 3 <b> [sic] and a_b stay as written.
    How it began The first crane came in 1889.""",
)


def test_a_raw_article_becomes_a_draft_without_what_stood_around_it(tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"crane.txt": ARTICLE}) / "crane.txt"
    done = bring_in_twice(tmp_path / "site", source)
    key = "posts/harbour-crane-to-be-sold-board-says.md"
    text = imported(tmp_path / "site", key)
    assert text.meta == {
        "title": "Harbour crane to be sold, board says",
        "draft": True,
        "teasers": ["Ferry line to the islands closes after ninety years of service"],
    }
    assert "Ferry" not in text.body
    assert "Reply" not in text.body
    assert "## How it began" in text.body
    assert "date and author can not be known" in notes(tmp_path / "site", "crane.txt")
    assert "comment form" in done.out
    assert words_at(built(tmp_path / "site"), "/posts/harbour-crane-to-be-sold-board-says/") == WORDS


def test_date_and_author_are_taken_from_options(tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"crane.txt": ARTICLE})
    bring_in(
        tmp_path / "site", source, "--author", "Anna Visser", "--date", "22 July 2023", "--section", "news"
    )
    meta = imported(tmp_path / "site", "news/harbour-crane-to-be-sold-board-says.md").meta
    assert (meta["author"], meta["date"], meta.get("draft")) == ("Anna Visser", "2023-07-22", None)
    assert "[sections.news]\ndated = true" in (tmp_path / "site/sitegen.toml").read_text()
    assert (built(tmp_path / "site") / "news/feed.xml").is_file()


def test_date_and_author_that_stand_under_the_title_or_in_the_name_are_found(tmp_path: Path) -> None:
    body = "It was sold on Monday.\n\nNobody knows why."
    files = {
        "a.txt": f"The crane\n\nBy Anna Visser\n\nPublished on March 9, 2019\n\n{body}",
        "2018-03-04-ferry.txt": f"The ferry\n\n{body}",
    }
    bring_in(tmp_path / "site", make_site(tmp_path / "heap", files))
    crane = imported(tmp_path / "site", "posts/the-crane.md")
    assert (crane.meta["author"], crane.meta["date"]) == ("Anna Visser", "2019-03-09")
    assert crane.body.strip() == body
    assert imported(tmp_path / "site", "posts/the-ferry.md").meta["date"] == "2018-03-04"


def test_nothing_is_written_by_a_dry_run(tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"crane.txt": ARTICLE})
    (tmp_path / "site").mkdir()
    done = bring_in(tmp_path / "site", source, "--dry-run")
    assert "1 would be added" in done.out
    assert snapshot(tmp_path / "site") == {}


def test_nothing_is_overwritten_and_nothing_lost_when_names_meet(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"content/posts/the-crane.md": "mine"})
    files = {"a/crane.txt": "The crane\n\nOne.", "b/crane.txt": "The Crane\n\nTwo."}
    bring_in(site, make_site(tmp_path / "heap", files), "--from", "text")
    bodies = {path.name: path.read_text() for path in (site / "content/posts").iterdir()}
    assert bodies["the-crane.md"] == "mine"
    assert "One." in bodies["the-crane-2.md"]
    assert "Two." in bodies["the-crane-3.md"]
    assert not (site / "sitegen.toml").exists()


ODD = {
    "empty.txt": b"  \n",
    "picture.txt": b"\x89PNG\x00\x01",
    "one-line.txt": ("word " * 60_000).encode(),
    "nbsp.txt": b"&nbsp;\n\nA text.",
    "cyrillic.txt": "Кран\n\nКран стоит на набережной.".encode("cp1251"),
    "n" * 240 + ".txt": b"Long name\n\nText.",
    "100% “curly” & #1.txt": "A \x00 %20 name".replace("\x00", "").encode() + b"\n\nText: *a* \x0b_b_.",
    "utf16.txt": "Wide\n\nText.".encode("utf-16"),
    "README.txt": b"About\n\nThese files.",
    "title-only.txt": b"Only a title",
}


def test_odd_files_are_carried_over_or_reported(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "heap", ODD))
    lines = {line["source"]: line for line in report(site)["files"]}
    assert lines.keys() == set(ODD)
    assert {name for name, line in lines.items() if line["state"] == "left"} == {
        "empty.txt",
        "picture.txt",
        "README.txt",
    }
    assert imported(site, told(site, "nbsp.txt")["target"].removeprefix("content/")).meta["title"] == "Nbsp"
    assert "набережной" in imported(site, "posts/kran.md").body
    built(site)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--section", "../x"], "has a slash"),
        (["--section", "tags"], "can not be the name of a section"),
        (["--date", "soon"], "is not a date"),
        (["--from", "word"], "is not one of"),
    ],
)
def test_a_wrong_option_is_wrong_usage(options: list[str], message: str, tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"crane.txt": ARTICLE})
    done = run(tmp_path, "import", str(source), *options)
    assert done.status == 2
    assert message in done.err


def test_what_nobody_knows_is_asked_for(tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"x.bin": b"\0\1"}) / "x.bin"
    done = run(tmp_path, "import", str(source))
    assert done.status == 1
    assert "say it with --from: " in done.err


def test_what_a_raw_text_does_not_say_is_asked_on_a_terminal(tmp_path: Path) -> None:
    source = make_site(tmp_path / "heap", {"crane.txt": ARTICLE, "ship.txt": "A ship\n\nIt came.\n"})
    site = make_site(tmp_path / "site", {})
    site.mkdir(exist_ok=True)
    answers = [b"soon\n", b"2019-03-09\n", b"Anna Visser\n", b"\n", b"\n"]
    here, there = os.openpty()
    command = [sys.executable, "-m", "sitegen", "import", str(source)]
    asking = subprocess.Popen(
        command, cwd=site, env=environment(), stdin=there, stdout=subprocess.DEVNULL, stderr=there
    )
    os.close(there)
    said = b""
    with contextlib.suppress(OSError):  # so a terminal ends whose other side is gone
        while piece := os.read(here, 4096):
            said += piece
            if said.endswith(b": ") and answers:
                os.write(here, answers.pop(0))
                said += b"|"
    os.close(here)
    assert asking.wait(60) == 0
    assert b'"soon" is not a date; write 2023-07-22. Date of "Harbour crane' in said
    crane = imported(site, "posts/harbour-crane-to-be-sold-board-says.md")
    assert (crane.meta["author"], crane.meta["date"]) == ("Anna Visser", "2019-03-09")
    assert "draft" not in crane.meta
    assert imported(site, "posts/a-ship.md").meta["draft"] is True
    assert not answers
