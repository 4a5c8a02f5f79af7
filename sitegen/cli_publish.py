"""The commands that bring a site to its mirrors and prove copies whole."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import click

from sitegen.console import (
    AT_FAULT,
    DONE,
    NOTHING,
    Bars,
    described,
    fail,
    json_option,
    print_json,
    red,
    site_option,
)
from sitegen.errors import Problem, SiteError

#: How many files of one kind are named before the rest is only counted.
_SHOWN = 20


def _count(_context: click.Context, _option: click.Parameter, value: int | None) -> int | None:
    if value is not None and value < 1:
        raise click.BadParameter("write 1 or more")
    return value


def _allowance(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    from sitegen.places import allowance_of

    if value is not None:
        try:
            allowance_of(value, 100)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
    return value


@click.command(short_help="Mirror output/ to one target, or to all of them.")
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@site_option
@click.option("--dry-run", is_flag=True, help="Say what would be done and why, and do nothing.")
@click.option("--audit", is_flag=True, help="Trust nothing: list and hash every file at the target.")
@click.option(
    "--adopt",
    is_flag=True,
    help="Publish where other files lie already. They stay, unless a page takes their name.",
)
@click.option(
    "--max-delete",
    metavar="SHARE",
    callback=_allowance,
    help='How much of a site may vanish at once: "20%" or a number of files (default: that of the settings).',
)
@json_option
def publish(
    targets: tuple[str, ...],
    folder: Path,
    dry_run: bool,
    audit: bool,
    adopt: bool,
    max_delete: str | None,
    as_json: bool,
) -> int:
    """Mirror output/ to the targets named, or to all that sitegen.toml has as [publish.NAME].

    Readers never see a broken link, also when it is stopped half way; the next run goes on from there.
    Files that are no longer needed are deleted by a later run, after the grace of the target.
    """
    from sitegen.publish.go import Options
    from sitegen.publish.go import publish as go

    options = Options(dry_run=dry_run, audit=audit, adopt=adopt, max_delete=max_delete or "")
    try:
        with _held(folder) as config, Bars(quiet=as_json) as bars:
            outcome = go(folder.resolve(), config, targets, options, os.environ, bars.begin)
    except SiteError as error:
        return fail(error, as_json, NOTHING["publish"], "nothing was published")
    strangers = [
        Problem(message=f"{name}: {path} is there and is not sitegen's; it was left alone")
        for name, done in outcome.targets.items()
        for path in done.strangers
    ]
    counts = {name: done.counts() for name, done in outcome.targets.items()}
    if as_json:
        print_json(described(outcome.problems, strangers) | {"targets": counts})
        return AT_FAULT if outcome.problems else DONE
    for name, done in outcome.targets.items():
        _tell(name, done, dry_run)
    for warning in strangers:
        click.echo(f"warning {warning}", err=True)
    if outcome.problems:
        return fail(SiteError(outcome.problems), as_json=False, end="")
    return DONE


def _tell(name: str, done: Any, dry_run: bool) -> None:
    if dry_run:
        for deletion in done.plan.obstacles:
            click.echo(f"{name}: delete {deletion.path} ({deletion.reason})")
        for upload in done.plan.uploads:
            click.echo(f"{name}: upload {upload.path} ({upload.reason})")
        for deletion in done.plan.deletions:
            click.echo(f"{name}: delete {deletion.path} ({deletion.reason})")
    counts = done.counts()
    would = "would be " if dry_run else ""
    waiting = len(done.plan.waiting)
    later = f", {waiting:,} to be deleted after their grace" if waiting else ""
    click.echo(
        f"{name}: {counts['uploaded']:,} {would}uploaded, {counts['deleted']:,} {would}deleted{later}, "
        f"{counts['unchanged']:,} unchanged"
    )


@contextlib.contextmanager
def _held(folder: Path) -> Any:
    """The settings of a site that no other sitegen is at work on; raises SiteError."""
    from sitegen.build import STORE
    from sitegen.errors import told
    from sitegen.store import Store

    with told("publishing can not begin"):
        store = Store(folder.resolve() / STORE)
    with contextlib.closing(store):
        yield _settings(folder)


def _settings(folder: Path) -> Any:
    from sitegen.settings import read_config

    config, problems = read_config(folder)
    if problems:
        raise SiteError(problems)
    return config


@click.command(short_help="Prove that a copy is whole: a folder, an address, or a target.")
@click.argument("place")
@site_option
@click.option(
    "--sample", metavar="N", type=int, callback=_count, help="Look at N files only, chosen at random."
)
@click.option("--strict", is_flag=True, help="Take files that nothing names as a fault too.")
@click.option(
    "--key",
    metavar="KEY",
    help="The publisher's public key, or a file with it (default: content/minisign.pub of the site).",
)
@json_option
def verify(place: str, folder: Path, sample: int | None, strict: bool, key: str | None, as_json: bool) -> int:
    """Prove that the copy at PLACE is whole: every file is there, and as it was built.

    PLACE is a folder, the address of any mirror (https://…), the NAME of a target of this site, or an
    address as settings have it (s3://…). With a key, its signature proves who made it.
    """
    from sitegen.publish.places import copy_at, trusted_key
    from sitegen.publish.verify import verify as check

    try:
        copy = copy_at(place, folder.resolve(), os.environ)
        with contextlib.closing(copy), Bars(quiet=as_json) as bars:
            verdict = check(
                copy, trusted_key(key, folder), sample or 0, lambda steps: bars.begin("Verifying", steps)
            )
    except SiteError as error:
        return fail(error, as_json, NOTHING["verify"], "")
    whole = verdict.whole and not (strict and verdict.extra)
    if as_json:
        problems = [] if whole else [Problem(message="the copy is not whole")]
        told = {name: list(getattr(verdict, name)) for name in ("missing", "changed", "extra")}
        print_json(described(problems, ()) | told | {"signature": verdict.signature})
        return DONE if whole else AT_FAULT
    for path in verdict.missing:
        click.echo(red("missing ") + path)
    for path in verdict.changed:
        click.echo(red("changed ") + path)
    _list_extra(verdict.extra)
    click.echo(f"signature {verdict.signature}: {verdict.signer}")
    few = "" if verdict.checked == verdict.total else f" of {verdict.total:,}, chosen at random"
    checked = f"{verdict.checked:,} files{few}"
    click.echo(f"{checked}: {'all as they were built' if whole else 'this copy is not whole'}")
    return DONE if whole else AT_FAULT


def _list_extra(paths: tuple[str, ...]) -> None:
    for path in paths[:_SHOWN]:
        click.echo(f"extra {path}")
    if len(paths) > _SHOWN:
        click.echo(f"extra … and {len(paths) - _SHOWN:,} more; --json lists all")


@click.group()
def keys() -> None:
    """Make the key that signs a site's manifest."""


@keys.command(short_help="Make a key pair to sign with.")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@site_option
def new(file: Path | None, folder: Path) -> int:
    """Make a key pair, as minisign does.

    The secret key goes into FILE (default: sitegen.key in your home folder), which only you can read. Keep
    it out of the site. The public key goes to content/minisign.pub, and so to every mirror.
    """
    from sitegen.publish.keys import create

    secret = file or Path.home() / "sitegen.key"
    try:
        public = create(secret, folder)
    except SiteError as error:
        return fail(error, as_json=False)
    click.echo(f"  {secret}\n  {folder / 'content' / 'minisign.pub'}\n")
    click.echo(f"Your public key, for others to check with:\n\n    {public.text}\n")
    click.echo(f"To sign each build from now on:\n\n    export SITEGEN_KEY_FILE={secret.absolute()}\n")
    click.echo("Keep a second copy of the secret key in a safe place; nobody can make it again.")
    return DONE


@click.command(short_help="Write the page that lists all mirrors.")
@site_option
def mirrors(folder: Path) -> int:
    """Write the page and the JSON file that list all mirrors: content/pages/mirrors.md, content/mirrors.json.

    Mirrors are the targets that have a url in sitegen.toml. Both files become part of the site by the next
    build, together with the key that proves a copy.
    """
    from sitegen.publish.mirrors import write_mirrors

    try:
        made = write_mirrors(folder, _settings(folder))
    except SiteError as error:
        return fail(error, as_json=False)
    for path in made:
        click.echo(f"  {path}")
    click.echo("\nThey are part of the site from the next build on.")
    return DONE
