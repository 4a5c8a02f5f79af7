"""Problems as browsers are told of them, with the lines that they are about."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from sitegen.errors import Problem

#: Lines that are shown before and after the one that is meant.
AROUND = 3

#: Characters that are shown of a line.
LONGEST_LINE = 200


def as_data(problem: Problem, site: Path) -> dict[str, Any]:
    """A problem in the shape of `--json`, and beside it `excerpt`: numbers and texts of lines."""
    fields = ("file", "line", "field", "message", "hint")
    told: dict[str, Any] = {field: getattr(problem, field) for field in fields}
    return told | {"excerpt": _excerpt(problem, site)}


def _excerpt(problem: Problem, site: Path) -> list[tuple[int, str]]:
    if not problem.file or not problem.line:
        return []
    try:
        text = (site / problem.file).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return []
    lines = text.split("\n")
    first = max(1, problem.line - AROUND)
    shown = lines[first - 1 : problem.line + AROUND]
    return [(number, line[:LONGEST_LINE].rstrip("\r")) for number, line in enumerate(shown, first)]


def as_page(
    problems: Iterable[Problem], site: Path, *, links: bool, covers: bool = True, script: str = ""
) -> str:
    """A page of all problems; with `links`, one to each place in the editor.

    `covers` says whether there is a page below it, of the last edition without mistakes.
    """
    told = [_section(problem, site, links) for problem in problems]
    count = "One mistake" if len(told) == 1 else f"{len(told) or 'No'} mistakes"
    below = "The site below is as it was before. " if covers else ""
    lead = f"{below}This page goes away by itself once {'it is' if len(told) == 1 else 'they are'} mended."
    return _PAGE.format(
        title=f"{count} · preview",
        heading=count,
        lead=lead if told else "",
        told="\n".join(told),
        script=script,
    )


def _section(problem: Problem, site: Path, links: bool) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    shown = escape(place)
    if links and problem.file:
        address = editor_link(site / problem.file, problem.line)
        shown = f'<a href="{escape(address)}" title="Open in the editor">{shown}</a>'
    message = f"{problem.field}: {problem.message}" if problem.field else problem.message
    lines = "".join(
        f"<span{' class=meant' if number == problem.line else ''}><i>{number}</i>{escape(text)}\n</span>"
        for number, text in _excerpt(problem, site)
    )
    parts = (
        f"<h2>{shown}</h2>" if shown else "",
        f"<p class=message dir=auto>{escape(message)}</p>",
        f"<p class=hint dir=auto>{escape(problem.hint)}</p>" if problem.hint else "",
        f"<pre dir=auto tabindex=0>{lines}</pre>" if lines else "",
    )
    return "<section>" + "".join(parts) + "</section>"


def editor_link(file: Path, line: int = 0) -> str:
    """The address at which Visual Studio Code opens a file
    (https://code.visualstudio.com/docs/configure/command-line#_opening-vs-code-with-urls).
    """
    return f"vscode://file{file.as_uri().removeprefix('file://')}" + (f":{line}" if line else "")


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --mark: light-dark(#b3261e, #ff8a80);
  --line: light-dark(#fbe4e2, #4a2320); --soft: light-dark(#f4f2ef, #2a2826); }}
body {{ max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif;
  background: light-dark(#fff, #1c1b1a); color: light-dark(#1c1b1a, #eceae7); overflow-wrap: anywhere; }}
h1 {{ font-size: 1.3rem; color: var(--mark); }}
h2 {{ margin: 2rem 0 .3rem; font: 600 .95rem/1.5 ui-monospace, monospace; }}
a {{ color: inherit; }}
p {{ margin: .2rem 0; }}
.message {{ font-size: 1.1rem; }}
.hint::before {{ content: "→ "; }}
pre {{ margin: .7rem 0; padding: .5rem 0; overflow-x: auto; background: var(--soft); border-radius: .3rem;
  font: .85rem/1.6 ui-monospace, monospace; }}
pre span {{ display: block; padding: 0 .8rem; }}
pre i {{ display: inline-block; width: 3rem; font-style: normal; opacity: .7; user-select: none; }}
.meant {{ background: var(--line); }}
</style>
{script}</head>
<body>
<h1>{heading}</h1>
<p>{lead}</p>
{told}
</body>
</html>
"""
