"""All that a template may ask of the site, in one language."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from heapq import nsmallest
from typing import Any

from msgspec.structs import replace

from sitegen import cards
from sitegen.cards import Card, Listing, Month, NavItem, SectionCard, TermCard, Year
from sitegen.config import Config
from sitegen.feeds import Location
from sitegen.links import Addresses
from sitegen.model import Body, Entry, Page, Picture, Site
from sitegen.plan import INDEXED, SITEMAP_SIZE, full_pages, slice_of
from sitegen.term_cards import TermCards
from sitegen.theme import Theme
from sitegen.titles import Titles, titles
from sitegen.urls import encode, in_language, is_external, url_of_list
from sitegen.watched import Bodies, Seen, WatchedBodies, WatchedEntries
from sitegen.words import direction, say

_UNKNOWN = Picture()


class Library:
    """The site as all pages share it; what it has worked out once, it keeps."""

    def __init__(
        self,
        site: Site,
        config: Config,
        theme: Theme,
        bodies: Bodies,
        pages: Sequence[Page],
        addresses: Addresses | None = None,
    ) -> None:
        self.seen = Seen()
        self.site = replace(site, entries=WatchedEntries(site.entries, self.seen))
        self.config = config
        self.theme = theme
        self.bodies: Bodies = WatchedBodies(bodies, self.seen)
        self.pages = pages
        self.addresses = addresses or Addresses(site, pages)
        #: Parts of pages that are made already (see `tools`), by all that shapes them.
        self.parts: dict[Hashable, Any] = {}
        self._views: dict[str, View] = {}

    def view(self, lang: str) -> View:
        """The site in one language."""
        if lang not in self._views:
            self._views[lang] = View(self, lang)
        return self._views[lang]


class View:
    """The site in one language. Each public method is a question, and its answer a frozen value.

    A page asks through an `Asker`, which remembers what was asked: so an answer may depend on nothing but
    the library and the arguments, and the arguments must be plain texts and numbers.
    """

    def __init__(self, library: Library, lang: str) -> None:
        self._library = library
        self._site, self._config = library.site, library.config
        self._lists = library.site.lists[lang]
        self._cards: dict[str, Card] = {}
        self._terms = TermCards(library.site, lang, self.image)
        self.language = lang
        self.seen = library.seen
        #: Questions whose answer has a digest that is had more cheaply than the answer.
        self.digests: Mapping[str, Callable[..., str]] = {
            "body": library.bodies.digest,
        }

    # --- questions ---

    def most_read(self, count: int) -> tuple[Card, ...]:
        """The entries with the most views; those without any aren't named."""
        entries = enumerate(map(self._site.entries.__getitem__, self._lists.get("", ())))
        seen = nsmallest(count, ((-entry.views, place, entry.key) for place, entry in entries if entry.views))
        return tuple(self.card(key) for _, _, key in seen)

    def terms(self, taxonomy: str, count: int = 0) -> tuple[TermCard, ...]:
        """The most used terms of a taxonomy, most used first; without `count` all, by name."""
        return self._terms.listed(taxonomy, count)

    def taxonomies(self) -> tuple[str, ...]:
        """The names of the taxonomies that have a term."""
        return tuple(name for name, terms in self._site.terms.items() if terms)

    def sections(self) -> tuple[SectionCard, ...]:
        """Every section with a list of its own."""
        return tuple(self._section(name) for name in self._site.sections)

    def years(self) -> tuple[Year, ...]:
        """The years of the archive, newest first."""
        names = [name.removeprefix("archive/") for name in self._lists if name.startswith("archive/")]
        return tuple(self.year(int(name)) for name in sorted(names, reverse=True) if "/" not in name)

    def nav(self) -> tuple[NavItem, ...]:
        """The navigation: as the settings have it, else sections, archive and taxonomies."""
        items = self._config.nav.items
        if items:
            shown = (item for item in items if item.lang in ("", self.language))
            return tuple(NavItem(title=item.title, url=item.url) for item in shown)
        sections = (one for one in self.sections() if self._config.section(one.name).nav)
        names = ["archive", *(name for name in self.taxonomies() if name != "groups")]
        return (
            *(NavItem(title=one.title, url=one.url) for one in sections),
            *(NavItem(title=self.text(name), url=self.at(f"/{name}/")) for name in names),
        )

    # --- what pages are made of ---

    def body(self, key: str) -> Body:
        """The rendered body of a source file."""
        return self._library.bodies[key]

    def leads_to(self, target: str, key: str) -> str:
        """The site path that a link or picture, as written in the source file `key`, leads to."""
        return self._library.addresses.destination(target, key).url

    def picture(self, image: str) -> Picture:
        """The picture at a site path; one without a size when nothing is known of it."""
        return self._site.pictures.get(image[1:], _UNKNOWN)

    def titles(self) -> Titles:
        """The small index of the search."""
        return titles(self._site, self._config, self.language, self._small_picture)

    def _small_picture(self, entry: Entry) -> str:
        image = self.image(entry.image, entry.key)
        if not image or is_external(image):
            return image
        smaller = self.picture(image).smaller
        return encode(smaller[0].path if smaller else image[1:])

    def template(self, name: str) -> str:
        """The digest of a template and of all that it takes in itself."""
        return self._library.theme.digests[name]

    def has(self, url: str) -> bool:
        """Whether the site has a page at this url."""
        return url in self._library.addresses.urls

    def alternates(self, url: str, key: str) -> tuple[tuple[str, str], ...]:
        """Language and url of every version of a page, its own too; empty when there is but one.

        `key` is that of its entry, "" for a page that every language makes for itself.
        """
        site, first = self._site, self._site.languages[0]
        if key:
            versions = site.translations[site.entries[key].translation_key]
            found = [(lang, site.entries[versions[lang]].url) for lang in site.languages if lang in versions]
        else:
            bare = url if self.language == first else url.removeprefix(f"/{self.language}")
            places = [(lang, in_language(bare, lang, first)) for lang in site.languages]
            found = [(lang, place) for lang, place in places if self.has(place)]
        return tuple(found) if len(found) > 1 else ()

    def locations(self, number: int) -> tuple[Location, ...]:
        """The addresses of part `number` of the sitemap, counted from 1; 0 is the whole."""
        shown = [page for page in self._library.pages if page.kind in INDEXED]
        if number:
            shown = shown[(number - 1) * SITEMAP_SIZE : number * SITEMAP_SIZE]
        return tuple(self._location(page) for page in shown)

    def _location(self, page: Page) -> Location:
        entry = self._site.entries[page.key] if page.kind == "post" else None
        view = self._library.view(page.lang)
        return Location(
            url=page.url,
            changed=(entry.updated or entry.date) if entry else None,
            alternates=view.alternates(page.url, page.key if entry else ""),
        )

    def text(self, key: str) -> str:
        """A text of the interface; the key itself, as a word, where the theme has none."""
        return say(self._library.theme.texts, self.language, key, {"default": key.capitalize()})

    def card(self, key: str) -> Card:
        """The entry `key` as lists show it."""
        entry = self._site.entries[key]
        if key not in self._cards:
            self._cards[key] = Card(**self._card_fields(entry))  # type: ignore[arg-type]
        return self._cards[key]

    def cards_of(self, name: str, count: int | None = None) -> tuple[Card, ...]:
        """The first `count` entries of a list."""
        return tuple(self.card(key) for key in self._lists.get(name, ())[:count])

    def post(self, key: str) -> cards.Post:
        """The entry `key` as its own page shows it, its body aside."""
        site, entry, terms = self._site, self._site.entries[key], self._terms
        newer, older = site.newer.get(key), site.older.get(key)
        return cards.Post(
            **self._card_fields(entry),  # type: ignore[arg-type]
            bylines=tuple(terms.byline("authors", slug) for slug in site.slugs[key].get("authors", ())),
            lede=entry.description,
            searched=self._config.search.enabled and bool(self._config.section(entry.section).search),
            newer=self.card(newer) if newer else None,
            older=self.card(older) if older else None,
            related=tuple(self.card(one) for one in site.related.get(key, ())),
            translations=tuple(
                (lang, self._config.languages[lang].name or lang, site.entries[one].url)
                for lang, one in sorted(site.translations[entry.translation_key].items())
                if lang != entry.lang
            ),
            terms={name: terms.of(entry, name) for name in site.terms if entry.names.get(name)},
            same_as=terms.same_as(entry),
            spellings=terms.spellings(entry),
            source_url=entry.source_url,
            license=entry.license,
            extra=entry.extra,
        )

    def term(self, taxonomy: str, slug: str) -> TermCard:
        """A term as lists show it."""
        return self._terms.card(taxonomy, slug)

    def index_of_terms(self, taxonomy: str) -> tuple[cards.TermLine, ...]:
        """All terms of a taxonomy with what their profiles say in short, in order of name."""
        return self._terms.index(taxonomy)

    def term_page(self, taxonomy: str, slug: str, number: int) -> cards.TermPage:
        """A term as page `number` of its list shows it, its body aside; see `TermCards.page`."""
        return self._terms.page(taxonomy, slug, newest=number == 0)

    def section_page(self, name: str, number: int) -> cards.SectionPage:
        """A section as page `number` of its list shows it; see `term_page`."""
        card = self._section(name)
        index = self._site.indexes.get(name, {}).get(self.language)
        return cards.SectionPage(
            name=name,
            title=card.title,
            url=card.url,
            count=0 if number else card.count,
            description=index.description if index else "",
            source=index.key if index else "",
        )

    def taxonomy_page(self, name: str) -> cards.TaxonomyPage:
        """A taxonomy as its own page shows it, its terms aside."""
        index = self._site.indexes.get(name, {}).get(self.language)
        return cards.TaxonomyPage(
            name=name,
            title=(index.title if index else "") or self.text(name),
            description=index.description if index else "",
            source=index.key if index else "",
        )

    def year(self, year: int) -> Year:
        """A year of the archive with its months, newest first."""
        name = f"archive/{year:04d}"
        months = (month for month in range(12, 0, -1) if f"{name}/{month:02d}" in self._lists)
        return Year(
            year=year,
            url=self.at(f"/{name}/"),
            count=len(self._lists[name]),
            months=tuple(self.month(year, month) for month in months),
        )

    def month(self, year: int, month: int, number: int = 0) -> Month:
        """A month of the archive, as page `number` of its list shows it; see `term_page`."""
        name = f"archive/{year:04d}/{month:02d}"
        count = 0 if number else len(self._lists[name])
        return Month(year=year, month=month, url=self.at(f"/{name}/"), count=count)

    def listing(self, name: str, number: int) -> Listing:
        """Page `number` of a list, counted from the oldest; 0 is the newest page."""
        keys, size = self._lists.get(name, ()), self._config.page_size
        full = full_pages(len(keys), size)

        def url(page: int) -> str:
            return self.at(url_of_list(name, page))

        return Listing(
            cards=tuple(self.card(key) for key in keys[slice_of(len(keys), size, number)]),
            total=0 if number else len(keys),
            number=number,
            newer="" if number == 0 else url(number + 1 if number < full else 0),
            older=url(number - 1 if number else full) if full and number != 1 else "",
            newest=url(0) if full else "",
            oldest=url(1) if full else "",
        )

    def at(self, url: str) -> str:
        """The url of a page that every language has, in this one."""
        return in_language(url, self.language, self._site.languages[0])

    def image(self, written: str, key: str) -> str:
        """A front matter's image as a site path or an outside address; "" if there is none."""
        if not written or is_external(written):
            return written
        found = self._library.addresses.destination(written, key)
        return "" if found.fault else found.url

    def _section(self, name: str) -> SectionCard:
        index = self._site.indexes.get(name, {}).get(self.language)
        title = (index.title if index else "") or say(
            self._library.theme.texts,
            self.language,
            f"section_{name}",
            {"default": name.replace("-", " ").capitalize()},
        )
        return SectionCard(
            name=name, title=title, url=self.at(f"/{name}/"), count=len(self._lists.get(name, ()))
        )

    def _card_fields(self, entry: Entry) -> dict[str, object]:
        categories = self._terms.of(entry, "categories")
        return {
            "key": entry.key,
            "url": entry.url,
            "title": entry.title,
            "lang": entry.lang,
            "language": self._config.languages[entry.lang].name or entry.lang,
            "dir": direction(entry.lang),
            "section": entry.section,
            "description": entry.description or entry.excerpt,
            "image": self.image(entry.image, entry.key),
            "image_alt": entry.image_alt,
            "date": entry.date,
            "updated": entry.updated,
            "minutes": entry.minutes,
            "views": entry.views,
            "draft": entry.draft,
            "authors": self._terms.of(entry, "authors"),
            "category": categories[0] if categories else None,
            "tags": self._terms.of(entry, "tags"),
        }
