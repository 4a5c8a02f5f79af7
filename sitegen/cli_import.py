"""The command `sitegen import`, and what it prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sitegen.errors import SiteError

#: How many files are told of on the terminal; the saved report tells of all.
_SHOWN = 40

_NAMES = ("text", "page", "wordpress", "hugo", "jekyll", "pelican", "hexo", "zola", "eleventy")


@click.command("import", short_help="Bring in texts from other programs' files.")
@click.argument(
    "sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
@click.option(
    "--site",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The site's folder (default: here).",
)
@click.option(
    "--from",
    "name",
    metavar="FORMAT",
    type=click.Choice(_NAMES),
    help=f"What SOURCE is, where it is not recognised: {', '.join(_NAMES)}.",
)
@click.option("--section", metavar="NAME", default="posts", show_default=True, help="The section for posts.")
@click.option("--author", metavar="NAME", default="", help="The author of texts that name none.")
@click.option("--date", metavar="DATE", default="", help="The date of texts that have none.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only tell what would be done.")
def command(
    sources: tuple[Path, ...],
    folder: Path,
    name: str | None,
    section: str,
    author: str,
    date: str,
    dry_run: bool,
) -> int:
    """Bring in texts from other programs' files: they become posts of this site.

    SOURCE is a file or a folder: raw texts, saved web pages, a WordPress export, or the folder of a site
    made with Hugo, Jekyll, Pelican, Hexo, Zola or Eleventy. Nothing is overwritten, and importing the same
    again adds nothing. A report in imports/ names each file with what was changed, guessed or left out.
    """
    from sitegen import intake
    from sitegen.intake.items import Wishes

    if fault := _fault(section, date):
        raise click.BadParameter(fault[1], param_hint=fault[0])
    asked = sys.stdin.isatty() and sys.stderr.isatty() and not dry_run
    wishes = Wishes(section=section, author=author, date=date, ask=_ask if asked else None)
    try:
        report = intake.bring_in(sources, folder.resolve(), wishes, name=name or "", dry=dry_run)
    except SiteError as error:
        for problem in error.problems:
            click.echo(f"{click.style('error', fg='red', bold=True)} {problem}", err=True)
        return 1
    _tell(report, dry_run)
    return 0


def _fault(section: str, date: str) -> tuple[str, str] | None:
    """Which option is wrong, and why."""
    from datetime import UTC

    from sitegen import urls
    from sitegen.config import DEFAULT_TAXONOMIES, RESERVED
    from sitegen.intake.times import read_time

    if fault := urls.slug_fault(section):
        return "--section", f'"{section}" {fault}'
    if section.startswith(("_", ".")) or section in (*RESERVED, *DEFAULT_TAXONOMIES, "people", "pages"):
        return "--section", f'"{section}" can not be the name of a section'
    if date and not read_time(date, UTC).text:
        return "--date", f'"{date}" is not a date; write 2023-07-22'
    return None


def _ask(question: str) -> str:
    answer = click.prompt(f"{question} (empty: leave it a draft)", default="", show_default=False, err=True)
    return str(answer).strip()


def _tell(report: Any, dry: bool) -> None:
    from sitegen.intake.report import counted, in_words

    noted = report.noted()
    shown = noted if dry else noted[:_SHOWN]
    for line in in_words(shown):
        click.echo(line)
    if len(shown) < len(noted):
        click.echo(f"… and {len(noted) - len(shown):,} files more")
    click.echo(("\n" if shown else "") + counted(report, dry))
    for note in report.notes:
        click.echo(note)
    for path in report.made:
        click.echo(f"{path} {'would be' if dry else 'was'} written: the settings of the new site")
    if report.settings:
        click.echo("\nAdd to sitegen.toml:\n")
        for line in report.settings:
            click.echo(f"    {line}")
    if report.saved:
        click.echo(f"\nThe whole report is in {report.saved}, and as JSON beside it.")
