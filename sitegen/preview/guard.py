"""Who may ask: the browser of the person at this machine, and no site that is open in another tab."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = ("localhost", "127.0.0.1", "::1")

#: Nobody may show our pages within theirs, load parts of them, or guess at what a file is.
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
)


class Guard:
    """Lets through what is asked by one of our own names, and by nobody else's page."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        """`host` is where the preview listens."""
        self._app = app
        self._names = {*_LOOPBACK, host.lower()}
        self._any_address = not is_loopback(host)
        if self._any_address:
            name = socket.gethostname().lower()
            self._names |= {name, f"{name}.local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        fault = self._fault(Headers(scope=scope))
        app = PlainTextResponse(f"{fault}\n", status_code=403) if fault else self._app
        await app(scope, receive, guarded)

    def _fault(self, headers: Headers) -> str:
        """Why a request is refused; "" if it is not.

        A site whose name was made to lead here (DNS rebinding) is told by the Host it is asked for; a
        page of another origin by its Origin, or by what Fetch Metadata (https://www.w3.org/TR/fetch-metadata/)
        says of where the request comes from. Following a link to the preview is allowed.
        """
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return "The preview does not answer to this name."
        if any(origin != f"http://{hosts[0]}" for origin in origins):
            return "Another site may not read the preview."
        elsewhere = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if elsewhere and (
            headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest") != "document"
        ):
            return "Another site may not load parts of the preview."
        return ""

    def _is_ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        # No name of another site can be made to look like an address.
        return name in self._names or (self._any_address and _is_address(name))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
