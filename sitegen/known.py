"""The tags, authors and categories that a site has, quickly: for completion while somebody types."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sitegen.build import STORE
from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.find import Source, find
from sitegen.model import Entry, Index, Profile
from sitegen.read import Result, read_source
from sitegen.sound import DamagedError, sound
from sitegen.store import FILE, Store
from sitegen.urls import fold

#: Texts that are read for it, where no build or check remembers them.
_MOST = 300


def known_names(folder: Path, config: Config) -> dict[str, list[str]]:
    """Taxonomy -> the names of its terms, the most used first; each in its usual spelling."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for value in _values(folder, config):
        if isinstance(value, Profile):
            uses[value.taxonomy][value.name] += 1
        elif isinstance(value, Entry):
            for taxonomy, names in value.names.items():
                uses[taxonomy].update(names)
    return {taxonomy: _usual(counted) for taxonomy, counted in uses.items()}


def _usual(counted: Counter[str]) -> list[str]:
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    return [*{fold(name): name for name in reversed(ordered)}.values()][::-1]


def _values(folder: Path, config: Config) -> Iterator[Entry | Profile | Index | None]:
    remembered = _remembered(folder)
    unread = _MOST
    for source in find(folder, config).sources:
        if source.key in remembered:
            yield msgspec.json.decode(remembered[source.key], type=Result).value
        elif unread:
            unread -= 1
            yield _read(source, config)


def _remembered(folder: Path) -> dict[str, bytes]:
    """What the store knows of each text; nothing if another command holds it."""
    if not (folder / STORE / FILE).is_file():
        return {}
    with contextlib.suppress(SiteError, DamagedError, OSError):
        store = Store(folder / STORE)
        with contextlib.closing(store), sound():
            return {key: row.result for key, row in store.sources().items()}
    return {}


def _read(source: Source, config: Config) -> Entry | Profile | Index | None:
    try:
        return read_source(config, source, Path(source.path).read_bytes())[0].value
    except OSError:
        return None
