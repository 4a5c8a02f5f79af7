"""What all tests share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.cases import Hosts
from tests.outputs import ROOT, environment, sitegen


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "beside_checkout: needs files beside the checkout, which a fresh clone does not have"
    )


def _forbid_skipping(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI a test that does not run is a test that nobody has."""
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.get_closest_marker("beside_checkout") is None:
        _forbid_skipping(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skipping(report)
    return report


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the sample archive at the root of the repository. Tests only read it."""
    place = tmp_path_factory.mktemp("archive")
    site = place / "site"
    site.mkdir()
    for name in ("sitegen.toml", "content", "themes"):
        # Links, so that the store of this build is not the store of the checkout.
        (site / name).symlink_to(ROOT / name)
    # A day after its latest post, wherever the clock stands.
    env = environment(SOURCE_DATE_EPOCH="1893456000")
    done = sitegen("build", "--site", str(site), cwd=place, env=env)
    assert done.returncode == 0, done.stderr
    return site / "output"


@pytest.fixture(scope="session")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Hosts to publish to, each started when it is first asked for."""
    with contextlib.ExitStack() as running:
        yield Hosts(tmp_path_factory.mktemp("hosts"), running)
