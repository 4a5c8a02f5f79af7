"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for GitHub and editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sitegen import __version__
from sitegen.check.rule import Level, Rule
from sitegen.config import FILE
from sitegen.errors import Problem

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

#: Results that GitHub takes of one run; it refuses a longer list whole.
MOST = 25_000


def sarif(
    findings: Sequence[Problem], rules: Mapping[str, Rule], levels: Mapping[str, Level], below: str
) -> dict[str, Any]:
    """A log of one run. `below` is the site's folder as seen from the repository's root: "", or "site/"."""
    # Errors first, since the end of a list that is too long is cut off.
    ordered = sorted(findings, key=lambda finding: levels[finding.group])
    places = {code: number for number, code in enumerate(rules)}
    driver = {
        "name": "sitegen",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, levels[rule.code]) for rule in rules.values()],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, levels[finding.group], places[finding.group], below)
            for finding in ordered[:MOST]
        ],
        "invocations": [{"executionSuccessful": True}],
    }
    if len(ordered) > MOST:
        text = f"{len(ordered) - MOST} more findings are left out; sitegen check --json lists all"
        run["invocations"][0]["toolExecutionNotifications"] = [{"level": "note", "message": {"text": text}}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, level: Level) -> dict[str, Any]:
    page = f"docs/checking.md#{rule.code}"
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.says},
        "help": {"text": f"See {page} in the documentation of sitegen."},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: Problem, level: Level, place: int, below: str) -> dict[str, Any]:
    field = f"{finding.field}: " if finding.field else ""
    hint = f"; {finding.hint}" if finding.hint else ""
    # GitHub refuses results without a place. What is about no file is about the site.
    uri = quote(below + (finding.file or FILE))
    location = {"artifactLocation": {"uri": uri}, "region": {"startLine": max(1, finding.line)}}
    return {
        "ruleId": finding.group,
        "ruleIndex": place,
        "level": level,
        "message": {"text": f"{field}{finding.message}{hint}"},
        "locations": [{"physicalLocation": location}],
    }
