"""Pages and files -> answers of the server: their types, their ETags, and the script that pages get."""

from __future__ import annotations

import json
import mimetypes
import os
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from sitegen.errors import Problem
from sitegen.identity import digest
from sitegen.model import Page
from sitegen.preview.shelf import Kept
from sitegen.preview.told import editor_link
from sitegen.why import in_words

SCRIPT = "/_sitegen/preview.js"

#: Types by suffix where Python's own table lacks one; the system's tables are left out, which differ.
_TYPES = mimetypes.MimeTypes(filenames=())
for _suffix, _kind in {
    ".avif": "image/avif",
    ".css": "text/css",
    ".epub": "application/epub+zip",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".opus": "audio/ogg",
    ".pagefind": "application/octet-stream",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}.items():
    _TYPES.add_type(_kind, _suffix)

_TYPES_OF_PAGES = {"atom": "application/atom+xml", "jsonfeed": "application/feed+json"}

#: One range of bytes: from, to; from; or the last ones.
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")

#: Kept by the browser, but asked for each time whether it is still the same (RFC 9111).
_HEADERS = {"cache-control": "no-cache"}


def type_of(name: str) -> str:
    """The media type of a file by its name, with the charset where it is text."""
    kind, packed = _TYPES.guess_type(name.lower(), strict=False)
    return _with_charset("application/octet-stream" if packed or kind is None else kind)


def _with_charset(kind: str) -> str:
    is_text = kind.startswith("text/") or kind.endswith(("xml", "json"))
    return f"{kind}; charset=utf-8" if is_text and "charset" not in kind else kind


def page_answer(request: Request, kept: Kept, data: bytes, status: int = 200, mark: str = "") -> Response:
    """A page that is rendered; `data` is what is sent of it, `mark` tells two ways of sending it apart."""
    kind = _TYPES_OF_PAGES.get(kept.page.kind) or type_of(kept.page.path)
    headers = _HEADERS | {"etag": f'"{kept.etag}{mark}"', "content-type": _with_charset(kind)}
    return _sent(request, data, headers) if status == 200 else Response(data, status, headers)


def file_answer(request: Request, file: Path, name: str) -> Response:
    """A file that is copied as it is, or parts of it (RFC 9110, 14). Raises OSError when it is gone."""
    stat = file.stat()
    answer = FileResponse(file, headers=_HEADERS | {"content-type": type_of(name)}, stat_result=stat)
    if _is_known(request, answer.headers["etag"]):
        known = {name: answer.headers[name] for name in ("etag", "cache-control", "last-modified")}
        return Response(status_code=304, headers=known)
    return answer


def bytes_answer(request: Request, data: bytes, name: str) -> Response:
    """What was made of a file: a style sheet of the theme's settings, a smaller picture."""
    return _sent(request, data, _HEADERS | {"etag": f'"{digest(data)}"', "content-type": type_of(name)})


def _sent(request: Request, data: bytes, headers: Mapping[str, str]) -> Response:
    """All of `data`; the one part that is asked for (RFC 9110, 14.2); or nothing, if the browser has it."""
    if _is_known(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers = {**headers, "accept-ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    first, last = asked.groups() if asked and request.method == "GET" else ("", "")
    is_other = request.headers.get("if-range", headers["etag"]) != headers["etag"]
    if is_other or not (first or last) or (first and last and int(first) > int(last)):
        return Response(data, headers=headers)
    start = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last) + 1, len(data)) if first and last else len(data)
    if start >= end:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {start}-{end - 1}/{len(data)}"
    return Response(data[start:end], 206, headers)


def _is_known(request: Request, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in tags or tags == ["*"]


def not_found() -> Response:
    return PlainTextResponse("There is no such page.\n", status_code=404, headers=_HEADERS)


def with_script(html: bytes, values: Mapping[str, str]) -> bytes:
    """A page with the preview's script at its end, which is told `values`."""
    tag = script_tag(values).encode()
    place = html.rfind(b"</body>")
    return html[:place] + tag + html[place:] if place >= 0 else html + tag


def script_tag(values: Mapping[str, str]) -> str:
    told = "".join(f' data-{name}="{escape(value)}"' for name, value in values.items() if value)
    return f'<script defer src="{SCRIPT}"{told}></script>'


def values_of(
    kept: Kept, site: Path, source: str, *, draft: bool, links: bool, warnings: Iterable[Problem]
) -> dict[str, str]:
    """What the script of a page is told about it; with `links`, where its source lies on this machine."""
    told = [f"line {one.line}: {one.message}" if one.line else one.message for one in warnings]
    return {
        "etag": kept.etag,
        "kind": kept.page.kind,
        "source": source,
        "editor": editor_link(site / source) if source and links else "",
        "path": str(site / source) if source and links else "",
        "ms": f"{kept.ms:.0f}" if kept.ms >= 1 else "under 1",
        "why": _reason(kept.why),
        "draft": "yes" if draft else "",
        "warnings": json.dumps(told, ensure_ascii=False) if told else "",
    }


def source_of_page(kept: Kept) -> str:
    """The text that a page shows: that of the body it asked for."""
    if kept.page.kind not in ("post", "term", "section", "taxonomy"):
        return ""
    asked = (json.loads(question) for question in kept.trace)
    return next((f"content/{args[0]}" for _, name, *args in asked if name == "body"), "")


def _reason(question: str) -> str:
    """What has changed, for which a page was rendered again."""
    known = {"": "", "shape": "the theme or the settings changed", "plan": "pages came or went"}
    if question in known:
        return known[question]
    words, _, _language = in_words(question).rpartition(" [")
    return f"{words} changed"


def lies_in(file: str, folder: str) -> bool:
    """Whether a file is really in a folder, links followed."""
    return os.path.realpath(file).startswith(os.path.realpath(folder) + os.sep)


def path_of(asked: str) -> str:
    """The output path of an address that is asked for."""
    return asked[1:] + "index.html" if asked.endswith("/") else asked[1:]


def is_html(page: Page) -> bool:
    return page.path.endswith((".html", ".htm")) or "." not in page.path.rpartition("/")[2]
