"""`site` in a template: the questions of the view, asked for one page."""

from __future__ import annotations

from msgspec.structs import replace

from sitegen.asking import Asker
from sitegen.cards import Card, LanguageCard, NavItem, SectionCard, TermCard, Year
from sitegen.config import Config
from sitegen.model import Page
from sitegen.urls import in_language, join
from sitegen.view import View


class SiteView:
    """What a template may ask of the site."""

    def __init__(self, ask: Asker, page: Page, config: Config) -> None:
        self._ask, self._page, self._config = ask, page, config
        self.title = config.title_in(page.lang)
        self.description = config.description_in(page.lang)
        self.author = config.author
        self.base_url = config.base_url
        self.language = config.language  #: the first one, which lives at "/"

    def mirrors(self) -> tuple[str, ...]:
        """The addresses of this page on every mirror that readers may use."""
        mirrors = (target.url for target in self._config.publish.values() if target.url)
        return tuple(join(url.rstrip("/") + "/", self._page.url) for url in mirrors)

    def recent(self, count: int) -> tuple[Card, ...]:
        """The newest entries of all sections with a feed."""
        return self._ask(View.cards_of, "", count)

    def group(self, slug: str, count: int) -> tuple[Card, ...]:
        """The newest entries of a group, e.g. `featured`."""
        return self._ask(View.cards_of, f"groups/{slug}", count)

    def most_read(self, count: int) -> tuple[Card, ...]:
        """The entries with the most views; those without any aren't named."""
        return self._ask(View.most_read, count)

    def terms(self, taxonomy: str, count: int = 0) -> tuple[TermCard, ...]:
        """The most used terms of a taxonomy, most used first; without `count` all, in order of name."""
        return self._ask(View.terms, taxonomy, count)

    def taxonomies(self) -> tuple[str, ...]:
        """The names of the taxonomies that have a term."""
        return self._ask(View.taxonomies)

    def sections(self) -> tuple[SectionCard, ...]:
        """Every section with a list of its own."""
        return self._ask(View.sections)

    def years(self) -> tuple[Year, ...]:
        """The years of the archive, newest first."""
        return self._ask(View.years)

    def nav(self) -> tuple[NavItem, ...]:
        """The navigation, with the place of this page in it."""
        here = self._page.url

        def holds(url: str) -> bool:
            return url == here or (len(url) > 1 and here.startswith(url))

        return tuple(replace(item, current=holds(item.url)) for item in self._ask(View.nav))

    def alternates(self) -> tuple[tuple[str, str], ...]:
        """Language and url of every version of this page, its own too; empty when there is but one."""
        key = self._page.key if self._page.kind == "post" else ""
        return self._ask(View.alternates, self._page.url, key)

    def languages(self) -> tuple[LanguageCard, ...]:
        """The languages of the site, each with this page's address in it, or that of its home page."""
        versions = {self._page.lang: self._page.url, **dict(self.alternates())}
        first = self._config.language
        return tuple(
            LanguageCard(
                code=lang,
                name=language.name or lang,
                url=versions.get(lang) or in_language("/", lang, first),
                current=lang == self._page.lang,
            )
            for lang, language in sorted(self._config.languages.items(), key=lambda one: one[0] != first)
        )
