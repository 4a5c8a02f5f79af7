"""A theme's static/ -> the files of the output; what ends in .jinja is made of the theme's settings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from sitegen.errors import Problem
from sitegen.templates import explain, shown_path
from sitegen.urls import is_external, relative, root_of

#: The end of a name that marks a file as a template; it is left off in the output.
SUFFIX = ".jinja"

#: A file of static/ that is copied, or the bytes of one that was made.
File = Path | bytes


def static_files(
    chain: Sequence[Path], environment: jinja2.Environment, settings: Mapping[str, Any], site: Path
) -> tuple[str, dict[str, File], list[Problem]]:
    """The output folder of a theme's files, and each of them by its output path.

    The folder is named by their digest, so that browsers can keep them for ever and they can name each
    other. The nearest theme of `chain` comes first.
    """
    sources: dict[str, Path] = {}
    for theme in reversed(chain):
        for path in sorted((theme / "static").rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                sources[path.relative_to(theme / "static").as_posix().removesuffix(SUFFIX)] = path
    problems: list[Problem] = []
    plain = environment.overlay(autoescape=False)
    files: dict[str, File] = dict(sorted(sources.items()))
    for name, path in sources.items():
        if path.name.endswith(SUFFIX):
            try:
                files[name] = _made(path, name, plain, settings)
            except UnicodeDecodeError:
                problems.append(
                    Problem(file=shown_path(path, site), message="is not UTF-8", hint="save it as UTF-8")
                )
            except Exception as error:  # a template may raise anything
                problems.append(explain(error, site, chain, environment))
    folder = f"assets/{_digest(files)}"
    return folder, {f"{folder}/{name}": file for name, file in files.items()}, problems


def _made(path: Path, name: str, environment: jinja2.Environment, settings: Mapping[str, Any]) -> bytes:
    code = environment.compile(path.read_text(encoding="utf-8"), path.name, str(path))
    template = jinja2.Template.from_code(environment, code, {})

    def url(address: str) -> str:
        # The folder's name isn't known before its files are; how deep it lies is.
        return address if is_external(address) else relative(root_of(f"/assets/digest/{name}"), address)

    return template.render(theme=settings, url=url).encode()


def _digest(files: Mapping[str, File]) -> str:
    whole = hashlib.sha256()
    for name, file in files.items():
        data = file if isinstance(file, bytes) else file.read_bytes()
        whole.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return whole.hexdigest()[:10]
