"""Places to publish to, and how visitors read there, for tests: each on its real host."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import urllib3

from sitegen.places import place_of
from sitegen.publish.targets import Target
from sitegen.publish.targets.folder import Folder
from sitegen.publish.targets.opening import open_target
from sitegen.urls import encode
from tests.hosts import (
    AZURE_ACCOUNT,
    AZURE_KEY,
    azure_container,
    azure_host,
    gcs_host,
    rclone_sftp_host,
    s3_host,
    ssh_host,
    webdav_host,
)
from tests.publishing import Reader


class Case(NamedTuple):
    """A place to publish to, and how visitors read there."""

    to: str
    read: Reader
    environ: dict[str, str]
    place: Path  #: for what its publishers keep
    atomic: bool = False
    slow: bool = False  #: a request takes so long that readers look on less often
    mirror: Path | None = None  #: where its files lie on this computer, if they do

    def open(self) -> Target:
        # A folder of its own for each publisher, as each has in real life.
        site = Path(tempfile.mkdtemp(dir=self.place))
        return open_target(place_of(self.to), site, "case", self.environ, at_once=self.atomic)

    def copy(self) -> Target:
        """What is there, looked at in the quickest way."""
        return Folder(self.mirror) if self.mirror else self.open()


def folder_reader(folder: Path) -> Reader:
    def read(path: str) -> bytes | None:
        try:
            return (folder / path).read_bytes()
        except OSError:
            return None

    return read


def web_reader(address: str) -> Reader:
    """Reads as a browser does, without any key."""
    pool = urllib3.PoolManager(maxsize=1)

    def read(path: str) -> bytes | None:
        answer = pool.request("GET", f"{address}/{encode(path)}")
        assert answer.status in (200, 404), answer.data
        return answer.data if answer.status == 200 else None

    return read


def tip_of(repository: Path, ref: str) -> str:
    """The commit that a ref names, without starting git; "" without one."""
    try:
        return (repository / ref).read_text().strip()
    except FileNotFoundError:
        # git packs refs now and then, by itself.
        packed = repository / "packed-refs"
        lines = packed.read_text().splitlines() if packed.exists() else []
        return next((line.split()[0] for line in lines if line.endswith(f" {ref}")), "")


def git_case(place: Path, address: str, environ: dict[str, str]) -> Case:
    """A bare repository, of whose branch visitors see the newest commit."""
    repository = place / "site.git"
    subprocess.run(["git", "init", "--quiet", "--bare", repository], check=True)
    shown: dict[str, dict[str, bytes]] = {}

    def read(path: str) -> bytes | None:
        commit = tip_of(repository, "refs/heads/pages")
        if commit and commit not in shown:
            command = ["git", "--git-dir", str(repository), "archive", commit]
            packed = io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout)
            with tarfile.open(fileobj=packed) as files:
                members = [one for one in files.getmembers() if one.isfile()]
                shown[commit] = {one.name: files.extractfile(one).read() for one in members}  # type: ignore[union-attr]
        return shown.get(commit, {}).get(path)

    return Case(f"{address}#pages", read, environ, place, slow=True)


def folder_case(place: Path) -> Case:
    return Case(f"file://{place / 'mirror'}", folder_reader(place / "mirror"), {}, place)


CASES = ("file", "file, atomic", "s3", "gs", "az", "git+file", "sftp", "sftp, atomic", "rclone")


class Hosts:
    """The hosts that the tests of one process share, each started when it is first asked for."""

    def __init__(self, folder: Path, running: contextlib.ExitStack) -> None:
        self._folder, self._running = folder, running

    @cached_property
    def s3(self) -> str:
        return self._running.enter_context(s3_host(self._folder / "s3.log"))

    @cached_property
    def gcs(self) -> str:
        return self._running.enter_context(gcs_host(self._folder / "gcs.log"))

    @cached_property
    def azure(self) -> str:
        (self._folder / "azure").mkdir(exist_ok=True)
        return self._running.enter_context(azure_host(self._folder / "azure"))

    @cached_property
    def ssh(self) -> dict[str, str]:
        (self._folder / "ssh").mkdir()
        return self._running.enter_context(ssh_host(self._folder / "ssh"))

    @cached_property
    def rclone_sftp(self) -> dict[str, str]:
        (self._folder / "rclone-sftp").mkdir()
        return self._running.enter_context(rclone_sftp_host(self._folder / "rclone-sftp"))

    @cached_property
    def webdav(self) -> dict[str, str]:
        (self._folder / "webdav").mkdir()
        return self._running.enter_context(webdav_host(self._folder / "webdav"))

    def case(self, name: str, place: Path) -> Case:
        match name:
            case "file" | "file, atomic":
                return folder_case(place)._replace(atomic=name != "file")
            case "s3":
                return s3_case(place, self.s3)
            case "gs":
                return gs_case(place, self.gcs)
            case "az":
                return az_case(place, self.azure)
            case "git+file":
                return git_case(place, f"git+file://{place / 'site.git'}", {"PATH": os.environ["PATH"]})
            case "git+ssh":
                at = f"git+ssh://{self.ssh['USER']}@127.0.0.1:{self.ssh['PORT']}{place / 'site.git'}"
                return git_case(place, at, self.ssh)
            case "sftp" | "sftp, atomic":
                at = f"sftp://{self.ssh['USER']}@127.0.0.1:{self.ssh['PORT']}{place / 'mirror'}"
                at_once, mirror = name != "sftp", place / "mirror"
                return Case(at, folder_reader(mirror), self.ssh, place, atomic=at_once, mirror=mirror)
            case "sftp, by rclone":
                folder, files = token_hex(4), self._folder / "rclone-sftp/files"
                at, environ = f"sftp://me@127.0.0.1:{self.rclone_sftp['PORT']}/{folder}", self.rclone_sftp
                return Case(at, folder_reader(files / folder), environ, place, mirror=files / folder)
            case "rclone":
                folder = token_hex(4)
                mirror = self._folder / "webdav" / "files" / folder / "archive"
                at, read = f"rclone:tests:{folder}/archive", folder_reader(mirror)
                return Case(at, read, self.webdav, place, slow=True, mirror=mirror)
        raise AssertionError(name)


def s3_case(place: Path, address: str) -> Case:
    """A new bucket."""
    environ = {
        "AWS_ACCESS_KEY_ID": "a-key-of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
        "AWS_ENDPOINT_URL": address,
    }
    bucket = f"bucket-{token_hex(6)}"
    made = urllib3.request("PUT", f"{address}/{bucket}", headers={"x-amz-acl": "public-read"})
    assert made.status == 200, made.data
    return Case(
        f"s3://{bucket}/archive", web_reader(f"{address}/{bucket}/archive"), environ, place, slow=True
    )


def gs_case(place: Path, address: str) -> Case:
    """A new bucket. A key of this kind points obstore at a store that is not Google's."""
    bucket = f"bucket-{token_hex(6)}"
    account = {"gcs_base_url": address, "disable_oauth": True, "client_email": "", "private_key_id": ""}
    key = json.dumps({**account, "private_key": ""})
    read = web_reader(f"{address}/{bucket}/archive")
    return Case(f"gs://{bucket}/archive", read, {"GOOGLE_SERVICE_ACCOUNT_KEY": key}, place, slow=True)


def az_case(place: Path, address: str) -> Case:
    container = f"container-{token_hex(6)}"
    azure_container(address, container)
    environ = {
        "AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
        "AZURE_STORAGE_ENDPOINT": address,
    }
    read = web_reader(f"{address}/{container}/archive")
    return Case(f"az://{container}/archive", read, environ, place, slow=True)
