"""What all commands print with: progress, errors, and the one object of --json."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from sitegen.errors import Problem, SiteError

DONE, AT_FAULT = 0, 1

#: What the one object of --json holds beside errors and warnings, when nothing could be done.
NOTHING: Mapping[str, Mapping[str, Any]] = {
    "build": dict.fromkeys(("pages", "written", "deleted", "drafts", "future", "ms"), 0),
    "publish": {"targets": {}},
    "verify": {"missing": [], "changed": [], "extra": [], "signature": "unchecked"},
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


def fail(
    error: SiteError, as_json: bool, rest: Mapping[str, Any] | None = None, end: str = "nothing was written"
) -> int:
    """Tell everything that is wrong; `end` says what became of the work, where there is more than one."""
    if as_json:
        print_json(described(error.problems, error.warnings) | dict(rest or {}))
    else:
        for problem in error.problems:
            click.echo(red("error ") + str(problem), err=True)
        count = len(error.problems)
        if count > 1:
            click.echo(f"\n{count} mistakes{'; ' if end else ''}{end}.", err=True)
    return AT_FAULT


def red(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def described(errors: Iterable[Problem], warnings: Iterable[Problem]) -> dict[str, Any]:
    def plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
        fields = ("file", "line", "field", "message", "hint")
        return [{field: getattr(problem, field) for field in fields} for problem in problems]

    told = plain(errors)
    return {"ok": not told, "errors": told, "warnings": plain(warnings)}


def print_json(data: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False))
