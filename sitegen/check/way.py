"""The whole way of a check: what a build reads, links and plans, and all that the rules say of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen.check import built, looked, names, twins, whole
from sitegen.check.checked import Checked, Task
from sitegen.check.rule import Archive, look
from sitegen.errors import Problem
from sitegen.join import told_of_the_whole
from sitegen.link import link
from sitegen.links import Addresses, dead_links
from sitegen.make import Making, try_templates
from sitegen.manifest import MANIFEST, parse_manifest
from sitegen.model import Entry, Page, Site
from sitegen.pictures import examine, kept_in
from sitegen.plan import plan
from sitegen.read import Choice, Reading, Result, choose, notices, read
from sitegen.recall import Recall
from sitegen.report import Progress
from sitegen.store import Store
from sitegen.theme import Theme, load_theme
from sitegen.versions import RENDERING, versions
from sitegen.view import Library
from sitegen.write import Output


def go(task: Task, store: Store, progress: Progress) -> tuple[Checked, Archive]:
    """Check a site; the archive is what was checked, for those who mend it."""
    found, config = task.found, task.config
    results, _ = read(found, config, store, task.jobs, progress("Reading", len(found.sources)))
    reading = choose(found, results, Choice(now=task.now))
    linking = link(reading.content, config, store.recall)
    known, faults = examine(found.assets, config, store, task.jobs, progress)
    site = replace(linking.site, pictures=known)
    theme, theme_problems = load_theme(task.folder, config, store.recall)
    pages, collisions = plan(site, config, theme.files if theme else ())
    texts = looked.look_at_texts(
        found, results, config, store, task.jobs, progress("Checking", len(found.sources))
    )
    pictures = looked.look_at_pictures(found.assets, store, task.jobs, progress)
    archive = _archive(task, results, reading, site, pages, texts, store.recall)
    if not theme_problems and theme:
        theme_problems = _try(task, site, theme, pages, store)
    outlines = reading.content.outlines
    addresses = Addresses(site, pages)
    dead = dead_links(addresses, site, outlines, outlines.get)
    of_the_whole = told_of_the_whole(
        task.folder, config, [*found.warnings, *faults, *linking.warnings], addresses
    )
    warnings = [*of_the_whole, *notices(outlines), *dead]
    findings = [
        *built.found("settings", task.problems),
        *built.found("file", found.problems),
        *built.found("front-matter", (problem for one in results.values() for problem in one.problems)),
        *built.found("term", linking.problems),
        *built.found("address-taken", collisions),
        *built.found("theme", theme_problems),
        *built.warned(warnings),
        *_of(texts.values()),
        *_of(pictures.values()),
        *look((*names.RULES, *whole.RULES, *twins.RULES), archive),
    ]
    return Checked(
        findings=tuple(sorted(set(findings))),
        texts=len(texts),
        pictures=len(pictures),
        since=reading.left_out.since,
        until=reading.left_out.until,
    ), archive


def _of(files: Iterable[looked.Looked]) -> Iterable[Problem]:
    return (finding for one in files for finding in one.findings)


def _archive(
    task: Task,
    results: dict[str, Result],
    reading: Reading,
    site: Site,
    pages: list[Page],
    texts: dict[str, looked.Looked],
    recall: Recall,
) -> Archive:
    values = {key: one.value for key, one in results.items()}
    # A text that can't be read yet is not gone.
    published = _published(task.folder) if all(values.values()) else frozenset[str]()
    return Archive(
        config=task.config,
        future=reading.left_out.future,
        site=site,
        pages=tuple(pages),
        hidden={
            key: one for key, one in values.items() if isinstance(one, Entry) and key not in site.entries
        },
        published=published,
        sketches={key: one.sketch for key, one in texts.items()},
        recall=recall,
    )


def _published(folder: Path) -> frozenset[str]:
    """The paths of the last output, as its manifest names them."""
    try:
        return frozenset(parse_manifest((folder / "output" / MANIFEST).read_bytes()))
    except OSError:
        return frozenset()


def _try(task: Task, site: Site, theme: Theme, pages: list[Page], store: Store) -> list[Problem]:
    """What goes wrong when one page of each kind is made; tried again when the theme has changed."""

    def work() -> list[Problem]:
        library = Library(site, task.config, theme, store.bodies(), pages)
        output = Output(task.folder / "output", store.folder)
        pictures = kept_in(store.folder)
        making = Making(library=library, output=output, site=task.folder, pictures=pictures)
        return try_templates(making, pages)

    shape = (task.config, theme.settings, theme.texts, theme.digests, versions(RENDERING))
    kinds = sorted({page.kind for page in pages})
    return msgspec.convert(store.recall("templates tried", (shape, kinds), work), list[Problem])
