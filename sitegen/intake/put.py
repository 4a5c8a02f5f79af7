"""Items -> files of a site. Nothing is overwritten, and nothing comes twice."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from msgspec import Struct

from sitegen.config import DEFAULT_TAXONOMIES, Config
from sitegen.errors import told
from sitegen.find import CONTENT
from sitegen.intake.fields import texts
from sitegen.intake.items import Copy, Data, Left, Note, Text, digest_of, lost
from sitegen.intake.place import Places

#: Folders of content/ whose texts never need a date.
_UNDATED = frozenset({"pages", *(taxonomy.profiles for taxonomy in DEFAULT_TAXONOMIES.values())})

State = Literal["added", "there", "left"]


class Line(Struct, frozen=True, kw_only=True):
    """What became of one file: a line of the report."""

    source: str
    state: State
    target: str = ""  #: below the site's folder
    digest: str = ""  #: of what was read
    reason: str = ""  #: why it was left
    notes: tuple[Note, ...] = ()


Write = Callable[[Path, bytes | Path], None]


class Putter:
    """Puts items into the site in `folder`. What `known` names was put there before: digest -> target."""

    def __init__(self, folder: Path, config: Config, known: Mapping[str, str], write: Write) -> None:
        self._folder = folder
        self._places = Places(folder, config)
        self._known = dict(known)
        self._write = write
        self.sections: dict[str, bool] = {}  #: section -> whether each text put into it has a date

    def put(self, item: Text | Copy | Data | Left) -> Line:
        """Put one item into its place; what became of it."""
        if isinstance(item, Left):
            return Line(source=item.source, state="left", reason=item.reason)
        digest = _digest(item)
        there = self._known.get(digest, "")
        if there and (self._folder / there).is_file():
            return Line(source=item.source, state="there", target=there, digest=digest)
        notes = item.notes
        content: bytes | Path
        if isinstance(item, Text) and self._places.is_described(item):
            old = [one for one in texts(item.meta.get("aliases")) if one.startswith("/")]
            notes = (lost(f"add to its aliases: {', '.join(old)}"),) if old else ()
            target = f"{CONTENT}/{item.path}"
            return Line(source=item.source, state="there", target=target, digest=digest, notes=notes)
        if isinstance(item, Text):
            key, meta, notes = self._places.settle(item)
            content = as_markdown(meta, item.body)
            section = key.split("/")[0]
            if section not in _UNDATED:
                self.sections[section] = self.sections.get(section, True) and bool(meta.get("date"))
        else:
            content = item.file if isinstance(item, Copy) else item.data
            if _is_same(self._folder / CONTENT / item.path, content):
                return Line(source=item.source, state="there", target=f"{CONTENT}/{item.path}", digest=digest)
            key = self._places.free(item.path)
            if key != item.path:
                notes = (*notes, Note("changed", f"its name was taken or unsafe, so it lies at {key}"))
        if isinstance(item, Copy) and any(part.startswith("_") for part in key.split("/")):
            notes = (*notes, Note("lost", 'a part of its name begins with "_", so no build publishes it'))
        target = f"{CONTENT}/{key}"
        self._write(self._folder / target, content)
        self._known[digest] = target
        return Line(source=item.source, state="added", target=target, digest=digest, notes=notes)


def _digest(item: Text | Copy | Data) -> str:
    if isinstance(item, Text):
        return digest_of("text", item.source, item.digest)
    if isinstance(item, Data):
        return digest_of("data", item.path, item.data)
    with item.file.open("rb") as file:
        return digest_of("copy", item.path, hashlib.file_digest(file, "sha256").digest())


def _is_same(target: Path, content: bytes | Path) -> bool:
    if not target.is_file():
        return False
    data = content.read_bytes() if isinstance(content, Path) else content
    return target.stat().st_size == len(data) and target.read_bytes() == data


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _in_one_line(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    """Lists of plain values as `[a, b]`."""
    plain = not any(isinstance(one, list | dict) for one in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=plain)


_Dumper.add_representer(list, _in_one_line)


def as_markdown(meta: Mapping[str, Any], body: str) -> bytes:
    """A text as its file holds it: front matter in YAML, and Markdown."""
    block = yaml.dump(
        _plain(meta),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=False,
    )
    text = f"---\n{block}---\n{body.strip(chr(10)).rstrip()}\n"
    return text.encode("utf-8", "backslashreplace")


def _plain(value: Any) -> Any:
    """Only what YAML knows, and no deeper than front matter may be."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def write_new(target: Path, content: bytes | Path) -> None:
    """Write a file that is not there yet; SiteError when it can't be."""
    with told("the import can not be written"):
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.read_bytes() if isinstance(content, Path) else content
        part = target.with_name(f".{digest_of(target.name)[:16]}.part")
        part.write_bytes(data)
        if target.exists():
            part.unlink()
            raise FileExistsError(errno.EEXIST, "it is there already", str(target))
        part.rename(target)


def write_nothing(target: Path, content: bytes | Path) -> None:
    """Stand in for `write_new` where only the report is wanted."""
