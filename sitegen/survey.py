"""A site as it is seen without opening its texts."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.find import Found, find
from sitegen.settings import read_config


class Survey(Struct, frozen=True, kw_only=True):
    """Where a site lies, what its settings say, and which files it has."""

    folder: Path
    config: Config
    problems: tuple[Problem, ...]  #: of its settings
    found: Found


def survey(folder: Path) -> Survey:
    """Look at the site in `folder`."""
    config, problems = read_config(folder)
    return Survey(folder=folder, config=config, problems=tuple(problems), found=find(folder, config))
