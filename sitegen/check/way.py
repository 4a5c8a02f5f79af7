"""The whole way of a check: what a build reads, links and plans, and all that the rules say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from sitegen.check import built, looked, names, twins, whole
from sitegen.check.checked import Checked, Task
from sitegen.check.rule import Archive, look
from sitegen.errors import Problem
from sitegen.join import Joined, join, library_of, read_parts, warnings_of
from sitegen.make import Making, try_templates
from sitegen.manifest import MANIFEST, parse_manifest
from sitegen.model import Entry
from sitegen.pictures import kept_in
from sitegen.read import Choice
from sitegen.recall import Recall
from sitegen.report import Progress
from sitegen.store import Store
from sitegen.versions import RENDERING, versions
from sitegen.write import Output


def go(task: Task, store: Store, progress: Progress) -> tuple[Checked, Archive]:
    """Check a site; the archive is what was checked, for those who mend it."""
    found, config = task.found, task.config
    also = partial(looked.look_while_reading, config, looked.shape_of(config))
    parts = read_parts(task, store, task.jobs, progress, shrink=False, also=also)
    joined = join(parts, Choice(now=task.now), lazily=True)
    texts = looked.look_at_texts(parts, store, task.jobs, progress("Checking", len(found.sources)))
    pictures = looked.look_at_pictures(found.assets, store, task.jobs, progress)
    archive = _archive(joined, texts, store.recall)
    findings = [
        *built.found("settings", task.problems),
        *built.found("file", found.problems),
        *built.found("front-matter", (problem for one in parts.results.values() for problem in one.problems)),
        *built.found("term", joined.linking.problems),
        *built.found("address-taken", joined.collisions),
        *built.found("theme", parts.theme_problems or _try(joined, store)),
        *built.warned(warnings_of(joined)),
        *_of(texts.values()),
        *_of(pictures.values()),
        *look((*names.RULES, *whole.RULES, *twins.RULES), archive),
    ]
    return Checked(
        findings=tuple(sorted(set(findings))),
        texts=len(texts),
        pictures=len(pictures),
        since=joined.left_out.since,
        until=joined.left_out.until,
    ), archive


def _of(files: Iterable[looked.Looked]) -> Iterable[Problem]:
    return (finding for one in files for finding in one.findings)


def _archive(joined: Joined, texts: Mapping[str, looked.Looked], recall: Recall) -> Archive:
    site = joined.site
    values = {key: one.value for key, one in joined.parts.results.items()}
    # A text that can't be read yet is not gone.
    published = _published(joined.parts.folder) if all(values.values()) else frozenset[str]()
    return Archive(
        config=joined.parts.config,
        future=joined.left_out.future,
        site=site,
        pages=tuple(joined.pages),
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


def _try(joined: Joined, store: Store) -> list[Problem]:
    """What goes wrong when one page of each kind is made; tried again when the theme has changed."""
    theme, folder, pages = joined.parts.theme, joined.parts.folder, joined.pages
    if theme is None:
        return []

    def work() -> list[Problem]:
        library = library_of(joined, store.bodies())
        assert library
        output = Output(folder / "output", store.folder)
        pictures = kept_in(store.folder)
        making = Making(library=library, output=output, site=folder, pictures=pictures)
        return try_templates(making, pages)

    shape = (joined.parts.config, theme.settings, theme.texts, theme.digests, versions(RENDERING))
    kinds = sorted({page.kind for page in pages})
    return msgspec.convert(store.recall("templates tried", (shape, kinds), work), list[Problem])
