"""`sitegen new` and `sitegen schema`: for those who write."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from sitegen.clock import now
from sitegen.console import DONE, fail, print_json, site_option
from sitegen.errors import SiteError

#: Taxonomies that are asked for on a terminal -> what one of their terms is called.
_ASKED = {"authors": "Author", "categories": "Category", "tags": "Tags"}

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _names_of(taxonomy: str) -> Complete:
    """Completion by the names that the site has."""

    def complete(context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
        from sitegen.known import known_names
        from sitegen.settings import read_config

        folder = Path(context.params.get("folder") or ".")
        known = known_names(folder, read_config(folder)[0]).get(taxonomy, [])
        return [CompletionItem(_for_shell(name)) for name in _beginning(begun, known)]

    return complete


def _beginning(begun: str, known: Sequence[str]) -> list[str]:
    """The names that begin so, or one of whose words does; capitals don't count."""
    from sitegen.urls import fold

    start = fold(begun)
    first = [name for name in known if fold(name).startswith(start)]
    return [*first, *(name for name in known if f" {start}" in fold(name) and name not in first)]


def _for_shell(name: str) -> str:
    """A name as it must stand on the command line: bash takes it as it is, other shells quote it."""
    if os.environ.get("_SITEGEN_COMPLETE", "").startswith("bash"):
        return re.sub(r"([^\w.,:/@+-])", r"\\\1", name)
    return name


def _sections(context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    folder = Path(context.params.get("folder") or ".")
    names = sorted(place.name for place in (folder / "content").glob("[!._]*") if place.is_dir())
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def _names_option(flag: str, taxonomy: str, what: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(
        flag,
        taxonomy,
        metavar="NAME",
        multiple=True,
        shell_complete=_names_of(taxonomy),
        help=f"{what} May be given more than once.",
    )


@click.command(short_help="Begin a new post, its front matter filled in.")
@click.argument("title")
@site_option
@click.option(
    "--section",
    metavar="NAME",
    default="posts",
    show_default=True,
    shell_complete=_sections,
    help="The folder of content/ that it goes into.",
)
@click.option("--lang", metavar="CODE", default="", help="Its language, if it is not the site's first one.")
@_names_option("--tag", "tags", "What it is about.")
@_names_option("--author", "authors", "Who wrote it.")
@_names_option("--category", "categories", "Which part of the archive it belongs to.")
@click.option("--draft", is_flag=True, help="Leave it out of the site for now.")
@click.option("--edit/--no-edit", default=True, help="Whether to open it in $EDITOR, on a terminal.")
def new(
    title: str,
    folder: Path,
    section: str,
    lang: str,
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    categories: tuple[str, ...],
    draft: bool,
    edit: bool,
) -> int:
    """Begin a new text called TITLE: its file, its date, and what else is known.

    It begins with what content/_templates/SECTION.md holds, if that is there; keys that are empty in it are
    filled in. On a terminal, author, category and tags are asked for, and the Tab key completes them.
    """
    from sitegen.new import Wanted, create
    from sitegen.settings import read_config

    config, problems = read_config(folder)
    names = {"authors": authors, "categories": categories, "tags": tags}
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        if problems:
            raise SiteError(problems)
        if at_terminal:
            from sitegen.known import known_names

            known = known_names(folder, config)
            names = {one: given or _ask(one, known.get(one, [])) for one, given in names.items()}
        wanted = Wanted(title=title, section=section, lang=lang, names=names, draft=draft)
        path = create(folder, config, wanted, now())
    except SiteError as error:
        return fail(error, as_json=False)
    click.echo(path)
    if edit and at_terminal and (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        click.edit(filename=str(path))
    return DONE


def _ask(taxonomy: str, known: Sequence[str]) -> tuple[str, ...]:
    """Ask for names of one taxonomy; tags have commas between them. Enter alone leaves it empty."""
    several = taxonomy == "tags"
    label = f"{_ASKED[taxonomy]}{' (commas between)' if several else ''}"
    with _completing(known):
        answer = click.prompt(label, default="", show_default=False)
    parts = answer.split(",") if several else [answer]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


@contextlib.contextmanager
def _completing(known: Sequence[str]) -> Iterator[None]:
    """The Tab key completes `known` within; where Python has no readline, it doesn't."""
    try:
        import readline
    except ImportError:
        yield
        return

    def complete(begun: str, number: int) -> str | None:
        space = begun[: len(begun) - len(begun.lstrip())]
        found = _beginning(begun.lstrip(), known)
        return space + found[number] if number < len(found) else None

    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(complete)
    readline.set_completer_delims(",")
    readline.parse_and_bind(
        "bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete"
    )
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])


#: The keys of `schema.KINDS`, which takes too long to import for --help.
_KINDS = ("post", "profile", "section", "settings")


@click.command(short_help="Print a JSON Schema of front matter or settings, for editors.")
@click.argument(
    "kind", metavar="[KIND]", type=click.Choice(("post", "profile", "section", "settings")), default="post"
)
@site_option
def schema(kind: str, folder: Path) -> int:
    """Print a JSON Schema, with which editors complete keys and underline mistakes.

    KIND is post (the front matter of posts and pages; the default), profile, section (an _index.md), or
    settings (sitegen.toml). The site's own taxonomies and languages are in it.
    """
    from sitegen.schema import schema as made
    from sitegen.settings import read_config

    config, problems = read_config(folder)
    if problems:
        return fail(SiteError(problems), as_json=False)
    print_json(made(kind, config))
    return DONE
