"""Pages that can be searched -> a Pagefind bundle, made only when their text has changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sitegen.errors import Problem, SiteError, told
from sitegen.manifest import parse_manifest, render_manifest, sha256_of_file
from sitegen.versions import INDEXING, versions

#: The pointer to all other files of a bundle: published last, since they are named by their hash.
ENTRY = "pagefind-entry.json"

#: Marks the part of a page that is searched.
_MARK = b"data-pagefind-body"

_BODY = re.compile(rb"<([a-zA-Z0-9-]+)[^>]*\s" + _MARK)


def indexed_part(html: bytes) -> bytes:
    """The part of a page that Pagefind reads: from its first data-pagefind- mark to the body's end."""
    mark = html.find(_MARK)
    if mark < 0:
        return b""
    # To look for the tag from its mark is far quicker than to look at every tag.
    body = _BODY.match(html, html.rfind(b"<", 0, mark)) or _BODY.search(html)
    if body is None:
        return b""
    end = max(html.rfind(b"</" + body[1] + b">"), html.rfind(b"data-pagefind-"))
    stop = html.find(b">", end) + 1
    start = html.rfind(b"<", 0, html.find(b"data-pagefind-"))
    opening = html[: html.find(b">", html.find(b"<html")) + 1]
    return opening + html[start : stop or None]


def index(pages: Mapping[str, Path], digests: Mapping[str, str], store: Path) -> dict[str, Path]:
    """Index `pages` (output path -> file that holds its bytes), whose indexed parts have `digests`.

    The bundle lies in `store` and is kept while neither the digests nor Pagefind have changed. Returns
    the bundle's files by their name. Raises SiteError when Pagefind fails.
    """
    if not pages:
        return {}
    folder = store / "search"
    key = _key(digests)
    bundle = folder / "bundle"
    if not _is_whole(folder, key):
        with told("the search index can not be made"):
            (folder / "key").unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            _link(pages, folder / "pages")
            _run_pagefind(folder / "pages", bundle)
            shutil.rmtree(folder / "pages")
            (folder / "manifest").write_bytes(
                render_manifest({name: sha256_of_file(path) for name, path in _files(bundle)})
            )
            (folder / "key").write_text(key)
    files = sorted(_files(bundle), key=lambda file: (file[0] == ENTRY, file[0]))
    return dict(files)


def _key(digests: Mapping[str, str]) -> str:
    whole = hashlib.sha256("\0".join(versions(INDEXING)).encode())
    for path, digest in sorted(digests.items()):
        whole.update(f"{path}\0{digest}\0".encode())
    return whole.hexdigest()


def _is_whole(folder: Path, key: str) -> bool:
    """Whether the bundle in `folder` was made for `key` and has suffered no harm since."""
    try:
        if (folder / "key").read_text() != key:
            return False
        manifest = parse_manifest((folder / "manifest").read_bytes())
        return manifest == {name: sha256_of_file(path) for name, path in _files(folder / "bundle")}
    except (OSError, UnicodeDecodeError):
        return False


def _files(bundle: Path) -> Iterator[tuple[str, Path]]:
    return ((path.relative_to(bundle).as_posix(), path) for path in bundle.rglob("*") if path.is_file())


def _link(pages: Mapping[str, Path], folder: Path) -> None:
    """Show Pagefind a site of nothing but the pages it is to index."""
    for path, source in pages.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def _run_pagefind(site: Path, bundle: Path) -> None:
    from pagefind_bin import get_executable

    try:
        command = [str(get_executable()), "--site", str(site), "--output-path", str(bundle)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except (FileNotFoundError, PermissionError) as error:
        raise _failed(str(error), "reinstall it: pip install --force-reinstall pagefind-bin") from None
    if run.returncode != 0 or not (bundle / ENTRY).is_file():
        told_by_it: Iterable[str] = (run.stderr or run.stdout).strip().splitlines()[-3:]
        raise _failed(" ".join(told_by_it) or f"exit status {run.returncode}", "build with --no-search")


def _failed(message: str, hint: str) -> SiteError:
    return SiteError([Problem(message=f"Pagefind could not index the site: {message}", hint=hint)])
