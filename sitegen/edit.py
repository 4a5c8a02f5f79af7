"""Changes to front matter that touch nothing else: comments, order, quotes, line endings and body stay.

Every function takes a file's text with its lines ended by "\\n", and returns it changed. What comes out is
read again before it is returned: if it says anything else than was meant, CannotEditError is raised instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from sitegen.front_matter import split

#: What front matter may be given: one text, several, or whether.
Value = str | bool | Sequence[str]


class CannotEditError(Exception):
    """The front matter is written in a way that is not changed by machine."""


def put(text: str, key: str, value: Value) -> str:
    """Fill in a key that is missing or empty; one that says something is left as it is."""
    meta = split(text, "").meta
    if meta.get(key) not in (None, "", []):
        return text
    return _changed(text, {**meta, key: _plain(value)}, lambda block: block.put(key, value))


def add(text: str, key: str, items: Sequence[str]) -> str:
    """Add items to the list at `key`, those that it lacks."""
    meta = split(text, "").meta
    there = meta.get(key)
    listed = there if isinstance(there, list) else [] if there is None else [there]
    more = [item for item in items if item not in listed]
    return (
        _changed(text, {**meta, key: [*listed, *more]}, lambda block: block.add(key, more)) if more else text
    )


def rename(text: str, key: str, old: str, new: str) -> str:
    """Write `new` for the item `old` of the list at `key`, or of its text with commas."""
    meta = split(text, "").meta
    there = meta.get(key)
    if isinstance(there, list):
        renamed: Any = [new if _same(item, old) else item for item in there]
    else:
        parts = str(there).split(",")
        renamed = ",".join(part.replace(part.strip(), new) if _same(part, old) else part for part in parts)
    return _changed(text, {**meta, key: renamed}, lambda block: block.rename(key, old, new))


def in_file(data: bytes, change: Callable[[str], str]) -> bytes:
    """Change a file's text as above, and leave its BOM and all its other line endings as they are."""
    raw = data.decode("utf-8")
    start = raw.startswith("\ufeff")
    old = raw[start:].replace("\r\n", "\n").replace("\r", "\n")
    new = change(old)
    if new == old:
        return data
    before = _alike(old, new)
    after = _alike(old[before:][::-1], new[before:][::-1])
    # Where each character of `old` stands in `raw`.
    ends = (found.end() for found in re.finditer(r"\r\n|.|\n", raw[start:], re.DOTALL))
    places = [int(start), *(start + end for end in ends)]
    ending = max(("\n", "\r\n", "\r"), key=lambda one: len(re.findall(rf"(?<!\r){one}(?!\n)", raw)))
    middle = new[before : len(new) - after].replace("\n", ending)
    return (raw[: places[before]] + middle + raw[places[len(old) - after] :]).encode()


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _changed(text: str, meant: Mapping[str, Any], edit: Callable[[_Yaml | _Toml | _Json], str]) -> str:
    try:
        block = _block(text)
        changed = text[: block.start] + edit(block) + text[block.start + len(block.text) :]
        document = split(changed, "")
    except Exception:  # whatever it is, the text is better left alone
        raise CannotEditError from None
    if dict(document.meta) != dict(meant) or document.body != split(text, "").body:
        raise CannotEditError
    return changed


def _plain(value: Value) -> Any:
    return value if isinstance(value, str | bool) else list(value)


def _same(item: Any, name: str) -> bool:
    return " ".join(str(item).split()) == name


class _Block:
    """The lines between the boundaries."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start

    def changed(self, start: int, end: int, text: str) -> str:
        return self.text[:start] + text + self.text[end:]


def _block(text: str) -> _Yaml | _Toml | _Json:
    opening = re.match(r"\s*(?:(---json|-{3,}|\+{3,})[ \t]*\n|(?=\{))", text)
    if opening is None:
        raise CannotEditError
    start = opening.end()
    closing = {"+": r"^\+{3,}\s*$", "-": r"^-{3,}\s*$"}.get((opening[1] or "{")[0], r"^\}\s*$")
    found = re.compile(closing, re.MULTILINE).search(text, start)
    if found is None:
        raise CannotEditError
    if (opening[1] or "{") in ("---json", "{"):
        return _Json(text[start : found.start() if opening[1] else found.start() + 1], start)
    return (_Toml if opening[1][0] == "+" else _Yaml)(text[start : found.start()], start)


class _Yaml(_Block):
    def put(self, key: str, value: Value) -> str:
        node = self._node(key)
        if node is None:
            return f"{self.text.rstrip(' ')}{key}: {_flow(value)}\n"
        space = "" if self.text[node.start_mark.index - 1 : node.start_mark.index] in (" ", "\t") else " "
        return self.changed(node.start_mark.index, node.end_mark.index, space + _flow(value))

    def add(self, key: str, items: Sequence[str]) -> str:
        node = self._node(key)
        if node is None or not self.text[node.start_mark.index : node.end_mark.index].strip():
            return self.put(key, items)
        start, end = node.start_mark.index, node.end_mark.index
        written = [_quoted(item) for item in items]
        if isinstance(node, yaml.ScalarNode):
            return self.changed(start, end, f"[{', '.join([_inner(self.text[start:end]), *written])}]")
        if node.flow_style:
            inside = self.text[start + 1 : end - 1].rstrip()
            between = "" if not inside else " " if inside.endswith(",") else ", "
            at = start + 1 + len(inside)
            return self.changed(at, at, between + ", ".join(written))
        last = node.value[-1].end_mark.index
        line_end = self.text.find("\n", last)
        indent = " " * node.start_mark.column
        return self.changed(line_end, line_end, "".join(f"\n{indent}- {item}" for item in written))

    def rename(self, key: str, old: str, new: str) -> str:
        node = self._node(key)
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        text = self.text
        for item in reversed(items):
            start, end = item.start_mark.index, item.end_mark.index
            token = text[start:end]
            if isinstance(node, yaml.SequenceNode):
                renamed = _like(token, new) if _same(item.value, old) else token
            else:
                renamed = _in_commas(token, old, new)
            text = text[:start] + renamed + text[end:]
        return text

    def _node(self, key: str) -> Any:
        """The node of a key's value; None if the key is not there."""
        root = yaml.compose(self.text, Loader=yaml.BaseLoader)
        if root is None:
            return None
        return next((value for name, value in root.value if name.value == key), None)


