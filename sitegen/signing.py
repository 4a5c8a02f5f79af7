"""Who made a copy: Ed25519 signatures in the format of minisign (https://jedisct1.github.io/minisign/).

Every other tool that reads the format can check them, and the same key and bytes give the same signature,
since no time is in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.errors import Problem, SiteError, told
from sitegen.extras import extra
from sitegen.manifest import MANIFEST

SIGNATURE = f"{MANIFEST}.minisig"

#: Where the public key lies in the output, for those who look for it: it is a file of the content.
PUBLIC_KEY = "minisign.pub"

#: The environment variables that may hold the secret key, or name the file that does.
KEY, KEY_FILE = "SITEGEN_KEY", "SITEGEN_KEY_FILE"

_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "
_OURS = "signature of a sitegen manifest"
_PLAIN, _HASHED, _CHECKSUM, _NO_PASSWORD = b"Ed", b"ED", b"B2", b"\0\0"


class PublicKey(NamedTuple):
    id: bytes  #: eight bytes that tell keys apart
    key: bytes  #: 32 bytes (RFC 8032)

    @property
    def name(self) -> str:
        """Its id as minisign writes it: 16 hex digits."""
        return self.id[::-1].hex().upper()

    @property
    def text(self) -> str:
        """The one line that others need: `RWQ…`."""
        return base64.b64encode(_PLAIN + self.id + self.key).decode()

    @property
    def file(self) -> str:
        return f"{_UNTRUSTED}minisign public key {self.name}\n{self.text}\n"


class SecretKey(NamedTuple):
    id: bytes
    seed: bytes  #: 32 bytes (RFC 8032)

    def __repr__(self) -> str:
        return "SecretKey(…)"

    @property
    def public(self) -> PublicKey:
        private = _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)
        return PublicKey(self.id, private.public_key().public_bytes_raw())

    @property
    def file(self) -> str:
        """The file that minisign writes for a key without a password."""
        pair = self.id + self.seed + self.public.key
        checksum = hashlib.blake2b(_PLAIN + pair, digest_size=32).digest()
        whole = _PLAIN + _NO_PASSWORD + _CHECKSUM + bytes(48) + pair + checksum
        return f"{_UNTRUSTED}minisign secret key, without a password\n{base64.b64encode(whole).decode()}\n"


def new_key() -> SecretKey:
    return SecretKey(os.urandom(8), os.urandom(32))


def secret_key(text: str) -> SecretKey:
    """Read a secret key of minisign's; raises ValueError with what is wrong, never with the key."""
    try:
        whole = base64.b64decode(_last_line(text), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("holds no secret key of minisign's") from None
    if len(whole) != 158 or whole[:2] != _PLAIN:
        raise ValueError("holds no secret key of minisign's")
    if whole[2:4] != _NO_PASSWORD:
        raise ValueError("holds a key that is locked by a password")
    pair = whole[54:126]
    # Without a password, minisign leaves the checksum out.
    if whole[126:] not in (hashlib.blake2b(_PLAIN + pair, digest_size=32).digest(), bytes(32)):
        raise ValueError("holds a damaged key")
    return SecretKey(pair[:8], pair[8:40])


def public_key(text: str) -> PublicKey:
    """Read a public key, with or without its line of comment; raises ValueError."""
    try:
        whole = base64.b64decode(_last_line(text), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("holds no public key of minisign's") from None
    if len(whole) != 42 or whole[:2] != _PLAIN:
        raise ValueError("holds no public key of minisign's")
    return PublicKey(whole[2:10], whole[10:])


def key_given(environ: Mapping[str, str]) -> SecretKey | None:
    """The secret key that the environment holds or names; raises SiteError if it is none."""
    text, variable = environ.get(KEY, ""), KEY
    if not text:
        variable, path = KEY_FILE, environ.get(KEY_FILE, "")
        if not path:
            return None
        with told(f"the file that {KEY_FILE} names can not be read"):
            text = Path(path).read_text(encoding="utf-8", errors="replace")
    try:
        return secret_key(text)
    except ValueError as error:
        hint = "set it to what `sitegen keys new` made; `minisign -C -W` takes a password off a key"
        raise SiteError([Problem(message=f"{variable} {error}", hint=hint)]) from None


def sign(data: bytes, key: SecretKey) -> bytes:
    """The signature of `data`, prehashed with BLAKE2b as minisign has it."""
    signer = _ed25519().Ed25519PrivateKey.from_private_bytes(key.seed)
    signature = signer.sign(hashlib.blake2b(data).digest())
    return _render(key.id, signature, _OURS, signer.sign(signature + _OURS.encode()))


def _render(id_: bytes, signature: bytes, comment: str, whole: bytes) -> bytes:
    return (
        f"{_UNTRUSTED}checked by `sitegen verify` or `minisign -V`\n"
        f"{base64.b64encode(_HASHED + id_ + signature).decode()}\n"
        f"{_TRUSTED}{comment}\n{base64.b64encode(whole).decode()}\n"
    ).encode()


def signature_fault(data: bytes, signature: bytes, key: PublicKey) -> str:
    """What is wrong with the signature of `data` by `key`; "" if nothing is."""
    try:
        first, second, third, fourth = signature.decode().removesuffix("\n").split("\n")
        signed = base64.b64decode(second, validate=True)
        whole = base64.b64decode(fourth, validate=True)
        comment = third.removeprefix(_TRUSTED)
        canonical = [base64.b64encode(signed).decode(), base64.b64encode(whole).decode()] == [second, fourth]
        sound = first.startswith(_UNTRUSTED) and comment != third and canonical
    except ValueError:
        return "is damaged"
    if not sound or signed[:2] not in (_PLAIN, _HASHED) or (len(signed), len(whole)) != (74, 64):
        return "is damaged"
    if comment == _OURS and _render(signed[2:10], signed[10:], comment, whole) != signature:
        return "is damaged"
    if signed[2:10] != key.id:
        return f"is by another key ({PublicKey(signed[2:10], b'').name}, not {key.name})"
    checker = _ed25519().Ed25519PublicKey.from_public_bytes(key.key)
    invalid: type[Exception] = extra("cryptography.exceptions", "signing").InvalidSignature
    try:
        checker.verify(signed[10:], hashlib.blake2b(data).digest() if signed[:2] == _HASHED else data)
        checker.verify(whole, signed[10:] + comment.encode())
    except invalid:
        return "does not fit: the manifest or the signature was changed"
    return ""


def sign_output(output: Path, key: SecretKey | None) -> bool:
    """Sign the manifest of an output. Without a key, a signature that an older manifest had is taken away.

    Returns whether it is signed now.
    """
    place = output / SIGNATURE
    with told("the signature can not be written"):
        if key is None:
            place.unlink(missing_ok=True)
            return False
        signature = sign((output / MANIFEST).read_bytes(), key)
        if not place.is_file() or place.read_bytes() != signature:
            place.write_bytes(signature)
        return True


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""


def _ed25519() -> Any:
    return extra("cryptography.hazmat.primitives.asymmetric.ed25519", "signing")
