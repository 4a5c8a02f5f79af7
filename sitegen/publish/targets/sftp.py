"""`sftp:`: a folder on any host that one can log in to by SSH."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from concurrent.futures import as_completed
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from posixpath import basename, dirname, join
from secrets import token_hex
from typing import Any, TypeVar

from sitegen.errors import Problem, SiteError
from sitegen.extras import extra
from sitegen.manifest import sha256
from sitegen.places import Place
from sitegen.publish.targets import Arrived, FleetingError, Held, LostRaceError, Sending
from sitegen.publish.targets.secrets import HOST_UNKNOWN, scrub
from sitegen.urls import LONGEST_NAME

T = TypeVar("T")

#: Where files are put together before they move into their place.
_WAITING = ".sitegen-publish.tmp"

#: How many requests are under way at a time.
_AT_A_TIME = 32

#: Errors of asyncssh, and what they mean to a person: the fault, and what to do about it.
_FAULTS = (
    ("HostKeyNotVerifiable", "can not be trusted", HOST_UNKNOWN),
    (
        "PermissionDenied",
        "refuses to let us in",
        "set SSH_KEY to the file of a key it knows, or SSH_PASSWORD",
    ),
    ("KeyImportError", "can not be reached: SSH_KEY names no key", "set it to the file of a private key"),
    ("SFTPPermissionDenied", "lets us in, but not write there", "give this user the folder"),
    ("SFTPNoSuchFile", "lets us in, but no folder can be made there", "name another, or make it by hand"),
    ("SFTPError", "can not do it", "see whether its disk has room, and may be written to"),
    ("OSError", "can not be reached", "see whether the address is right, and the network there"),
)


class Sftp:
    """A folder on a host. With `at_once` it is reached through a link, which is turned in one step."""

    folds = False
    beside: Collection[str] = ()

    def __init__(self, place: Place, environ: Mapping[str, str], *, at_once: bool = False) -> None:
        self._ssh: Any = extra("asyncssh", "publishing to sftp:")
        self._place, self._environ = place, environ
        self.at_once = at_once
        self._name = f"sftp://{place.host}{place.path}"
        self._live = place.path.removeprefix("/~/").rstrip("/")
        self._root = self._live
        self._connection: Any = None
        self._client: Any = None
        self._folders: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def read(self, path: str) -> Held | None:
        async def read() -> Held | None:
            try:
                data = await self._bytes(self._at(path))
            except (self._ssh.SFTPNoSuchFile, self._ssh.SFTPNoSuchPath):
                return None
            return Held(data, sha256(data))

        return self._wait(read())

    def begin(self) -> None:
        async def begin() -> None:
            if self.at_once:
                await self._begin_anew()
            await self._client.makedirs(join(self._root, _WAITING), exist_ok=True)

        self._wait(begin())

    def swap(self, path: str, data: bytes, version: str) -> str:
        held = self.read(path)
        if (held.version if held else "") != version:
            raise LostRaceError(path)
        self._wait(self._write(path, data))
        return sha256(data)

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        async def send(file: Sending) -> str:
            await self._write(file.path, file.source.read_bytes())
            return file.path

        self._each(send, files, arrived)

    def delete(self, paths: Sequence[str]) -> None:
        async def delete(path: str) -> None:
            try:
                await self._client.remove(self._at(path))
            except (self._ssh.SFTPNoSuchFile, self._ssh.SFTPNoSuchPath):
                return
            await self._prune(dirname(path))

        self._each(delete, paths, lambda _: None)

    def paths(self) -> Collection[str]:
        async def walk(folder: str) -> list[str]:
            found, below = [], []
            try:
                async for entry in self._client.scandir(self._at(folder)):
                    path = join(folder, entry.filename)
                    if entry.filename in (".", "..", _WAITING):
                        continue
                    if entry.attrs.type == self._ssh.FILEXFER_TYPE_DIRECTORY:
                        below.append(path)
                    else:
                        found.append(path)
            except (self._ssh.SFTPNoSuchFile, self._ssh.SFTPNoSuchPath):
                return []
            for path in below:
                found += await walk(path)
            return found

        return self._wait(walk(""))

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        digests: dict[str, str] = {}

        async def digest(path: str) -> None:
            with suppress(self._ssh.SFTPNoSuchFile, self._ssh.SFTPNoSuchPath):
                digests[path] = hashlib.sha256(await self._bytes(self._at(path))).hexdigest()

        self._each(digest, paths, lambda _: None)
        yield from digests.items()

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        long = f"its name is longer than {LONGEST_NAME} bytes"
        return {
            path: long for path in paths if any(len(one.encode()) > LONGEST_NAME for one in path.split("/"))
        }

    def commit(self) -> None:
        async def commit() -> None:
            await self._remove_tree(join(self._root, _WAITING))
            if self.at_once:
                link = join(self._releases, "link")
                if await self._client.islink(link):
                    await self._client.remove(link)
                await self._client.symlink(join(basename(self._releases), basename(self._root)), link)
                await self._client.posix_rename(link, self._live)

        self._wait(commit())

    def close(self) -> None:
        async def close() -> None:
            if self._connection is not None:
                self._connection.close()
                await self._connection.wait_closed()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    @property
    def _releases(self) -> str:
        return join(dirname(self._live), f".{basename(self._live)}.sitegen")

    def _at(self, path: str) -> str:
        return join(self._root, path) if path else self._root

    async def _begin_anew(self) -> None:
        """Go on in a new folder with the same files, linked; what was left of others is taken away."""
        there = await self._client.exists(self._live)
        if there and not await self._client.islink(self._live):
            message = f"{self._name} is a folder, and only a link can be switched at once"
            raise SiteError([Problem(message=message, hint="move it away once, or set atomic = false")])
        await self._client.makedirs(self._releases, exist_ok=True)
        shown = basename(await self._client.readlink(self._live)) if there else ""
        for name in await self._client.listdir(self._releases):
            if name not in (".", "..", "link", shown):
                await self._remove_tree(join(self._releases, name))
        self._root = join(self._releases, token_hex(6))
        await self._client.makedirs(self._root)
        if shown:
            await self._link_tree(join(self._releases, shown), self._root)

    async def _link_tree(self, source: str, target: str) -> None:
        async for entry in self._client.scandir(source):
            if entry.filename in (".", ".."):
                continue
            old, new = join(source, entry.filename), join(target, entry.filename)
            if entry.attrs.type == self._ssh.FILEXFER_TYPE_DIRECTORY:
                await self._client.mkdir(new)
                await self._link_tree(old, new)
            else:
                await self._client.link(old, new)

    async def _remove_tree(self, folder: str) -> None:
        with suppress(self._ssh.SFTPNoSuchFile, self._ssh.SFTPNoSuchPath):
            await self._client.rmtree(folder)

    async def _bytes(self, place: str) -> bytes:
        async with self._client.open(place, "rb") as file:
            data: bytes = await file.read()
        return data

    async def _write(self, path: str, data: bytes) -> None:
        waiting = self._at(join(_WAITING, sha256(path.encode())[:24]))
        async with self._client.open(waiting, "wb") as file:
            await file.write(data)
        folder = dirname(path)
        if folder not in self._folders:
            await self._client.makedirs(self._at(folder), exist_ok=True)
            self._folders.add(folder)
        await self._client.posix_rename(waiting, self._at(path))

    async def _prune(self, folder: str) -> None:
        """Remove a folder that was left empty, and those above it."""
        while folder:
            try:
                await self._client.rmdir(self._at(folder))
            except self._ssh.SFTPError:
                return
            self._folders.discard(folder)
            folder = dirname(folder)

    def _each(
        self, work: Callable[[Any], Coroutine[Any, Any, T]], items: Iterable[Any], told: Callable[[T], object]
    ) -> None:
        gate = asyncio.Semaphore(_AT_A_TIME)

        async def one(item: Any) -> T:
            async with gate, self._told():
                return await work(item)

        self._wait(asyncio.sleep(0))
        futures = [asyncio.run_coroutine_threadsafe(one(item), self._loop) for item in items]
        try:
            # Told on this thread, which may want something else of us meanwhile.
            for future in as_completed(futures):
                told(future.result())
        finally:
            for future in futures:
                future.cancel()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something over the connection, which is made when it is first needed."""

        async def connected() -> T:
            async with self._told():
                try:
                    await self._connect()
                except BaseException:
                    work.close()
                    raise
                return await work

        return asyncio.run_coroutine_threadsafe(connected(), self._loop).result()

    async def _connect(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        environ, place = self._environ, self._place
        for name in ("SSH_KEY", "SSH_KNOWN_HOSTS"):
            if environ.get(name) and not Path(environ[name]).is_file():
                message = f"{self._name} can not be reached: {name} names no file"
                raise SiteError([Problem(message=message, hint="set it to a file that is there")])
        given = {
            "client_keys": environ.get("SSH_KEY"),
            "password": environ.get("SSH_PASSWORD"),
            "known_hosts": environ.get("SSH_KNOWN_HOSTS"),
            "username": place.user,
            "port": place.port,
        }
        options = {name: value for name, value in given.items() if value}
        self._connection = await self._ssh.connect(place.host, connect_timeout=20, **options)
        self._client = await self._connection.start_sftp_client()

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except Exception as error:
            raise self._fault(error) from None

    def _fault(self, error: BaseException) -> BaseException:
        """What an error of the library means to a person."""
        ssh, reason = self._ssh, scrub(str(error) or type(error).__name__, self._environ)
        if isinstance(error, ssh.SFTPConnectionLost | ssh.ConnectionLost | ConnectionError | TimeoutError):
            return FleetingError(f"{self._name} can not be reached: {reason}")
        for kind, what, hint in _FAULTS:
            if isinstance(error, getattr(ssh, kind, OSError)):
                return SiteError([Problem(message=f"{self._name} {what}: {reason}", hint=hint)])
        return error
