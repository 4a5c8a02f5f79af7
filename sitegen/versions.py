"""Versions of all that shapes what is built: with another one, the same input may come out otherwise."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sitegen import __version__
from sitegen.identity import digest

#: Libraries that shape what a source file comes to.
READING = (
    *("markdown", "msgspec", "nh3", "pygments", "pymdown-extensions"),
    *("pyromark", "python-slugify", "pyyaml", "selectolax"),
)

#: Libraries that shape a page beside its body.
RENDERING = ("babel", "jinja2", "markupsafe", "msgspec", "pillow")

#: What makes the search bundle.
INDEXING = ("pagefind-bin",)


@cache
def versions(names: tuple[str, ...]) -> tuple[str, ...]:
    """The versions of sitegen, of Python and of the packages `names`."""
    python = "{}.{}".format(*sys.version_info)
    return (__version__, _own_code(), python, *map(version_of, names))


@cache
def version_of(package: str) -> str:
    """The version of an installed package."""
    return version(package)


@cache
def _own_code() -> str:
    """A digest of sitegen's modules: a checkout is updated without its version being raised."""
    package = Path(__file__).parent
    sources = sorted(package.rglob("*.py"))
    return digest(b"\0".join(source.read_bytes() for source in sources))


def code_of(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Digests of modules that have no version we know of, like a site's own Markdown extensions."""
    return tuple(_code(name.partition(":")[0]) for name in modules)


@cache
def _code(module: str) -> str:
    try:
        spec = find_spec(module)
        return digest(Path(spec.origin).read_bytes()) if spec and spec.origin else ""
    except Exception:  # told where it is loaded
        return ""
