"""Signatures: minisign itself takes them, and finds what is wrong with them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.manifest import MANIFEST
from sitegen.signing import SIGNATURE, SecretKey, new_key, public_key, secret_key, sign, signature_fault
from tests.publishing import make_output
from tests.sites import build, make_site, post, run

KEY = SecretKey(b"12345678", bytes(range(32)))


def minisign(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = shutil.which("minisign")
    if command is None:
        pytest.skip("install minisign: apt install minisign")
    return subprocess.run([command, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_minisign_takes_our_signature_and_refuses_a_changed_manifest(tmp_path: Path) -> None:
    make_output(tmp_path, {"index.html": "x"})
    (tmp_path / SIGNATURE).write_bytes(sign((tmp_path / MANIFEST).read_bytes(), KEY))
    good = minisign("-Vm", MANIFEST, "-P", KEY.public.text, cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, ""), good.stderr
    assert "verified" in good.stdout
    (tmp_path / MANIFEST).write_bytes(b"x" + (tmp_path / MANIFEST).read_bytes())
    assert minisign("-Vm", MANIFEST, "-P", KEY.public.text, cwd=tmp_path).returncode == 1


def test_minisign_signs_with_our_key_and_we_with_its(tmp_path: Path) -> None:
    (tmp_path / "ours").write_text(KEY.file)
    (tmp_path / "file").write_bytes(b"words")
    done = minisign("-Sm", "file", "-s", "ours", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert signature_fault(b"words", (tmp_path / "file.minisig").read_bytes(), KEY.public) == ""
    done = minisign("-GW", "-s", "theirs", "-p", "theirs.pub", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    theirs = secret_key((tmp_path / "theirs").read_text())
    assert theirs.public == public_key((tmp_path / "theirs.pub").read_text())
    # minisign leaves out the zeros in front.
    assert f"key {theirs.public.name.lstrip('0')}\n" in (tmp_path / "theirs.pub").read_text()


def test_the_same_key_and_bytes_give_the_same_signature() -> None:
    assert sign(b"words", KEY) == sign(b"words", KEY)
    assert new_key() != new_key()
    assert secret_key(KEY.file) == KEY
    assert public_key(KEY.public.file) == KEY.public == public_key(KEY.public.text)


@given(st.integers(min_value=0), st.booleans())
def test_every_flipped_bit_is_found(bit: int, in_signature: bool) -> None:
    data, signature = b"the words of a manifest", sign(b"the words of a manifest", KEY)
    harmed = bytearray(signature if in_signature else data)
    bit %= len(harmed) * 8
    harmed[bit // 8] ^= 1 << bit % 8
    pair = (data, bytes(harmed)) if in_signature else (bytes(harmed), signature)
    assert signature_fault(*pair, KEY.public) != ""
    assert signature_fault(data, signature, KEY.public) == ""


@pytest.mark.parametrize("text", ["", "x", "RWQ=", KEY.public.text, KEY.file.replace("A", "B", 9)])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"^holds ") as caught:
        secret_key(text)
    assert not text or text not in str(caught.value)


def test_a_build_signs_with_the_key_of_the_environment_and_drops_an_old_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path / "site", {"content/posts/a.md": post()})
    signature = site / "output" / SIGNATURE
    build(site)
    assert not signature.exists()
    monkeypatch.setenv("SITEGEN_KEY", KEY.file)
    build(site)
    manifest = (site / "output" / MANIFEST).read_bytes()
    assert signature_fault(manifest, signature.read_bytes(), KEY.public) == ""
    monkeypatch.delenv("SITEGEN_KEY")
    build(site)
    assert signature.exists(), "it still fits"
    make_site(site, {"content/posts/b.md": post("Another")})
    build(site)
    assert not signature.exists()


def test_a_key_that_can_not_be_used_stops_the_build_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path / "site", {"content/posts/a.md": post()})
    monkeypatch.setenv("SITEGEN_KEY", "SECRETSECRET")
    done = run(site, "build", "--no-search")
    assert done.status == 1
    assert "SITEGEN_KEY holds no secret key" in done.err
    assert "SECRETSECRET" not in done.out + done.err
    monkeypatch.delenv("SITEGEN_KEY")
    monkeypatch.setenv("SITEGEN_KEY_FILE", str(tmp_path / "nowhere"))
    assert "the file that SITEGEN_KEY_FILE names can not be read" in run(site, "build", "--no-search").err


def test_a_new_key_is_for_one_person_and_overwrites_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"content/posts/a.md": post()})
    secret = tmp_path / "keys" / "secret"
    done = run(site, "keys", "new", str(secret))
    assert done.status == 0, done.err
    key = secret_key(secret.read_text())
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (site / "content/minisign.pub").read_text() == key.public.file
    assert secret.read_text().splitlines()[-1] not in done.out + done.err
    assert "is there already" in run(site, "keys", "new", str(secret)).err
    assert secret_key(secret.read_text()) == key
    assert "lies in the site" in run(site, "keys", "new", str(site / "secret")).err
