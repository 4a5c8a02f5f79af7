"""Requests -> answers. Nothing is served but what the plan of the site names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sitegen.errors import SiteError
from sitegen.find import CONTENT
from sitegen.identity import digest
from sitegen.make import published, source_of
from sitegen.model import Page
from sitegen.pictures import kept_in
from sitegen.plan import BUNDLE
from sitegen.preview import told
from sitegen.preview.answers import (
    bytes_answer,
    file_answer,
    is_html,
    lies_in,
    not_found,
    page_answer,
    path_of,
    script_tag,
    source_of_page,
    values_of,
    with_script,
)
from sitegen.preview.desk import Desk
from sitegen.preview.events import Hub
from sitegen.preview.guard import Guard, is_loopback
from sitegen.preview.hints import near, warnings_on, why_missing
from sitegen.preview.seen import STORE
from sitegen.preview.shelf import Shelf
from sitegen.urls import encode

_BROWSER = Path(__file__).parent / "browser"

#: A file of the theme under whatever name its folder had when a page was loaded.
_THEME_FILE = re.compile(r"assets/[0-9a-f]{10}/(.+)")


class Search(Protocol):
    """The search bundle of the preview."""

    def file(self, name: str) -> Path | None:
        """A file of the bundle, if there is one."""

    def state(self) -> dict[str, Any]:
        """Whether the bundle is up to date, for the search page."""


class Site(Struct, frozen=True, kw_only=True):
    """What is served, and to whom."""

    folder: Path
    desk: Desk
    hub: Hub
    search: Search
    host: str

    @property
    def links(self) -> bool:
        """Whether pages may tell where their source lies: who is at another machine has no use for it."""
        return is_loopback(self.host)


def make_app(site: Site) -> Starlette:
    """The ASGI application (https://asgi.readthedocs.io/) that serves a site."""

    async def events(request: Request) -> Response:
        problems = site.desk.problems
        first = site.hub.form("problem", problems_data(site, problems)) if problems else ""
        stream = site.hub.listen(request.headers.get("last-event-id", ""), first)
        return StreamingResponse(
            stream, headers={"cache-control": "no-store"}, media_type="text/event-stream"
        )

    def script(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return file_answer(request, _BROWSER / name, name)

    def problems(_: Request) -> Response:
        page = told.as_page(site.desk.problems, site.folder, links=site.links)
        return HTMLResponse(page, headers={"cache-control": "no-store"})

    def search(_: Request) -> Response:
        return JSONResponse(site.search.state(), headers={"cache-control": "no-store"})

    def page(request: Request) -> Response:
        return _answer(request, site)

    return Starlette(
        routes=[
            Route("/_sitegen/events", events),
            Route("/_sitegen/preview.js", script),
            Route("/_sitegen/worker.js", script),
            Route("/_sitegen/problems", problems),
            Route("/_sitegen/search", search),
            Route("/{path:path}", page),
        ],
        middleware=[Middleware(Guard, host=site.host)],
    )


def problems_data(site: Site, problems: Any) -> dict[str, Any]:
    """The data of `event: problem`."""
    return {"errors": [told.as_data(problem, site.folder) for problem in problems]}


def _answer(request: Request, site: Site) -> Response:
    path, shelf = path_of(request.scope["path"]), site.desk.shelf
    if path.startswith(f"{BUNDLE}/"):
        file = site.search.file(path.removeprefix(f"{BUNDLE}/"))
        return file_answer(request, file, path) if file else not_found()
    if shelf is None:
        return _mistakes(site, SiteError(site.desk.problems))
    page = shelf.page(_today(path, shelf))
    try:
        if page is None:
            return _missing(request, shelf)
        if page.kind in ("asset", "picture", "theme-file"):
            return _file(request, site, shelf, page)
        return _page(request, site, shelf, page)
    except SiteError as error:
        return _mistakes(site, error)


def _today(path: str, shelf: Shelf) -> str:
    """Files of the theme lie in a folder whose name changes with them; pages that are open know the old."""
    old = _THEME_FILE.fullmatch(path)
    if old is None or path in shelf.edition.pages:
        return path
    return f"{shelf.edition.library.theme.assets}/{old[1]}"


def _page(request: Request, site: Site, shelf: Shelf, page: Page) -> Response:
    kept = shelf.rendered(page)
    if not is_html(page):
        return page_answer(request, kept, kept.data)
    entry = shelf.edition.site.entries.get(page.key) if page.kind == "post" else None
    source = source_of_page(kept)
    warnings = warnings_on(shelf.edition, source.removeprefix(f"{CONTENT}/")) if source else []
    values = values_of(
        kept, site.folder, source, draft=bool(entry and entry.draft), links=site.links, warnings=warnings
    )
    # The browser's copy must not tell of what is mended by now, though the page is the same.
    told = digest(f"{values['draft']} {values['warnings']}".encode())
    return page_answer(request, kept, with_script(kept.data, values), mark=f"-{told}")


def _file(request: Request, site: Site, shelf: Shelf, page: Page) -> Response:
    source = source_of(page, shelf.edition.library)
    if page.kind != "theme-file" and not lies_in(str(source), str(site.folder / CONTENT)):
        return not_found()
    try:
        copied = published(page, shelf.edition.library, kept_in(site.folder / STORE))
        if isinstance(copied, bytes):
            return bytes_answer(request, copied, page.path)
        return file_answer(request, copied, page.path)
    except OSError:
        return not_found()


def _missing(request: Request, shelf: Shelf) -> Response:
    """The page for what is not found, or the way to the address that is meant."""
    asked = request.scope["path"]
    if f"{asked[1:]}/index.html" in shelf.edition.pages:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{encode(asked)}/{query}")
    page = shelf.edition.pages.get("404.html")
    if page is None or page.kind == "asset":
        return not_found()
    kept = shelf.rendered(page)
    base_url = shelf.edition.library.config.base_url.encode()
    # Its links are whole, since nobody knows where it will be shown: here they are to stay here.
    data = kept.data.replace(b'="' + base_url, b'="/') if base_url else kept.data
    values = {"kind": "404", "missing": asked}
    if "text/html" in request.headers.get("accept", ""):  # and not for every icon that a browser asks for
        values["missing_why"] = why_missing(shelf.edition, asked)
        values["near"] = " ".join(map(encode, near(shelf.edition, asked)))
    return page_answer(request, kept, with_script(data, values), status=404)


def _mistakes(site: Site, error: SiteError) -> Response:
    page = told.as_page(
        error.problems, site.folder, links=site.links, script=script_tag({"kind": "mistakes"})
    )
    return HTMLResponse(page, status_code=500, headers={"cache-control": "no-store"})
