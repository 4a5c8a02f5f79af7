"""The preview as a whole: a server, a watcher, and what goes on between them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from msgspec import Struct

from sitegen.config import FILE
from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT
from sitegen.preview.app import Site, make_app, problems_data
from sitegen.preview.desk import Desk, Outcome
from sitegen.preview.events import Hub
from sitegen.preview.guard import is_loopback
from sitegen.preview.searching import Searcher
from sitegen.preview.seen import Wish
from sitegen.preview.watch import Watcher

#: How many ports are tried after one that is taken.
PORTS = 50


class Serving(Struct, frozen=True, kw_only=True):
    """How a preview is wanted."""

    wish: Wish
    host: str = "127.0.0.1"
    port: int = 8000
    open: bool = False  #: show it in the browser


class Teller(Struct, frozen=True, kw_only=True):
    """Where the preview tells what happens; what it calls must not fail."""

    ready: Callable[[str], None]  #: takes the address
    note: Callable[[str], None]  #: takes something that is out of the ordinary
    outcome: Callable[[Sequence[str], Outcome], None]  #: takes the paths that changed, below the site


def serve(serving: Serving, tell: Teller) -> None:
    """Serve a site until somebody stops it. Raises SiteError when it can't begin."""
    listener = _listen(serving.host, serving.port, tell.note)
    with contextlib.closing(listener):
        Preview(serving, tell, listener).run()


def _listen(host: str, port: int, note: Callable[[str], None]) -> socket.socket:
    """Take the port, or the next one that is free."""
    for number in range(port, min(port + PORTS, 65536)) if port else (0,):
        try:
            family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
            listener = socket.create_server((host, number), family=family)
        except socket.gaierror:
            hint = "write an address of this machine, like 127.0.0.1 or 0.0.0.0"
            raise SiteError([Problem(message=f'"{host}" is no address to listen at', hint=hint)]) from None
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                hint = "write an address of this machine, like 127.0.0.1 or 0.0.0.0"
                message = f"the preview can not listen at {host}: {(error.strerror or '').lower()}"
                raise SiteError([Problem(message=message, hint=hint)]) from None
            continue
        if port and number != port:
            note(f"port {port} is taken; the preview is at {number}")
        return listener
    message = f"no port from {port} on is free"
    raise SiteError([Problem(message=message, hint="name another one with --port")])


class Preview:
    """A server and a watcher at work on one site."""

    def __init__(self, serving: Serving, tell: Teller, listener: socket.socket) -> None:
        self._serving, self._tell, self._listener = serving, tell, listener
        # What is read now stays: looking through it for garbage, at each edit anew, would take longest.
        gc.disable()
        self._desk = Desk(serving.wish)
        gc.freeze()
        gc.enable()
        self._hub = Hub()
        self._search = Searcher(serving.wish)
        self._site = Site(
            folder=serving.wish.folder,
            desk=self._desk,
            hub=self._hub,
            search=self._search,
            host=serving.host,
        )
        self._watcher = Watcher(tell.note, self._desk.knows)
        self._follower = threading.Thread(target=self._follow, name="changes")

    def run(self) -> None:
        """Serve until a signal ends it; leaves no process and no thread."""
        try:
            self._watch()
            asyncio.run(self._serve())
        finally:
            self._watcher.close()
            if self._follower.is_alive():
                self._follower.join()

    def _watch(self) -> None:
        folder = self._serving.wish.folder
        self._watcher.watch(folder, only=(FILE, CONTENT, "themes"))
        for place in (folder / CONTENT, folder / "themes", *map(Path, self._desk.theme_folders())):
            self._watcher.watch(place)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._follower.start()
        self._search.changed(self._count())
        self._search.start()
        app = make_app(self._site)
        config = uvicorn.Config(
            app, log_config=None, log_level="critical", access_log=False, lifespan="off", ws="none"
        )
        config.timeout_graceful_shutdown = 2
        server = _Server(config)
        server.beginning, server.ending = self._begin, self._end
        await server.serve(sockets=[self._listener])

    def _begin(self) -> None:
        """Say that it is there."""
        host, port = self._listener.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        self._tell.ready(address)
        if not is_loopback(self._serving.host):
            self._tell.note("everybody who can reach this machine can read the preview, drafts too")
        if self._desk.problems:
            self._tell.outcome((), Outcome(problems=self._desk.problems))
        if self._serving.open:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    def _end(self) -> None:
        self._hub.close()
        self._search.close()

    def _count(self) -> int:
        shelf = self._desk.shelf
        return len(shelf.edition.site.entries) if shelf else 0

    def _follow(self) -> None:
        """Take up each batch of changes, and tell everybody what came of it."""
        for batch in self._watcher.batches():
            outcome = self._desk.update(batch.paths, batch.since)
            self._watch()
            if any(not problem.file for problem in self._desk.problems):
                self._watcher.look_again()  # no file is at fault, like when a build holds the store
            if outcome is None:
                continue
            if outcome.problems:
                event, data = "problem", problems_data(self._site, outcome.problems)
            else:
                event, data = "reload", {"changed": [*outcome.changed], "ms": outcome.ms}
                self._search.changed(self._count())
            with contextlib.suppress(RuntimeError):  # the server ended meanwhile
                self._loop.call_soon_threadsafe(self._hub.send, event, data)
            start = f"{self._serving.wish.folder}/"
            self._tell.outcome(sorted(path.removeprefix(start) for path in batch.paths), outcome)


class _Server(uvicorn.Server):
    """Says when it is there, and ends cleanly: with every stream closed, and not by the signal itself."""

    beginning: Callable[[], None]
    ending: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.beginning()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        for number in known:
            with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self.ending)
        await super().shutdown(sockets)
