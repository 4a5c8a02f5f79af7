"""What browsers are told, by server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

#: Seconds of silence after which a comment is sent, so that nobody on the way takes the line for dead.
SILENCE = 15.0

#: Events that are kept for a client that was away and says what it heard last.
KEPT = 1000


class Hub:
    """Hands every event to every client. All of it is called on the server's event loop."""

    def __init__(self) -> None:
        self._clients: set[asyncio.Queue[str | None]] = set()
        self._past: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._number = 0
        self._open = True

    def form(self, name: str, data: dict[str, Any]) -> str:
        """An event as it is sent. It bears the number of the last one."""
        return f"event: {name}\nid: {self._number}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

    def send(self, name: str, data: dict[str, Any]) -> None:
        self._number += 1
        text = self.form(name, data)
        self._past.append((self._number, text))
        for client in self._clients:
            client.put_nowait(text)

    async def listen(self, last: str, first: str = "") -> AsyncIterator[str]:
        """The stream of one client, from the event after the one with the id `last`; `first` precedes it."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        missed = [text for number, text in self._past if last.isdecimal() and number > int(last)]
        self._clients.add(queue)
        try:
            yield ": the preview\n\n" + "".join(missed) + first
            while self._open:
                try:
                    told = await asyncio.wait_for(queue.get(), SILENCE)
                except TimeoutError:
                    told = ": still here\n\n"
                if told is None:
                    return
                yield told
        finally:
            self._clients.discard(queue)

    def close(self) -> None:
        """End every stream."""
        self._open = False
        for client in self._clients:
            client.put_nowait(None)
