"""Front matter as other programs let it pass: read strictly where it can be, else repaired, and said."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from sitegen import front_matter
from sitegen.errors import Problem, SiteError
from sitegen.intake.items import Note, changed, lost

_BLOCK = re.compile(
    r"\A\s*(---|\+\+\+)(?:json|yaml|toml)?[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE
)

#: A key of the first level and its value, on one line.
_PAIR = re.compile(r"^([\"']?[\w][\w .-]*[\"']?)\s*(:|=)(?:[ \t]+(.*?))?[ \t]*$")

#: So often a block is mended before it is given up.
_TRIES = 20


class Taken(NamedTuple):
    """A text, taken apart."""

    meta: Mapping[str, Any]
    body: str
    notes: tuple[Note, ...] = ()
    has_block: bool = True  #: there was front matter, readable or not


def take_apart(text: str) -> Taken:
    """Front matter and body of a text. Front matter beyond repair is kept in the body, and told of."""
    notes: list[Note] = []
    for _ in range(_TRIES):
        try:
            document = front_matter.split(text, "")
        except SiteError as error:
            problem = error.problems[0]
            mended = _mended(text, problem, notes)
            if mended is None:
                return _given_up(text, problem, notes)
            text = mended
        else:
            return Taken(document.meta, document.body, tuple(dict.fromkeys(notes)))
    return _given_up(text, Problem(message="it has too many mistakes"), notes)


def _mended(text: str, problem: Problem, notes: list[Note]) -> str | None:
    """The text with one mistake less; None where nothing can be done."""
    if not (block := _BLOCK.match(text)) or "too deeply" in problem.message:
        return None
    lines = text.split("\n")
    place = problem.line - 1
    if "is given twice" in problem.message or "overwrite a value" in problem.message:
        return _without_double(lines, block, problem.field, notes)
    if "a tab indents" in problem.message and 0 <= place < len(lines):
        notes.append(changed("tabs in the front matter are made spaces"))
        lines[place] = lines[place].expandtabs(4)
        return "\n".join(lines)
    pair = _PAIR.match(lines[place]) if 0 <= place < len(lines) else None
    if block[1] == "---" and pair and pair[3] and not _is_quoted(pair[3]):
        notes.append(changed(f'the value of "{pair[1]}" is put in quotes'))
        lines[place] = f"{pair[1]}: {json.dumps(pair[3].strip(chr(34)), ensure_ascii=False)}"
        return "\n".join(lines)
    return None


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] == '"' and '"' not in value[1:-1] and "\\" not in value


def _without_double(lines: list[str], block: re.Match[str], field: str, notes: list[Note]) -> str | None:
    """Of a key that is given twice, the last counts, as in most programs."""
    first = block[0][: block[0].index(block[1])].count("\n") + 1
    seen: dict[str, int] = {}
    for number in range(first, min(len(lines), block[0].count("\n"))):
        pair = _PAIR.match(lines[number])
        if pair is None:
            continue
        key = pair[1].strip("\"'")
        if key in seen and key == (field or key):
            end = seen[key] + 1
            while end < number and lines[end][:1] in (" ", "\t", "-"):
                end += 1
            notes.append(
                changed(f'"{key}" is given twice; the last one counts, not "{lines[seen[key]].strip()}"')
            )
            return "\n".join(lines[: seen[key]] + lines[end:])
        seen[key] = number
    return None


def _given_up(text: str, problem: Problem, notes: list[Note]) -> Taken:
    block = _BLOCK.match(text)
    if block is None:
        return Taken({}, text, tuple(notes), has_block=False)
    fence = "```"
    told = lost(f"its front matter can not be read ({problem.message}); it stands above the text, a draft")
    body = f"{fence}\n{block[2].strip().replace(fence, '` ` `')}\n{fence}\n\n{text[block.end() :]}"
    return Taken({"draft": True}, body, (*notes, told))


def read_settings(name: str, text: str) -> dict[str, Any]:
    """A settings file in TOML, YAML or JSON, as far as it can be read; {} when it can't."""
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text)
        if name.endswith(".json"):
            found = json.loads(text)
            return found if isinstance(found, dict) else {}
        return dict(take_apart(f"---\n{text.removeprefix('---').strip()}\n---\n").meta)
    except (ValueError, RecursionError):
        return {}
