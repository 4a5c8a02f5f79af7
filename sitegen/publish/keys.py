"""A new key pair: the secret half for one person, the public half for the site."""

from __future__ import annotations

import os
from pathlib import Path

from sitegen.errors import Problem, SiteError, told
from sitegen.find import CONTENT
from sitegen.signing import PUBLIC_KEY, PublicKey, new_key


def create(secret: Path, site: Path) -> PublicKey:
    """Write a new secret key to `secret` and its public half into the site's content.

    Raises SiteError rather than overwrite a key, or put the secret one where it would be published.
    """
    public = site / CONTENT / PUBLIC_KEY
    if secret.resolve().is_relative_to(site.resolve()):
        message = f"{secret} lies in the site, from where a secret key is easily published"
        raise SiteError([Problem(message=message, hint="name a file elsewhere")])
    there = [str(path) for path in (secret, public) if path.exists()]
    if there:
        hint = "name another file, or move the old key away; mirrors know the site by it"
        raise SiteError(Problem(message=f"{path} is there already", hint=hint) for path in there)
    key = new_key()
    with told("the key can not be written"):
        secret.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.file)
        public.parent.mkdir(parents=True, exist_ok=True)
        public.write_text(key.public.file, encoding="utf-8")
    return key.public
