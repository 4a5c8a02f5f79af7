"""Real hosts for tests of publishing, started on loopback when a test first needs them."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.outputs import ROOT


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    assert isinstance(port, int)
    return port


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends; it must listen on `port` within a minute."""
    with log.open("wb") as told:
        server = subprocess.Popen(command, stdout=told, stderr=told, stdin=subprocess.DEVNULL)
    try:
        for _ in range(600):
            assert server.poll() is None, log.read_text(errors="replace")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise AssertionError(log.read_text(errors="replace"))
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


#: One request at a time: moto looks at a condition first and writes then, and real stores do both at once.
_S3 = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
"""


@contextlib.contextmanager
def s3_host(log: Path) -> Iterator[str]:
    """A store that speaks S3, conditional writes included: moto's server. Gives its address."""
    port = free_port()
    with serving([sys.executable, "-c", _S3, str(port)], port, log):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def gcs_host(log: Path) -> Iterator[str]:
    """A store that speaks as Google Cloud Storage does. Gives its address."""
    port = free_port()
    with serving([sys.executable, "-m", "tests.gcs", str(port)], port, log):
        yield f"http://127.0.0.1:{port}"


#: The account that Azurite always has; its key is no secret.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@contextlib.contextmanager
def azure_host(folder: Path) -> Iterator[str]:
    """Azurite, Microsoft's own emulator of Azure's store. Gives the address of its one account."""
    program = ROOT / "tests/audit/node_modules/.bin/azurite-blob"
    if not program.exists():
        pytest.skip("install Azurite: make audit-tools")
    port = free_port()
    options = ("--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry")
    command = [str(program), "--blobHost", "127.0.0.1", "--blobPort", str(port), *options]
    with serving(command, port, folder / "log"):
        yield f"http://127.0.0.1:{port}/{AZURE_ACCOUNT}"


def azure_container(address: str, name: str) -> None:
    """Make a container from which everybody may read."""
    account = f"account={AZURE_ACCOUNT},key='{AZURE_KEY}',endpoint='{address}'"
    made = [rclone(), "--config", "", "mkdir", "--azureblob-public-access", "container"]
    subprocess.run([*made, f":azureblob,{account}:{name}"], check=True, capture_output=True)


def rclone() -> str:
    return shutil.which("rclone") or str(Path(sys.executable).with_name("rclone"))


def found(program: str, package: str) -> str:
    """Where a program is; without it the test is skipped, which CI does not allow."""
    # Servers lie where only root has them on the PATH.
    place = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if place is None:
        pytest.skip(f"install {program}: apt install {package}")
    return place


def ssh_keys(folder: Path, port: int) -> dict[str, str]:
    """Throw-away keys for a host and for its user. Gives the environment of the user."""
    keygen = found("ssh-keygen", "openssh-client")
    for name in ("host", "user"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    return {
        "PORT": str(port),
        "USER": getpass.getuser(),
        "SSH_KEY": str(folder / "user"),
        "SSH_KNOWN_HOSTS": str(folder / "known"),
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
    }


@contextlib.contextmanager
def rclone_sftp_host(folder: Path) -> Iterator[dict[str, str]]:
    """rclone's server of SFTP over `folder`/files. Gives its PORT, and the environment of its user."""
    (folder / "files").mkdir()
    port = free_port()
    environ = ssh_keys(folder, port)
    keys = ("--key", str(folder / "host"), "--authorized-keys", str(folder / "user.pub"))
    command = [rclone(), "serve", "sftp", "--addr", f"127.0.0.1:{port}", "--config", "", *keys]
    with serving([*command, str(folder / "files")], port, folder / "log"):
        yield environ


@contextlib.contextmanager
def ssh_host(folder: Path) -> Iterator[dict[str, str]]:
    """An OpenSSH server that knows one throw-away key. Gives its PORT, and the environment of its user."""
    server = found("sshd", "openssh-server")
    port = free_port()
    environ = ssh_keys(folder, port)
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "MaxStartups": "100",
        "Subsystem": "sftp internal-sftp",
    }
    (folder / "config").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with serving([server, "-D", "-e", "-f", str(folder / "config")], port, folder / "log"):
        yield environ


WEBDAV_PASSWORD = "a-password-of-the-tests"


def obscured(password: str) -> str:
    """A password as rclone wants it in its settings."""
    return (
        subprocess.run([rclone(), "obscure", password], check=True, capture_output=True)
        .stdout.decode()
        .strip()
    )


@contextlib.contextmanager
def webdav_host(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """A WebDAV server over `folder`/files, as rclone serves it.

    Gives the environment in which rclone knows it as the remote `tests`.
    """
    (folder / "files").mkdir()
    port = free_port()
    command = [
        rclone(),
        "serve",
        "webdav",
        "--addr",
        f"127.0.0.1:{port}",
        "--config",
        "",
        "--user",
        "tests",
        "--pass",
        WEBDAV_PASSWORD,
        *options,
        str(folder / "files"),
    ]
    with serving(command, port, folder / "log"):
        yield {
            "RCLONE_CONFIG": str(folder / "none.conf"),
            "RCLONE_CONFIG_TESTS_TYPE": "webdav",
            "RCLONE_CONFIG_TESTS_VENDOR": "rclone",
            "RCLONE_CONFIG_TESTS_URL": f"http://127.0.0.1:{port}",
            "RCLONE_CONFIG_TESTS_USER": "tests",
            "RCLONE_CONFIG_TESTS_PASS": obscured(WEBDAV_PASSWORD),
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
        }
