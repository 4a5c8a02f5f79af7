"""Where an imported file comes to lie, and under which addresses: beside what is there, never over it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from sitegen import front_matter, urls
from sitegen.config import RESERVED, Config
from sitegen.dates import parse_date
from sitegen.errors import SiteError
from sitegen.fields import EntryFields, ProfileFields, read_fields
from sitegen.find import CONTENT, find, sort_out
from sitegen.intake.fields import texts
from sitegen.intake.files import readable
from sitegen.intake.items import Note, Text, changed, lost

#: Room for a number and an ending within the bytes that a name may have.
_LONGEST = urls.LONGEST_NAME - 20


class Placed(NamedTuple):
    """A text with its place."""

    key: str  #: below content/
    meta: Mapping[str, Any]
    notes: tuple[Note, ...]


class Places:
    """Which names and addresses of a site are taken."""

    def __init__(self, site: Path, config: Config) -> None:
        self._config = config
        self._content = site / CONTENT
        self._names: set[str] = set()
        self._urls: set[str] = set()
        self._lists: set[str] = set()  #: addresses of the lists that texts stand in
        self._named: dict[tuple[str, str], str] = {}  #: taxonomy and folded name -> the slug of a profile
        if self._content.is_dir():
            self._take_what_is_there(site)

    def _take_what_is_there(self, site: Path) -> None:
        found = find(site, self._config)
        self._names |= {path.casefold() for path in found.assets}
        self._urls |= {f"/{path}".casefold() for path in found.assets}
        for source in found.sources:
            meta: Mapping[str, Any] = {}
            with suppress(SiteError, OSError, UnicodeDecodeError):  # the next build tells of it
                meta = front_matter.split(Path(source.path).read_text("utf-8-sig"), source.file).meta
            self._take(source.key, meta)

    def _take(self, key: str, meta: Mapping[str, Any]) -> None:
        self._names.add(key.casefold())
        source = sort_out(key, "", self._config)
        if source.kind == "profile":
            names = _texts([meta.get("name"), *_texts(meta.get("aliases"))])
            slug = urls.slug_of_term(source.stem)
            self._named |= {(source.section, urls.fold(one)): slug for one in names if one[0] != "/"}
            meta = {**meta, "aliases": [one for one in names if one[0] == "/"]}
        self._urls |= {url.casefold() for url in (url_of(key, meta, self._config), *_aliases(meta))}
        for name, taxonomy in self._config.taxonomies.items():
            terms = [*texts(meta.get(taxonomy.field)), *([source.stem] if source.section == name else [])]
            self._lists |= {f"/{name}/{urls.slug_of_term(term)}/" for term in terms}
        self._lists.add(f"/{source.section}/".casefold())

    def free(self, path: str) -> str:
        """`path` made safe, and given a number if there is a file of that name."""
        path = safe(path)
        stem, ending = posixpath.splitext(path)
        number = 1
        while (
            path.casefold() in self._names
            or f"/{path.removesuffix('index.html')}".casefold() in self._urls
            or (self._content / path).exists()
        ):
            number += 1
            path = f"{stem}-{number}{ending}"
        self._names.add(path.casefold())
        self._urls.add(f"/{path}".casefold())
        return path

    def settle(self, text: Text) -> Placed:
        """A text's place, its addresses, and front matter that the next build can read."""
        path = text.path
        meta, notes = sound(path, text.meta, self._config)
        stem, ending = posixpath.splitext(safe(path))
        key, number = stem + ending, 1
        own = url_of(key, meta, self._config)
        if self._is_made(own) and self._is_made(own.rstrip("/") + "-2/") and not self.is_profile(key):
            # No number helps below an address that sitegen fills.
            stem = f"pages/{'-'.join(stem.split('/')[1:])}"
            key = stem + ending
            meta = {name: value for name, value in meta.items() if name != "permalink"}
            own = url_of(key, meta, self._config)
        if text.url != own and text.url.casefold() == own.casefold():
            # On many hosts the two are one file, on the others the old links must hold.
            meta["permalink"] = text.url
        while self._is_taken(key, meta):
            number += 1
            meta = {name: value for name, value in meta.items() if name not in ("slug", "permalink")}
            folder, bundle, name = stem.rpartition("/index")
            key = f"{folder}-{number}/index{ending}" if bundle and not name else f"{stem}-{number}{ending}"
        if number > 1:
            notes.append(changed(f"its name or address was taken, so it lies at {key}"))
        elif key != path:
            notes.append(changed(f"its name is made safe: {key}"))
        self._take(key, {name: value for name, value in meta.items() if name != "aliases"})
        wanted = [text.url] if text.url else []
        if sort_out(key, "", self._config).kind == "profile":
            names = _texts(meta.get("aliases"))  # some are other names, not addresses
            old = {"aliases": [one for one in names if one[0] == "/"]}
            aliases = [one for one in names if one[0] != "/"] + self._aliases(key, old, [], notes)
        else:
            aliases = self._aliases(key, meta, wanted, notes)
        meta = {name: value for name, value in meta.items() if name != "aliases"}
        if aliases:
            meta["aliases"] = aliases
        return Placed(key, meta, (*text.notes, *notes))

    def _is_taken(self, key: str, meta: Mapping[str, Any]) -> bool:
        url = url_of(key, meta, self._config)
        return (
            key.casefold() in self._names
            or (self._content / key).exists()
            or url.casefold() in self._urls
            or (self._is_made(url) and not self.is_profile(key))
        )

    def is_profile(self, key: str) -> bool:
        """Whether the text at `key` describes a term, or a list, and has no address of its own."""
        return sort_out(key, "", self._config).kind != "entry"

    def is_described(self, text: Text) -> bool:
        """Whether what a text describes has a profile already; two of one term would be an error."""
        source = sort_out(text.path, "", self._config)
        slug = urls.slug_of_term(source.stem)
        other = self._named.get((source.section, urls.fold(str(text.meta.get("name")))), slug)
        return source.kind != "entry" and (other != slug or self._is_taken(safe(text.path), {}))

    def _aliases(self, key: str, meta: Mapping[str, Any], old: list[str], notes: list[Note]) -> list[str]:
        own, is_profile = url_of(key, meta, self._config), self.is_profile(key)
        aliases: list[str] = []
        for address in (*old, *_texts(meta.get("aliases"))):
            fault = urls.path_fault(address)
            alias = "" if fault else urls.normal(address)
            is_own = alias.casefold() == own.casefold()
            if alias in (own, *aliases) or (is_own and not is_profile):
                continue
            if fault:
                notes.append(lost(f'the old address "{address[:80]}" {fault}'))
            elif is_own:
                notes.append(lost(f'the old address "{alias}" differs from the new one, {own}, only by case'))
            elif self._is_made(alias) and not self._is_free_list(key, alias):
                notes.append(lost(f'at the old address "{alias}" sitegen makes a page of its own'))
            elif alias.casefold() in self._urls:
                notes.append(lost(f'the old address "{alias}" is that of another text or file'))
            else:
                aliases.append(alias)
                self._urls.add(alias.casefold())
        return aliases

    def _is_free_list(self, key: str, url: str) -> bool:
        """Whether `url` is like that of a list, but of none that there is, so it may lead to one."""
        parts = [part for part in url.split("/") if part and part not in self._config.languages]
        among = len(parts) > 1 and parts[0] in self._config.taxonomies and parts[1] != "page"
        return among and self.is_profile(key) and f"/{'/'.join(parts)}/".casefold() not in self._lists

    def _is_made(self, url: str) -> bool:
        """Whether sitegen makes a page at `url`, or may make one."""
        parts = [part for part in url.split("/") if part]
        if parts and parts[0] in self._config.languages:
            parts = parts[1:]
        if not parts or parts[-1].lower() in ("feed.xml", "feed.json", "manifest-sha256.txt", "404.html"):
            return True
        if len(parts) == 1:
            return parts[0] in (*RESERVED, *self._config.taxonomies, "posts", "sitemap.xml", "robots.txt")
        return parts[0] in (*RESERVED, *self._config.taxonomies) or parts[1] == "page"


