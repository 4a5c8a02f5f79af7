"""Other people's formats -> posts: read, place, put, report."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from sitegen.config import FILE, Config
from sitegen.errors import Problem, SiteError
from sitegen.find import CONTENT
from sitegen.intake import eleventy, hexo, hugo, jekyll, page, pelican, raw, settings, wordpress, zola
from sitegen.intake.items import Format, Item, Old, Wishes
from sitegen.intake.put import Putter, write_new, write_nothing
from sitegen.intake.report import Report, known, save
from sitegen.settings import read_config

#: Every reader, in the order in which they look at a source.
FORMATS: tuple[Format, ...] = (
    pelican.FORMAT,
    zola.FORMAT,
    hugo.FORMAT,
    hexo.FORMAT,
    jekyll.FORMAT,
    eleventy.FORMAT,
    wordpress.FORMAT,
    page.FORMAT,
    raw.FORMAT,
)


_OF_LISTS = (
    "Not carried over: the old addresses of feeds, and of the later pages of lists, like /page/2/; "
    "nothing leads from them."
)


def choose(source: Path, name: str = "") -> Format:
    """The reader of `source`: the one called `name`, else the first that knows it. Raises SiteError."""
    if name:
        return next(one for one in FORMATS if one.name == name)
    if not source.exists():
        raise SiteError([Problem(file=str(source), message="there is no such file or folder")])
    found = next((one for one in FORMATS if one.fits(source)), None)
    if found is None:
        hint = "say it with --from: " + ", ".join(one.name for one in FORMATS)
        raise SiteError([Problem(file=str(source), message="it is not clear what this is", hint=hint)])
    return found


def bring_in(
    sources: Iterable[Path], site: Path, wishes: Wishes, *, name: str = "", dry: bool = False
) -> Report:
    """Import each source into the site in `site`. With `dry`, nothing is written.

    Raises SiteError when a source can't be read at all, or the site's settings are wrong.
    """
    chosen = [(source, choose(source, name)) for source in sources]
    is_new = not (site / FILE).exists() and not (site / CONTENT).exists()
    config, problems = read_config(site)
    if problems:
        raise SiteError(problems)
    wishes = msgspec.structs.replace(wishes, zone=config.zone)
    items: Iterator[Item] = itertools.chain.from_iterable(
        format.read(source, wishes) for source, format in chosen
    )
    old, items = _old_first(items)
    if is_new:
        config = settings.config_of(old)
    putter = Putter(site, config, known(site), write_nothing if dry else write_new)
    lines = tuple(putter.put(item) for item in items if not isinstance(item, Old))
    dated = _dated_sections(putter, config)
    notes = (_OF_LISTS,) if old != Old() and any(line.state == "added" for line in lines) else ()
    report = Report(formats=tuple(one.name for _, one in chosen), lines=lines, notes=notes)
    if is_new and report.count("added"):
        if not dry:
            write_new(site / FILE, settings.written(config, dated).encode())
        return _saved(msgspec.structs.replace(report, made=(FILE,)), site, dry)
    advice = tuple(settings.advised(old, config, dated))
    return _saved(msgspec.structs.replace(report, settings=advice), site, dry)


def _saved(report: Report, site: Path, dry: bool) -> Report:
    return report if dry or not report.count("added") else save(site, report)


def _old_first(items: Iterator[Item]) -> tuple[Old, Iterator[Item]]:
    """The old site's settings, if they come first, and the other items."""
    for first in items:
        if isinstance(first, Old):
            return first, items
        return Old(), itertools.chain([first], items)
    return Old(), iter(())


def _dated_sections(putter: Putter, config: Config) -> list[str]:
    """The sections beside `posts` whose texts all have dates, so that they can be dated."""
    return sorted(name for name, dated in putter.sections.items() if dated and not config.section(name).dated)
