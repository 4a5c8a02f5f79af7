"""`sitegen new` begins a text right, and `sitegen schema` tells editors what may stand in one."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
import tomllib
import unicodedata
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.config import complete
from sitegen.find import find
from sitegen.front_matter import split
from sitegen.model import Entry
from sitegen.read import read_source
from sitegen.schema import KINDS, schema
from sitegen.settings import read_config
from tests.outputs import ROOT, environment
from tests.sites import build, default_config, make_site, post, run


def new(site: Path, *args: str) -> Path:
    done = run(site, "new", *args)
    assert done.status == 0, done.err
    return Path(done.out.strip())


def test_a_new_post_is_dated_and_builds(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": 'timezone = "Europe/Vilnius"\n'})
    path = new(site, 'The crane: "on" the quay', "--tag", "Harbour", "--tag", "A, b", "--author", "Anna V")
    assert path == site / "content/posts/the-crane-on-the-quay.md"
    assert path.read_text() == (
        '---\ntitle: "The crane: \\"on\\" the quay"\ndate: 2026-01-01T02:00:00+02:00\ndescription:\n'
        'author: Anna V\ncategory:\ntags: [Harbour, "A, b"]\n---\n\n'
    )
    build(site)


def test_it_begins_with_the_template_of_its_section_whose_words_stay(tmp_path: Path) -> None:
    template = '---\r\n# fill in\r\ntitle:\r\nlicense: "CC BY"\r\ntags: []  # what\r\n---\r\nBegin here.\r\n'
    site = make_site(tmp_path, {"content/_templates/posts.md": template})
    made = new(site, "Кран", "--tag", "Harbour", "--draft").read_bytes().decode()
    assert made == (
        '---\r\n# fill in\r\ntitle: Кран\r\nlicense: "CC BY"\r\ntags: [Harbour]  # what\r\n'
        "date: 2026-01-01T00:00:00+00:00\r\ndraft: true\r\n---\r\nBegin here.\r\n"
    )


def test_a_template_in_toml_is_filled_in_too(tmp_path: Path) -> None:
    template = '+++\ntitle = ""\ntags = []\n[more]\nk = 1\n+++\n'
    site = make_site(tmp_path, {"content/_templates/posts.md": template})
    made = split(new(site, "T", "--tag", "a").read_text(), "").meta
    assert made == {"title": "T", "tags": ["a"], "more": {"k": 1}, "date": "2026-01-01T00:00:00+00:00"}


def test_pages_profiles_and_languages_have_their_own_form(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": "[languages.en]\n[languages.ru]\n"})
    assert new(site, "About", "--section", "pages").read_text() == "---\ntitle: About\ndescription:\n---\n\n"
    assert new(site, "Anna", "--section", "people").read_text().startswith("---\nname: Anna\n")
    assert new(site, "Кран", "--lang", "ru").name == "кран.ru.md"
    build(site)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["There"], "content/posts/there.md: is already there"),
        ([" "], "the title is empty"),
        (["a\x07b"], "U+0007"),
        (["x", "--section", "psots"], 'did you mean "posts"?'),
        (["x", "--section", "../x"], "there is no section"),
        (["x", "--lang", "kk"], "not a language of this site"),
        (["x", "--section", "odd"], "content/_templates/odd.md:1: there is no front matter"),
        (["x", "--section", "even"], "content/_templates/even.md: can not be filled in"),
    ],
)
def test_what_can_not_be_made_is_told_and_nothing_is_written(
    args: list[str], says: str, tmp_path: Path
) -> None:
    odd = {"content/_templates/odd.md": "no front matter", "content/odd/y.md": "---\ntitle: x\n---\n"}
    odd |= {"content/_templates/even.md": "---\n{a: b}\n---\n", "content/even/y.md": "---\ntitle: x\n---\n"}
    site = make_site(tmp_path, {"content/posts/there.md": post(), **odd})
    before = sorted(site.rglob("*"))
    done = run(site, "new", *args)
    assert done.status == 1
    assert says in done.err
    assert sorted(path for path in site.rglob("*") if ".sitegen" not in path.parts) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=90
    )
)
def test_any_title_makes_a_text_with_that_title(title: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, {})
    done = run(site, "new", f"T{title}")
    if done.status:
        assert "control character" in done.err
        return
    path = Path(done.out.removesuffix("\n"))
    (source,) = find(site, default_config()).sources
    result, _ = read_source(default_config(), source, path.read_bytes())
    path.unlink()
    assert not result.problems
    assert isinstance(result.value, Entry)
    assert result.value.title == " ".join(unicodedata.normalize("NFC", f"T{title}").split())


# --- completion ------------------------------------------------------------------------------------------

TAGGED = {
    "content/posts/a.md": post("A", tags="[Free Nations League, Kalmyks]", author="Anna"),
    "content/posts/b.md": post("B", tags="[Kalmyks, kazakhs]", category="News"),
    "content/people/jan.md": "---\nname: Jan Smit\n---\n",
}


def completed(site: Path, shell: str, words: str) -> list[str]:
    """What a shell is offered after `words`."""
    script = site / "sitegen"
    script.write_text("from sitegen.cli import main\nmain()\n")
    env = environment(COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    env |= {"_SITEGEN_COMPLETE": f"{shell}_complete"}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=site, env=env, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("built", [False, True])
def test_shells_are_offered_the_names_that_the_site_has(built: bool, tmp_path: Path) -> None:
    site = make_site(tmp_path, TAGGED)
    if built:
        build(site)
    assert completed(site, "bash", "sitegen new x --tag ka") == ["Kalmyks", "kazakhs"]
    assert completed(site, "bash", "sitegen new x --tag na") == [r"Free\ Nations\ League"]
    assert completed(site, "bash", "sitegen new x --author j") == [r"Jan\ Smit"]
    assert completed(site, "bash", "sitegen new x --category N") == ["News"]
    assert completed(site, "bash", "sitegen new x --section po") == ["posts"]


def test_on_a_terminal_it_asks_completes_and_opens_the_editor(tmp_path: Path) -> None:
    site = make_site(tmp_path, TAGGED)
    editor = site / "editor.py"
    editor.write_text("import sys; open(sys.argv[1], 'a').write('Edited.')\n")
    env = environment(EDITOR=f"{sys.executable} {editor}", TERM="dumb")
    env.pop("VISUAL", None)
    main, end = pty.openpty()
    command = [sys.executable, "-m", "sitegen", "new", "The quay"]
    process = subprocess.Popen(
        command, cwd=site, env=env, stdin=end, stdout=end, stderr=end, start_new_session=True
    )
    os.close(end)
    shown = b""
    for asked, answer in ((b"Author", b"Ja\t\n"), (b"Category", b"\n"), (b"Tags", b"Kal\t, new one\n")):
        shown += until(main, asked)
        os.write(main, answer)
    shown += until(main, b"the-quay.md")
    assert process.wait(20) == 0, shown
    os.close(main)
    text = (site / "content/posts/the-quay.md").read_text()
    assert "author: Jan Smit\ncategory:\ntags: [Kalmyks, new one]\n" in text
    assert text.endswith("Edited.")


def until(terminal: int, words: bytes) -> bytes:
    """Read a terminal until `words` stand there."""
    shown, end = b"", time.monotonic() + 20
    while words not in shown:
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 1000)
    return shown


# --- schemas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one_and_describes_each_key(kind: str, tmp_path: Path) -> None:
    made = json.loads(run(make_site(tmp_path, {}), "schema", kind).out)
    jsonschema.Draft202012Validator.check_schema(made)
    if kind != "settings":
        assert all(key["description"] for key in made["properties"].values())


def test_the_sample_archive_is_valid() -> None:
    config, _ = read_config(ROOT)
    jsonschema.validate(tomllib.loads((ROOT / "sitegen.toml").read_text()), schema("settings", config))
    kinds = {"entry": "post", "profile": "profile", "index": "section"}
    for source in find(ROOT, config).sources:
        meta = split(Path(source.path).read_text(), source.file).meta
        jsonschema.validate(dict(meta), schema(kinds[source.kind], config))


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"title": ["a"]},
        {"title": "a", "date": "soon"},
        {"title": "a", "views": -1},
        {"title": "a", "draft": "maybe"},
        {"title": "a", "lang": "kk"},
        {"title": "a", "tags": {"a": 1}},
    ],
)
def test_an_editor_underlines_what_a_build_would_refuse(meta: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(meta, schema("post", default_config()))


def test_a_setting_that_is_not_known_is_underlined_but_for_those_of_the_theme() -> None:
    made = schema("settings", complete(default_config()))
    jsonschema.validate({"theme": {"name": "chronicle", "accent": "#000000"}}, made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"titel": "x"}, made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"markdown": {"engine": "x"}}, made)
