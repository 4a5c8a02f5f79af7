"""What became of each file: for people in words, for programs in JSON; and what earlier reports say."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from sitegen.errors import told
from sitegen.intake.items import Note
from sitegen.intake.put import Line

#: The folder of a site that holds the reports.
FOLDER = "imports"

_KINDS = {"changed": "changed", "guessed": "guessed", "lost": "not carried over"}


class Report(Struct, frozen=True, kw_only=True):
    """What an import came to."""

    formats: tuple[str, ...]  #: of each source, as --from has it
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()  #: what is to be told of the source as a whole
    settings: tuple[str, ...] = ()  #: lines to add to sitegen.toml, in TOML
    made: tuple[str, ...] = ()  #: other files that were written, below the site's folder
    saved: str = ""  #: where the report lies, below the site's folder; "" when there is none

    def count(self, state: str) -> int:
        """How many files came to `state`."""
        return sum(line.state == state for line in self.lines)

    def noted(self) -> tuple[Line, ...]:
        """The files of which there is something to tell."""
        return tuple(line for line in self.lines if line.notes or line.state == "left")


def known(site: Path) -> dict[str, str]:
    """What earlier imports brought: the digest of what was read -> where it was put."""
    found: dict[str, str] = {}
    for path in sorted((site / FOLDER).glob("*.json")):
        try:
            lines = msgspec.json.decode(path.read_bytes(), type=_Saved).files
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            continue  # not a report, or damaged: then what it named is compared with what is there
        found |= {line.digest: line.target for line in lines if line.digest and line.target}
    return found


class _Saved(Struct, frozen=True):
    """A report as it lies in the site, as far as it is read again."""

    files: tuple[Line, ...]


def in_words(lines: Iterable[Line]) -> Iterator[str]:
    """A few lines for each file: what was changed, guessed, or could not be carried over."""
    for line in lines:
        if line.state == "left":
            yield f"{line.source}: left out: {line.reason}"
        elif line.state == "there":
            yield f"{line.source}: is there already, as {line.target}"
        else:
            yield f"{line.source} -> {line.target}"
        yield from (f"    {_told(note)}" for note in line.notes)


def _told(note: Note) -> str:
    return f"{_KINDS[note.kind]}: {note.message}"


def counted(report: Report, dry: bool) -> str:
    """The report in one line."""
    notes: Mapping[str, int] = {
        kind: sum(any(note.kind == kind for note in line.notes) for line in report.lines) for kind in _KINDS
    }
    parts = [f"{report.count('added'):,} {'would be added' if dry else 'added'}"]
    parts += [f"{report.count('there'):,} there already"] if report.count("there") else []
    parts += [f"{report.count('left'):,} left out"] if report.count("left") else []
    told = [f"{count:,} with something {_KINDS[kind]}" for kind, count in notes.items() if count]
    return ", ".join(parts) + (f"; {', '.join(told)}" if told else "")


def save(site: Path, report: Report) -> Report:
    """Write both copies of the report, under a name that is free."""
    name, number = "-".join(dict.fromkeys(report.formats)), 1
    while any((site / FOLDER / f"{name}-{number}{ending}").exists() for ending in (".txt", ".json")):
        number += 1
    base = f"{FOLDER}/{name}-{number}"
    tail = (*report.notes, *(("", "Add to sitegen.toml:", "", *report.settings) if report.settings else ()))
    words = itertools.chain((counted(report, dry=False), ""), in_words(report.lines), tail)
    with told("the report can not be written"):
        (site / FOLDER).mkdir(exist_ok=True)
        with (site / f"{base}.txt").open("w", encoding="utf-8", errors="backslashreplace") as text:
            text.writelines(f"{line}\n" for line in words)
        with (site / f"{base}.json").open("wb") as data:
            data.writelines(_in_json(report))
    return msgspec.structs.replace(report, saved=f"{base}.txt")


def _in_json(report: Report) -> Iterator[bytes]:
    """The report piece by piece, since one of a large export would fill the memory as a whole."""
    head = {"formats": report.formats, "notes": report.notes, "settings": report.settings}
    yield msgspec.json.encode(head)[:-1] + b',"files":['
    for number, line in enumerate(report.lines):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(line)
    yield b"\n]}\n"
