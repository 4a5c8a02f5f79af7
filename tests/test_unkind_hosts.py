"""Hosts that refuse, that are full, that can't be reached: each is told as what it is, without a secret."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.manifest import sha256
from sitegen.publish.go import Options
from sitegen.publish.targets.folder import Folder
from sitegen.publish.verify import verify
from tests.cases import CASES, Case, Hosts, git_case
from tests.hosts import found, obscured, webdav_host
from tests.outputs import environment
from tests.publishing import archive, make_output, publish_output
from tests.sites import Run, make_site, run


@dataclass
class Desk:
    """Somebody who publishes by the command line, and all that they could read of it afterwards."""

    site: Path
    patch: pytest.MonkeyPatch
    said: list[str] = field(default_factory=list)

    def publish(
        self, to: str, environ: dict[str, str], *more: str, files: dict[str, str] | None = None
    ) -> Run:
        make_site(self.site, {"sitegen.toml": f'[publish.there]\nto = "{to}"\nmax_delete = "100%"\n'})
        make_output(self.site / "output", files or archive(0, 2))
        for name, value in environ.items():
            self.patch.setenv(name, value)
        done = run(self.site, "publish", *more)
        self.said += [done.out, done.err]
        return done


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "AZURE_", "SSH_", "RCLONE_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("sitegen.publish.go.PAUSE", 0)
    return Desk(make_site(tmp_path / "site", {}), monkeypatch)


@contextlib.contextmanager
def store_that_says(status: int, code: str) -> Iterator[dict[str, str]]:
    """A store that answers every request with an error of S3's. Gives the environment of its user."""
    body = f"<Error><Code>{code}</Code><Message>…</Message></Error>".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_GET  # noqa: N815 - http.server's name

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield {
            "AWS_ACCESS_KEY_ID": "a-key-of-the-tests",
            "AWS_SECRET_ACCESS_KEY": "SEEKRIT-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (403, "AccessDenied", "refuses these credentials; see whether AWS_ACCESS_KEY_ID, "),
        (403, "SignatureDoesNotMatch", "refuses these credentials; see whether AWS_ACCESS_KEY_ID, "),
        (
            403,
            "RequestTimeTooSkewed",
            "refuses, as the clocks differ too much; set the clock of this computer",
        ),
        (400, "XMinioStorageFull", "has no room left: "),
        (400, "InvalidRequest", "answers with an error: "),
    ],
)
def test_what_a_store_refuses_is_told_in_words(desk: Desk, status: int, code: str, message: str) -> None:
    with store_that_says(status, code) as environ:
        done = desk.publish("s3://bucket/archive", environ)
    assert done.status == 1
    assert f"there: s3://bucket/archive {message}" in done.err
    assert "SEEKRIT" not in done.err


def ssh_key(folder: Path) -> str:
    """A key that no host knows."""
    keygen = found("ssh-keygen", "openssh-client")
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / "strange"], check=True)
    return str(folder / "strange")


@pytest.mark.parametrize("scheme", ["sftp", "git+ssh"])
def test_a_wrong_or_missing_key_is_told_by_the_name_of_its_variable(
    scheme: str, hosts: Hosts, desk: Desk, tmp_path: Path
) -> None:
    case = hosts.case(scheme, tmp_path)
    for key in (ssh_key(tmp_path), str(tmp_path / "none")):
        done = desk.publish(case.to, {**case.environ, "SSH_KEY": key})
        assert done.status == 1
        assert "SSH_KEY" in done.err
        assert "Traceback" not in done.err


@pytest.mark.parametrize("scheme", ["sftp", "git+ssh"])
def test_a_host_whose_key_is_not_known_is_refused(
    scheme: str, hosts: Hosts, desk: Desk, tmp_path: Path
) -> None:
    case = hosts.case(scheme, tmp_path)
    (tmp_path / "known").write_text("")
    done = desk.publish(case.to, {**case.environ, "SSH_KNOWN_HOSTS": str(tmp_path / "known")})
    assert done.status == 1
    assert "log in by hand once" in done.err


