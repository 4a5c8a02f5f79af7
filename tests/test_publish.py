"""`sitegen publish` as people meet it: what it says, what it refuses, and what it never shows."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SiteError
from sitegen.manifest import MANIFEST
from sitegen.places import allowance_of, place_of, span_of
from sitegen.publish.kinds import STATE, Phase, cache_control, content_type, phase_of
from sitegen.publish.plan import There, make_plan
from sitegen.publish.state import DamagedStateError, State, moment, parse_state, render_state
from sitegen.publish.targets.folder import Folder
from sitegen.publish.targets.secrets import scrub
from sitegen.publish.verify import verify
from tests.outputs import PLAIN_THEME, environment
from tests.publishing import Crawler, archive, make_output, publish_output
from tests.sites import build, make_site, post, run
from tests.test_killed import KILLED_AT

NOW = datetime(2026, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    texts = {f"content/posts/{number}.md": post(f"Post {number}") for number in range(5)}
    made = make_site(tmp_path / "site", {**PLAIN_THEME, **texts})
    settings = f'[theme]\nname = "plain"\n[publish.disk]\nto = "file://{tmp_path / "mirror"}"\n'
    make_site(made, {"sitegen.toml": settings})
    build(made)
    return made


def setting(site: Path, line: str) -> None:
    make_site(site, {"sitegen.toml": f'[theme]\nname = "plain"\n[publish.disk]\n{line}\n'})


def test_a_publish_tells_how_many_files_came_went_and_stayed(site: Path) -> None:
    done = run(site, "publish", "--json")
    count = len((site / "output" / MANIFEST).read_text().splitlines())
    assert done.json == {
        "ok": True,
        "errors": [],
        "warnings": [],
        "targets": {"disk": {"uploaded": count, "deleted": 0, "unchanged": 0}},
    }
    again = run(site, "publish", "disk")
    assert again.out == f"disk: 0 uploaded, 0 deleted, {count} unchanged\n"


def test_a_dry_run_says_what_and_why_and_does_nothing(site: Path, tmp_path: Path) -> None:
    done = run(site, "publish", "--dry-run")
    assert "disk: upload posts/1/index.html (is new)" in done.out
    assert not (tmp_path / "mirror").exists()
    run(site, "publish")
    make_site(site, {"content/posts/1.md": post("Post 1", body="Other words.")})
    build(site)
    before = sorted((tmp_path / "mirror").rglob("*"))
    done = run(site, "publish", "--dry-run")
    assert "disk: upload posts/1/index.html (has changed)\n" in done.out
    assert sorted((tmp_path / "mirror").rglob("*")) == before


def test_a_site_that_has_lost_much_is_not_published_unless_that_is_meant(site: Path) -> None:
    run(site, "publish")
    for number in range(1, 5):
        (site / f"content/posts/{number}.md").unlink()
    build(site)
    done = run(site, "publish")
    assert done.status == 1
    told = re.search(
        r"disk: (\d+) of its \d+ files would vanish, which is more than 20%; .*--max-delete (\d+)", done.err
    )
    assert told
    assert told[1] == told[2]
    assert run(site, "publish", "--max-delete", told[2]).status == 0
    assert run(site, "publish", "--max-delete", "lots").status == 2


def test_an_output_that_is_not_as_its_manifest_has_it_is_refused(site: Path, tmp_path: Path) -> None:
    (site / "output/posts/1/index.html").write_text("torn")
    (site / "output/posts/2/index.html").unlink()
    done = run(site, "publish", "--json")
    assert (done.status, done.json["targets"]) == (1, {})
    assert (
        "posts/1/index.html was changed, posts/2/index.html is missing" in done.json["errors"][0]["message"]
    )
    (site / "output" / MANIFEST).write_bytes(b"")
    assert "is empty; build again" in run(site, "publish").err
    (site / "output" / MANIFEST).unlink()
    assert "the output can not be read; build first" in run(site, "publish").err
    assert not (tmp_path / "mirror").exists()


def test_one_target_that_fails_does_not_stop_the_others(site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (site / "sitegen.toml").open("a") as settings:
        settings.write(f'[publish.broken]\nto = "file://{tmp_path / "file" / "x"}"\n')
    done = run(site, "publish", "--json")
    assert done.status == 1
    assert list(done.json["targets"]) == ["disk"]
    assert [error["message"][:28] for error in done.json["errors"]] == [
        "broken: can not write to " + str(tmp_path)[:3]
    ]
    assert verify(Folder(tmp_path / "mirror")).whole


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('to = "sftp://me:hunter22@host/srv"', "it holds a password, which settings must not"),
        ('to = "ftp://host/srv"', '"ftp://host/srv" is no place to publish to'),
        ('to = "s3://"', "it names no host or bucket"),
        ('to = "rclone:x"', "it names no remote of rclone"),
        ('to = "file:///x"\ngrace = "soon"', '"soon" is no span of time'),
        ('to = "file:///x"\nmax_delete = "200%"', '"200%" is no share and no number'),
        ('to = "file:///x"\nurl = "mirror"', '"mirror" is not a web address'),
        ('url = "https://x.example/"', "the target says not where to publish"),
    ],
)
def test_settings_of_a_target_are_checked_when_they_are_read(site: Path, lines: str, message: str) -> None:
    setting(site, lines)
    for command in ("publish", "build"):
        done = run(site, command)
        assert done.status == 1
        assert re.search(r"sitegen.toml:\d: publish.disk.\w+: " + re.escape(message), done.err)
        assert "hunter22" not in done.err


def test_a_target_that_is_not_there_is_told_with_the_nearest(site: Path) -> None:
    assert 'there is no target "disc"; did you mean "disk"?' in run(site, "publish", "disc").err
    make_site(site, {"sitegen.toml": '[theme]\nname = "plain"\n'})
    assert "there is no target to publish to; write [publish.NAME]" in run(site, "publish").err


@pytest.mark.parametrize(
    ("to", "variables", "message"),
    [
        ("s3://bucket", {}, "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the"),
        ("gs://bucket", {}, "GOOGLE_APPLICATION_CREDENTIALS"),
        ("az://bucket", {}, "AZURE_STORAGE_ACCOUNT_KEY"),
        ("git+file:///nowhere.git", {}, "git+file"),
        ("rclone:nowhere:x", {}, "rclone lsd nowhere:"),
        ("sftp://127.0.0.1:9/srv", {"SSH_PASSWORD": "SECRETSECRET"}, "can not be reached"),
    ],
)
def test_what_is_missing_is_told_by_the_name_of_its_variable_and_never_shown(
    site: Path, to: str, variables: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "AZURE_", "SSH_", "RCLONE_")):
            monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sitegen.publish.patience.PAUSE", 0)
    monkeypatch.setattr("sitegen.publish.go.PAUSE", 0)
    setting(site, f'to = "{to}"')
    done = run(site, "publish")
    assert done.status == 1
    assert message.removeprefix("git+file") in done.err
    assert "SECRETSECRET" not in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("to", "module", "line"),
    [
        ("s3://bucket", "obstore", "pip install 'obstore>="),
        ("sftp://host/srv", "asyncssh", "pip install 'asyncssh>="),
    ],
)
def test_a_part_that_is_not_installed_is_told_with_the_line_that_installs_it(
    site: Path, to: str, module: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    setting(site, f'to = "{to}"')
    done = run(site, "publish")
    assert done.status == 1
    assert f"needs {module}, which is not installed; install it: {line}" in done.err


def test_the_same_bounds_stand_in_the_package_and_in_what_is_told() -> None:
    from sitegen.extras import REQUIREMENTS
    from tests.outputs import ROOT

    settings = (ROOT / "pyproject.toml").read_text()
    assert [one for one in REQUIREMENTS.values() if settings.count(f'"{one}"') != 3] == []


def test_a_disk_that_is_full_is_told_and_the_site_there_stays_whole(site: Path, tmp_path: Path) -> None:
    run(site, "publish")
    make_site(
        site, {"content/large.bin": bytes(300_000), "content/posts/1.md": post("Post 1", body="Changed.")}
    )
    build(site)
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000));"
        "from sitegen.cli import main; main()"
    )
    command = [sys.executable, "-c", limited, "publish"]
    done = subprocess.run(command, cwd=site, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"disk: can not write to {tmp_path / 'mirror'}: file too large" in done.stderr
    assert verify(Folder(tmp_path / "mirror")).whole
    assert run(site, "publish").status == 0
    assert verify(Folder(tmp_path / "mirror")).whole


def test_a_process_that_is_killed_leaves_a_site_that_holds_together(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    site = make_site(tmp_path / "site", {"sitegen.toml": f'[publish.disk]\nto = "file://{mirror}"\n'})
    command = ("publish", "--max-delete", "100%")

    def publish_until(fatal: int) -> subprocess.CompletedProcess[bytes]:
        killer = [sys.executable, "-c", KILLED_AT, str(fatal), *command]
        return subprocess.run(killer, cwd=site, env=environment(), capture_output=True, check=False)

    def read(path: str) -> bytes | None:
        return (mirror / path).read_bytes() if (mirror / path).is_file() else None

    make_output(site / "output", archive(0, 5))
    assert publish_until(0).returncode == 0
    make_output(site / "output", archive(1, 5))
    steps = int(publish_until(0).stdout.split()[-1])
    for turn, fatal in enumerate(range(5, steps, max(1, steps // 7))):
        make_output(site / "output", archive(turn % 2, 5))
        crawler = Crawler(read)
        crawler.crawl()
        assert publish_until(fatal).returncode == -signal.SIGKILL
        crawler.crawl()
        assert crawler.broken == []
        assert publish_until(0).returncode == 0
        crawler.crawl()
        assert crawler.broken == []
        assert verify(Folder(mirror)).whole
    leftover = [path for path in mirror.rglob(".sitegen*/**") if path.is_file()]
    assert leftover == []


def test_a_publisher_who_was_stopped_elsewhere_is_waited_for_and_then_gone_past(tmp_path: Path) -> None:
    from sitegen.publish.state import Begun

    output = make_output(tmp_path / "output", archive(0, 2))
    mirror = tmp_path / "mirror"
    publish_output(Folder(mirror), output, tmp_path / "ledger")
    state = parse_state((mirror / STATE).read_bytes())
    begun = Begun(run="x", who="the other desk", manifest="0" * 64, paths={"index.html": 1, "lost.html": 1})
    (mirror / STATE).write_bytes(render_state(State(manifest=state.manifest, begun=begun)))
    done = publish_output(Folder(mirror), output, tmp_path / "ledger")
    assert [one.path for one in done.plan.uploads] == ["index.html"]
    assert parse_state((mirror / STATE).read_bytes()).begun is None
    assert "lost.html" in parse_state((mirror / STATE).read_bytes()).waiting


def test_another_site_is_refused(tmp_path: Path) -> None:
    from sitegen.config import Target as Settings
    from sitegen.publish.go import Options, job_of, publish_to
    from sitegen.publish.ledger import Ledger
    from tests.sites import default_config

    output = make_output(tmp_path / "output", archive(0, 2))

    def publish_as(address: str, *, adopt: bool = False) -> None:
        from msgspec.structs import replace

        config = replace(default_config(), base_url=address)
        chosen = Options(patience=0, adopt=adopt)
        target = Folder(tmp_path / "mirror")
        with contextlib.closing(target), Ledger(tmp_path / "ledger") as ledger:
            publish_to(target, job_of(output, config, chosen, {}), Settings(), chosen, ledger)

    publish_as("https://one.example/")
    with pytest.raises(SiteError, match=r"it holds another site, https://one.example/; .*--adopt"):
        publish_as("https://two.example/")
    publish_as("https://two.example/", adopt=True)
    publish_as("https://two.example/")


digests = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["1", "2", "3"]))


@given(
    digests,
    digests,
    digests,
    st.dictionaries(st.sampled_from("abcdefgh"), st.just("2026-01-01T00:00:00+00:00")),
)
def test_a_plan_accounts_for_every_file(
    local: dict[str, str], named: dict[str, str], unsure: dict[str, str], waiting: dict[str, str]
) -> None:
    there = There(named=named, unsure=unsure, waiting=waiting)
    plan = make_plan(local, there, NOW, DAY)
    uploaded = {one.path for one in plan.uploads}
    gone = {one.path for one in plan.deletions}
    assert {
        **there.named,
        **there.unsure,
        **there.waiting,
    }.keys() - local.keys() == gone | plan.waiting.keys()
    assert {path for path in local if there.digest(path) != local[path]} == uploaded
    assert plan.unchanged == len(local) - len(uploaded)
    # What a reader may see now is never deleted at once.
    assert not gone & ({*named, *unsure} | local.keys())
    assert [one.rank for one in plan.uploads] == sorted(one.rank for one in plan.uploads)


def test_files_come_before_what_names_them() -> None:
    order = [
        "assets/0123456789ab/style.css",
        "images/new.png",
        "posts/new/index.html",
        "posts/old/index.html",
        "posts/index.html",
        "search/pagefind/pagefind.js",
        "search/pagefind/pagefind-entry.json",
    ]
    new = {"assets/0123456789ab/style.css", "images/new.png", "posts/new/index.html"}
    phases = [phase_of(path, new=path in new, folders={"posts"}) for path in order]
    assert phases == sorted(set(phases))
    assert phase_of("feed.xml", new=False, folders=()) == Phase.LISTS


def test_a_name_that_differs_by_case_alone_is_not_deleted_where_it_is_the_same_file() -> None:
    there = There(named={"Tag/index.html": "1"})
    assert make_plan({"tag/index.html": "1"}, there, NOW, DAY, folds=True).waiting == {}
    assert make_plan({"tag/index.html": "1"}, there, NOW, DAY).waiting.keys() == {"Tag/index.html"}


def test_a_clock_that_was_ahead_lets_nothing_be_deleted_early() -> None:
    there = There(waiting={"a": "2999-01-01T00:00:00+00:00", "b": "no time at all"})
    assert make_plan({}, there, NOW, DAY).deletions == ()
    assert moment("2999-01-01T00:00:00+00:00", NOW) == NOW


@given(st.integers(min_value=0))
def test_every_flipped_bit_of_a_state_is_seen(bit: int) -> None:
    data = render_state(State(site="https://x.example/", manifest="0" * 64, waiting={"a": "2026-01-01"}))
    harmed = bytearray(data)
    bit %= len(data) * 8
    harmed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedStateError):
        parse_state(bytes(harmed))
    assert parse_state(data).site == "https://x.example/"


def test_files_are_served_as_what_they_are_and_kept_as_long_as_they_hold() -> None:
    assert content_type("posts/x/index.html") == "text/html; charset=utf-8"
    assert content_type("tags/x/feed.xml") == "application/atom+xml; charset=utf-8"
    assert content_type("PHOTO.JPG") == "image/jpeg"
    assert content_type("odd") == "application/octet-stream"
    assert "immutable" in cache_control("assets/0123456789ab/style.css")
    assert "immutable" in cache_control("search/pagefind/fragment/en_1.pf_fragment")
    for path in ("index.html", "search/pagefind/pagefind-entry.json", MANIFEST, STATE, "feed.json"):
        assert "must-revalidate" in cache_control(path)


def test_addresses_spans_and_shares_are_read() -> None:
    place = place_of("sftp://me@host:2222/srv/my%20site")
    assert (place.user, place.host, place.port, place.path) == ("me", "host", 2222, "/srv/my site")
    assert place_of("git+ssh://git@host/a/b.git#pages").branch == "pages"
    assert place_of("s3://bucket/a?endpoint=https://x.example").query == {"endpoint": "https://x.example"}
    assert (span_of("1d"), span_of("90m"), span_of("0")) == (DAY, timedelta(minutes=90), timedelta())
    assert (allowance_of("20%", 50), allowance_of("7", 50)) == (10, 7)


def test_what_a_library_says_is_freed_of_secrets() -> None:
    environ = {"AWS_SECRET_ACCESS_KEY": "abcd/efgh", "PATH": "/usr/bin"}
    told = scrub("for abcd/efgh at https://u:p@h/x?X-Amz-Signature=123&a=b in /usr/bin", environ)
    assert told == "for … at https://…@h/x?X-Amz-Signature=…&a=b in /usr/bin"
