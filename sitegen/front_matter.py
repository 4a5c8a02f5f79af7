"""The block above a text -> its keys, their lines, and the text below. Strict: nothing is guessed.

python-frontmatter finds and splits the block; the loaders here read it by YAML 1.2's core rules
(https://yaml.org/spec/1.2.2/#103-core-schema), as TOML or as JSON, and remember the line of each key.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, NoReturn

import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler
from msgspec import Struct

from sitegen.errors import Problem, SiteError
from sitegen.settings import line_of

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

#: Deeper nesting is no front matter that a person wrote, and would exhaust the stack.
_DEEPEST = 50


class Document(Struct, frozen=True, kw_only=True):
    """A source file, taken apart."""

    meta: Mapping[str, Any]  #: front matter, in the order written
    lines: Mapping[str, int]  #: key -> line in the file, 1-based
    body: str
    body_line: int


class _Fault(Exception):  # noqa: N818 - it is the mistake, not an error of ours
    """A mistake in the block, at a line counted from the block's first."""

    def __init__(self, message: str, hint: str = "", line: int = 0, field: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.line, self.field = message, hint, line, field


class _Format(Struct, frozen=True):
    """One way to write front matter: how python-frontmatter splits it off, how its block is read."""

    handler: BaseHandler
    load: Callable[[str], tuple[dict[str, Any], dict[str, int]]]
    closing: str


def split(text: str, file: str) -> Document:
    """Take a source file apart; `file` is named in the SiteError that a mistake raises."""
    if not text.strip():
        _fail(file, 0, "the file is empty", "begin it with front matter between two lines of ---")
    start = text[: len(text) - len(text.lstrip())].count("\n")
    stripped = text.lstrip()
    style = next((style for style in _FORMATS if style.handler.detect(stripped)), None)
    if style is None:
        _fail(
            file,
            start + 1,
            "there is no front matter",
            "begin the file with a line of ---, then title: and date:, then another line of ---",
        )
    try:
        block, body = style.handler.split(stripped)
    except ValueError:
        _fail(file, start + 1, "the front matter is not closed", f"end it with a line of {style.closing}")
    first = start + _lines_of_opening(style.handler, stripped)
    try:
        meta, lines = style.load(block)
    except _Fault as fault:
        _fail(file, first + max(fault.line, 1), fault.message, fault.hint, fault.field)
    except RecursionError:
        _fail(file, first + 1, "the front matter is nested too deeply", "write it flatter")
    body_line = text[: len(text) - len(body)].count("\n") + 1
    return Document(
        meta=meta, lines={key: line + first for key, line in lines.items()}, body=body, body_line=body_line
    )


def _lines_of_opening(handler: BaseHandler, text: str) -> int:
    """How many lines end within the opening boundary, which may swallow blank lines."""
    assert handler.FM_BOUNDARY is not None
    opening = handler.FM_BOUNDARY.match(text)
    return opening[0].count("\n") if opening else 0


def _fail(file: str, line: int, message: str, hint: str, field: str = "") -> NoReturn:
    raise SiteError([Problem(file=file, line=line, field=field, message=message, hint=hint)])


def _load_yaml(block: str) -> tuple[dict[str, Any], dict[str, int]]:
    # The C composer recurses without a limit, so what is too deep must not reach it.
    if sum(map(block.count, "[{-?:")) >= _DEEPEST or " " * 10 * _DEEPEST in block:
        _refuse_depth(block)
    block = _ODD_BREAKS.sub(" ", block)
    try:
        root = yaml.compose(block, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _yaml_fault(error, block) from None
    except yaml.YAMLError as error:
        odd = chr(getattr(error, "character", 0))
        line = block[: max(0, block.find(odd))].count("\n") + 1
        raise _Fault(f"this is not YAML: {_first_line(error)}", "take the odd character out", line) from None
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        raise _Fault("the front matter is no list of keys", "write it as key: value, a line each")
    return _mapping(root, 0, set()), {
        str(key.value): key.start_mark.line + 1 for key, _ in root.value if isinstance(key.value, str)
    }


#: Line breaks of YAML 1.1 that are none in YAML 1.2, nor for editors, which count lines.
_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")

_DEEP_BLOCK = re.compile(rf"(?:[-?:][ \t]+){{{_DEEPEST},}}|^[ ]{{{10 * _DEEPEST},}}", re.MULTILINE)


def _refuse_depth(block: str) -> None:
    depth = deepest = 0
    for character in block:
        depth = max(0, depth + (character in "[{") - (character in "]}"))
        deepest = max(deepest, depth)
    if deepest > _DEEPEST or _DEEP_BLOCK.search(block):
        raise _Fault("the front matter is nested too deeply", "write it flatter")


def _load_toml(block: str) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        data = tomllib.loads(block)
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", str(error))
        message, line = (told[1], int(told[2])) if told else (str(error), 0)
        raise _Fault(f"this is not TOML: {_first_line(message)}", 'write key = "value"', line) from None
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise _Fault("a number is too long", "put it in quotes") from None
    return {key: _without_dates(value) for key, value in data.items()}, {
        key: line_of(block, (key,)) for key in data
    }


def _load_json(block: str) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        data = json.loads(block, object_pairs_hook=_pairs)
        json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {_first_line(error.msg)}"
        raise _Fault(message, 'write "key": "value", with a comma between', error.lineno) from None
    except UnicodeEncodeError as error:
        escape = f"\\u{ord(error.object[error.start]):04x}"
        line = block[: max(0, block.lower().find(escape))].count("\n") + 1
        raise _Fault(f"{escape} is half a character", "write the character itself", line) from None
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise _Fault("a number is too long", "put it in quotes") from None
    except _Fault as fault:
        fault.line = _json_line(block, fault.field, last=True)
        raise
    if not isinstance(data, dict):
        raise _Fault("the front matter is no object", 'write {"key": "value"}')
    return data, {key: _json_line(block, key) for key in data}


_FENCED_JSON = re.compile(r"\A---json[ ]*$|(?!\A)^---[ ]*$", re.MULTILINE)
_TOML = re.compile(r"^\+{3,}\s*$", re.MULTILINE)

_FORMATS = (
    _Format(YAMLHandler(_FENCED_JSON), _load_json, "---"),
    _Format(YAMLHandler(), _load_yaml, "---"),
    _Format(YAMLHandler(_TOML), _load_toml, "+++"),
    _Format(JSONHandler(), _load_json, "}"),
)


def _mapping(node: yaml.MappingNode, depth: int, seen: set[int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise _Fault("a list or table can not be a key", "write a word before the colon", line)
        if key in result:
            raise _Fault(f'"{key}" is given twice', "keep one of the two", line, key)
        result[key] = _value(value_node, depth + 1, seen)
    return result


def _value(node: yaml.Node, depth: int, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    if depth > _DEEPEST:
        raise _Fault("the front matter is nested too deeply", "write it flatter", line)
    if id(node) in seen:
        raise _Fault("an alias (*name) repeats a value", "write the value out", line)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, depth, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, depth + 1, seen) for item in node.value]
    if node.tag not in _IMPLICIT_TAGS:
        raise _Fault(f"{node.tag} is not read here", "write plain text, numbers and lists", line)
    assert isinstance(node, yaml.ScalarNode)
    return node.value if node.style in ("'", '"', "|", ">") else _plain(node.value)


#: The tags that a base loader gives to nodes without one.
_IMPLICIT_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}


def _plain(text: str) -> Any:
    """A value without quotes, by YAML 1.2: only `true` is true, only `null` is nothing.

    A number is one only if it would be written the same again, so `007` and `1.10` stay text.
    """
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text in ("true", "True", "TRUE")
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", text) and repr(float(text)) == text:
        return float(text)
    return text


def _yaml_fault(error: yaml.MarkedYAMLError, block: str) -> _Fault:
    if "escape" in str(error.problem) and error.problem_mark:
        line = error.problem_mark.line + 1
        return _Fault("a backslash in double quotes begins no escape", "use 'single quotes'", line)
    if "quoted scalar" in str(error.context) and error.context_mark:
        return _Fault("a quotation mark is opened and not closed", "close it", error.context_mark.line + 1)
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    shown = [*block.split("\n"), ""][max(0, line - 1)]
    if "\t" in shown[: len(shown) - len(shown.lstrip())] or "'\\t'" in str(error.problem):
        return _Fault("a tab indents this line, which YAML does not allow", "use spaces", line)
    if "mapping values are not allowed" in str(error.problem):
        return _Fault("there is a second colon in this value", 'put the value in "quotes"', line)
    if "undefined alias" in str(error.problem):
        return _Fault('a value begins with "*", which YAML reads as an alias', "put it in quotes", line)
    if sign := re.search(r"(?:^|[:\[,-])\s+([*&!@`%|>])|[\[{,]([*&!@`%])", shown):
        return _Fault(
            f'a value begins with "{sign[1] or sign[2]}", which means something in YAML',
            "put it in quotes",
            line,
        )
    problem = str(error.problem or error.context or "it can not be read")
    return _Fault(f"this is not YAML: {_first_line(problem)}", "put the value in quotes", line)


def _first_line(error: object) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else "it can not be read"
    return f"{text[:1].lower()}{text[1:]}"


def _without_dates(value: Any) -> Any:
    """TOML's own dates and times as the text that a person would write in YAML."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [_without_dates(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_dates(item) for key, item in value.items()}
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _Fault(f'"{key}" is given twice', "keep one of the two", 0, key)
        result[key] = value
    return result


def _json_line(block: str, key: str, *, last: bool = False) -> int:
    places = [
        match.start()
        for match in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", block)
    ]
    return block[: places[-1 if last else 0]].count("\n") + 1 if places else 0
