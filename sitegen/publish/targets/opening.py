"""An address -> the target that it means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitegen.manifest import sha256
from sitegen.places import Place
from sitegen.publish.targets import Target
from sitegen.publish.targets.folder import Folder


def open_target(
    place: Place, site: Path, name: str, environ: Mapping[str, str], *, at_once: bool = False
) -> Target:
    """Open a target of the site in the folder `site`; raises SiteError where that is not possible.

    `environ` is where it finds its credentials.
    """
    match place.scheme:
        case "file":
            return Folder(site / place.path, at_once=at_once)
        case "s3" | "gs" | "az":
            from sitegen.publish.targets.bucket import Bucket

            return Bucket(place, environ)
        case "sftp":
            from sitegen.publish.targets.sftp import Sftp

            return Sftp(place, environ, at_once=at_once)
        case "git+ssh" | "git+file":
            from sitegen.publish.targets.git import GitBranch

            return GitBranch(
                place, site / ".sitegen" / "publish" / f"{sha256(name.encode())[:12]}.git", environ
            )
        case "rclone":
            from sitegen.publish.targets.rclone import Rclone

            return Rclone(place, environ)
    raise AssertionError(place.scheme)


def environment_of(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of one target: SITEGEN_NAME_X wins over X, so each can have credentials of its own."""
    prefix = f"SITEGEN_{name.upper().replace('-', '_')}_"
    own = {key.removeprefix(prefix): value for key, value in environ.items() if key.startswith(prefix)}
    return {**environ, **own}
