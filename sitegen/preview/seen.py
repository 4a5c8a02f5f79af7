"""What was seen of a site last, kept up to date file by file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, replace

from sitegen.config import FILE as SETTINGS
from sitegen.find import CONTENT, Found, Source, find
from sitegen.identity import identity_at
from sitegen.join import Parts, read_parts
from sitegen.model import Asset
from sitegen.pictures import examine
from sitegen.preview.bodies import Press
from sitegen.read import read_again, shape_of
from sitegen.recall import Recall
from sitegen.report import silent
from sitegen.settings import read_config
from sitegen.sound import DamagedError, sound
from sitegen.store import FILE, Store
from sitegen.survey import survey
from sitegen.theme import Theme, load_theme

STORE = ".sitegen"


class Wish(Struct, frozen=True, kw_only=True):
    """What is to be shown."""

    folder: Path  #: of the site, resolved
    now: Callable[[], datetime]
    drafts: bool = False
    jobs: int = 1


class Seen(Parts, frozen=True, kw_only=True):
    """All that was read, whether it can stand as a site or not."""

    settings: bytes  #: what stands in sitegen.toml
    bodies: Mapping[str, str]  #: digests, by key
    theme_files: Mapping[str, str]  #: path -> identity


def same(old: Seen, new: Seen) -> bool:
    """Whether nothing has changed that could be seen anywhere."""
    return (
        old.theme is new.theme
        and old.bodies == new.bodies
        and old.results == new.results
        and old.found.assets == new.found.assets
        and old.pictures == new.pictures
        and old.found.problems == new.found.problems
        and old.config == new.config
        and old.problems == new.problems
        and old.theme_problems == new.theme_problems
    )


class Reader:
    """Reads a site, and then what has changed of it. The store is open at the beginning only."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._recall = _Memory()
        self._sources: Mapping[str, Source] = {}  #: by where they lie
        self._files: Mapping[str, str] = {}  #: where files lie that are copied -> their paths
        self._facts = _Facts(wish.folder / STORE, {})
        self.press = Press(wish.folder / STORE / FILE, self._body)
        self.seen = self._all()

    def update(self, paths: Collection[str]) -> None:
        """Look again at the files at `paths`, absolute; at every file when none are given."""
        seen = self.seen
        if _settings(self._wish.folder) != seen.settings:
            config, problems = read_config(self._wish.folder)
            if shape_of(config) != shape_of(seen.config):
                self.seen = self._all()
                return
            seen = replace(
                seen,
                settings=_settings(self._wish.folder),
                config=config,
                problems=tuple(problems),
            )
            seen = self._restyled(seen)
        elif seen.theme_problems or _files_of(seen.theme) != seen.theme_files:
            seen = self._restyled(seen)
        content = str(self._wish.folder / CONTENT)
        inside = [path for path in paths if path.startswith(content)]
        if inside or not paths:
            seen = self._reread(seen, inside)
        if seen.found.assets is not self.seen.found.assets or seen.config != self.seen.config:
            pictures, _ = examine(seen.found.assets, seen.config, self._facts, self._wish.jobs, silent)
            seen = replace(seen, pictures=pictures)
        self.seen = seen

    def knows(self, path: str) -> bool:
        """Whether `path` is that of a file of the site, or of a folder with some."""
        known = (self._sources, self._files, self.seen.theme_files)
        return any(
            path in paths or any(one.startswith(f"{path}/") for one in paths) for paths in known
        ) or path.endswith(f"/{SETTINGS}")

    def _all(self) -> Seen:
        """Everything. Raises SiteError when a build holds the site."""
        folder = self._wish.folder
        with contextlib.closing(Store(folder / STORE)) as store:
            try:
                with sound():
                    return self._through(store)
            except DamagedError:
                store.mend()
                return self._through(store)

    def _through(self, store: Store) -> Seen:
        site = survey(self._wish.folder)
        site = replace(site, found=self._known(site.found))
        parts = read_parts(site, store, self._wish.jobs, recall=self._recall.before(store.recall))
        self._facts.known["pictures"] = store.fact("pictures")
        return Seen(
            **asdict(parts),
            settings=_settings(site.folder),
            bodies=store.body_digests(),
            theme_files=_files_of(parts.theme),
        )

    def _restyled(self, seen: Seen) -> Seen:
        theme, problems = load_theme(self._wish.folder, seen.config, self._recall)
        return replace(seen, theme=theme, theme_problems=tuple(problems), theme_files=_files_of(theme))

    def _reread(self, seen: Seen, paths: Collection[str]) -> Seen:
        """What stands in content/ now; only what was there before spares looking for all."""
        texts = [self._sources[path] for path in paths if path in self._sources]
        files = {path: seen.found.assets[self._files[path]] for path in paths if path in self._files}
        if paths and len(texts) + len(files) == len(paths) and all(map(_is_plain, paths)):
            if files:
                new = {asset.path: _marked(asset, anew=True) for asset in files.values()}
                seen = replace(seen, found=replace(seen.found, assets={**seen.found.assets, **new}))
        else:
            asked = {source.key for source in texts}
            before = {source.key: source for source in seen.found.sources}
            seen = replace(seen, found=self._known(find(self._wish.folder, seen.config)))
            texts = [
                source
                for source in seen.found.sources
                if source.key in asked or not source.identity or source != before.get(source.key)
            ]
        return self._read(seen, texts)

    def _known(self, found: Found) -> Found:
        self._sources = {source.path: source for source in found.sources}
        self._files = {asset.source: path for path, asset in found.assets.items()}
        return replace(found, assets={path: _marked(asset) for path, asset in found.assets.items()})

    def _read(self, seen: Seen, texts: Collection[Source]) -> Seen:
        results, bodies = dict(seen.results), dict(seen.bodies)
        for source in texts:
            result, body = read_again(source, seen.config)
            if result != results.get(source.key):
                results[source.key] = result
            bodies[source.key] = self.press.keep(source.key, body)
        keys = [source.key for source in seen.found.sources]
        if results.keys() != seen.results.keys() or len(results) != len(keys):  # their order tells too
            results, bodies = {key: results[key] for key in keys}, {key: bodies[key] for key in keys}
        return replace(seen, results=results, bodies=bodies)

    def _body(self, key: str) -> bytes:
        """The body of a text that is neither kept nor in the store, as JSON."""
        source = next(one for one in self.seen.found.sources if one.key == key)
        return read_again(source, self.seen.config)[1]


