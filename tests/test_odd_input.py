"""Input that is odd and good: it builds, nothing of it is lost, and every link leads somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sites import broken_links, build, make_site, output, post, run

#: What is written, and a page that must come of it.
ODD: Mapping[str, tuple[Mapping[str, str | bytes], str]] = {
    "an empty archive": ({"content/.keep": ""}, "index.html"),
    "a folder called like a text": ({"content/posts/a.md/b.md": post()}, "posts/a.md/b/index.html"),
    "a title of 300 characters": ({"content/posts/a.md": post("x" * 300)}, "posts/a/index.html"),
    "a name of 255 bytes": ({f"content/posts/{'x' * 252}.md": post()}, f"posts/{'x' * 252}/index.html"),
    "a Cyrillic name of 254 bytes": (
        {f"content/posts/{'ё' * 125}a.md": post()},
        f"posts/{'ё' * 125}a/index.html",
    ),
    "an attachment's name of 255 bytes": ({f"content/{'x' * 251}.txt": "a"}, f"{'x' * 251}.txt"),
    "a name that needs escaping": (
        {"content/posts/100%25 “so” & <b> #1?.md": post()},
        "posts/100-25-“so”-&-b-1/index.html",
    ),
    "a folder's name that needs escaping": (
        {"content/posts/a#b?c%d/x.md": post()},
        "posts/a-b-c-d/x/index.html",
    ),
    "a section's name that needs escaping": (
        {"content/my #1/a.md": "---\ntitle: A\n---\n"},
        "my-1/a/index.html",
    ),
    "a name with a line break": ({"content/posts/a\nb.md": post()}, "posts/a-b/index.html"),
    "a name in three scripts": (
        {"content/posts/Хальмг مرحبا 日本.md": post()},
        "posts/Хальмг-مرحبا-日本/index.html",
    ),
    "a name of a space": ({"content/posts/ .md": post()}, "posts/36a9e7/index.html"),
    "a name in capitals": ({"content/posts/README.MD": post()}, "posts/README/index.html"),
    "an index as a text": ({"content/posts/exile/index.md": post()}, "posts/exile/index.html"),
    "a text of the root": ({"content/about.md": "---\ntitle: A\n---\n"}, "about/index.html"),
    "a permalink that is a file": ({"content/posts/a.md": post(permalink="/old.html")}, "old.html"),
    "a permalink in percent-encoding": (
        {"content/posts/a.md": post(permalink="/%D1%91/")},
        "ё/index.html",
    ),
    "an alias that was a script": ({"content/posts/a.md": post(aliases="/old.php")}, "old.php"),
    "a robots.txt of one's own": ({"content/robots.txt": "mine"}, "robots.txt"),
    "a post of the year 988": ({"content/posts/a.md": post(date="0988-08-01")}, "archive/0988/08/index.html"),
    "a post of the year 1": ({"content/posts/a.md": post(date="0001-02-03")}, "archive/0001/index.html"),
    "a tag of punctuation": ({"content/posts/a.md": post(tags="['!!!']")}, "tags/e84c53/index.html"),
    **{
        f"a tag called {name}": ({"content/posts/a.md": post(tags=f"['{name}']")}, f"tags/{slug}/index.html")
        for name, slug in {
            "index": "index",
            "feed": "feed",
            "page": "page",
            "feed.xml": "feed-xml",
            "index.html": "index-html",
            "a/b": "a-b",
            "c++": "c",
            "NO": "no",
            "007": "007",
            "</script>": "script",
            "]]>": "627eb5",
        }.items()
    },
    "a tag of two dots": ({"content/posts/a.md": post(tags="['..']")}, "tags/5ec1f7/index.html"),
    "an author who climbs": ({"content/posts/a.md": post(author="'../../x'")}, "authors/x/index.html"),
    "a profile without posts": (
        {"content/people/ann.md": "---\nname: Ann\n---\n"},
        "authors/ann/index.html",
    ),
    "a text of no words": ({"content/posts/a.md": post(body="")}, "posts/a/index.html"),
    "control characters in a text": (
        {"content/posts/a.md": post(body="a\0b\x07c\ufffe")},
        "posts/a/index.html",
    ),
    "a title of markup": (
        {"content/posts/a.md": post("'</title><script>x</script>]]>'")},
        "posts/a/index.html",
    ),
    "a title that is a number": ({"content/posts/a.md": post("1943")}, "posts/a/index.html"),
    "a title that is false": ({"content/posts/a.md": post("false")}, "posts/a/index.html"),
    "CRLF": ({"content/posts/a.md": post().replace("\n", "\r\n")}, "posts/a/index.html"),
    "a BOM": ({"content/posts/a.md": "\ufeff" + post()}, "posts/a/index.html"),
    "settings of nothing": ({"sitegen.toml": "", "content/posts/a.md": post()}, "posts/a/index.html"),
    "settings with a BOM": ({"sitegen.toml": "\ufefftitle = 'A'", "content/a.md": post()}, "a/index.html"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_input_builds_and_every_link_leads_somewhere(name: str, tmp_path: Path) -> None:
    files, page = ODD[name]
    site = make_site(tmp_path, {"content/posts/other.md": post("Other", tags="[Kalmyks]"), **files})
    if name == "an empty archive":
        (site / "content/posts/other.md").unlink()
    done = build(site, "--json")
    assert done.json["warnings"] == []
    assert page in output(site)
    assert not broken_links(site)


def test_code_of_other_generators_is_text(tmp_path: Path) -> None:
    code = "{{ x }} {% y %} {{< z >}} {# c #}"
    site = make_site(tmp_path, {"content/posts/a.md": post(f"'{code}'", body=f"{code}\n\n    {code}\n")})
    build(site)
    page = output(site)["posts/a/index.html"].decode()
    shown = "{{ x }} {% y %} {{&lt; z &gt;}} {# c #}"
    assert f"<p>{shown}</p>" in page
    assert f"<code>{shown}" in page
    assert f">{shown}</h1>" in page


def test_what_makes_a_page_less_is_a_warning_with_its_line(tmp_path: Path) -> None:
    body = "[a](gone.md)\n\n![b](gone.jpg)\n\n[c](/gone/)\n\n[d](#gone)\n\n<script>x()</script>\n"
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post(image="/gone.png", body=body),
            "content/de/posts/b.md": post(),
        },
    )
    done = build(site, "--json")
    assert done.json["ok"] is True
    assert [(one["file"], one["line"], one["field"]) for one in done.json["warnings"]] == [
        ("content/de/posts/b.md", 0, ""),
        ("content/posts/a.md", 4, "image"),
        ("content/posts/a.md", 6, ""),
        ("content/posts/a.md", 8, ""),
        ("content/posts/a.md", 10, ""),
        ("content/posts/a.md", 12, ""),
        ("content/posts/a.md", 14, ""),
    ]


def test_strict_makes_warnings_errors(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/a.md": post(body="[a](gone.md)")})
    done = run(site, "build", "--no-search", "--json", "--strict")
    assert done.status == 1
    assert [(one["file"], one["line"]) for one in done.json["errors"]] == [("content/posts/a.md", 5)]
    assert not (site / "output").exists()


def test_warnings_of_one_kind_are_shown_together_and_counted(tmp_path: Path) -> None:
    body = "\n\n".join(f"[a](gone-{number}.md)" for number in range(8)) + "\n\n![b](gone.jpg)"
    site = make_site(tmp_path, {"content/posts/a.md": post(body=body)})
    told = build(site).err
    assert "8 links that lead nowhere:" in told
    assert "… and 3 more" in told
    assert told.count("content/posts/a.md:") == 6
    assert "1 picture that is missing:" in told


def test_drafts_and_the_future_are_left_out_and_named(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post("Seen"),
            "content/posts/b.md": "---\ntitle: Undated\ndraft: true\n---\n",
            "content/posts/c.md": post("Tomorrow", date="2999-01-01"),
        },
    )
    told = build(site).out
    assert "drafts left out, 1: posts/b.md (--drafts takes them in)" in told
    assert "posts of the future left out, 1: posts/c.md (--future takes them in)" in told
    assert "posts/b/index.html" not in output(site)
    assert not any(b"Tomorrow" in data or b"Undated" in data for data in output(site).values())
    counts = build(site, "--json").json
    assert (counts["drafts"], counts["future"]) == (1, 1)
    build(site, "--drafts", "--future")
    assert {"posts/b/index.html", "posts/c/index.html"} <= output(site).keys()


def test_a_copied_file_wins_over_a_generated_one(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {"content/posts/a.md": post(), "content/robots.txt": "mine", "content/feed.xml": "<mine/>"},
    )
    build(site)
    assert output(site)["robots.txt"] == b"mine"
    assert output(site)["feed.xml"] == b"<mine/>"


def test_hidden_and_underscored_files_are_ignored(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "content/posts/a.md": post(),
            "content/_templates/post.md": "no front matter",
            "content/posts/_draft.md": "no front matter",
            "content/.git/x.md": "no front matter",
            "content/posts/.hidden.txt": "x",
        },
    )
    build(site)
    assert not [path for path in output(site) if "draft" in path or "hidden" in path or "git" in path]
