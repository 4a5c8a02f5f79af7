"""Secrets come from the environment and go to the library that needs them, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASSW|PASS$|SAS|CREDENTIAL|SIGNATURE|AUTH", re.IGNORECASE)

#: What to do about a host whose key nobody has accepted yet.
HOST_UNKNOWN = "log in by hand once: ssh shows its key, and keeps it"

#: Shorter values would blot out parts of ordinary words.
_SHORTEST = 4


def scrub(text: str, environ: Mapping[str, str]) -> str:
    """What a library says, on one line, without any secret that it was given."""
    for name, value in environ.items():
        if _SECRET.search(name) and len(value) >= _SHORTEST:
            text = text.replace(value, "…")
    # Addresses that were signed for one request, and user:password@host.
    text = re.sub(r"(?i)([?&](?:sig|signature|x-amz-[a-z-]+|token)=)[^&\s\"']+", r"\1…", text)
    text = re.sub(r"//[^/@\s]*:[^/@\s]*@", "//…@", text)
    text = " ".join(text.split())
    return text if len(text) <= 300 else text[:299] + "…"