def test_a_wrong_password_of_a_remote_of_rclone_is_told(hosts: Hosts, desk: Desk, tmp_path: Path) -> None:
    case = hosts.case("rclone", tmp_path)
    wrong = obscured("SEEKRIT-1")
    done = desk.publish(case.to, {**case.environ, "RCLONE_CONFIG_TESTS_PASS": wrong})
    assert done.status == 1
    assert "Unauthorized" in done.err
    assert "mend it with `rclone config`" in done.err
    assert wrong not in done.err


@pytest.mark.parametrize(
    ("scheme", "message"),
    [("file", "can not write to /sys/mirror: "), ("sftp", "lets us in, but no")],
)
def test_a_place_where_one_may_not_write_is_told(
    scheme: str, message: str, hosts: Hosts, desk: Desk, tmp_path: Path
) -> None:
    # Nobody may make a folder there, root neither.
    case = hosts.case(scheme, tmp_path)
    done = desk.publish(case.to.replace(str(tmp_path / "mirror"), "/sys/mirror"), case.environ)
    assert done.status == 1
    assert message in done.err


def test_a_remote_of_rclone_that_may_only_be_read_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "host").mkdir()
    with webdav_host(tmp_path / "host", "--read-only") as environ:
        done = desk.publish("rclone:tests:archive", environ)
    assert done.status == 1
    assert "error there: rclone:tests:archive: " in done.err


def test_a_branch_that_takes_no_push_is_not_a_lost_race(desk: Desk, tmp_path: Path) -> None:
    case = git_case(tmp_path, f"git+file://{tmp_path / 'site.git'}", {})
    hook = tmp_path / "site.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho the branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    done = desk.publish(case.to, {})
    assert done.status == 1
    assert "the branch is protected" in done.err
    assert "see who may push to this branch" in done.err


def test_a_full_disk_behind_sftp_is_told_and_the_site_there_stays_whole(
    hosts: Hosts, desk: Desk, tmp_path: Path
) -> None:
    case = hosts.case("sftp", tmp_path)
    assert desk.publish(case.to, case.environ).status == 0
    # What is written to this file finds a full disk: ENOSPC, by the kernel itself.
    waiting = tmp_path / "mirror/.sitegen-publish.tmp" / sha256(b"index.html")[:24]
    waiting.parent.mkdir()
    waiting.symlink_to("/dev/full")
    changed = {**archive(0, 2), "index.html": archive(0, 2)["index.html"] + "changed"}
    done = desk.publish(case.to, case.environ, files=changed)
    assert done.status == 1
    assert "see whether its disk has room" in done.err
    assert verify(Folder(tmp_path / "mirror")).whole
    waiting.unlink()
    assert desk.publish(case.to, case.environ, files=changed).status == 0
    assert verify(Folder(tmp_path / "mirror")).whole


def test_names_that_differ_by_case_alone_are_refused_where_they_would_be_one_file(tmp_path: Path) -> None:
    class Folding(Folder):
        """A disk that cares not for case, as FAT, NTFS and macOS have them."""

        def begin(self) -> None:
            super().begin()
            self.folds = True

    output = make_output(tmp_path / "output", {**archive(0, 1), "Tags/x.html": "1", "tags/X.html": "2"})
    with pytest.raises(SiteError, match=r"tags/X.html can not be held there: .* same file as Tags/x.html"):
        publish_output(Folding(tmp_path / "mirror"), output, tmp_path / "ledger")
    publish_output(Folder(tmp_path / "other"), output, tmp_path / "ledger")


@pytest.mark.parametrize("scheme", ["s3", "gs", "az"])
def test_a_path_that_is_too_long_for_a_store_is_refused(scheme: str, hosts: Hosts, tmp_path: Path) -> None:
    case = hosts.case(scheme, tmp_path)
    long = "/".join(["х" * 100] * 6)
    output = make_output(tmp_path / "output", {**archive(0, 1), long: "x"})
    with pytest.raises(SiteError, match=r"its path is longer than \d+ bytes, all that this store takes"):
        publish_output(case.open(), output, tmp_path / "ledger")
    assert case.read("index.html") is None


