"""A store that speaks Google Cloud Storage's XML API, as far as publishing needs it, in memory.

No emulator on PyPI or npm does: fake-gcs-server and gcp-storage-emulator speak the JSON API, obstore the XML
one. So this one is written after Google's reference (https://cloud.google.com/storage/docs/xml-api/overview);
that sitegen gets on with Google itself, it can not prove. `python3 -m tests.gcs PORT`.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

#: Objects of one page of a list, small so that there is more than one.
_PAGE = 20


class Stored(NamedTuple):
    data: bytes
    generation: int
    told: dict[str, str]  #: what browsers are told of it


class Store(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.lock = threading.Lock()
        self.generation = 0
        self.objects: dict[str, Stored] = {}


class Handler(BaseHTTPRequestHandler):
    server: Store
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = self.headers.get("x-goog-if-generation-match")
        told = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if self.headers[name]}
        with self.server.lock:
            held = self.server.objects.get(self._key)
            if wanted is not None and int(wanted) != (held.generation if held else 0):
                self._answer(412)
                return
            self.server.generation += 1
            self.server.objects[self._key] = Stored(data, self.server.generation, told)
            made = self.server.objects[self._key]
        self._answer(200, of=made)

    def do_GET(self) -> None:
        if "/" not in self._key:
            self._list()
            return
        held = self.server.objects.get(self._key)
        self._answer(200 if held else 404, held.data if held else b"", held)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def do_DELETE(self) -> None:
        with self.server.lock:
            held = self.server.objects.pop(self._key, None)
        self._answer(204 if held else 404)

    @property
    def _key(self) -> str:
        """Bucket and name of the object."""
        return unquote(urlsplit(self.path).path).removeprefix("/")

    def _list(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        start = f"{self._key}/{asked.get('prefix', '')}"
        with self.server.lock:
            found = sorted((key, held) for key, held in self.server.objects.items() if key.startswith(start))
        first = int(asked.get("continuation-token", 0))
        page = found[first : first + _PAGE]
        more = (
            f"<NextContinuationToken>{first + _PAGE}</NextContinuationToken>"
            if found[first + _PAGE :]
            else ""
        )
        contents = "".join(
            f"<Contents><Key>{escape(key.partition('/')[2])}</Key><Size>{len(held.data)}</Size>"
            f"<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>{_etag(held)}</ETag></Contents>"
            for key, held in page
        )
        self._answer(200, f"<ListBucketResult>{contents}{more}</ListBucketResult>".encode())

    def _answer(self, status: int, data: bytes = b"", of: Stored | None = None) -> None:
        self.send_response(status)
        if of:
            known = {
                "ETag": _etag(of),
                "x-goog-generation": str(of.generation),
                "Last-Modified": formatdate(0),
            }
            for name, value in (known | of.told).items():
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _etag(held: Stored) -> str:
    return f'"{hashlib.md5(held.data).hexdigest()}"'


if __name__ == "__main__":
    Store(int(sys.argv[1])).serve_forever()