def safe(path: str) -> str:
    """`path` as every file system takes it, and as sitegen reads it: nothing hides or climbs out."""
    parts = []
    for part in readable(path).split("/"):
        part = re.sub(r'[\x00-\x1f\x7f<>:"\\|?*]+', "-", part).strip()
        if part.strip(".") == "":
            continue
        part = re.sub(r"^\.+", "", part)
        while len(part.encode()) > _LONGEST:
            stem, dot, ending = part.rpartition(".")
            cut = (stem or ending).encode()[: _LONGEST - len(ending.encode()) - 8].decode("utf-8", "ignore")
            part = f"{cut}-{urls.digest(part)}{dot}{ending if stem else ''}"
        parts.append(part)
    return "/".join(parts) or urls.digest(path)


def url_of(key: str, meta: Mapping[str, Any], config: Config) -> str:
    """The address of the text at `key`, as a build will give it."""
    source = sort_out(key, "", config)
    if source.kind == "profile":
        return f"/{source.section}/{urls.slug_of_term(source.stem)}/"
    if source.kind == "index":
        return f"/{source.section}/{source.folder}/_index.md"
    if meta.get("permalink"):
        return urls.normal(str(meta["permalink"]))
    slug = urls.slug_of_file(str(meta.get("slug") or source.stem))
    parts = {"section": source.section, "path": source.folder, "slug": slug}
    parts |= dict(zip(("year", "month", "day"), _day(meta, source.dated, config), strict=True))
    url = urls.permalink(config.section(source.section).permalink, parts)
    return urls.in_language(url, str(meta.get("lang") or source.lang or config.language), config.language)


