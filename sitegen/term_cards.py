"""Terms as templates are shown them, in one language: names, profiles, neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from msgspec.structs import asdict

from sitegen.cards import Byline, TermCard, TermLine, TermLink, TermPage
from sitegen.model import Entry, Profile, Site, Term
from sitegen.urls import fold, in_language
from sitegen.words import direction

#: How many neighbouring terms a term's page names.
NEIGHBOURS = 12


class TermCards:
    """The terms of a site in the language `lang`; `image` tells where a profile's picture is."""

    def __init__(self, site: Site, lang: str, image: Callable[[str, str], str]) -> None:
        self._site, self._lang, self._image = site, lang, image
        self._lists = site.lists[lang]
        self._links: dict[tuple[str, str], TermLink] = {}
        self._bylines: dict[tuple[str, str], Byline] = {}

    def card(self, taxonomy: str, slug: str) -> TermCard:
        """A term as lists show it."""
        link = self._link(taxonomy, slug)
        return TermCard(
            taxonomy=taxonomy,
            slug=slug,
            name=link.name,
            url=link.url,
            count=len(self._lists.get(f"{taxonomy}/{slug}", ())),
        )

    def _link(self, taxonomy: str, slug: str) -> TermLink:
        if (taxonomy, slug) not in self._links:
            name = self._site.terms[taxonomy][slug].names[self._lang]
            url = in_language(f"/{taxonomy}/{slug}/", self._lang, self._site.languages[0])
            self._links[taxonomy, slug] = TermLink(taxonomy=taxonomy, slug=slug, name=name, url=url)
        return self._links[taxonomy, slug]

    def listed(self, taxonomy: str, count: int = 0) -> tuple[TermCard, ...]:
        """The most used terms of a taxonomy, most used first; without `count` all, by name."""
        every = [self.card(taxonomy, slug) for slug in self._site.terms.get(taxonomy, {})]
        if not count:
            terms = self._site.terms.get(taxonomy, {})
            return tuple(sorted(every, key=lambda term: _by_order(terms[term.slug], term.name)))
        used = [term for term in every if term.count]
        return tuple(sorted(used, key=lambda term: (-term.count, fold(term.name), term.slug))[:count])

    def index(self, taxonomy: str) -> tuple[TermLine, ...]:
        """All terms of a taxonomy with what their profiles say in short, in order of name."""
        return tuple(self._line(taxonomy, term.slug) for term in self.listed(taxonomy))

    def _line(self, taxonomy: str, slug: str) -> TermLine:
        count = self.card(taxonomy, slug).count
        return TermLine(**asdict(self.byline(taxonomy, slug)), count=count)

    def byline(self, taxonomy: str, slug: str) -> Byline:
        """A term as it signs a text, with what its profile says of it."""
        if (taxonomy, slug) in self._bylines:
            return self._bylines[taxonomy, slug]
        profiles = self._profiles(taxonomy, slug)
        words = profiles[0] if profiles else None
        pictured = next((one for one in profiles if one.image), None)
        lang = words.lang if words else self._lang
        self._bylines[taxonomy, slug] = byline = Byline(
            **asdict(self._link(taxonomy, slug)),
            lang=lang,
            dir=direction(lang),
            role=words.role if words else "",
            description=words.description if words else "",
            image=self._image(pictured.image, pictured.key) if pictured else "",
            image_alt=words.image_alt if words else "",
        )
        return byline

    def _profiles(self, taxonomy: str, slug: str) -> tuple[Profile, ...]:
        """The profiles of a term, that in this language first; words are taken from the first alone."""
        described = self._site.terms[taxonomy][slug].profiles
        order = dict.fromkeys((self._lang, *self._site.languages))
        return tuple(self._site.profiles[described[lang]] for lang in order if lang in described)

    def page(self, taxonomy: str, slug: str, *, newest: bool) -> TermPage:
        """A term as a page of its list shows it, its body aside.

        What grows with every entry is told on the `newest` page alone, so that the others need not change.
        """
        profiles = self._profiles(taxonomy, slug)
        return TermPage(
            **asdict(self._line(taxonomy, slug)) | ({} if newest else {"count": 0}),
            website=next((one.website for one in profiles if one.website), ""),
            links=next((one.links for one in profiles if one.links), ()),
            same_as=_identities(profiles),
            names=self._other_names(taxonomy, slug),
            years=self._years_of(f"{taxonomy}/{slug}") if newest else (),
            neighbours=self._neighbours(taxonomy, slug) if newest else (),
            extra=profiles[0].extra if profiles else {},
            source=profiles[0].key if profiles else "",
        )

    def _other_names(self, taxonomy: str, slug: str) -> tuple[tuple[str, str], ...]:
        term = self._site.terms[taxonomy][slug]
        own = term.names[self._lang]
        return tuple((lang, term.names[lang]) for lang in term.profiles if term.names[lang] != own)

    def _years_of(self, name: str) -> tuple[int, ...]:
        dates = [self._site.entries[key].date for key in self._lists.get(name, ())]
        years = [date.year for date in dates if date]
        return (min(years), max(years)) if years else ()

    def _neighbours(self, taxonomy: str, slug: str) -> tuple[TermCard, ...]:
        """The terms that stand on the most entries of this one: co-authors, neighbouring tags."""
        together = Counter(
            other
            for key in self._lists.get(f"{taxonomy}/{slug}", ())
            for other in self._site.slugs[key][taxonomy]
            if other != slug
        )
        nearest = sorted(together, key=lambda other: (-together[other], other))[:NEIGHBOURS]
        return tuple(self.card(taxonomy, other) for other in nearest)

    def of(self, entry: Entry, taxonomy: str) -> tuple[TermLink, ...]:
        """The terms of an entry."""
        slugs = self._site.slugs[entry.key].get(taxonomy, ())
        return tuple(self._link(taxonomy, slug) for slug in slugs)

    def same_as(self, entry: Entry) -> dict[str, tuple[str, ...]]:
        """What identifies the people and subjects of an entry."""
        terms = (
            (self._link(taxonomy, slug).url, _identities(self._profiles(taxonomy, slug)))
            for taxonomy in ("authors", "tags")
            for slug in self._site.slugs[entry.key].get(taxonomy, ())
        )
        return {url: addresses for url, addresses in terms if addresses}

    def spellings(self, entry: Entry) -> tuple[str, ...]:
        """Other spellings of the terms of an entry, for the search."""
        terms = (
            self._site.terms[taxonomy][slug]
            for taxonomy, slugs in self._site.slugs[entry.key].items()
            for slug in slugs
        )
        return tuple(
            dict.fromkeys(name for term in terms for name in term.spellings if name != term.names[entry.lang])
        )


def _identities(profiles: Iterable[Profile]) -> tuple[str, ...]:
    """The addresses that identify a thing, from whichever of its profiles names them."""
    return tuple(dict.fromkeys(address for profile in profiles for address in profile.same_as))


def _by_order(term: Term, name: str) -> tuple[bool, int, str, str]:
    return (not term.order, term.order, fold(name), term.slug)
