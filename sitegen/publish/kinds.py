"""What a file of the output is, told by its path alone: when it is published, and how it is served."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import IntEnum
from pathlib import PurePosixPath

from sitegen.manifest import MANIFEST
from sitegen.plan import BUNDLE
from sitegen.search import ENTRY
from sitegen.signing import SIGNATURE

#: What a target holds beside the files of the manifest, and who is publishing there.
STATE = ".sitegen-publish.json"

#: Files of ours that no manifest names.
OWN = (MANIFEST, SIGNATURE, STATE)

_HASHED = re.compile(
    rf"assets/[0-9a-f]{{6,}}/.|{BUNDLE}/(fragment|index|filter|sort)/.|{BUNDLE}/.*\.pf_meta$"
)
_FEEDS = re.compile(r"(^|/)feed\.(xml|json)$|^sitemap(-\d+)?\.xml$")


class Phase(IntEnum):
    """The order of a publish: whatever a file refers to is there before the file is."""

    HASHED = 1  #: named by their content, so nobody sees them before a page names them
    FILES = 2  #: new pictures and the like
    PAGES = 3  #: new pages
    RESUMED = 4  #: new files that a publish which was stopped may have brought
    CHANGED = 5
    LISTS = 6  #: changed lists and feeds
    SEARCH = 7  #: what the search loads first
    ENTRY = 8  #: its pointer to all its other files


def phase_of(path: str, *, new: bool, folders: Collection[str]) -> Phase:
    """When a file is to be published; `folders` are those that hold more than their index.html."""
    if _HASHED.match(path):
        return Phase.HASHED
    if path == f"{BUNDLE}/{ENTRY}":
        return Phase.ENTRY
    if path.startswith(f"{BUNDLE}/"):
        return Phase.SEARCH
    if new:
        return Phase.PAGES if path.endswith(".html") else Phase.FILES
    lists = path.endswith("index.html") and str(PurePosixPath(path).parent) in folders
    return Phase.LISTS if lists or _FEEDS.search(path) else Phase.CHANGED


def folders_of(paths: Collection[str]) -> frozenset[str]:
    """Folders that hold more than their index.html: their pages are lists."""
    held = (PurePosixPath(path) for path in paths if not path.endswith("/index.html"))
    listed = (PurePosixPath(path).parent for path in paths if path.endswith("/index.html"))
    return frozenset({".", *(str(one.parent) for one in held), *(str(one.parent) for one in listed)})


_TYPES: Mapping[str, str] = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".epub": "application/epub+zip",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pub": "text/plain; charset=utf-8",
    ".minisig": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def content_type(path: str) -> str:
    """The media type of a file (RFC 9110, 8.3)."""
    name = PurePosixPath(path)
    if name.name == "feed.xml":
        return _TYPES[".atom"]
    if name.name == "feed.json":
        return "application/feed+json"
    return _TYPES.get(name.suffix.lower(), "application/octet-stream")


#: Kept for ever, since its name would change with it (RFC 8246).
FOR_EVER = "public, max-age=31536000, immutable"
#: Asked for anew each time; an unchanged file is not sent again.
EACH_TIME = "public, max-age=0, must-revalidate"
#: Pictures and files, which hardly ever change.
A_DAY = "public, max-age=86400"


def cache_control(path: str) -> str:
    """How long browsers may keep a file (RFC 9111)."""
    if _HASHED.match(path):
        return FOR_EVER
    text = content_type(path).startswith(("text/", "application/"))
    return EACH_TIME if text or path.startswith(f"{BUNDLE}/") else A_DAY
