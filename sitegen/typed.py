"""Plain data -> a frozen struct, telling every mistake in the words of the person who wrote it."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from sitegen.errors import nearest

T = TypeVar("T", bound=msgspec.Struct)

#: Takes the path of a key, what is wrong with it, and what to write instead.
Report = Callable[[tuple[str, ...], str, str], None]


def fill(kind: type[T], data: Mapping[str, Any], report: Report, path: tuple[str, ...] = ()) -> T:
    """Build a `kind` from `data`; a key that is unknown or of the wrong type is reported and left out.

    The result holds the default wherever something was reported, so the caller can go on looking for
    more mistakes. `kind` needs a default for every field.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        field = fields.get(key)
        if field is None:
            report((*path, key), f'"{key}" is not known here', nearest(key, fields))
        else:
            values[field.name] = _convert(field.type, value, report, (*path, key))
    return kind(**{name: value for name, value in values.items() if value is not msgspec.UNSET})


def _convert(kind: Any, value: Any, report: Report, path: tuple[str, ...]) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if isinstance(value, Mapping):
            return fill(kind, value, report, path)
        report(path, f"{shown(value)} stands where a table is expected", f"write it as [{'.'.join(path)}]")
        return msgspec.UNSET
    origin = typing.get_origin(kind)
    arguments = [argument for argument in typing.get_args(kind) if argument is not Ellipsis]
    inner = arguments[-1] if origin is not None and origin is not types.UnionType and arguments else None
    if origin is not None and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return _convert_many(inner, value, report, path, named=origin not in (list, tuple))
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError:
        report(path, f"{shown(value)} is not {described(kind)}", f"write {example(kind)}")
        return msgspec.UNSET


def _convert_many(
    inner: type[msgspec.Struct], value: Any, report: Report, path: tuple[str, ...], *, named: bool
) -> Any:
    """A table of tables if they are `named`, else a list of tables."""
    if named and isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values()):
        return {key: fill(inner, one, report, (*path, key)) for key, one in value.items()}
    if not named and isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        return tuple(fill(inner, one, report, path) for one in value)
    name = ".".join(path)
    hint = f"write [{name}.NAME]" if named else f"write [[{name}]]"
    report(path, f"{shown(value)} stands where tables are expected", hint)
    return msgspec.UNSET


def shown(value: Any) -> str:
    """The value as the message shows it: short, and in quotes where it is text."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


_DESCRIBED: Mapping[Any, tuple[str, str]] = {
    str: ("text", 'text in quotes, "like this"'),
    int: ("a whole number", "a whole number, like 20"),
    bool: ("true or false", "true or false"),
    float: ("a number", "a number, like 0.5"),
}

_MANY: Mapping[Any, str] = {str: "texts", int: "whole numbers"}


def described(kind: Any) -> str:
    """What is expected, as a noun: `a whole number`, `one of "a", "b"`."""
    if typing.get_origin(kind) is typing.Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in typing.get_args(kind))
    for plain, (noun, _) in _DESCRIBED.items():
        if kind is plain or plain in typing.get_args(kind):
            return f"a list of {_MANY.get(plain, noun)}" if _is_list(kind) else noun
    return "a table"


def example(kind: Any) -> str:
    """What to write instead, e.g. `a list, ["like", "this"]`."""
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(f'"{choice}"' for choice in typing.get_args(kind))
    if _is_list(kind):
        return "a list, [480, 960]" if int in typing.get_args(kind) else 'a list, ["like", "this"]'
    for plain, (_, words) in _DESCRIBED.items():
        if kind is plain or plain in typing.get_args(kind):
            return words
    return "a table of keys and values"


def _is_list(kind: Any) -> bool:
    return typing.get_origin(kind) in (tuple, list)
