"""`sitegen serve`: the site while it is being written."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sitegen.clock import now
from sitegen.console import DONE, fail, red, site_option
from sitegen.errors import SiteError

#: How many files that changed are named in a line.
SHOWN = 3


@click.command(short_help="Show the site while you write, and again when a file is saved.")
@site_option
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port, or the next one that is free; 0 takes any.",
)
@click.option("--open", "show", is_flag=True, help="Open the preview in the browser.")
@click.option("--drafts", is_flag=True, help="Take in posts with draft: true.")
def serve(folder: Path, host: str, port: int, show: bool, drafts: bool) -> int:
    """Show the site while you write: save a file, and the page that is open in the browser follows.

    Nothing is written to output/. Ctrl+C ends it.
    """
    from sitegen.jobs import default_jobs
    from sitegen.preview.seen import Wish
    from sitegen.preview.serve import Serving, Teller
    from sitegen.preview.serve import serve as begin

    wish = Wish(folder=folder.resolve(), now=now, drafts=drafts, jobs=default_jobs())
    tell = Teller(
        ready=lambda address: click.echo(f"The preview is at {address} (Ctrl+C ends it)"),
        note=lambda told: _say(click.style("note ", fg="yellow", bold=True) + told),
        outcome=_tell,
    )
    try:
        begin(Serving(wish=wish, host=host, port=port, open=show), tell)
    except SiteError as error:
        return fail(error, as_json=False, end="")
    return DONE


def _tell(paths: Sequence[str], outcome: Any) -> None:
    """One line for what changed, or one for each mistake."""
    for problem in outcome.problems:
        _say(red("error ") + str(problem))
    if not outcome.problems:
        named = ", ".join(paths[:SHOWN]) + (", …" if len(paths) > SHOWN else "")
        mended = "nothing is wrong any more; " if outcome.mended else ""
        _say(f"{time.strftime('%H:%M:%S')} {named or 'changes'}: {mended}{outcome.ms} ms")


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody may be there to read it any more, and the preview goes on
        click.echo(line, err=True)
