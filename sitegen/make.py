"""Pages -> staged files. What is fresh is left as it is; what is stale is rendered or copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.asking import Trace, Verifier
from sitegen.errors import Problem, SiteError
from sitegen.identity import digest, identity_at
from sitegen.jobs import spread
from sitegen.manifest import sha256
from sitegen.model import Page, Picture, Smaller
from sitegen.pictures import smaller_bytes
from sitegen.pictures.look import look, settings_of
from sitegen.render import render, template_of
from sitegen.rows import FileRow, TraceRow, packed
from sitegen.search import indexed_part
from sitegen.sound import DamagedError
from sitegen.templates import explain
from sitegen.versions import RENDERING, versions
from sitegen.view import Library
from sitegen.write import Output, Staged

_COPIED = ("asset", "picture", "theme-file")

_encode = msgspec.json.Encoder().encode
_decode_trace = msgspec.json.Decoder(Trace).decode


class Made(Struct, frozen=True, kw_only=True):
    """One file of the new output."""

    file: Staged
    shape: str
    trace: bytes = b"{}"  #: JSON
    seen: bytes = b""  #: as in `TraceRow`
    indexed: str = ""  #: digest of what the search index reads of it; "" when it is not searched
    remembered: bool = False  #: the store knows all this already

    def rows(self, folder: Path) -> tuple[FileRow, TraceRow]:
        """What the store is to remember, once the file is in its place."""
        path = self.file.path
        row = FileRow(path, self.shape, self.file.digest, self.indexed, identity_at(f"{folder}/{path}"))
        return row, TraceRow(path, self.trace, self.seen)


class Known(Struct, frozen=True, kw_only=True):
    """What the last build made."""

    files: Mapping[str, FileRow]  #: by path
    traces: Mapping[str, TraceRow]  #: of every page that is to be looked at


class Making(Struct, frozen=True, kw_only=True):
    """What a page is made with."""

    library: Library
    output: Output
    site: Path  #: the site's folder, for messages
    pictures: Path  #: where smaller pictures wait


def make(
    making: Making,
    pages: Sequence[Page],
    known: Known,
    jobs: int,
    advance: Callable[[], None],
) -> list[Made]:
    """Make every page, or find it fresh by its row. Raises SiteError with the templates' mistakes."""
    library, folder = making.library, making.output.folder
    verifier = Verifier(library)
    shapes = Shapes(library)
    made: list[Made] = []
    stale: list[tuple[Page, str]] = []
    for page in pages:
        shape = shapes.of(page)
        row = known.files.get(page.path)
        if row and _is_fresh(row, shape, folder) and (as_it_was := _verified(known, row, verifier)):
            made.append(as_it_was)
            advance()
        else:
            stale.append((page, shape))
    problems: list[Problem] = []
    for one in spread(partial(map, partial(_make, making)), stale, jobs):
        advance()
        (made if isinstance(one, Made) else problems).append(one)
    if problems:
        raise SiteError(problems)
    return made


def _verified(known: Known, row: FileRow, verifier: Verifier) -> Made | None:
    """The page as it is, if all that it asked would be answered as before."""
    remembered = known.traces[row.path]
    trace = _decode_trace(remembered.trace)
    if verifier.first_change(trace):
        return None
    # The same answers may have been found by looking at something else.
    seen = packed(sorted(verifier.seen(trace)))
    return as_it_is(row, remembered.trace, seen, remembered=seen == remembered.seen)


def copy(files: Mapping[str, Path], output: Output, rows: Mapping[str, FileRow]) -> list[Made]:
    """Stage files that are copied as they are: output path -> file."""
    made = []
    for path, source in files.items():
        shape = f"copy of {identity_at(source)}"
        row = rows.get(path)
        if row and _is_fresh(row, shape, output.folder):
            made.append(as_it_is(row))
        else:
            made.append(Made(file=output.stage_file(path, source), shape=shape))
    return made


def try_templates(making: Making, pages: Iterable[Page]) -> list[Problem]:
    """The mistakes that one page of each kind brings to light, for a list of all that is wrong."""
    samples = {page.kind: (page, "") for page in pages if page.kind not in _WITHOUT_TEMPLATE}
    found = (_make(making, sample, stage=False) for sample in samples.values())
    return [one for one in found if isinstance(one, Problem)]


def _is_fresh(row: FileRow, shape: str, folder: Path) -> bool:
    return (
        bool(shape)
        and row.shape == shape
        and bool(row.identity)
        and row.identity == identity_at(f"{folder}/{row.path}")
    )


def as_it_is(row: FileRow, trace: bytes = b"{}", seen: bytes = b"", *, remembered: bool = True) -> Made:
    """A file that the output holds already."""
    file = Staged(path=row.path, digest=row.digest)
    return Made(
        file=file, shape=row.shape, trace=trace, seen=seen, indexed=row.indexed, remembered=remembered
    )