def _day(meta: Mapping[str, Any], dated: str, config: Config) -> list[str]:
    try:
        return parse_date(str(meta.get("date") or dated), config.zone).date().isoformat().split("-")
    except ValueError:
        return ["0001", "01", "01"]


def _aliases(meta: Mapping[str, Any]) -> list[str]:
    return [urls.normal(one) for one in _texts(meta.get("aliases")) if not urls.path_fault(one)]


def _texts(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]


def sound(key: str, meta: Mapping[str, Any], config: Config) -> tuple[dict[str, Any], list[Note]]:
    """Front matter without what would be an error in a build: such values are kept under another key."""
    source = sort_out(safe(key), "", config)
    kind = ProfileFields if source.kind == "profile" else EntryFields
    faults: dict[str, str] = {}

    def report(field: str, message: str, _hint: str) -> None:
        faults.setdefault(field, message)

    read_fields(kind, meta, config.zone, report)
    for taxonomy in config.taxonomies.values():
        if isinstance(meta.get(taxonomy.field), dict):
            faults[taxonomy.field] = "has keys of its own"
    meta = _in_known_language(meta, config)
    if meta.get("lang") and str(meta["lang"]) not in config.languages:
        faults["lang"] = f'"{meta["lang"]}" is not a language of this site'
    for field, fault in (("slug", urls.slug_fault), ("permalink", urls.path_fault)):
        if meta.get(field) and field not in faults and (told := fault(str(meta[field]))):
            faults[field] = f'"{str(meta[field])[:60]}" {told}'
    for field in ("image", "source_url"):
        address = meta.get(field)
        if (
            isinstance(address, str)
            and urls.is_external(address)
            and not re.match("https?://", address, re.I)
        ):
            faults[field] = f'"{address[:60]}" is not a web address'
    notes = [lost(f"{field}: {fault}; it is kept as old_{field}") for field, fault in faults.items()]
    fixed = {f"old_{name}" if name in faults else name: value for name, value in meta.items()}
    return _dated(fixed, source.dated, source.section, kind, config, notes), notes


def _in_known_language(meta: Mapping[str, Any], config: Config) -> Mapping[str, Any]:
    """`en-US` and `en_GB` are the site's `en`, unless it tells them apart."""
    lang = str(meta.get("lang") or "").replace("_", "-").lower()
    for code in (lang, lang.partition("-")[0]):
        known = next((one for one in config.languages if one.lower() == code), "")
        if known:
            return {**meta, "lang": known}
    return meta


def _dated(
    meta: dict[str, Any],
    dated: str,
    section: str,
    kind: type[msgspec.Struct],
    config: Config,
    notes: list[Note],
) -> dict[str, Any]:
    """A post without a date is a draft, since no build takes it otherwise."""
    if kind is not EntryFields or meta.get("date") or dated or not config.section(section).dated:
        return meta
    if not meta.get("draft"):
        notes.append(changed("it has no date, so it is a draft"))
    return meta | {"draft": True}
