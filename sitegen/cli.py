"""Words in, exit status out: the commands, and what `build` and `init` print."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from sitegen import __version__
from sitegen.cli_check import check
from sitegen.cli_import import command as import_command
from sitegen.cli_new import new, schema
from sitegen.cli_publish import keys, mirrors, publish, verify
from sitegen.cli_serve import serve
from sitegen.clock import now
from sitegen.console import (
    AT_FAULT,
    DONE,
    NOTHING,
    Bars,
    described,
    fail,
    json_option,
    print_json,
    site_option,
)
from sitegen.errors import Problem, SiteError

#: How many warnings of one group are shown before the rest is only counted.
SHOWN_WARNINGS = 5

#: Group of warnings -> what one of them is called after its number, and what several are.
_COUNTED = {
    "links that lead nowhere": ("link that leads nowhere", "links that lead nowhere"),
    "pictures that are missing": ("picture that is missing", "pictures that are missing"),
    "pictures that are broken": ("picture that is broken", "pictures that are broken"),
    "pictures that are too large": ("picture that is too large", "pictures that are too large"),
    "pictures that tell of their making": (
        "picture that tells of its making",
        "pictures that tell of their making",
    ),
    "drawings that act": ("drawing that acts", "drawings that act"),
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


def _count_of_jobs(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    if value is not None and value < 1:
        raise click.BadParameter("write 1 or more")
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="sitegen %(version)s")
def cli() -> None:
    """Turn a folder of Markdown posts into a website that can be searched without a server.

    A site is a folder with sitegen.toml (settings), content/ (your texts) and output/ (what is built).

    \b
        sitegen init my-archive     make a new site
        sitegen new "Title"         begin a post, its front matter filled in
        sitegen build               build it: content/ -> output/
        sitegen serve               see it in a browser while you write
        sitegen check               list everything that is wrong
        sitegen publish             mirror output/ to the targets in sitegen.toml
        sitegen verify PLACE        prove that a copy is whole
    """


@cli.command()
@site_option
@click.option(
    "--output", metavar="DIR", type=click.Path(path_type=Path), help="Where to build (default: output/)."
)
@click.option(
    "--clean", is_flag=True, help="Trust nothing from earlier builds: make and write every file anew."
)
@click.option("--drafts", is_flag=True, help="Take in posts with draft: true.")
@click.option("--future", is_flag=True, help="Take in posts whose date is still to come.")
@click.option("--no-search", is_flag=True, help="Leave out the search index, which takes the most time.")
@click.option(
    "--jobs",
    metavar="N",
    type=int,
    callback=_count_of_jobs,
    help="How many processes work (default: one for each core).",
)
@click.option("--strict", is_flag=True, help="Take warnings as errors.")
@click.option(
    "--explain", metavar="URL", default="", help="Say why this page was made anew, or left as it is."
)
@json_option
def build(
    folder: Path,
    output: Path | None,
    clean: bool,
    drafts: bool,
    future: bool,
    no_search: bool,
    jobs: int | None,
    strict: bool,
    explain: str,
    as_json: bool,
) -> int:
    """Build the site: content/ becomes output/, search included.

    Either everything is right and the whole site is written, or every mistake is listed and output/ stays
    as it was. Posts dated in the future and drafts are left out, and named at the end.
    """
    from sitegen import build as building
    from sitegen.jobs import default_jobs, leave_garbage

    leave_garbage()
    try:
        options = building.Options(
            output=output,
            clean=clean,
            drafts=drafts,
            future=future,
            search=not no_search,
            jobs=jobs or default_jobs(),
            strict=strict,
            explain=explain,
            now=now(),
        )
        with Bars(quiet=as_json) as bars:
            report = building.build(folder.resolve(), options, bars.begin)
        _sign(report, options.output or folder / "output")
    except SiteError as error:
        return fail(error, as_json, NOTHING["build"])
    if as_json:
        print_json(described((), report.warnings) | _counts(report))
        return DONE
    _warn(report.warnings)
    for line in report.explained:
        click.echo(line)
    _summarise(report, output or Path(os.path.relpath(folder / "output")))
    return DONE


def _sign(report: Any, output: Path) -> None:
    """Sign what was built, where there is a key; a signature of what was there before goes."""
    from sitegen.signing import key_given, sign_output

    key = key_given(os.environ)
    if key or report.written or report.deleted:
        sign_output(output, key)


@cli.command(short_help="Make a new site in DIR that can be built at once.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--theme", metavar="NAME", default="chronicle", show_default=True, help="The theme to begin with."
)
@click.option(
    "--with",
    "recipes",
    metavar="RECIPE",
    multiple=True,
    help="A ready file for a host: github-pages, gitlab-pages, netlify, cloudflare, nginx or caddy.",
)
def init(directory: Path, theme: str, recipes: tuple[str, ...]) -> int:
    """Make a new site in DIR: settings, a first post and a page, ready to build.

    Nothing that is there already is overwritten. In a folder that is a site, --with adds its file only.
    """
    from sitegen.init import create

    try:
        made = create(directory, theme, now(), recipes)
    except SiteError as error:
        return fail(error, as_json=False)
    for path in made:
        click.echo(f"  {path}")
    if "sitegen.toml" not in made:
        return DONE
    place, option = "this folder", ""
    if directory.resolve() != Path.cwd():
        place, option = str(directory), f" --site {shlex.quote(str(directory))}"
    click.echo(f"\nA new site is in {place}. Build it with:\n\n    sitegen build{option}")
    return DONE


for command in (check, import_command, keys, mirrors, new, publish, schema, serve, verify):
    cli.add_command(command)


def main() -> None:
    """Run the command line. No traceback reaches a user, unless SITEGEN_TRACEBACK is set."""
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        _end(error.exit_code, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        message = "Stopped; no file is half written. Run the same command again to go on."
        click.echo(f"\n{message}", err=True)
        _end(130, message)
    except Exception as error:
        if os.environ.get("SITEGEN_TRACEBACK"):
            raise
        from sitegen.publish.targets.secrets import scrub

        # What a library says may hold what it was given.
        message = scrub(f"sitegen itself is at fault: {type(error).__name__}: {error}", os.environ)
        hint = "Please report it, with what SITEGEN_TRACEBACK=1 prints in front of the same command."
        click.echo(f"{message}\n{hint}", err=True)
        _end(AT_FAULT, message, hint)
    sys.exit(status if isinstance(status, int) else DONE)


def _end(status: int, message: str, hint: str = "") -> NoReturn:
    """End a command that could not do its work; with --json, its one object says why."""
    if "--json" in sys.argv:
        command = next((word for word in sys.argv[1:] if word in NOTHING), "")
        print_json(described([Problem(message=message, hint=hint)], ()) | dict(NOTHING.get(command, {})))
    sys.exit(status)


def _warn(warnings: Iterable[Problem]) -> None:
    """Show warnings by group: the first few, and how many more there are."""
    groups: dict[str, list[Problem]] = {}
    for warning in warnings:
        groups.setdefault(warning.group or "others", []).append(warning)
    for group, members in groups.items():
        one, many = _COUNTED.get(group, (group, group))
        counted = f"{len(members):,} {one if len(members) == 1 else many}:"
        click.echo(click.style(counted, fg="yellow", bold=True), err=True)
        for warning in members[:SHOWN_WARNINGS]:
            click.echo(f"  {warning}", err=True)
        if len(members) > SHOWN_WARNINGS:
            click.echo(f"  … and {len(members) - SHOWN_WARNINGS} more; --json lists all", err=True)


def _summarise(report: Any, output: Path) -> None:
    changed = report.written or report.deleted
    unchanged = "" if changed else "nothing changed: "
    click.echo(
        f"{unchanged}{report.files:,} files in {output}, {report.written:,} written, "
        f"{report.deleted:,} deleted, in {report.ms / 1000:.1f} s"
    )
    _name("drafts", report.left_out.drafts, "--drafts")
    _name("posts of the future", report.left_out.future, "--future")
    if report.store_was_damaged:
        click.echo("the store in .sitegen was damaged; it was made anew")
    if changed and not report.config.base_url:
        click.echo("base_url is not set: there is no sitemap, and feeds hold no whole addresses")


def _name(what: str, keys: tuple[str, ...], option: str) -> None:
    if keys:
        named = ", ".join(keys[:SHOWN_WARNINGS]) + (", …" if len(keys) > SHOWN_WARNINGS else "")
        click.echo(f"{what} left out, {len(keys)}: {named} ({option} takes them in)")


def _counts(report: Any) -> dict[str, Any]:
    return {
        "pages": report.pages,
        "written": report.written,
        "deleted": report.deleted,
        "drafts": len(report.left_out.drafts),
        "future": len(report.left_out.future),
        "ms": report.ms,
    }