def _make(making: Making, task: tuple[Page, str], *, stage: bool = True) -> Made | Problem:
    try:
        return _make_page(making, *task, stage=stage)
    except OSError as error:  # a file that is gone since it was found, a disk that is full
        reason = (error.strerror or str(error)).lower()
        return Problem(file=task[0].origin, message=f"/{task[0].path} can not be made: {reason}")


def _make_page(making: Making, page: Page, shape: str, *, stage: bool) -> Made | Problem:
    library = making.library
    if page.kind in _COPIED:
        return Made(file=_copied(making, page), shape=shape)
    try:
        rendered = render(page, library)
    except (DamagedError, SiteError):
        raise
    except Exception as error:  # a template may raise anything
        return explain(error, making.site, library.theme.folders, library.theme.environment)
    if not stage:
        return Made(file=Staged(path=page.path, digest=""), shape=shape)
    return Made(
        file=making.output.stage(page.path, rendered.data),
        shape=shape,
        trace=_encode(rendered.trace),
        seen=packed(sorted(rendered.seen)),
        indexed=_digest_of_indexed(rendered.data) if is_searched(page, library) else "",
    )


def _copied(making: Making, page: Page) -> Staged:
    copied = published(page, making.library, making.pictures)
    if isinstance(copied, bytes):
        return making.output.stage(page.path, copied)
    return making.output.stage_file(page.path, copied)


def published(page: Page, library: Library, pictures: Path) -> Path | bytes:
    """What is put out for a page that is copied: a file as it is, or bytes that were made of one.

    Smaller pictures may wait in `pictures`.
    """
    source = source_of(page, library)
    if isinstance(source, bytes):
        return source
    picture = library.site.pictures.get(page.key) if page.kind != "theme-file" else None
    if picture and page.kind == "picture":
        return smaller_bytes(_smaller(picture, page), source, settings_of(library.config), pictures)
    if picture and picture.cleaned:
        data = source.read_bytes()
        return look(page.key, data, settings_of(library.config), "leave").published or data
    return source


def _smaller(picture: Picture, page: Page) -> Smaller:
    return next(one for one in picture.smaller if one.width == page.number)


def source_of(page: Page, library: Library) -> Path | bytes:
    """The file that a copied page is made of, or the bytes that the theme's settings make of one."""
    if page.kind in ("asset", "picture"):
        return Path(library.site.assets[page.key].source)
    return library.theme.files[page.key]


def _digest_of_indexed(html: bytes) -> str:
    # Where no page has a mark, as in a theme without search, Pagefind would take in each whole page.
    part = indexed_part(html)
    return sha256(part) if part else ""


def is_searched(page: Page, library: Library) -> bool:
    """Whether the search index takes a page in."""
    if page.kind != "post":
        return False
    return bool(library.config.section(library.site.entries[page.key].section).search)


class Shapes:
    """Digests of all that shapes a page beside what it asks of the site: settings, templates, versions."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._common = _encode(self._shaping())
        self._templates: dict[str, bytes] = {}

    def _shaping(self) -> dict[str, object]:
        theme = self._library.theme
        return {
            "settings": self._library.config,
            "theme settings": theme.settings,
            "theme texts": theme.texts,
            "theme files": theme.assets,
            "versions": versions(RENDERING),
        }

    def parts(self) -> dict[str, str]:
        """What shapes pages, each by its name with its digest."""
        templates = self._library.theme.digests.items()
        return {
            **{name: digest(_encode(value)) for name, value in self._shaping().items()},
            **{f"template {name}": value for name, value in templates},
        }

    def of(self, page: Page) -> str:
        """The digest; "" when nothing but making it anew can tell."""
        picture = self._library.site.pictures.get(page.key, Picture())
        if page.kind == "picture":
            return f"picture {_smaller(picture, page).digest}"
        if page.kind == "asset" and picture.cleaned:
            return f"picture {picture.cleaned}"
        if page.kind == "asset":
            identity = self._library.site.assets[page.key].identity
            return f"copy of {identity}" if identity else ""
        if page.kind == "theme-file":
            source = source_of(page, self._library)
            return f"copy of {digest(source) if isinstance(source, bytes) else identity_at(source)}"
        name = template_name(page, self._library)
        if name not in self._templates:
            self._templates[name] = self._common + self._library.theme.digests.get(name, "").encode()
            self._templates[name] = digest(self._templates[name]).encode()
        return digest(self._templates[name] + _encode(page))


def template_name(page: Page, library: Library) -> str:
    """The template that a page is rendered from; "" for one that is made without."""
    return "" if page.kind in _WITHOUT_TEMPLATE else template_of(page, library)


_WITHOUT_TEMPLATE = (*_COPIED, "atom", "jsonfeed", "sitemap", "sitemap-index", "robots", "titles")
