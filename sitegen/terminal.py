"""What every command shares: its options, its progress, how it tells what is wrong."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sitegen.errors import Problem, SiteError

DONE, AT_FAULT = 0, 1

#: How many warnings of one group are shown before the rest is only counted.
SHOWN_WARNINGS = 5

#: Group of warnings -> what one of them is called after its number, and what several are.
COUNTED = {
    "links that lead nowhere": ("link that leads nowhere", "links that lead nowhere"),
    "pictures that are missing": ("picture that is missing", "pictures that are missing"),
    "embeds frozen": ("embed frozen", "embeds frozen"),
    "HTML removed": ("piece of HTML removed", "pieces of HTML removed"),
    "addresses removed": ("address removed", "addresses removed"),
    "folders that look like languages": (
        "folder that looks like a language",
        "folders that look like languages",
    ),
    "names alike": ("name like another", "names like others"),
    "texts that are not used": ("text that is not used", "texts that are not used"),
    "settings without effect": ("setting without effect", "settings without effect"),
    "Markdown not understood": ("text not understood as Markdown", "texts not understood as Markdown"),
    "others": ("other warning", "other warnings"),
}


site_option = click.option(
    "--site",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The site's folder, which holds sitegen.toml and content/ (default: here).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def fail(error: SiteError, as_json: bool, rest: dict[str, Any] | None = None) -> int:
    """Tell why nothing was done; `rest` is what the command's JSON holds beside."""
    if as_json:
        print_json(told(error.problems, error.warnings) | (rest or {}))
    else:
        for problem in error.problems:
            click.echo(red("error ") + str(problem), err=True)
        count = len(error.problems)
        if count > 1:
            click.echo(f"\n{count} mistakes; nothing was written.", err=True)
    return AT_FAULT


def red(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def warn(warnings: Iterable[Problem]) -> None:
    """Show warnings by group: the first few, and how many more there are."""
    groups: dict[str, list[Problem]] = {}
    for warning in warnings:
        groups.setdefault(warning.group or "others", []).append(warning)
    for group, members in groups.items():
        one, many = COUNTED.get(group, (group, group))
        counted = f"{len(members):,} {one if len(members) == 1 else many}:"
        click.echo(click.style(counted, fg="yellow", bold=True), err=True)
        for warning in members[:SHOWN_WARNINGS]:
            click.echo(f"  {warning}", err=True)
        if len(members) > SHOWN_WARNINGS:
            click.echo(f"  … and {len(members) - SHOWN_WARNINGS} more; --json lists all", err=True)


def now() -> datetime:
    """The now of the build: SOURCE_DATE_EPOCH if it is set (reproducible-builds.org), else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC)
    except (ValueError, OverflowError, OSError):
        message = f'SOURCE_DATE_EPOCH is "{epoch[:40]}", which is no time'
        hint = "set it to whole seconds since 1970, like 1700000000, or unset it"
        raise SiteError([Problem(message=message, hint=hint)]) from None


def told(errors: Iterable[Problem], warnings: Iterable[Problem]) -> dict[str, Any]:
    """What --json prints of every command: {"ok", "errors", "warnings"}."""

    def plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
        fields = ("file", "line", "field", "message", "hint")
        return [{field: getattr(problem, field) for field in fields} for problem in problems]

    mistakes = plain(errors)
    return {"ok": not mistakes, "errors": mistakes, "warnings": plain(warnings)}


def print_json(data: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False))


class Bars:
    """Progress bars on a terminal, a line for each stage elsewhere, always on stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._progress: Any = None

    def __enter__(self) -> Bars:
        if not self._quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            # It refreshes itself from no thread, since workers are forked beside it.
            self._progress = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
                auto_refresh=False,
            )
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._progress.stop()

    def begin(self, stage: str, steps: int) -> Any:
        """Show that a stage begins; what is returned is called after each of its steps."""
        if self._progress:
            return self._bar(stage, steps)
        if not self._quiet:
            click.echo(f"{stage} {steps} files" if steps else stage, err=True)
        return lambda: None

    def _bar(self, stage: str, steps: int) -> Any:
        task = self._progress.add_task(stage, total=steps or None)
        self._progress.refresh()
        shown = time.monotonic()

        def advance() -> None:
            nonlocal shown
            self._progress.advance(task)
            if time.monotonic() - shown > 0.1:
                shown = time.monotonic()
                self._progress.refresh()

        return advance
