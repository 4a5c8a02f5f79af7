"""Words in, exit status out: the only module that prints."""

from __future__ import annotations

import gc
import os
import shlex
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from sitegen import __version__
from sitegen.errors import Problem, SiteError

DONE, AT_FAULT = 0, 1

#: How many warnings of one group are shown before the rest is only counted.
SHOWN_WARNINGS = 5

#: How many files that changed `serve` names in its line.
SHOWN_NAMES = 3

#: Group of warnings -> what one of them is called after its number, and what several are.
_COUNTED = {
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


def _count_of_jobs(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    if value is not None and value < 1:
        raise click.BadParameter("write 1 or more")
    return value


_site = click.option(
    "--site",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The site's folder, which holds sitegen.toml and content/ (default: here).",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="sitegen %(version)s")
def cli() -> None:
    """Turn a folder of Markdown posts into a website that can be searched without a server.

    A site is a folder with sitegen.toml (settings), content/ (your texts) and output/ (what is built).

    \b
        sitegen init my-archive     make a new site
        sitegen build               build it: content/ -> output/
        sitegen serve               see it in a browser while you write
    """


@cli.command()
@_site
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
@_json
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
    from sitegen.jobs import default_jobs

    # What a build makes, it needs to its end: to look for what could be let go takes time and finds little.
    gc.set_threshold(100_000, 20, 100)
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
            now=_now(),
        )
        with _Bars(quiet=as_json) as bars:
            report = building.build(folder.resolve(), options, bars.begin)
    except SiteError as error:
        return _fail(error, as_json, _empty_counts())
    if as_json:
        _print_json(_as_json((), report.warnings) | _counts(report))
        return DONE
    _warn(report.warnings)
    for line in report.explained:
        click.echo(line)
    _summarise(report, output or Path(os.path.relpath(folder / "output")))
    return DONE


@cli.command()
@_site
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

    wish = Wish(folder=folder.resolve(), now=_now, drafts=drafts, jobs=default_jobs())
    tell = Teller(
        ready=lambda address: click.echo(f"The preview is at {address} (Ctrl+C ends it)"),
        note=lambda told: click.echo(click.style("note ", fg="yellow", bold=True) + told, err=True),
        outcome=_tell_outcome,
    )
    try:
        begin(Serving(wish=wish, host=host, port=port, open=show), tell)
    except SiteError as error:
        return _fail(error, as_json=False)
    return DONE


def _tell_outcome(paths: Sequence[str], outcome: Any) -> None:
    """One line for what changed, or one for each mistake."""
    if outcome.problems:
        _list(outcome.problems)
        return
    named = ", ".join(paths[:SHOWN_NAMES]) + (", …" if len(paths) > SHOWN_NAMES else "")
    mended = "nothing is wrong any more; " if outcome.mended else ""
    click.echo(f"{time.strftime('%H:%M:%S')} {named or 'changes'}: {mended}{outcome.ms} ms", err=True)


@cli.command(short_help="Make a new site in DIR that can be built at once.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--theme", metavar="NAME", default="chronicle", show_default=True, help="The theme to begin with."
)
def init(directory: Path, theme: str) -> int:
    """Make a new site in DIR: settings, a first post and a page, ready to build.

    Nothing that is there already is overwritten.
    """
    from sitegen.init import create

    try:
        made = create(directory, theme, _now())
    except SiteError as error:
        return _fail(error, as_json=False)
    for path in made:
        click.echo(f"  {path}")
    place, option = "this folder", ""
    if directory.resolve() != Path.cwd():
        place, option = str(directory), f" --site {shlex.quote(str(directory))}"
    click.echo(f"\nA new site is in {place}. Build it with:\n\n    sitegen build{option}")
    return DONE


def main() -> None:
    """Run the command line. No traceback reaches a user, unless SITEGEN_TRACEBACK is set."""
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        _end(error.exit_code, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        message = "Stopped; the output is as it was, or each of its files is whole."
        click.echo(f"\n{message}", err=True)
        _end(130, message)
    except Exception as error:
        if os.environ.get("SITEGEN_TRACEBACK"):
            raise
        message = f"sitegen itself is at fault: {type(error).__name__}: {error}"
        hint = "Please report it, with what SITEGEN_TRACEBACK=1 prints in front of the same command."
        click.echo(f"{message}\n{hint}", err=True)
        _end(AT_FAULT, message, hint)
    sys.exit(status if isinstance(status, int) else DONE)


def _end(status: int, message: str, hint: str = "") -> NoReturn:
    """End a command that could not do its work; with --json, its one object says why."""
    if "--json" in sys.argv:
        _print_json(_as_json([Problem(message=message, hint=hint)], ()) | _empty_counts())
    sys.exit(status)


def _now() -> datetime:
    """The now of the build: SOURCE_DATE_EPOCH if it is set (reproducible-builds.org), else the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch else time.time(), UTC)
    except (ValueError, OverflowError, OSError):
        message = f'SOURCE_DATE_EPOCH is "{epoch[:40]}", which is no time'
        hint = "set it to whole seconds since 1970, like 1700000000, or unset it"
        raise SiteError([Problem(message=message, hint=hint)]) from None


class _Bars:
    """Progress bars on a terminal, a line for each stage elsewhere, always on stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._progress: Any = None

    def __enter__(self) -> _Bars:
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


def _fail(error: SiteError, as_json: bool, rest: dict[str, Any] | None = None) -> int:
    if as_json:
        _print_json(_as_json(error.problems, error.warnings) | (rest or {}))
    else:
        _list(error.problems)
        count = len(error.problems)
        if count > 1:
            click.echo(f"\n{count} mistakes; nothing was written.", err=True)
    return AT_FAULT


def _list(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(_red("error ") + str(problem), err=True)


def _red(text: str) -> str:
    return click.style(text, fg="red", bold=True)


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


def _as_json(errors: Iterable[Problem], warnings: Iterable[Problem]) -> dict[str, Any]:
    def plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
        fields = ("file", "line", "field", "message", "hint")
        return [{field: getattr(problem, field) for field in fields} for problem in problems]

    told = plain(errors)
    return {"ok": not told, "errors": told, "warnings": plain(warnings)}


def _counts(report: Any) -> dict[str, Any]:
    return {
        "pages": report.pages,
        "written": report.written,
        "deleted": report.deleted,
        "drafts": len(report.left_out.drafts),
        "future": len(report.left_out.future),
        "ms": report.ms,
    }


def _empty_counts() -> dict[str, Any]:
    return dict.fromkeys(("pages", "written", "deleted", "drafts", "future", "ms"), 0)


def _print_json(data: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False))
