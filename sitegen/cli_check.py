"""`sitegen check`: findings as lines, as JSON, as SARIF."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sitegen.clock import now
from sitegen.console import AT_FAULT, DONE, Bars, fail, json_option, print_json, site_option
from sitegen.errors import Problem, SiteError
from sitegen.report import silent

if TYPE_CHECKING:
    from sitegen.check.rule import Level, Rule

#: How many warnings of one rule are shown before the rest is only counted.
SHOWN_WARNINGS = 5


@click.command(short_help="List everything that is wrong, as an editor would.")
@site_option
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then check.")
@click.option("--external", is_flag=True, help="Look after links to other sites too, over the network.")
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@json_option
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0, as GitHub and editors read it.")
def check(folder: Path, fix: bool, external: bool, strict: bool, as_json: bool, sarif: bool) -> int:
    """List everything that is wrong with the site: what stops a build, and what a careful editor would say.

    Nothing is built, and without --fix nothing is changed. Each finding ends in the code of its rule; the
    page docs/checking.md of sitegen has a part on each.
    """
    from sitegen import check as checking
    from sitegen.check.rules import RULES
    from sitegen.jobs import default_jobs, leave_garbage

    leave_garbage()
    if as_json and sarif:
        raise click.UsageError("--json and --sarif can not be had together")
    site, jobs = folder.resolve(), default_jobs()
    try:
        with Bars(quiet=as_json or sarif) as bars:
            mended = checking.fix(site, now(), jobs, bars.begin) if fix else []
            checked = checking.check(site, now(), jobs, silent if fix else bars.begin)
            outside = checking.look_outside(site, now(), bars.begin) if external else []
    except SiteError as error:
        return fail(error, as_json)
    findings = sorted([*checked.findings, *outside])
    levels: dict[str, Level] = {code: "error" if strict else rule.level for code, rule in RULES.items()}
    if as_json:
        print_json(_as_json(findings, levels) | ({"fixed": _plain(mended)} if fix else {}))
    elif sarif:
        from sitegen.check.sarif import sarif as log

        print_json(log(findings, RULES, levels, _below(site)))
    else:
        _tell(findings, mended, RULES, levels)
        click.echo(_summary(findings, levels, checked.texts, checked.pictures))
    return AT_FAULT if any(levels[one.group] == "error" for one in findings) else DONE


def _below(site: Path) -> str:
    """The site's folder as seen from the root of its repository, or from here if there is none."""
    root = next((place for place in (site, *site.parents) if (place / ".git").exists()), Path.cwd())
    below = Path(os.path.relpath(site, root)).as_posix()
    return "" if below == "." or below.startswith("..") else f"{below}/"


def _tell(
    findings: Iterable[Problem],
    mended: Iterable[Problem],
    rules: Mapping[str, Rule],
    levels: Mapping[str, Level],
) -> None:
    """Every error, and of each rule the first warnings, in the order of the rules."""
    for one in mended:
        click.echo(click.style("fixed ", fg="green", bold=True) + str(one))
    groups: dict[str, list[Problem]] = {code: [] for code in rules}
    for finding in findings:
        groups[finding.group].append(finding)
    for code in sorted(rules, key=lambda code: levels[code]):
        if members := groups[code]:
            _tell_group(members, rules[code], levels[code])


def _tell_group(members: list[Problem], rule: Rule, level: Level) -> None:
    colour = "red" if level == "error" else "yellow"
    counted = f"{len(members):,} {rule.counted[0] if len(members) == 1 else rule.counted[1]}"
    click.echo(click.style(counted, fg=colour, bold=True) + f" [{rule.code}]")
    shown = members if level == "error" else members[:SHOWN_WARNINGS]
    for finding in shown:
        click.echo(f"  {finding}")
    if len(members) > len(shown):
        click.echo(f"  … and {len(members) - len(shown):,} more; --json lists all")


def _summary(findings: Iterable[Problem], levels: Mapping[str, Level], texts: int, pictures: int) -> str:
    told = [levels[one.group] for one in findings]
    looked = f"{_count(texts, 'text')} and {_count(pictures, 'picture')} checked"
    return f"{looked}: {_count(told.count('error'), 'error')}, {_count(told.count('warning'), 'warning')}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _as_json(findings: Iterable[Problem], levels: Mapping[str, Level]) -> dict[str, Any]:
    by_level: dict[Level, list[Problem]] = {"error": [], "warning": []}
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
