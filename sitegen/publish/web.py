"""A copy as its readers see it: over HTTP, whoever runs it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry, Timeout

from sitegen.errors import Problem, SiteError
from sitegen.publish.targets import Held
from sitegen.urls import encode

#: How many requests are under way at a time.
_AT_A_TIME = 8

#: Answers that may be others in a moment (RFC 9110, RFC 6585).
_FLEETING = (429, 500, 502, 503, 504)


class Web:
    """What an address serves. What else lies there can't be known."""

    def __init__(self, address: str, *, tries: int = 4) -> None:
        self._address = address.partition("?")[0].partition("#")[0].rstrip("/") + "/"
        self._pool = urllib3.PoolManager(
            maxsize=_AT_A_TIME,
            retries=Retry(tries, connect=2, redirect=5, backoff_factor=0.5, status_forcelist=_FLEETING),
            timeout=Timeout(connect=10, read=60),
            # What the publisher wrote, not what the host made of it for the way.
            headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "sitegen"},
        )

    def read(self, path: str) -> Held | None:
        data = self._get(path)
        return None if data is None else Held(data, "")

    def digests(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            asked = {pool.submit(self._digest, path): path for path in paths}
            for future in as_completed(asked):
                digest = future.result()
                if digest:
                    yield asked[future], digest

    def paths(self) -> Collection[str]:
        return ()

    def close(self) -> None:
        self._pool.clear()

    def _digest(self, path: str) -> str:
        data = self._get(path)
        return "" if data is None else hashlib.sha256(data).hexdigest()

    def _get(self, path: str) -> bytes | None:
        try:
            answer = self._pool.request("GET", self._address + encode(path))
        except MaxRetryError as error:
            raise self._failed(error.reason or error) from None
        except (HTTPError, ValueError) as error:
            raise self._failed(error) from None
        if answer.status in (403, 404, 410):
            return None
        if answer.status != 200:
            raise self._failed(f"it answers {answer.status} for {path}")
        return answer.data

    def _failed(self, reason: object) -> SiteError:
        told = str(reason).partition(": ")[2] or str(reason)
        message = f"{self._address} can not be read: {told[:200]}"
        return SiteError([Problem(message=message, hint="see whether the address is right, and try again")])
