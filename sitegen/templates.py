"""The templates of a theme: one strict Jinja environment, what each depends on, and what is wrong in it."""

from __future__ import annotations

import base64
import difflib
import hashlib
import marshal
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import jinja2.bccache
import jinja2.meta
import jinja2.runtime
from jinja2.utils import missing

from sitegen.errors import Problem
from sitegen.recall import Recall


def shown_path(path: Path, site: Path) -> str:
    """The path as messages name it: below the site where it lies there."""
    return path.relative_to(site).as_posix() if path.is_relative_to(site) else path.as_posix()


def make_environment(chain: list[Path]) -> jinja2.Environment:
    folders = {folder.name: jinja2.FileSystemLoader(folder / "templates") for folder in chain}
    return _Environment(
        bytecode_cache=_Compiled(),
        # By its bare name a template is the nearest one; "chronicle/base.html" is that of the parent.
        loader=jinja2.ChoiceLoader([*folders.values(), jinja2.PrefixLoader(folders)]),
        autoescape=True,
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )


class _Context(jinja2.runtime.Context):
    def call(self, function: Callable[..., Any], /, *args: Any, **values: Any) -> Any:
        """Call a function or macro from a template.

        Jinja's own asks each first whether it wants the context, which none of ours does: of all that
        rendering takes, that was the dearest.
        """
        values.pop("_loop_vars", None)
        values.pop("_block_vars", None)
        return function(*args, **values)


class _Environment(jinja2.Environment):
    context_class = _Context


class _Compiled(jinja2.BytecodeCache):
    """Templates as an earlier build compiled them."""

    def __init__(self) -> None:
        self.code: dict[str, str] = {}  #: base64

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name}: {filename}"

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if code := self.code.get(bucket.key):
            bucket.code = marshal.loads(base64.b64decode(code))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.code[bucket.key] = base64.b64encode(marshal.dumps(bucket.code)).decode()


class _Missing(jinja2.StrictUndefined):
    """What a template asks for and isn't there, told in words of docs/themes.md; line 2 is the hint."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        thing, name = self._undefined_obj, str(self._undefined_name)
        if self._undefined_hint:
            return self._undefined_hint
        if thing is missing:
            return f"there is no `{name}`"
        if isinstance(thing, Mapping):
            message, known = f"there is no `{name}` here", [*map(str, thing)]
        else:
            kind = _VALUES.get(type(thing).__name__, _SUFFIX.sub("", type(thing).__name__).lower())
            message, known = f"the {kind} has no `{name}`", [one for one in dir(thing) if one[0] != "_"]
        near = difflib.get_close_matches(name, known, n=1)
        return f"{message}\ndid you mean `{near[0]}`?" if near else message


#: What tells classes apart that are one thing to the author of a theme.
_SUFFIX = re.compile(r"(?<=.)(Card|Page|Link|Line|Meta|View|Item)$")

_VALUES = {
    "NoneType": "value that is missing",
    "str": "text",
    "Markup": "text",
    "int": "number",
    "tuple": "list",
    "datetime": "date",
}


def examine(
    environment: jinja2.Environment, folders: Sequence[Path], site: Path, recall: Recall
) -> tuple[Mapping[str, str], list[Problem]]:
    """For each template a digest of it and of all that it takes in; and the templates that don't compile."""
    sources, problems = _sources(environment, folders, site)
    compiled = environment.bytecode_cache
    assert isinstance(compiled, _Compiled)

    def work() -> tuple[dict[str, str], dict[str, str]]:
        sound = not problems and not list(_broken(environment, folders, site))
        return (_digests(environment, sources), compiled.code) if sound else ({}, {})

    inputs = [sources, [str(folder) for folder in folders], jinja2.__version__, sys.version]
    digests, code = recall("templates", inputs, work)
    compiled.code.update(code)
    return digests, [] if digests else [*problems, *_broken(environment, folders, site)]


def _sources(
    environment: jinja2.Environment, folders: Sequence[Path], site: Path
) -> tuple[dict[str, str], list[Problem]]:
    assert environment.loader is not None
    sources, problems = {}, []
    for name in environment.list_templates():
        try:
            sources[name] = environment.loader.get_source(environment, name)[0]
        except UnicodeDecodeError:
            sources[name] = ""
            places = (folder / "templates" / name for folder in folders)
            if place := next((place for place in places if place.is_file()), None):
                problems.append(
                    Problem(file=shown_path(place, site), message="is not UTF-8", hint="save it as UTF-8")
                )
    return sources, problems


def _broken(environment: jinja2.Environment, folders: Sequence[Path], site: Path) -> Iterator[Problem]:
    for name in environment.list_templates(extensions=["html", "xml"]):
        try:
            environment.get_template(name)
        except UnicodeDecodeError:
            continue  # told where it was read
        except jinja2.TemplateSyntaxError as error:
            if not any(name.startswith(f"{folder.name}/") for folder in folders):
                yield Problem(
                    file=shown_path(Path(error.filename or name), site),
                    line=error.lineno,
                    message=f"this is not a Jinja template: {error.message}",
                    hint="see the line, or the tag that was opened before it",
                )


def _digests(environment: jinja2.Environment, sources: Mapping[str, str]) -> dict[str, str]:
    wants: dict[str, set[str]] = {}

    def wanted_by(name: str) -> set[str]:
        """What a template of any suffix takes in itself."""
        if name not in wants:
            try:
                named = set(jinja2.meta.find_referenced_templates(environment.parse(sources.get(name, ""))))
            except (
                jinja2.TemplateSyntaxError
            ):  # perhaps no template at all; if one, told where it is rendered
                named = set()
            # Where only the running template knows which one it takes in, it may be any.
            wants[name] = set(sources) if None in named else {str(one) for one in named}
        return wants[name]

    digests = {}
    for name in sources:
        closure: set[str] = set()
        waiting = {name}
        while waiting:
            closure.add(one := waiting.pop())
            waiting |= wanted_by(one) - closure
        # One that is missing may be let be with `ignore missing`; once it is there, all is different.
        texts = (f"{one}\0{sources.get(one, 'missing')}" for one in sorted(closure))
        digests[name] = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    return digests


def explain(
    error: Exception, site: Path, folders: Sequence[Path], environment: jinja2.Environment
) -> Problem:
    """What a template did wrong while it was rendered, and on which line."""
    place, line = "", 0
    trace = error.__traceback__
    while trace is not None:
        filename = Path(trace.tb_frame.f_code.co_filename)
        if any(filename.is_relative_to(folder) for folder in folders):
            place, line = shown_path(filename, site), trace.tb_lineno
        trace = trace.tb_next
    hint = ""
    if isinstance(error, jinja2.UndefinedError):
        message, _, hint = str(error.message).partition("\n")
        hint = hint or 'see docs/themes.md for what a template may use, or write "is defined" before it'
    elif isinstance(error, jinja2.TemplateNotFound):
        message = f'there is no template "{error.name}"'
        near = difflib.get_close_matches(str(error.name), environment.list_templates(), n=1)
        hint = f'did you mean "{near[0]}"?' if near else ""
    elif isinstance(error, jinja2.TemplateSyntaxError):
        place, line = shown_path(Path(error.filename or place), site), error.lineno
        message = f"this is not a Jinja template: {error.message}"
    else:
        message = f"{type(error).__name__}: {error}"
    return Problem(file=place, line=line, message=message, hint=hint)