def test_jekyll_is_kept_off_and_a_domain_stays(tmp_path: Path) -> None:
    case = git_case(tmp_path, f"git+file://{tmp_path / 'site.git'}", {})
    output = make_output(tmp_path / "output", archive(0, 1))
    publish_output(case.open(), output, tmp_path / "ledger")
    assert case.read(".nojekyll") == b""
    assert verify(case.open()).extra == ()
    # As GitHub writes it when somebody sets the domain in the settings of the repository.
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "-b", "pages", tmp_path / "site.git", clone], check=True)
    (clone / "CNAME").write_text("archive.example\n")
    who = ("-c", "user.name=x", "-c", "user.email=x@x.example")
    for words in (("add", "."), (*who, "commit", "-qm", "Create CNAME"), ("push", "-q", "origin", "pages")):
        subprocess.run(["git", *words], cwd=clone, check=True)
    make_output(output, archive(1, 1))
    publish_output(case.open(), output, tmp_path / "ledger", grace="0")
    publish_output(case.open(), output, tmp_path / "ledger", grace="0")
    assert (case.read("CNAME"), case.read(".nojekyll")) == (b"archive.example\n", b"")
    assert verify(case.open()).extra == ()


@pytest.mark.parametrize("command", ["publish", "verify"])
def test_a_fault_of_sitegen_itself_has_all_keys_and_no_secret(command: str, tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"sitegen.toml": '[publish.disk]\nto = "file:///nowhere"\n'})
    broken = (
        "import sitegen.publish.go as go, sitegen.publish.places as places;"
        "go.publish = places.copy_at = lambda *_: {}['SEEKRIT-1'];"
        "from sitegen.cli import main; main()"
    )
    words = [sys.executable, "-c", broken, command, *(["."] if command == "verify" else []), "--json"]
    env = {**environment(), "AWS_SECRET_ACCESS_KEY": "SEEKRIT-1"}
    done = subprocess.run(words, cwd=site, env=env, capture_output=True, encoding="utf-8", check=False)
    keys = {"targets"} if command == "publish" else {"missing", "changed", "extra", "signature"}
    told = Run(done.returncode, done.stdout, done.stderr)
    assert told.status == 1
    assert set(told.json) == {"ok", "errors", "warnings"} | keys
    assert "sitegen itself is at fault: KeyError: '…'" in told.json["errors"][0]["message"]
    assert "SEEKRIT" not in told.out + told.err


def test_a_publisher_who_gave_no_sign_of_life_stops_when_another_went_past(
    hosts: Hosts, tmp_path: Path
) -> None:
    case = hosts.case("s3", tmp_path)
    outputs = [make_output(tmp_path / str(number), archive(number, 9)) for number in range(3)]
    publish_output(case.open(), outputs[0], tmp_path / "ledger-0")
    slow, gone_past = case.open(), list[str]()
    put = slow.put

    def put_late(files, arrived):  # type: ignore[no-untyped-def]
        def told(path: str) -> None:
            if not gone_past:
                gone_past.append(path)
                publish_output(case.open(), outputs[2], tmp_path / "ledger-2")
            arrived(path)

        put(files, told)

    slow.put = put_late  # type: ignore[method-assign]
    with pytest.raises(SiteError, match=r"another publisher went past this one, .* --audit"):
        publish_output(slow, outputs[1], tmp_path / "ledger-1", pause=0)
    # What was on its way may have come late, no more.
    assert len(verify(case.open()).changed) <= 16
    publish_output(case.open(), outputs[2], tmp_path / "ledger-2", options=Options(audit=True))
    assert verify(case.open()).whole


def secrets_of(case: Case) -> list[str]:
    """The secrets that a case is published with; keys that are files are read."""
    names = ("KEY", "PASS", "SECRET")
    values = [value for name, value in case.environ.items() if any(one in name for one in names)]
    return [Path(value).read_text() if Path(value).is_file() else value for value in values]


@pytest.mark.parametrize("name", (*CASES, "git+ssh"))
def test_secrets_stand_nowhere_after_a_publish(name: str, hosts: Hosts, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    case = hosts.case(name, tmp_path / "there")
    environ = {"SSH_PASSWORD": "SEEKRIT-1", "AWS_SESSION_TOKEN": "SEEKRIT-2"} | case.environ
    for more in ((), ("--audit", "--json"), ("--dry-run", "--json")):
        assert desk.publish(case.to, environ, *more).status == 0
    desk.publish(case.to + "-not-there", environ)
    secrets = [*secrets_of(case), "SEEKRIT-1", "SEEKRIT-2"]
    texts = [text.encode() for text in desk.said]
    texts += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [secret for secret in secrets for text in texts if secret.strip().encode() in text]
