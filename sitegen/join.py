"""Read, choose, link, plan: all that is known of a site before anything is made of it.

Every way goes through here: that of a build, of a check, of the preview, and of its search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem
from sitegen.link import Linking, link
from sitegen.links import Addresses, dead_links, lost_settings
from sitegen.model import Content, LeftOut, Page, Picture, Site
from sitegen.pictures import examine
from sitegen.plan import plan
from sitegen.read import Also, Choice, Result, choose, notices, read
from sitegen.recall import Recall, afresh
from sitegen.report import Progress, silent
from sitegen.settings import text_of, without_effect
from sitegen.store import Store
from sitegen.survey import Survey
from sitegen.theme import Theme, load_theme
from sitegen.view import Library
from sitegen.watched import Bodies


class Parts(Survey, frozen=True, kw_only=True):
    """All that was read of a site, right or wrong."""

    results: Mapping[str, Result]  #: by key
    pictures: Mapping[str, Picture]  #: by path
    picture_warnings: tuple[Problem, ...]
    theme: Theme | None
    theme_problems: tuple[Problem, ...]
    also: Mapping[str, bytes] = {}  #: as in `read.Read`

    def mistakes(self) -> list[Problem]:
        """What is wrong with single files."""
        of_texts = chain.from_iterable(one.problems for one in self.results.values())
        return [*self.problems, *self.found.problems, *self.theme_problems, *of_texts]


def read_parts(
    survey: Survey,
    store: Store,
    jobs: int = 1,
    progress: Progress = silent,
    lap: Callable[[str], None] = lambda _: None,
    recall: Recall | None = None,
    *,
    shrink: bool = True,
    also: Also | None = None,
) -> Parts:
    """Read a site, of its texts and pictures those only that have changed since they were read into `store`.

    `lap` is told the name of each part that is done; `recall` is the store's if none is given; `shrink` as
    in `pictures.examine`, `also` as in `read`.
    """
    found, config = survey.found, survey.config
    results, told = read(found, config, store, jobs, progress("Reading", len(found.sources)), also)
    lap("read")
    pictures, warnings = examine(found.assets, config, store, jobs, progress, shrink=shrink)
    lap("pictures")
    theme, problems = load_theme(survey.folder, config, recall or store.recall)
    return Parts(
        folder=survey.folder,
        config=config,
        problems=survey.problems,
        found=found,
        results=results,
        pictures=pictures,
        picture_warnings=tuple(warnings),
        theme=theme,
        theme_problems=tuple(problems),
        also=told,
    )


class Joined(Struct, frozen=True, kw_only=True):
    """What was read, joined to a site with all its pages."""

    parts: Parts
    content: Content
    left_out: LeftOut
    linking: Linking
    pages: Sequence[Page]
    collisions: tuple[Problem, ...] = ()  #: of pages

    @property
    def site(self) -> Site:
        return self.linking.site

    def problems(self) -> list[Problem]:
        """Everything for which the site can't be made."""
        return [*self.parts.mistakes(), *self.contradictions()]

    def contradictions(self) -> list[Problem]:
        """What is wrong between files, each of which is right."""
        return [*self.linking.problems, *self.collisions]


def join(parts: Parts, choice: Choice, recall: Recall = afresh, *, lazily: bool = False) -> Joined:
    """Join what was read; `lazily` as in `link`."""
    reading = choose(parts.found, parts.results, choice)
    linking = link(reading.content, parts.config, recall, lazily=lazily)
    linking = linking._replace(site=replace(linking.site, pictures=parts.pictures))
    pages, collisions = plan(linking.site, parts.config, parts.theme.files if parts.theme else ())
    return Joined(
        parts=parts,
        content=reading.content,
        left_out=reading.left_out,
        linking=linking,
        pages=pages,
        collisions=tuple(collisions),
    )


def library_of(joined: Joined, bodies: Bodies) -> Library | None:
    """What pages are made with; None without a theme."""
    parts = joined.parts
    return Library(joined.site, parts.config, parts.theme, bodies, joined.pages) if parts.theme else None


class Warnings(Struct, frozen=True):
    """What leaves pages less than they should be."""

    of_the_whole: tuple[Problem, ...]  #: those that no single text brings about
    of_texts: tuple[Problem, ...]

    def __iter__(self) -> chain[Problem]:
        return chain(self.of_the_whole, self.of_texts)


def warnings_of(joined: Joined) -> Warnings:
    parts, outlines = joined.parts, joined.content.outlines
    config, addresses = parts.config, Addresses(joined.site, joined.pages)
    settings = config.theme.settings
    lost = lost_settings(addresses, config.theme, text_of(parts.folder)) if settings else ()
    found = (*parts.found.warnings, *parts.picture_warnings, *joined.linking.warnings)
    dead = dead_links(addresses, joined.site, outlines, outlines.get)
    return Warnings(
        (*without_effect(parts.folder, config), *found, *lost),
        (*notices(outlines), *dead),
    )
