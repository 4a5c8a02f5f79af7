"""What a person names as a copy, and the key they trust."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import Problem, SiteError, told
from sitegen.find import CONTENT
from sitegen.places import place_of
from sitegen.publish.patience import Patient
from sitegen.publish.targets.folder import Folder
from sitegen.publish.targets.opening import environment_of, open_target
from sitegen.publish.web import Web
from sitegen.settings import read_config
from sitegen.signing import PUBLIC_KEY, PublicKey, public_key


def copy_at(place: str, site: Path, environ: Mapping[str, str]) -> Patient | Web:
    """The copy that a folder, an address or the name of a target means; raises SiteError for none."""
    if place.startswith(("http://", "https://")):
        return Web(place)
    targets = read_config(site)[0].publish
    to = targets[place].to if place in targets else place
    if place not in targets and Path(place).is_dir():
        return Patient(Folder(Path(place)))
    try:
        address = place_of(to)
    except ValueError as error:
        message, hint = f'"{place[:80]}" is no folder, no target of this site, and no address', str(error)
        if place in targets or ":" in place:
            message, hint = f"the address can not be read: {error}", ""
        else:
            hint = "name a folder, https://…, " + " or ".join(targets or ("s3://…",))
        raise SiteError([Problem(message=message, hint=hint)]) from None
    return Patient(open_target(address, site, place, environment_of(place, environ)))


def trusted_key(given: str | None, site: Path) -> PublicKey | None:
    """The public key that a person gives, as text or as a file, or that the site has; None without either."""
    place = site / CONTENT / PUBLIC_KEY
    text = given or ""
    if given is None and not place.is_file():
        return None
    if given is None or Path(given).is_file():
        with told("the public key can not be read"):
            text = (place if given is None else Path(given)).read_text(encoding="utf-8", errors="replace")
    try:
        return public_key(text)
    except ValueError:
        where = CONTENT + "/" + PUBLIC_KEY if given is None else "--key"
        hint = "a public key of minisign's begins with RW and has 56 characters"
        raise SiteError([Problem(message=f"{where} holds no public key", hint=hint)]) from None
