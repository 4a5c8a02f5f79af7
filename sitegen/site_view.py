"""`site` in a template: the questions of the view, and what depends on the page that asks."""

from __future__ import annotations

from sitegen.cards import LanguageCard, NavItem
from sitegen.model import Page
from sitegen.urls import in_language
from sitegen.view import Library
from sitegen.words import say


class SiteView:
    """`site` in a template: the view in the page's language, and what depends on the page that asks."""

    def __init__(self, library: Library, page: Page) -> None:
        self._library, self._page = library, page
        self._view = library.view(page.lang)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name not in QUESTIONS:
            raise AttributeError(name)
        return getattr(self._view, name)

    def nav(self) -> tuple[NavItem, ...]:
        """The navigation: as the settings have it, else sections, archive and taxonomies."""
        items = self._library.config.nav.items
        if items:
            return tuple(
                self._nav_item(item.title, item.url) for item in items if item.lang in ("", self._page.lang)
            )
        texts, lang = self._library.theme.texts, self._page.lang
        names = ["archive", *(name for name in self._view.taxonomies() if name != "groups")]
        return (
            *(
                self._nav_item(section.title, section.url)
                for section in self._view.sections()
                if self._library.config.section(section.name).nav
            ),
            *(
                self._nav_item(
                    say(texts, lang, name, {"default": name.capitalize()}), self._view.at(f"/{name}/")
                )
                for name in names
            ),
        )

    def languages(self) -> tuple[LanguageCard, ...]:
        """The languages of the site, each with this page's address in it, or that of its home page."""
        translated = dict(self.alternates())
        first = self._library.site.languages[0]
        return tuple(
            LanguageCard(
                code=lang,
                name=self._library.config.languages[lang].name or lang,
                url=translated.get(lang, in_language("/", lang, first)),
                current=lang == self._page.lang,
            )
            for lang in self._library.site.languages
        )

    def alternates(self) -> tuple[tuple[str, str], ...]:
        """Language and url of every version of this page, its own too; empty when there is but one."""
        site, page = self._library.site, self._page
        if page.kind == "post":
            versions = site.translations[site.entries[page.key].translation_key]
            found = [(lang, site.entries[versions[lang]].url) for lang in site.languages if lang in versions]
        else:
            first = site.languages[0]
            bare = page.url if page.lang == first else page.url.removeprefix(f"/{page.lang}")
            places = [(lang, in_language(bare, lang, first)) for lang in site.languages]
            found = [(lang, url) for lang, url in places if url in self._library.addresses.urls]
        return tuple(found) if len(found) > 1 else ()

    def _nav_item(self, title: str, url: str) -> NavItem:
        current = url == self._page.url or (len(url) > 1 and self._page.url.startswith(url))
        return NavItem(title=title, url=url, current=current)


#: What a template may ask of `site` beside `nav` and `languages`.
QUESTIONS = (
    *("title", "description", "author", "base_url", "language"),
    *("recent", "group", "most_read", "terms", "taxonomies", "sections", "years"),
)