class _Memory:
    """Remembers as a store does, in this process; see `recall`."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, Any]] = {}

    def __call__(self, name: str, inputs: object, work: Callable[[], Any]) -> Any:
        known = self._known.get(name)
        if known is None or known[0] != inputs:
            known = self._known[name] = (inputs, work())
        return known[1]

    def before(self, further: Recall) -> Recall:
        """The same, but what is not known here is asked of `further`."""
        return lambda name, inputs, work: self(name, inputs, lambda: further(name, inputs, work))


class _Facts(NamedTuple):
    """Facts as a store keeps them, in this process; see `pictures.Facts`."""

    folder: Path
    known: dict[str, bytes]

    def fact(self, name: str) -> bytes:
        return self.known.get(name, b"")

    def put_fact(self, name: str, value: bytes) -> None:
        self.known[name] = value


def _settings(folder: Path) -> bytes:
    try:
        return (folder / SETTINGS).read_bytes()
    except OSError as error:
        return str(error).encode()


def _files_of(theme: Theme | None) -> dict[str, str]:
    """Every file of a theme and those it extends, with its identity."""
    folders = theme.folders if theme else ()
    paths: Iterator[Path] = (path for folder in folders for path in folder.rglob("*"))
    return {str(path): identity_at(path) for path in paths if path.is_file()}


def _marked(asset: Asset, *, anew: bool = False) -> Asset:
    """The asset with an identity, also where a build would not trust in any (see `identity_of`)."""
    known = "" if anew else asset.identity
    return asset if known else replace(asset, identity=identity_at(asset.source))


def _is_plain(path: str) -> bool:
    """Whether a file is there that is no symbolic link, which might lead out of content/ now."""
    file = Path(path)
    return file.is_file() and not file.is_symlink()
