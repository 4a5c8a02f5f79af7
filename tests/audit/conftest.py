"""The sites that are audited, built and served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.bad_input import BAD_INPUT
from tests.outputs import ROOT
from tests.sites import build, make_site
from tests.test_browser import browser as browser
from tests.test_browser import context as context
from tests.test_browser import host as host
from tests.test_browser import page as page
from tests.test_browser import serving

THEMES = ("chronicle", "plain")


@pytest.fixture(scope="session", params=THEMES)
def bad(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site of bad input, in each of the themes."""
    settings = str(BAD_INPUT["sitegen.toml"]).replace("THEME", request.param)
    site = make_site(tmp_path_factory.mktemp("bad"), {**BAD_INPUT, "sitegen.toml": settings})
    build(site)
    return site / "output"


@pytest.fixture(scope="session")
def bad_host(bad: Path) -> Iterator[str]:
    with serving(bad) as address:
        yield address


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the sample archive in the theme `plain`."""
    site = tmp_path_factory.mktemp("plain")
    (site / "content").symlink_to(ROOT / "content")
    settings = (ROOT / "sitegen.toml").read_text().replace('name = "chronicle"', 'name = "plain"')
    (site / "sitegen.toml").write_text(settings)
    build(site)
    return site / "output"


@pytest.fixture(scope="session")
def plain_host(plain: Path) -> Iterator[str]:
    with serving(plain) as address:
        yield address
