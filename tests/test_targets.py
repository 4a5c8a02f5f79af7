"""What every target must do, whatever it is: one suite, run against the real thing."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.manifest import MANIFEST, sha256
from sitegen.publish.go import Options
from sitegen.publish.kinds import STATE
from sitegen.publish.targets import LostRaceError, Sending
from sitegen.publish.verify import verify
from tests.cases import CASES, Case, Hosts
from tests.publishing import Crawler, Frail, KilledError, archive, make_output, publish_output


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, hosts: Hosts, tmp_path: Path) -> Case:
    (tmp_path / "there").mkdir()
    return hosts.case(request.param, tmp_path / "there")


def everything(case: Case) -> dict[str, bytes]:
    """All that visitors could read, the state aside."""
    target = case.open()
    try:
        paths = sorted(set(target.paths()) - {STATE})
    finally:
        target.close()
    found = {path: case.read(path) for path in paths}
    assert None not in found.values()
    return {path: data for path, data in found.items() if data is not None}


@pytest.mark.parametrize("case", (*CASES, "git+ssh", "sftp, by rclone"), indirect=True)
def test_a_site_arrives_whole_and_a_second_run_uploads_nothing(case: Case, tmp_path: Path) -> None:
    output = make_output(tmp_path / "output", archive(0, 10))
    done = publish_output(case.open(), output, tmp_path / "ledger")
    assert (len(done.plan.uploads), done.plan.unchanged) == (len(archive(0, 10)), 0)
    assert everything(case).items() >= {path: text.encode() for path, text in archive(0, 10).items()}.items()
    verdict = verify(case.open())
    assert (verdict.whole, verdict.extra, verdict.checked) == (True, (), len(archive(0, 10)))
    before = everything(case), case.read(STATE)
    again = publish_output(case.open(), output, tmp_path / "ledger")
    assert again.counts() == {"uploaded": 0, "deleted": 0, "unchanged": len(archive(0, 10))}
    assert (everything(case), case.read(STATE)) == before


def test_what_is_no_longer_needed_stays_for_its_grace_and_goes_with_a_later_run(
    case: Case, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    old, new = archive(0, 10), archive(1, 10)
    output = make_output(tmp_path / "output", old)
    publish_output(case.open(), output, ledger)
    make_output(output, new)
    assert publish_output(case.open(), output, ledger).counts()["deleted"] == 0
    assert everything(case).keys() >= old.keys() | new.keys()
    assert verify(case.open()).extra == ()
    assert publish_output(case.open(), output, ledger).counts()["deleted"] == 0
    done = publish_output(case.open(), output, ledger, grace="0")
    assert done.counts()["deleted"] == len(old.keys() - new.keys())
    assert everything(case).keys() - {".nojekyll"} == {*new, MANIFEST}


#: By default a few kills of a small publish. More, of one of 300 files, spread evenly over its requests;
#: with 1000 there is one at every request:
#:     SITEGEN_KILLS=1000 pytest -n 0 tests/test_targets.py -k killed_at_any
KILLS = int(os.environ.get("SITEGEN_KILLS", "0"))


@pytest.mark.filterwarnings("default::UserWarning")
def test_killed_at_any_request_readers_find_every_link_and_the_next_run_completes_it(
    case: Case, tmp_path: Path
) -> None:
    ledger, quick = tmp_path / "ledger", KILLS > 0 or not case.slow
    posts = 163 if KILLS else 4
    outputs = [make_output(tmp_path / str(number), archive(number, posts)) for number in range(2)]
    publish_output(case.open(), outputs[0], ledger)
    # Readers look on all along; when it comes to kills, what matters is what was left, after each of them.
    crawler = Crawler(case.read, every=10 if KILLS else 1 if quick else 3)
    whole = Frail(case.open(), looking=crawler.look)
    # Without signs of life, which would be more requests the longer it takes.
    done = publish_output(whole, outputs[1], ledger, pause=1e9)
    assert whole.requests > 3
    assert crawler.broken == []
    crawler.crawl()
    publish_output(case.open(), outputs[1], ledger, grace="0")
    crawler.forget()
    kills = range(1, whole.requests + 1, max(1, whole.requests // (KILLS or (9 if quick else 3))))
    for turn, fatal in enumerate(kills):
        output = outputs[turn % 2]
        with pytest.raises(KilledError):
            publish_output(Frail(case.open(), fatal), output, ledger, pause=1e9)
        crawler.crawl()
        assert crawler.broken == [], fatal
        publish_output(case.open(), output, ledger)
        crawler.crawl()
        assert crawler.broken == [], fatal
        assert verify(case.copy()).whole
        # What is left of the other texts must not be there to hide what comes too late.
        again = publish_output(case.open(), output, ledger, grace="0")
        assert again.counts()["uploaded"] == 0
        crawler.forget()
    if KILLS:
        counted = f"{len(done.plan.uploads)} files, {len(kills)} kills, {crawler.crawls} crawls, 0 broken"
        warnings.warn(f"{case.to}: {counted}", UserWarning, stacklevel=1)


@pytest.mark.parametrize("case", ("file", "file, atomic", "s3"), indirect=True)
def test_killed_twice_with_other_texts_each_time_it_still_ends_well(case: Case, tmp_path: Path) -> None:
    ledger, batch = tmp_path / "ledger", 5 if case.slow else 1
    outputs = [make_output(tmp_path / str(number), archive(number, 4)) for number in range(4)]
    publish_output(case.open(), outputs[0], ledger)
    crawler = Crawler(case.read, every=3 if case.slow else 1)
    for fatal in (4,) if case.slow else (6, 12):
        for output in outputs[1:3]:
            with pytest.raises(KilledError):
                publish_output(Frail(case.open(), fatal, crawler.look, batch), output, ledger)
            crawler.crawl()
        publish_output(Frail(case.open(), looking=crawler.look, batch=batch), outputs[3], ledger)
        assert verify(case.open()).whole
        assert crawler.broken == []
        publish_output(case.open(), outputs[0], ledger)


def test_of_two_publishers_one_commits_and_the_other_says_who_won(case: Case, tmp_path: Path) -> None:
    outputs = [make_output(tmp_path / str(number), archive(number, 3)) for number in range(3)]
    publish_output(case.open(), outputs[0], tmp_path / "ledger-0")
    raced: list[str] = []

    def overtake() -> None:
        if not raced:
            raced.append("")
            publish_output(case.open(), outputs[2], tmp_path / "ledger-2")

    class Overtaken(Frail):
        def begin(self) -> None:
            overtake()
            super().begin()

    with pytest.raises(SiteError, match=r"another publisher came first: publish [0-9a-f]{6}"):
        publish_output(Overtaken(case.open()), outputs[1], tmp_path / "ledger-1")
    assert verify(case.open()).whole
    assert case.read(MANIFEST) == (outputs[2] / MANIFEST).read_bytes()


#: How often two publishers race on S3. More:
#:     SITEGEN_RACES=1000 pytest -n 0 tests/test_targets.py -k race
RACES = int(os.environ.get("SITEGEN_RACES", "5"))


def test_in_a_race_of_two_publishers_exactly_one_commits(hosts: Hosts, tmp_path: Path) -> None:
    case = hosts.case("s3", tmp_path)
    outputs = [make_output(tmp_path / f"output-{number}", archive(number, 1)) for number in range(3)]
    publish_output(case.open(), outputs[2], tmp_path / "ledger")
    for turn in range(RACES):
        start, ends = threading.Barrier(2), dict[int, str]()

        class Racing(Frail):
            def begin(self) -> None:
                start.wait(30)  # noqa: B023 - it lives as long as its turn
                super().begin()

        def publish(number: int) -> None:
            try:
                publish_output(Racing(case.open()), outputs[number], tmp_path / f"ledger-{number}")
                ends[number] = "committed"  # noqa: B023
            except SiteError as error:
                ends[number] = str(error)  # noqa: B023

        racers = [threading.Thread(target=publish, args=(number,)) for number in range(2)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        (winner,) = [number for number, end in ends.items() if end == "committed"]
        assert "another publisher came first: publish " in ends[1 - winner]
        assert case.read(MANIFEST) == (outputs[winner] / MANIFEST).read_bytes(), turn
        assert verify(case.open()).whole
        publish_output(case.open(), outputs[2], tmp_path / "ledger")


def test_a_place_with_other_files_is_refused_until_it_is_adopted_and_they_stay(
    case: Case, tmp_path: Path
) -> None:
    output = make_output(tmp_path / "output", archive(0, 2))
    fill(case, tmp_path, {"theirs.txt": b"theirs", "notes/x.txt": b"x"})
    with pytest.raises(SiteError, match=r"files of somebody else: notes/x.txt, theirs.txt; .*--adopt"):
        publish_output(case.open(), output, tmp_path / "ledger")
    assert everything(case).keys() - {".nojekyll"} == {"theirs.txt", "notes/x.txt"}
    publish_output(case.open(), output, tmp_path / "ledger", options=Options(adopt=True))
    publish_output(case.open(), output, tmp_path / "ledger", grace="0")
    assert everything(case).items() >= {"theirs.txt": b"theirs", "notes/x.txt": b"x"}.items()
    verdict = verify(case.open())
    assert (verdict.whole, verdict.extra) == (True, ())


def fill(case: Case, tmp_path: Path, files: dict[str, bytes]) -> None:
    """Put files there, past all that publishing cares for."""
    target = case.open()
    target.begin()
    sources = []
    for path, data in files.items():
        source = tmp_path / f"source-{sha256(path.encode())[:8]}"
        source.write_bytes(data)
        sources.append(Sending(path, source))
    target.put(sources, lambda _: None)
    target.commit()
    target.close()


def test_a_file_that_was_changed_there_is_found_and_mended_by_an_audit(case: Case, tmp_path: Path) -> None:
    output = make_output(tmp_path / "output", archive(0, 2))
    publish_output(case.open(), output, tmp_path / "ledger")
    fill(case, tmp_path, {"index.html": b"<p>somebody else's", "strange.txt": b"?"})
    verdict = verify(case.open())
    assert (verdict.whole, verdict.changed, verdict.extra) == (False, ("index.html",), ("strange.txt",))
    assert publish_output(case.open(), output, tmp_path / "ledger").counts()["uploaded"] == 0
    done = publish_output(case.open(), output, tmp_path / "ledger", options=Options(audit=True))
    assert [one.path for one in done.plan.uploads] == ["index.html"]
    assert done.strangers == ("strange.txt",)
    assert verify(case.open()).whole


def test_a_manifest_that_was_tampered_with_stops_a_publish_until_it_is_audited(
    case: Case, tmp_path: Path
) -> None:
    output = make_output(tmp_path / "output", archive(0, 2))
    publish_output(case.open(), output, tmp_path / "ledger")
    fill(case, tmp_path, {MANIFEST: f"{'0' * 64}  ../../etc/passwd\n".encode()})
    make_output(output, archive(1, 2))
    with pytest.raises(SiteError, match=r"was changed since sitegen wrote it; .*--audit"):
        publish_output(case.open(), output, tmp_path / "ledger")
    publish_output(case.open(), output, tmp_path / "ledger", options=Options(audit=True))
    assert verify(case.open()).whole


def test_names_of_every_script_and_sign_arrive_as_they_are(case: Case, tmp_path: Path) -> None:
    names = (
        "посты/қала/index.html",
        "a b+c&d=e%20f~'(x).txt",
        "tags/مدينة/index.html",
        "é/e\u0301.txt",
        "#1.txt",
    )
    output = make_output(tmp_path / "output", {**archive(0, 1), **dict.fromkeys(names, "x")})
    publish_output(case.open(), output, tmp_path / "ledger")
    assert {name: case.read(name) for name in names} == dict.fromkeys(names, b"x")
    assert verify(case.open()).extra == ()


def test_swapping_asks_for_the_version_that_was_read(case: Case) -> None:
    if case.atomic or not case.to.startswith(("file", "s3", "gs", "az")):
        return
    target = case.open()
    target.begin()
    first = target.swap("x.txt", b"1", "")
    with pytest.raises(LostRaceError):
        target.swap("x.txt", b"2", "")
    second = target.swap("x.txt", b"2", first)
    with pytest.raises(LostRaceError):
        target.swap("x.txt", b"3", first)
    held = target.read("x.txt")
    assert held == (b"2", second)
    target.close()
