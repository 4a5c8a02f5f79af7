"""Site -> every file that the build will write. Collisions fail here, before anything is written."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.manifest import MANIFEST
from sitegen.model import Index, Page, Profile, Site
from sitegen.urls import in_language, output_path, url_of_list

#: How many addresses one sitemap may hold (https://www.sitemaps.org/protocol.html).
SITEMAP_SIZE = 50_000

#: Kinds of pages that search engines are shown.
INDEXED = ("post", "home", "section", "taxonomy", "term", "archive", "year", "month")

BUNDLE = "search/pagefind"

#: Kinds of pages that someone asked for by writing a file or a setting; two of them never share a path.
_WRITTEN = ("post", "redirect", "asset")


def plan(site: Site, config: Config, theme_files: Iterable[str]) -> tuple[list[Page], list[Problem]]:
    """Plan every page, in the order of their paths. `theme_files` are the theme's output paths."""
    pages = [
        *_entries(site),
        *_old_lists(site),
        *(page for lang in site.languages for page in _Language(site, config, lang).pages()),
        *_assets(site, theme_files),
    ]
    pages += _for_robots(site, config, pages)
    return _settle(pages, site)


def full_pages(total: int, size: int) -> int:
    """How many full pages a list of `total` entries has beside its first, which holds the rest.

    Pages are counted from the oldest, so that a full page never changes again.
    """
    return max(0, total // size - 1)


def slice_of(total: int, size: int, number: int) -> slice:
    """The part of a list (newest first) that its page `number` shows; 0 is the newest page."""
    if number == 0:
        return slice(0, total - size * full_pages(total, size))
    return slice(total - size * number, total - size * (number - 1))


def _page(kind: str, url: str, lang: str, **rest: object) -> Page:
    return Page(path=output_path(url), kind=kind, url=url, lang=lang, **rest)  # type: ignore[arg-type]


def _entries(site: Site) -> Iterator[Page]:
    for entry in site.entries.values():
        origin = f"content/{entry.key}"
        yield _page("post", entry.url, entry.lang, key=entry.key, origin=origin)
        for alias in entry.aliases:
            yield _page("redirect", alias, entry.lang, key=entry.key, origin=origin)


def _old_lists(site: Site) -> Iterator[Page]:
    """Redirects to lists, from the old addresses that profiles and `_index.md` name."""
    described: list[tuple[Profile | Index, str]] = [
        (one, f"{one.taxonomy}/{one.slug}") for one in site.profiles.values()
    ]
    lists = {*site.sections, *(name for name, terms in site.terms.items() if terms)}
    described += [(one, name) for name in sorted(lists) for one in site.indexes.get(name, {}).values()]
    for source, name in described:
        for path in source.old_paths:
            yield _page("redirect", path, source.lang, list=name, origin=f"content/{source.key}")


class _Language(Struct, frozen=True):
    """The generated pages of one language."""

    site: Site
    config: Config
    lang: str

    def pages(self) -> Iterator[Page]:
        yield self.page("home", "/")
        yield from self.feeds("")
        yield from self.sections()
        yield from self.taxonomies()
        yield from self.archive()
        if self.config.search.enabled:
            yield self.page("search", "/search/")
            yield self.page("titles", "/search/titles.js")
        if self.lang == self.site.languages[0]:
            yield _page("404", "/404.html", self.lang)

    def sections(self) -> Iterator[Page]:
        for section in self.site.sections:
            yield from self.listed("section", section, section)
            if self.config.section(section).feed:
                yield from self.feeds(section)

    def taxonomies(self) -> Iterator[Page]:
        for taxonomy, terms in self.site.terms.items():
            if terms:
                yield self.page("taxonomy", f"/{taxonomy}/", key=taxonomy)
            for slug, term in terms.items():
                for former in term.former:
                    url = f"/{taxonomy}/{former}/"
                    yield self.page("redirect", url, list=f"{taxonomy}/{slug}")
                yield from self.listed("term", f"{taxonomy}/{slug}", slug)
                if self.config.taxonomies[taxonomy].feed:
                    yield from self.feeds(f"{taxonomy}/{slug}")

    def archive(self) -> Iterator[Page]:
        yield self.page("archive", "/archive/", list="archive")
        for name in self.site.lists[self.lang]:
            match name.split("/"):
                case ["archive", _]:
                    yield self.page("year", f"/{name}/", list=name)
                case ["archive", _, _]:
                    yield from self.listed("month", name)

    def page(self, kind: str, url: str, **rest: object) -> Page:
        return _page(kind, in_language(url, self.lang, self.site.languages[0]), self.lang, **rest)

    def listed(self, kind: str, name: str, key: str = "") -> Iterator[Page]:
        total = len(self.site.lists[self.lang].get(name, ()))
        for number in range(full_pages(total, self.config.page_size) + 1):
            yield self.page(kind, url_of_list(name, number), list=name, number=number, key=key)

    def feeds(self, name: str) -> Iterator[Page]:
        yield self.page("atom", url_of_list(name) + "feed.xml", list=name)
        yield self.page("jsonfeed", url_of_list(name) + "feed.json", list=name)


def _assets(site: Site, theme_files: Iterable[str]) -> Iterator[Page]:
    for path in site.assets:
        picture = site.pictures.get(path)
        if not picture or not picture.refused:
            yield Page(path=path, kind="asset", url=f"/{path}", key=path, origin=f"content/{path}")
        for one in picture.smaller if picture else ():
            yield Page(path=one.path, kind="picture", url=f"/{one.path}", key=path, number=one.width)
    for path in theme_files:
        yield Page(path=path, kind="theme-file", url=f"/{path}", key=path)


def _for_robots(site: Site, config: Config, pages: Iterable[Page]) -> list[Page]:
    """robots.txt and, if the site knows its address, the sitemap: an index and its parts if it is large."""
    robots = [_page("robots", "/robots.txt", site.languages[0])]
    if not config.base_url:
        return robots
    count = sum(page.kind in INDEXED for page in pages)
    if count <= SITEMAP_SIZE:
        return [*robots, _page("sitemap", "/sitemap.xml", "", number=0)]
    parts = range(1, -(-count // SITEMAP_SIZE) + 1)
    return [
        *robots,
        _page("sitemap-index", "/sitemap.xml", "", number=len(parts)),
        *(_page("sitemap", f"/sitemap-{number}.xml", "", number=number) for number in parts),
    ]


def _settle(pages: Iterable[Page], site: Site) -> tuple[list[Page], list[Problem]]:
    """Let copied files win over generated ones; everything else at one path is a problem."""
    claims: defaultdict[str, list[Page]] = defaultdict(list)
    for page in _without_former_in_the_way(list(pages)):
        claims[_folded(page.path)].append(page)
    settled: list[Page] = []
    problems: list[Problem] = []
    for claimants in claims.values():
        written = [page for page in claimants if page.kind in _WRITTEN]
        entries = [page for page in written if page.kind != "asset"]
        if len(written) > 1 or (entries and len(claimants) > 1):
            problems.extend(_collision(claimants, site))
        else:
            settled.append((written or claimants)[0])
    settled.sort(key=lambda page: page.path)
    return settled, [*problems, *_files_for_folders(settled, site), *_reserved(settled, site)]


def _without_former_in_the_way(pages: list[Page]) -> Iterator[Page]:
    """The pages, but for redirects that nobody asked for where anything else is to be."""
    former = [page for page in pages if _is_former(page)]
    files = {_folded(page.path) for page in pages if not _is_former(page)} if former else set()
    taken = {*files, *(folder for file in files for folder in _parents(file))}
    for page in pages:
        path = _folded(page.path)
        if not _is_former(page) or (path not in taken and files.isdisjoint(_parents(path))):
            yield page


def _is_former(page: Page) -> bool:
    """Whether the page leads from another spelling of a term's name to the term."""
    return page.kind == "redirect" and not page.origin


def _folded(path: str) -> str:
    """What is equal for paths that some hosts and disks take for one."""
    return unicodedata.normalize("NFC", path).casefold()


def _collision(claimants: list[Page], site: Site) -> Iterator[Problem]:
    written = [page for page in claimants if page.origin]
    first = written[0]
    others = [page for page in claimants if page is not first]
    for other in others:
        if first.kind == "post" and other.kind == "redirect" and other.key == first.key:
            told, hint = f"the alias {other.url} is the page's own address", "take it out"
            yield Problem(
                file=other.origin, line=_line(other, site), field="aliases", message=told, hint=hint
            )
            continue
        told = (
            f"{other.origin} has the address {other.url} too"
            if other.origin
            else (f"{first.url} is the address of {_GENERATED.get(other.kind, 'a page')} that sitegen makes")
        )
        if other.path != first.path:
            told += f", which differs from {first.url} only by case, as some hosts and disks don't"
        yield Problem(
            file=first.origin,
            line=_line(first, site),
            message=told,
            hint="give one of them another slug, permalink or alias"
            if other.origin
            else f"give it another {_given_by(first, site)}",
        )


def _line(page: Page, site: Site) -> int:
    """The line that gave a page its address, if the front matter did."""
    source = site.entries.get(page.key) or site.profiles.get(page.origin.removeprefix("content/"))
    if source is None:
        return 0
    fields = ("aliases",) if page.kind == "redirect" else ("permalink", "slug", "title")
    return next((source.lines[field] for field in fields if field in source.lines), 0)


def _given_by(page: Page, site: Site) -> str:
    """What in the front matter gave a page its address."""
    if page.kind == "redirect":
        return "alias"
    return "permalink" if page.key in site.entries and "permalink" in site.entries[page.key].lines else "slug"


_GENERATED: Mapping[str, str] = {
    "home": "the home page",
    "section": "a section's list",
    "taxonomy": "a list of terms",
    "term": "a term's page",
    "archive": "the archive",
    "year": "a year's page",
    "month": "a month's page",
    "search": "the search page",
    "404": "the page for what is not found",
}


def _files_for_folders(pages: list[Page], site: Site) -> Iterator[Problem]:
    """A path can not be a file and the folder of another file, in whatever case either is written."""
    asked_for_last = sorted(pages, key=lambda page: page.origin != "")
    folders = {folder.casefold(): page for page in asked_for_last for folder in _parents(page.path)}
    for page in pages:
        inside = folders.get(page.path.casefold())
        if inside is not None:
            asked = page if page.origin else inside
            yield Problem(
                file=asked.origin,
                line=_line(asked, site),
                message=f"/{page.path} would be both a file and the folder of /{inside.path}",
                hint="rename one of the two",
            )


def _parents(path: str) -> Iterator[str]:
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def _reserved(pages: list[Page], site: Site) -> Iterator[Problem]:
    for page in pages:
        path = page.path.casefold()
        if path in (MANIFEST, BUNDLE) or path.startswith((f"{BUNDLE}/", f"{MANIFEST}.", f"{MANIFEST}/")):
            yield Problem(
                file=page.origin,
                line=_line(page, site),
                message=f"/{page.path} is written by sitegen",
                hint="give it another name",
            )