class _Toml(_Block):
    def put(self, key: str, value: Value) -> str:
        found = self._region(key)
        if found is None:
            return f"{key} = {_json(value)}\n{self.text}"
        return self.changed(*_span(found, r"\"\"|''|\[\s*\]"), _json(value))

    def add(self, key: str, items: Sequence[str]) -> str:
        found = self._region(key)
        return self.put(key, items) if found is None else _add_to_array(self, found, items)

    def rename(self, key: str, old: str, new: str) -> str:
        found = self._region(key)
        assert found
        return self.changed(
            *_span(found, f"{_spellings(old)}|'{re.escape(old)}'"), json.dumps(new, ensure_ascii=False)
        )

    def _region(self, key: str) -> re.Match[str] | None:
        """A key and its value, which ends where the next line with a key or table begins."""
        return re.search(
            rf"^[ \t]*\"?{re.escape(key)}\"?[ \t]*=.*?(?=^[ \t]*(?:[\w\"'.-]+[ \t]*=|\[[^\n]*\][ \t]*$)|\Z)",
            self.text,
            re.MULTILINE | re.DOTALL,
        )


class _Json(_Block):
    def put(self, key: str, value: Value) -> str:
        found = self._region(key)
        if found is None:
            at = self.text.index("{") + 1
            return self.changed(at, at, f"\n{json.dumps(key)}: {_json(value)},")
        return self.changed(*_span(found, r"(?<=:)\s*(?:null|\"\"|\[\s*\])"), " " + _json(value))

    def add(self, key: str, items: Sequence[str]) -> str:
        found = self._region(key)
        return self.put(key, items) if found is None else _add_to_array(self, found, items)

    def rename(self, key: str, old: str, new: str) -> str:
        found = self._region(key)
        assert found
        return self.changed(*_span(found, _spellings(old)), _json(new))

    def _region(self, key: str) -> re.Match[str] | None:
        return re.search(rf"{_spellings(key)}\s*:.*?(?=\"[^\"\n]*\"\s*:|\Z)", self.text, re.DOTALL)


def _add_to_array(block: _Block, found: re.Match[str], items: Sequence[str]) -> str:
    region = found[0]
    opening, closing = region.find("["), region.rfind("]")
    if opening < 0 or closing < opening:
        raise CannotEditError
    inside = region[opening + 1 : closing].rstrip()
    between = "" if not inside.strip() else " " if inside.endswith(",") else ", "
    at = found.start() + opening + 1 + len(inside)
    return block.changed(at, at, between + _json(items)[1:-1])


def _span(region: re.Match[str], pattern: str) -> tuple[int, int]:
    """Where `pattern` stands in a region of the block."""
    found = re.search(pattern, region[0])
    if found is None:
        raise CannotEditError
    return region.start() + found.start(), region.start() + found.end()


def _spellings(text: str) -> str:
    spelt = (re.escape(json.dumps(text, ensure_ascii=escaped)) for escaped in (False, True))
    return f"(?:{'|'.join(spelt)})"


def _json(value: Value) -> str:
    """A value as JSON, and TOML, write it."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _flow(value: Value) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, str | bool):
        return _quoted(value) if isinstance(value, str) else str(value).lower()
    return f"[{', '.join(map(_quoted, value))}]"


#: A text that YAML reads as that text without quotes.
_BARE = re.compile(r"[^\W\d_][\w '’().&/+-]*[\w)]|[12]\d{3}-[01]\d-[0-3]\d(T[\d:]+([+-][\d:]+|Z)?)?")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def _quoted(text: str) -> str:
    bare = _BARE.fullmatch(text) and text.lower() not in _WORDS
    return text if bare else json.dumps(text, ensure_ascii=False)


def _like(token: str, text: str) -> str:
    """`text` in the quotes of `token`, or without if it has none and needs none."""
    if token.startswith('"'):
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'" if token.startswith("'") else _quoted(text)


def _inner(token: str) -> str:
    """A scalar as it may stand within brackets."""
    return token if token[0] in "\"'" else _quoted(token)


def _in_commas(token: str, old: str, new: str) -> str:
    quote = token[0] if token[0] in "\"'" else ""
    inner = token[len(quote) : len(token) - len(quote)]
    parts = [part.replace(part.strip(), new) if _same(part, old) else part for part in inner.split(",")]
    return quote + ",".join(parts) + quote
