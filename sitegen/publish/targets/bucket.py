"""`s3:`, `gs:`, `az:`: stores of objects, of these makers and of all that speak their language."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from sitegen.errors import Problem, SiteError
from sitegen.extras import extra
from sitegen.places import Place
from sitegen.publish.kinds import cache_control, content_type
from sitegen.publish.targets import Arrived, Held, LostRaceError, Sending
from sitegen.publish.targets.secrets import scrub

T = TypeVar("T")

#: How many requests are under way at a time.
_AT_A_TIME = 16

#: How stores say that they are full, each in its own words.
_FULL = re.compile(r"InsufficientStorage|StorageFull|QuotaExceeded|\b507\b")

#: Bytes that the key of an object may have (S3, GCS and Azure all say so).
_LONGEST_KEY = 1024

#: Scheme -> the class of obstore, the environment's variables that it is given, those of which it needs one.
_MAKERS: Mapping[str, tuple[str, Mapping[str, str], tuple[str, ...]]] = {
    "s3": (
        "S3Store",
        {
            "AWS_ACCESS_KEY_ID": "access_key_id",
            "AWS_SECRET_ACCESS_KEY": "secret_access_key",
            "AWS_SESSION_TOKEN": "session_token",
            "AWS_DEFAULT_REGION": "region",
            "AWS_REGION": "region",
            "AWS_ENDPOINT_URL": "endpoint",
            "AWS_ENDPOINT_URL_S3": "endpoint",
        },
        (
            "AWS_ACCESS_KEY_ID",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ),
    ),
    "gs": (
        "GCSStore",
        {
            "GOOGLE_APPLICATION_CREDENTIALS": "application_credentials",
            "GOOGLE_SERVICE_ACCOUNT": "service_account",
            "GOOGLE_SERVICE_ACCOUNT_KEY": "service_account_key",
        },
        ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_KEY"),
    ),
    "az": (
        "AzureStore",
        {
            "AZURE_STORAGE_ACCOUNT_NAME": "account_name",
            "AZURE_STORAGE_ACCOUNT_KEY": "account_key",
            "AZURE_STORAGE_SAS_KEY": "sas_key",
            "AZURE_STORAGE_ENDPOINT": "endpoint",
        },
        ("AZURE_STORAGE_ACCOUNT_NAME",),
    ),
}


class Bucket:
    """A store of objects. Small files are written only over the version that was read (RFC 9110, 13.1.1)."""

    at_once = False
    folds = False
    beside: Collection[str] = ()

    def __init__(self, place: Place, environ: Mapping[str, str]) -> None:
        self._obstore = extra("obstore", f"publishing to {place.scheme}:")
        self._faults = extra("obstore.exceptions", f"publishing to {place.scheme}:")
        self._place, self._environ = place, environ
        self._name = f"{place.scheme}://{place.host}{place.path}"
        self._prefix = place.path.strip("/")
        self._variables = _MAKERS[place.scheme][1]
        self._store = self._open(*_MAKERS[place.scheme])
        self._pool = ThreadPoolExecutor(_AT_A_TIME)

    def _open(self, maker: str, variables: Mapping[str, str], needed: Sequence[str]) -> Any:
        environ, query = self._environ, self._place.query
        if not any(environ.get(name) for name in needed):
            message = f"there are no credentials for {self._name}"
            own = [name for name in variables if not name.startswith(("AWS_DEF", "AWS_REG", "AWS_END"))]
            raise SiteError([Problem(message=message, hint=f"set {_listed(own)} in the environment")])
        config = {key: environ[name] for name, key in variables.items() if environ.get(name)}
        config |= {key: query[key] for key in ("endpoint", "region") if key in query}
        if self._place.scheme == "s3":
            config.setdefault("region", "us-east-1")
        plain = any("http://" in value for value in config.values())
        with self._told():
            return getattr(extra("obstore.store", "publishing"), maker)(
                self._place.host,
                prefix=self._prefix or None,
                config=config,
                client_options={"allow_http": plain, "timeout": "60s", "connect_timeout": "10s"},
                retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=90)},
            )

    def read(self, path: str) -> Held | None:
        with self._told(), contextlib.suppress(self._faults.NotFoundError, FileNotFoundError):
            got = self._obstore.get(self._store, path)
            return Held(bytes(got.bytes()), _version(got.meta))
        return None

    def begin(self) -> None:
        pass

    def swap(self, path: str, data: bytes, version: str) -> str:
        mode: Any = "create"
        if version:
            known = zip(("e_tag", "version"), version.split("\n"), strict=True)
            mode = {name: value for name, value in known if value}
        lost = (
            self._faults.AlreadyExistsError,
            self._faults.PreconditionError,
            self._faults.NotFoundError,
            FileExistsError,
            FileNotFoundError,
        )
        with self._told():
            try:
                return _version(self._obstore.put(self._store, path, data, mode=mode, **self._told_of(path)))
            except lost:
                # The library asks again when the line breaks, though its first try may have been heard.
                held = self.read(path)
                if held is None or held.data != data:
                    raise LostRaceError(path) from None
                return held.version

    def put(self, files: Sequence[Sending], arrived: Arrived) -> None:
        def send(file: Sending) -> str:
            with self._told():
                self._obstore.put(self._store, file.path, file.source, **self._told_of(file.path))
            return file.path

        for path in self._each(send, files):
            arrived(path)

    def delete(self, paths: Sequence[str]) -> None:
        def delete(path: str) -> None:
            with self._told(), contextlib.suppress(self._faults.NotFoundError, FileNotFoundError):
                self._obstore.delete(self._store, path)

        for _ in self._each(delete, paths):
            pass

    def paths(self) -> Collection[str]:
        with self._told():
            return [one["path"] for chunk in self._obstore.list(self._store) for one in chunk]

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        def digest(path: str) -> tuple[str, str]:
            whole = hashlib.sha256()
            with self._told(), contextlib.suppress(self._faults.NotFoundError, FileNotFoundError):
                for chunk in self._obstore.get(self._store, path):
                    whole.update(chunk)
                return path, whole.hexdigest()
            return path, ""

        yield from ((path, one) for path, one in self._each(digest, paths) if one)

    def faults(self, paths: Collection[str]) -> Mapping[str, str]:
        room = _LONGEST_KEY - len(self._prefix.encode()) - 1
        long = f"its path is longer than {room} bytes, all that this store takes"
        return {path: long for path in paths if len(path.encode()) > room}

    def commit(self) -> None:
        pass

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _told_of(self, path: str) -> dict[str, Any]:
        """What the store is to tell browsers of a file."""
        return {"attributes": {"Content-Type": content_type(path), "Cache-Control": cache_control(path)}}

    def _each(self, work: Callable[[Any], T], items: Iterable[Any]) -> Iterator[T]:
        """Do a few at a time. Nothing new begins while the caller looks at a result, who may have to stop."""
        left = iter(items)
        running = {self._pool.submit(work, item) for item in islice(left, _AT_A_TIME)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
                running |= {self._pool.submit(work, item) for item in islice(left, 1)}

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the library raises into a problem, without a secret in it."""
        denied = (self._faults.PermissionDeniedError, self._faults.UnauthenticatedError, PermissionError)
        try:
            yield
        except self._faults.NotFoundError:
            raise
        except (SiteError, LostRaceError, FileNotFoundError, FileExistsError):
            raise
        except denied as error:
            if "RequestTimeTooSkewed" in str(error):
                hint = "set the clock of this computer"
                raise self._failed("refuses, as the clocks differ too much", hint) from None
            hint = f"see whether {_listed(self._variables)} are right, and may write there"
            raise self._failed("refuses these credentials", hint) from None
        except (self._faults.BaseError, OSError, ValueError) as error:
            if isinstance(error, self._faults.AlreadyExistsError | self._faults.PreconditionError):
                raise
            raise self._failed(*self._meaning(str(error).partition("Debug source")[0])) from None

    def _meaning(self, said: str) -> tuple[str, str]:
        reason = scrub(said, self._environ)
        if _FULL.search(said):
            return (
                f"has no room left: {reason}",
                "make room there, and publish again: it goes on where it stopped",
            )
        if "status code" in said:
            return f"answers with an error: {reason}", "see what its host says of it; then publish again"
        hint = "see whether its address is right and the network is there; then publish again"
        return f"can not be reached: {reason}", hint

    def _failed(self, what: str, hint: str) -> SiteError:
        return SiteError([Problem(message=f"{self._name} {what}", hint=hint)])


def _version(meta: Any) -> str:
    return f"{meta['e_tag'] or ''}\n{meta['version'] or ''}"


def _listed(names: Iterable[str]) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last
