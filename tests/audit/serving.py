"""A host as good ones are: it compresses, and lets browsers keep connections and files."""

from __future__ import annotations

import contextlib
import functools
import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

#: What hosts compress. Pagefind's own files are compressed already.
_PLAIN = ("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml")


@contextlib.contextmanager
def compressing(output: Path) -> Iterator[str]:
    """Serve a folder, which may yet be filled; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, output)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out in one piece
    disable_nagle_algorithm = True  # nor does its end wait to be asked for, which is 40 ms

    def __init__(self, output: Path, *rest: Any) -> None:
        self._output = output
        super().__init__(*rest)

    def handle(self) -> None:
        # A browser that is closed hangs up.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        path = self._output / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        kind, body = _answer(path) if path.is_file() else ("", b"")
        self.send_response(200 if kind else 404)
        if kind:
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            self.send_header("Cache-Control", f"max-age={31_536_000 if '/assets/' in self.path else 600}")
        if kind in _PLAIN:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@functools.cache
def _answer(path: Path) -> tuple[str, bytes]:
    """The media type of a file and what goes over the wire."""
    kind = guess_type(path.name)[0] or "application/octet-stream"
    data = path.read_bytes()
    return kind, gzip.compress(data, 6) if kind in _PLAIN else data
