"""Picture files -> what is known of each, what is published in its place, and smaller ones of it.

What was found out is remembered by the bytes of a file and by all that shapes what is made of it; smaller
pictures wait in the store, so that no build makes one twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
from msgspec import Struct

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.identity import digest
from sitegen.jobs import spread
from sitegen.manifest import sha256
from sitegen.model import Asset, Picture, Smaller
from sitegen.pictures.look import Pixels, Settings, is_picture, look, settings_of
from sitegen.versions import code_of, version_of

_MODULES = tuple(
    f"sitegen.pictures{name}" for name in ("", ".drawing", ".look", ".scrub", ".shrink", ".size")
)

#: How many pictures are looked at before what was found is kept.
_AT_ONCE = 100


class _Known(Struct, frozen=True):
    """A picture as it was looked at last."""

    identity: str
    digest: str  #: of its bytes
    picture: Picture
    problems: tuple[Problem, ...] = ()


class _Memory(Struct, frozen=True):
    recipe: str
    known: dict[str, _Known]  #: by path


class Facts(Protocol):
    """Where what was found out is remembered: a `store.Store`, or what stands in for one."""

    @property
    def folder(self) -> Path: ...

    def fact(self, name: str) -> bytes: ...

    def put_fact(self, name: str, value: bytes) -> None: ...


def examine(
    assets: Mapping[str, Asset],
    config: Config,
    store: Facts,
    jobs: int,
    progress: Callable[[str, int], Callable[[], None]],
    *,
    shrink: bool = True,
) -> tuple[dict[str, Picture], list[Problem]]:
    """Look at every picture among `assets` that has changed since it was looked at.

    If `shrink`, smaller ones are made; where they aren't there, the same is found wrong with a picture
    without making any. Returns what is known of each, by path, and warnings.
    """
    settings = settings_of(config)
    recipe = _recipe(settings)
    fact = _SHRUNK if shrink else _READ
    pixels: Pixels = "shrink" if shrink else "read"
    memory = _remembered(fact, store)
    old = _of_recipe(memory, recipe)
    if not shrink:
        old |= _of_recipe(_remembered(_SHRUNK, store), recipe)
    found: dict[str, _Known] = {}
    tasks = []
    for asset in assets.values():
        if is_picture(asset.path):
            known = old.get(asset.path)
            if known and asset.identity and known.identity == asset.identity:
                found[asset.path] = known
            else:
                tasks.append(_Task(asset, known))
    folder = kept_in(store.folder)
    advance = progress("Looking at pictures", len(tasks)) if tasks else None
    work = partial(map, partial(_work, settings, pixels, folder))
    for count, one in enumerate(spread(work, tasks, jobs, heavy=True), 1):
        found[tasks[count - 1].asset.path] = one
        if advance:
            advance()
        if count % _AT_ONCE == 0:
            _keep(fact, store, _Memory(recipe, {**old, **found}))
    if tasks or found.keys() != memory.known.keys():
        _keep(fact, store, _Memory(recipe, found))
        if shrink:
            _prune(folder, found)
    ordered = {path: found[path] for path in assets if path in found}
    problems = [problem for known in ordered.values() for problem in known.problems]
    return {path: known.picture for path, known in ordered.items()}, problems


def kept_in(store: Path) -> Path:
    """Where in the store smaller pictures wait, each called by its digest."""
    return store / "pictures"


def smaller_bytes(one: Smaller, source: Path, settings: Settings, folder: Path) -> bytes:
    """A smaller picture: as it waits in `folder`, or else made anew from `source`."""
    place = folder / one.digest
    data = place.read_bytes() if place.is_file() else b""
    if sha256(data) != one.digest:
        data = look(source.name, source.read_bytes(), settings).made.get(one.digest, data)
    return data


class _Task(NamedTuple):
    asset: Asset
    known: _Known | None


def _work(settings: Settings, pixels: Pixels, folder: Path, task: _Task) -> _Known:
    asset, known = task
    try:
        data = Path(asset.source).read_bytes()
    except OSError:  # told where it is copied
        return _Known("", "", Picture())
    now = digest(data)
    if known and known.digest == now:
        return msgspec.structs.replace(known, identity=asset.identity)
    seen = look(asset.path, data, settings, pixels)
    for name, one in seen.made.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(one)
    return _Known(asset.identity, now, seen.picture, seen.problems)


def _recipe(settings: Settings) -> str:
    """A digest of all that shapes what a picture comes to, beside its bytes and its name."""
    return digest(msgspec.json.encode((settings, version_of("pillow"), code_of(_MODULES))))


_SHRUNK, _READ = "pictures", "pictures without smaller ones"


def _remembered(fact: str, store: Facts) -> _Memory:
    data = store.fact(fact)
    return msgspec.json.decode(data, type=_Memory) if data else _Memory("", {})


def _of_recipe(memory: _Memory, recipe: str) -> dict[str, _Known]:
    return dict(memory.known) if memory.recipe == recipe else {}


def _keep(fact: str, store: Facts, memory: _Memory) -> None:
    store.put_fact(fact, msgspec.json.encode(memory))


def _prune(folder: Path, found: Mapping[str, _Known]) -> None:
    """Let go of smaller pictures that no picture has any more."""
    wanted = {one.digest for known in found.values() for one in known.picture.smaller}
    for place in _waiting(folder):
        if place.name not in wanted:
            place.unlink(missing_ok=True)


def _waiting(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())
