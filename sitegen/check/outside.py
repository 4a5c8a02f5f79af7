"""Links out of the site: which of them lead nowhere any more, and where the Internet Archive has it.

Polite: one request to a host at a time with a pause behind it, HEAD where the host answers it, and each
answer is remembered.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen import __version__
from sitegen.check.rule import Rule
from sitegen.errors import Problem

if TYPE_CHECKING:
    import asyncio

    import httpx

#: Seconds between two requests to one host, and that a host may take to answer.
PAUSE, PATIENCE = 0.2, 20

#: Requests under way at once, to all hosts together.
AT_ONCE = 20

#: Seconds for which an answer holds: of a page that is there, and of one that isn't.
_HOLDS = {True: 30 * 86_400, False: 86_400}

#: Answers that say nothing of whether a reader would see the page: sign in, pay, too many, not for robots.
_UNSURE = frozenset((401, 402, 403, 406, 407, 408, 409, 425, 429, 451, 503, 999))


class Place(Struct, frozen=True):
    """Where a link stands."""

    url: str
    file: str
    line: int
    day: str = ""  #: when its text appeared, as 20230722


class Answer(Struct, frozen=True, array_like=True):
    """What a request came to."""

    fault: str  #: why nothing is there; "" if something is
    at: int  #: when, in seconds since 1970


def findings(places: Iterable[Place], answers: Mapping[str, Answer]) -> Iterator[Problem]:
    """Each link that leads nowhere, with the address of what was there."""
    for place in places:
        answer = answers.get(_without_part(place.url))
        if answer and answer.fault:
            archived = f"https://web.archive.org/web/{f'{place.day}/' if place.day else ''}{place.url}"
            yield Problem(
                file=place.file,
                line=place.line,
                message=f'"{place.url}" {answer.fault}',
                hint=f"see whether the Internet Archive has it: {archived}",
                group="link-outside",
            )


def due(places: Iterable[Place], answers: Mapping[str, Answer], now: datetime) -> list[str]:
    """The addresses whose last answer holds no more, each once."""
    seconds = now.timestamp()
    urls = dict.fromkeys(_without_part(place.url) for place in places)
    return [
        url
        for url in urls
        if url not in answers or not 0 <= seconds - answers[url].at < _HOLDS[not answers[url].fault]
    ]


def ask(
    urls: Iterable[str], answers: MutableMapping[str, Answer], now: datetime, advance: Callable[[], None]
) -> None:
    """Ask for each address, and put what comes of it into `answers`, which hold what is known if stopped."""
    import asyncio

    asyncio.run(_ask_all(list(urls), answers, int(now.timestamp()), advance))


def _without_part(url: str) -> str:
    return url.partition("#")[0]


async def _ask_all(
    urls: list[str], answers: MutableMapping[str, Answer], now: int, advance: Callable[[], None]
) -> None:
    import asyncio

    import httpx

    hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    everybody = asyncio.Semaphore(AT_ONCE)
    headers = {"User-Agent": f"sitegen/{__version__} (looks whether links lead anywhere)", "Accept": "*/*"}

    async def one(client: httpx.AsyncClient, url: str) -> None:
        async with hosts[_host(url)], everybody:
            answers[url] = Answer(await _fault(client, url), now)
            advance()
            await asyncio.sleep(PAUSE)

    async with httpx.AsyncClient(
        headers=headers, follow_redirects=True, timeout=PATIENCE, event_hooks={"request": [_stay_outside]}
    ) as client:
        await asyncio.gather(*(one(client, url) for url in urls))


async def _fault(client: httpx.AsyncClient, url: str) -> str:
    """Why nothing is at `url`; "" if something is, or if that can't be told."""
    import httpx

    try:
        status = (await client.head(url)).status_code
        if status >= 400 and status not in _UNSURE:  # many hosts answer HEAD wrongly
            async with client.stream("GET", url) as response:
                status = response.status_code
    except _InsideError:
        return "leads into a private network, where readers can not follow"
    except httpx.TooManyRedirects:
        return "leads in a circle"
    except httpx.TimeoutException:
        return f"gave no answer in {PATIENCE} seconds"
    except httpx.ConnectError as error:
        told = str(error).lower()
        return "has a certificate that is not valid" if "certificate" in told else "can not be reached"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError):
        return "gave an answer that can not be read"
    if status < 400 or status in _UNSURE:
        return ""
    return "is gone" if status in (404, 410) else f"answers with status {status}"


class _InsideError(Exception):
    """A request would go to this machine or its network: no post may send one there."""


async def _stay_outside(request: httpx.Request) -> None:
    name = request.url.host
    try:
        inside = not ipaddress.ip_address(name).is_global
    except ValueError:
        inside = name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
    if inside:
        raise _InsideError


def _host(url: str) -> str:
    return url.split("/", 3)[2].rpartition("@")[2].lower()


RULES = (
    Rule(
        "link-outside",
        "warning",
        ("link to another site that leads nowhere", "links to other sites that lead nowhere"),
        "Links to other sites lead to a page. Looked after with --external.",
    ),
)
