"""Versions of all that shapes what is built: with another one, the same input may come out otherwise."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version

from sitegen import __version__

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
    return (__version__, "{}.{}".format(*sys.version_info), *(version(name) for name in names))
