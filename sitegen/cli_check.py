"""`sitegen check`: findings as lines, as JSON, as SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from sitegen.errors import Problem, SiteError
from sitegen.terminal import (
    AT_FAULT,
    DONE,
    Bars,
    fail,
    json_option,
    now,
    print_json,
    site_option,
)


@click.command()
@site_option
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then check.")
@click.option("--external", is_flag=True, help="Look after links to other sites too, over the network.")
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@json_option
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0, as GitHub and editors read it.")
def check(folder: Path, fix: bool, external: bool, strict: bool, as_json: bool, sarif: bool) -> int:
    """List everything that is wrong with the site: what stops a build, and what an editor would say.

    Nothing is built, and nothing is changed without --fix.
    """
    from sitegen import check as checking
    from sitegen.check.rules import RULES
    from sitegen.jobs import default_jobs

    if as_json and sarif:
        raise click.UsageError("--json and --sarif can not be had together")
    site = folder.resolve()
    mended: tuple[Problem, ...] = ()
    try:
        with Bars(quiet=as_json or sarif) as bars:
            checked = checking.check(site, now(), default_jobs(), bars.begin)
    except SiteError as error:
        return fail(error, as_json)
    levels = {code: "error" if strict else rule.level for code, rule in RULES.items()}
    errors = [one for one in checked.findings if levels[one.group] == "error"]
    if as_json:
        print_json(_as_json(checked.findings, levels) | ({"fixed": _plain(mended)} if fix else {}))
    return AT_FAULT if errors else DONE


def _as_json(findings: Iterable[Problem], levels: Mapping[str, str]) -> dict[str, Any]:
    by_level: dict[str, list[Problem]] = {"error": [], "warning": []}
    for finding in findings:
        by_level[levels[finding.group]].append(finding)
    return {
        "ok": not by_level["error"],
        "errors": _plain(by_level["error"]),
        "warnings": _plain(by_level["warning"]),
    }


def _plain(findings: Iterable[Problem]) -> list[dict[str, Any]]:
    """Findings as JSON has them: what every problem has, and the code of the rule."""
    fields = ("file", "line", "field", "message", "hint")
    return [{**{field: getattr(one, field) for field in fields}, "code": one.group} for one in findings]
