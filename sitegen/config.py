"""The settings of a site: one typed schema, with all that is there without being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

FILE = "sitegen.toml"

#: What a permalink may be made of; the same words as the fields of an entry.
PERMALINK_PARTS = ("section", "path", "slug", "year", "month", "day")

#: How narrow and how wide the smaller pictures may be that are made.
WIDTHS = (16, 8000)

#: Folders of the site's root that sitegen itself fills, so that no section can be called so.
RESERVED = ("archive", "assets", "page", "search")


class Markdown(Struct, frozen=True, kw_only=True):
    engine: Literal["python-markdown", "commonmark"] = "python-markdown"
    extensions: tuple[str, ...] = ()  #: further python-markdown extensions, by import name
    html: Literal["sanitized", "trusted"] = "sanitized"
    embeds: Literal["static", "click", "live"] = "static"


class Images(Struct, frozen=True, kw_only=True):
    widths: tuple[int, ...] = (480, 960, 1600)  #: of the smaller pictures, in pixels; () makes none
    metadata: Literal["strip", "keep"] = "strip"


class Search(Struct, frozen=True, kw_only=True):
    enabled: bool = True
    facets: tuple[str, ...] = ("tag", "author", "category", "year")


class NavItem(Struct, frozen=True, kw_only=True):
    title: str = ""
    url: str = ""  #: a site path, or an address of another site
    lang: str = ""  #: shown in this language only; "" shows it in all


class Nav(Struct, frozen=True, kw_only=True):
    items: tuple[NavItem, ...] = ()


class Language(Struct, frozen=True, kw_only=True):
    name: str = ""  #: in the language itself: Русский
    title: str = ""  #: of the site, where it has another one in this language
    description: str = ""
    missing_translations: Literal["show", "hide"] = "show"


class Section(Struct, frozen=True, kw_only=True):
    permalink: str = ""  #: by default /{section}/{path}/{slug}/, of pages /{path}/{slug}/
    dated: bool | None = None  #: entries need a date; by default only in posts
    feed: bool | None = None  #: by default where entries are dated
    search: bool | None = None  #: by default in all but pages
    nav: bool = True  #: named in the navigation, unless [nav] lists what is
    template: str = ""  #: the template of its entries; by default post.html, or page.html where not dated


class Taxonomy(Struct, frozen=True, kw_only=True):
    field: str = ""  #: the front matter key that holds its terms
    profiles: str = ""  #: the folder of content/ with the profiles of its terms
    feed: bool = True


class Target(Struct, frozen=True, kw_only=True):
    to: str = ""
    url: str = ""  #: where readers find this mirror; "" keeps it off the list of mirrors
    atomic: bool = False  #: show the whole new site at once, where the target can
    grace: str = "1d"  #: how long files stay that no page needs any more
    max_delete: str = "20%"  #: how much of the site may vanish in one publish


class Theme(Struct, frozen=True, kw_only=True):
    name: str = "chronicle"
    settings: Mapping[str, Any] = {}  #: every other key of [theme]; the theme checks them


class Config(Struct, frozen=True, kw_only=True):
    title: str = "Archive"
    description: str = ""
    author: str = ""
    base_url: str = ""  #: "" or an address that ends in "/"
    language: str = ""
    timezone: str = "UTC"
    page_size: int = 20
    links: Literal["folders", "files"] = "folders"
    theme: Theme = Theme()
    markdown: Markdown = Markdown()
    images: Images = Images()
    search: Search = Search()
    nav: Nav = Nav()
    languages: dict[str, Language] = msgspec.field(default_factory=dict)
    sections: dict[str, Section] = msgspec.field(default_factory=dict)
    taxonomies: dict[str, Taxonomy] = msgspec.field(default_factory=dict)
    publish: dict[str, Target] = msgspec.field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times that are written without one."""
        return ZoneInfo(self.timezone)

    def title_in(self, lang: str) -> str:
        """What the site is called in a language."""
        return self.languages[lang].title or self.title

    def description_in(self, lang: str) -> str:
        """What the site says of itself in a language."""
        return self.languages[lang].description or self.description

    def section(self, name: str) -> Section:
        """The settings of a section, its defaults filled in."""
        section = self.sections.get(name, Section())
        dated = name == "posts" if section.dated is None else section.dated
        return msgspec.structs.replace(
            section,
            permalink=permalink_of(section, name),
            dated=dated,
            feed=dated if section.feed is None else section.feed,
            search=name != "pages" if section.search is None else section.search,
            template=section.template or ("post.html" if dated else "page.html"),
        )


def permalink_of(section: Section, name: str) -> str:
    """The form of the addresses in the section `name`."""
    return section.permalink or ("/{path}/{slug}/" if name == "pages" else "/{section}/{path}/{slug}/")


DEFAULT_TAXONOMIES = {
    "tags": Taxonomy(field="tags", profiles="tags"),
    "authors": Taxonomy(field="author", profiles="people"),
    "categories": Taxonomy(field="category", profiles="categories"),
    "groups": Taxonomy(field="group", profiles="groups"),
}


def complete(config: Config) -> Config:
    """The settings with the languages and taxonomies that are there without being written."""
    language = config.language or next(iter(config.languages), "en")
    languages = {language: config.languages.get(language, Language()), **config.languages}
    taxonomies = dict(DEFAULT_TAXONOMIES)
    for name, taxonomy in config.taxonomies.items():
        default = DEFAULT_TAXONOMIES.get(name, Taxonomy(field=name, profiles=name))
        taxonomies[name] = Taxonomy(
            field=taxonomy.field or default.field,
            profiles=taxonomy.profiles or default.profiles,
            feed=taxonomy.feed,
        )
    return msgspec.structs.replace(
        config,
        language=language,
        languages=languages,
        taxonomies=taxonomies,
        base_url=config.base_url.rstrip("/") + "/" if config.base_url else "",
    )
