"""`sitegen check`: each rule finds what it is for, and nothing where nothing is wrong."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.check.looked import TEXTS
from sitegen.check.rules import RULES
from sitegen.check.twins import NEAR, near_texts, share, sketch
from sitegen.model import Body
from sitegen.store import Store
from tests.outputs import ROOT, page
from tests.sites import build, make_site, post, run

WORDS = (
    "the quay was built of stone that came by barge from the north and each block bore the mark of the mason "
    "who had cut it so that the harbour master could count at the end of a week what was owed to whom and in "
    "winter when the ice stood high no barge came and the masons mended nets or went home to their villages"
)

#: A post that nothing is wrong with.
GOOD = {
    "content/posts/good.md": post(
        "Good",
        body="Text with ![a crane](/crane.svg).",
        description="What it is.",
        category="Notes",
        author="Anna",
    ),
    "content/crane.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "content/people/anna.md": "---\nname: Anna\n---\n",
}


def good(title: str = "Other", body: str = "Words.", date: str = "2020-01-01", **keys: str) -> str:
    keys = {"description": "What it is.", "category": "Notes", "author": "Anna", **keys}
    return post(title, date, body, **{key: value for key, value in keys.items() if value})


def found(site: Path, *args: str) -> dict[str, list[str]]:
    """Code of a rule -> its findings, as `file:line message`."""
    told = run(site, "check", "--json", *args).json
    codes: dict[str, list[str]] = {}
    for one in (*told["errors"], *told["warnings"]):
        place = f"{one['file'].removeprefix('content/')}:{one['line']}"
        codes.setdefault(one["code"], []).append(f"{place} {one['message']}")
    return codes


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    site = make_site(tmp_path, GOOD)
    assert found(site) == {}
    done = run(site, "check")
    assert (done.status, done.out) == (0, "2 texts and 0 pictures checked: 0 errors, 0 warnings\n")


X = "content/posts/x.md"
DRAFT = "---\ntitle: D\ndescription: d\ncategory: Notes\nauthor: Anna\ndraft: true\n---\nWords.\n"

#: Rule -> files with one thing that it finds, and what it says.
CASES: Mapping[str, tuple[Mapping[str, str | bytes], str]] = {
    "settings": ({"sitegen.toml": "titel = 'x'\n"}, "sitegen.toml:1 .*not known"),
    "front-matter": ({X: good(date="soon")}, "posts/x.md:3 .*not a date"),
    "term": ({"content/people/b.md": "---\nname: Anna\n---\n"}, "people/b.md:2 .*has the name"),
    "address-taken": ({X: good(slug="good")}, "has the address"),
    "theme": ({"sitegen.toml": "[theme]\nname = 'none'\n"}, ""),
    "link-dead": ({X: good(body="A\n\n[x](/nope/)")}, 'posts/x.md:10 the link "/nope/" leads nowhere'),
    "picture-missing": ({X: good(body="![x](no.jpg)")}, 'posts/x.md:8 the picture "no.jpg"'),
    "embed-frozen": ({X: good(body='<iframe src="https://a.example/x"></iframe>')}, "posts/x.md:8"),
    "html-removed": ({X: good(body="<form>x</form>")}, "posts/x.md:8 <form> was removed"),
    "address-removed": ({X: good(body="[x](foo:bar)")}, "posts/x.md:8 .*foo:bar"),
    "javascript-link": ({X: good(body="[x](javascript:x)")}, "posts/x.md:8 .*javascript:x"),
    "script": ({X: good(body="A <script>x()</script>")}, "posts/x.md:8 <script> was removed"),
    "folder-language": ({"content/posts/fr/x.md": good()}, '"fr" looks like a language'),
    "name-alike": ({X: good(tags="[C, C++]"), "content/posts/y.md": good("Y", tags="[C, C++]")}, '"C'),
    "text-unused": ({"content/posts/a/_index.md": "---\ntitle: A\n---\n"}, "posts/a/_index.md:0"),
    "setting-unused": (
        {"sitegen.toml": "[markdown]\nengine='commonmark'\nextensions=['pymdownx.mark']\n"},
        "",
    ),
    "markdown-failed": ({X: good(body="<div>" * 600)}, "posts/x.md"),
    "picture-large": ({"content/x.png": b"\x89PNG\r\n\x1a\n" + bytes(1_200_000)}, "x.png:0 .*1.2 MB"),
    "line-endings": ({X: good(body="A\r\nB\nC")}, "posts/x.md:8 1 of its lines end as on Windows"),
    "control-character": (
        {X: good(body="A\n\na\x07b\x07")},
        "posts/x.md:10 .*U\\+0007 stands here and in 1 more",
    ),
    "description-missing": ({X: good(description="")}, "posts/x.md:0 there is no description"),
    "description-long": ({X: good(description="x" * 301)}, "posts/x.md:4 .*301 characters"),
    "category-missing": ({X: good(category="")}, "posts/x.md:0 there is no category"),
    "date-old": ({X: good(date="1899-12-31")}, "posts/x.md:3 .*1899"),
    "date-future": ({X: good(date="2030-01-01")}, "posts/x.md:3 .*2030-01-01"),
    "key-unknown": ({X: good(licence="x")}, 'posts/x.md:7 "licence"'),
    "picture-alt": ({X: good(body="A\n\n![](/crane.svg)")}, 'posts/x.md:10 the picture "/crane.svg"'),
    "shortcode": ({X: good(body="`{{< no >}}`\n\n{{< yes >}}")}, "posts/x.md:10 {{< yes >}}"),
    "third-party": ({X: good(body="![x](https://a.example/x.png)")}, "posts/x.md:8 .*a.example"),
    "tag-alike": (
        {X: good(tags="[Kalmyks]"), "content/posts/y.md": good("Y", tags="[Kalmyk]")},
        '"Kalmyks?" \\(1 text\\) differs only in number',
    ),
    "tag-spelling": (
        {
            X: good(tags="[Harbour]"),
            "content/posts/y.md": good("Y", tags="[Harbour]"),
            "content/posts/z.md": good("Z", tags="[harbour]"),
        },
        'posts/z.md:7 the tag "harbour" is written "Harbour" elsewhere',
    ),
    "tag-once": ({X: good(tags="[Harbour]")}, 'posts/x.md:7 no other text has the tag "Harbour"'),
    "author-profile": ({X: good(author="Jan")}, 'posts/x.md:6 "Jan" has no profile, and wrote 1 text'),
    "title-twice": ({X: good("good")}, 'posts/x.md:2 content/posts/good.md has the title "good" too'),
    "text-twice": (
        {X: good(body=WORDS), "content/posts/y.md": good("Y", WORDS)},
        "posts/y.md:0 .*posts/x.md",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_a_rule_finds_what_it_is_for(code: str, tmp_path: Path) -> None:
    files, says = CASES[code]
    site = make_site(tmp_path, {**GOOD, **files})
    findings = found(site)
    assert code in findings, findings
    assert re.search(says, findings[code][0]), findings[code]


def test_a_file_that_can_not_be_used_is_found(tmp_path: Path) -> None:
    site = make_site(tmp_path, GOOD)
    (site / "content/posts/loop.md").symlink_to("/nowhere/x.md")
    assert [*found(site)] == ["file"]


def test_every_rule_is_tried_and_told_of_in_the_docs() -> None:
    elsewhere = {"file", "picture-gps", "picture-name", "link-outside", "address-lost", "others"}
    assert {*CASES} | elsewhere == {*RULES}
    headings = re.findall(r"^### `(.+)`$", (ROOT / "docs/checking.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(RULES)


def test_what_stops_a_build_is_an_error_and_the_rest_is_not_unless_strict(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**GOOD, X: good(body="[x](/nope/)")})
    assert run(site, "check").status == 0
    strict = run(site, "check", "--strict", "--json")
    assert strict.status == 1
    assert [one["code"] for one in strict.json["errors"]] == ["link-dead"]
    make_site(site, {"content/posts/y.md": good(date="soon")})
    done = run(site, "check")
    assert done.status == 1
    assert "error" in done.out
    assert not (site / "output").exists()


def test_json_has_the_keys_of_every_command_and_the_code(tmp_path: Path) -> None:
    told = run(make_site(tmp_path, {**GOOD, X: good(date="soon")}), "check", "--json").json
    assert set(told) == {"ok", "errors", "warnings"}
    assert not told["ok"]
    assert set(told["errors"][0]) == {"file", "line", "field", "message", "hint", "code"}


def test_json_and_sarif_are_not_had_together(tmp_path: Path) -> None:
    done = run(make_site(tmp_path, GOOD), "check", "--json", "--sarif")
    assert done.status == 2
    assert set(done.json) == {"ok", "errors", "warnings"}


def test_sarif_is_valid_and_names_files_from_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    site = make_site(tmp_path / "a site", {**GOOD, X: good(date="soon", body="[x](/nope/)")})
    log = json.loads(run(site, "check", "--sarif").out)
    jsonschema.validate(log, json.loads((ROOT / "tests/data/sarif-2.1.0.json").read_text()))
    (one,) = log["runs"]
    assert [rule["id"] for rule in one["tool"]["driver"]["rules"]] == [*RULES]
    first, *_, last = one["results"]
    assert (first["ruleId"], first["level"]) == ("front-matter", "error")
    assert last["level"] == "warning"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20site/content/posts/x.md"
    assert place["region"]["startLine"] == 3


# --- what is not to be found -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("1943", "1944"),
        ("Iran", "Iraq"),
        ("Harbour", "Machines"),
        ("World War 1", "World War 2"),
    ],
)
def test_tags_that_mean_different_things_are_not_alike(one: str, other: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, {**GOOD, X: good(tags=f"[{one}, {other}]")})
    assert "tag-alike" not in found(site)


def test_tags_that_both_have_a_profile_are_two(tmp_path: Path) -> None:
    profiles = {
        f"content/tags/{name.lower()}.md": f"---\nname: {name}\n---\n" for name in ("Kalmyk", "Kalmyks")
    }
    site = make_site(tmp_path, {**GOOD, **profiles, X: good(tags="[Kalmyk, Kalmyks]")})
    assert "tag-alike" not in found(site)


def test_translations_share_their_tags_and_are_one_text(tmp_path: Path) -> None:
    languages = "[languages.en]\n[languages.ru]\n"
    files = {
        X: good(tags="[Harbour]"),
        "content/posts/x.ru.md": good(tags="[Harbour]"),
        "sitegen.toml": languages,
    }
    assert [*found(make_site(tmp_path, {**GOOD, **files}))] == ["tag-once"]


def test_scripts_that_the_owner_trusts_are_told_of(tmp_path: Path) -> None:
    body = 'A <script src="https://a.example/x.js"></script> <b onclick="x()">b</b>'
    files = {"sitegen.toml": '[markdown]\nhtml = "trusted"\n', X: good(body=body)}
    findings = found(make_site(tmp_path, {**GOOD, **files}))
    assert len(findings["script"]) == 2
    assert "third-party" in findings


# --- addresses that are gone -----------------------------------------------------------------------------


def test_a_slug_that_changed_since_the_last_build_without_an_alias_is_found(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {**GOOD, "content/posts/the-old-crane.md": good("The old crane", tags="[A, B]")}
    )
    build(site)
    old, new = site / "content/posts/the-old-crane.md", site / "content/posts/the-old-cranes.md"
    old.rename(new)
    assert found(site)["address-lost"] == [
        "posts/the-old-cranes.md:0 /posts/the-old-crane/ was published, and may be /posts/the-old-cranes/ now"
    ]
    new.write_text(good("The old crane", tags="[A, B]", aliases="/posts/the-old-crane/"))
    assert "address-lost" not in found(site)


def test_a_text_that_was_taken_away_or_hidden_is_found_and_lists_are_not(tmp_path: Path) -> None:
    many = {f"content/posts/{number}.md": good(f"Number {number}") for number in range(12)}
    site = make_site(tmp_path, {**GOOD, **many, X: good(), "sitegen.toml": "page_size = 2\n"})
    build(site)
    for number in range(12):
        (site / f"content/posts/{number}.md").unlink()
    (site / X).write_text(DRAFT)
    lost = found(site)["address-lost"]
    assert len(lost) == 13
    assert "posts/x.md:0 /posts/x/ was published, and the text is left out now" in lost


def test_a_text_that_can_not_be_read_for_now_is_not_gone(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**GOOD, X: good()})
    build(site)
    (site / X).write_text("no front matter")
    assert [*found(site)] == ["front-matter"]


# --- what is remembered ----------------------------------------------------------------------------------


def test_a_second_check_tells_the_same_and_an_edit_changes_what_it_should(tmp_path: Path) -> None:
    files = {f"content/posts/{number}.md": good(f"N {number}", "[x](/nope/)") for number in range(5)}
    site = make_site(tmp_path, {**GOOD, **files})
    first = found(site)
    assert found(site) == first
    (site / "content/posts/3.md").write_text(good("N 3", f"{WORDS}"))
    (site / "content/posts/4.md").write_text(good("N 4", f"{WORDS} indeed"))
    second = found(site)
    assert len(second["link-dead"]) == 3
    assert len(second["text-twice"]) == 1
    shutil.rmtree(site / ".sitegen")
    assert found(site) == second


def test_a_text_looked_at_while_it_is_read_and_one_looked_at_later_come_to_the_same(tmp_path: Path) -> None:
    alone = {f"content/posts/{code}.md": files[X] for code, (files, _) in CASES.items() if [*files] == [X]}
    odd: dict[str, str | bytes] = {
        "content/posts/latin.md": b"---\ntitle: L\n---\n\xe9",
        "content/posts/none.md": "no front matter",
    }
    site = make_site(tmp_path, {**GOOD, **alone, **odd})
    while_reading = found(site)
    assert len(while_reading) > len(alone) / 2
    with contextlib.closing(Store(site / ".sitegen")) as store:
        store.put_fact(TEXTS, b"{}")
        store.put_fact("check", b"")
    assert found(site) == while_reading


def test_a_damaged_store_is_made_anew(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**GOOD, X: good(body="[x](/nope/)")})
    first = found(site)
    store = site / ".sitegen/store.db"
    store.write_bytes(store.read_bytes()[:5000] + b"\xff" * 4000)
    assert found(site) == first


# --- texts that repeat others ----------------------------------------------------------------------------


def sketched(html: str) -> bytes:
    return sketch(Body(html=html, words=100))


def test_a_text_with_a_few_words_changed_is_near_and_another_is_not(tmp_path: Path) -> None:
    words = WORDS.split()
    changed = [*words[:20], "granite", *words[21:50], "often", *words[50:]]
    files = {X: good(body=WORDS), "content/posts/y.md": good("Y", " ".join(changed))}
    files["content/posts/z.md"] = good("Z", " ".join(reversed(words)))
    (one,) = found(make_site(tmp_path, {**GOOD, **files}))["text-twice"]
    assert re.match(r"posts/y.md:0 the text shares about \d\d % of its words with content/posts/x.md", one)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text("abcdefg", min_size=1, max_size=4), min_size=40, max_size=200))
def test_a_text_shares_all_with_itself_and_sharing_goes_both_ways(words: list[str]) -> None:
    one, other = sketched(" ".join(words)), sketched(" ".join(words[10:] + words[:10]))
    assert share(one, one) == (1.0 if one else 0.0)
    assert share(one, other) == share(other, one)


def test_texts_in_scripts_without_spaces_are_compared_too() -> None:
    text = "山の上の古い村には百年前に建てられた学校があり今も子どもたちが通っている" * 2
    assert share(sketched(text), sketched(f"<p>{text}</p>")) == 1.0
    assert share(sketched(text), sketched(text[::-1])) < NEAR


def test_many_equal_texts_are_found_without_comparing_all_with_all() -> None:
    one = sketched(WORDS)
    near = near_texts({f"{number:05}": one for number in range(20_000)})
    assert len(near) == 19_999
    assert all(part >= NEAR for _, part in near.values())


def test_the_sample_archive_has_no_errors(tmp_path: Path) -> None:
    for name in ("sitegen.toml", "content", "themes"):
        (tmp_path / name).symlink_to(ROOT / name)
    told = run(tmp_path, "check", "--json").json
    assert told["errors"] == []


def test_a_page_needs_no_category_or_description(tmp_path: Path) -> None:
    assert found(make_site(tmp_path, {**GOOD, "content/pages/about.md": page("About")})) == {}
