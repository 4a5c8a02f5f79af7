"""Old addresses of lists: each leads to the list that sitegen makes, by an alias of what describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from sitegen.config import DEFAULT_TAXONOMIES
from sitegen.intake.fields import texts
from sitegen.intake.items import Item, Text, changed, digest_of
from sitegen.urls import digest, fold, normal, slug_of_term

#: Taxonomy, name of a term, language ("" for the first) -> the site paths of its list in the old site.
Addresses = Callable[[str, str, str], Iterable[str]]

_FOLDERS = {name: one.profiles for name, one in DEFAULT_TAXONOMIES.items() if name != "groups"}

_NOTE = changed("it is made so that the old address of this list leads to the new one")


def with_old_lists(
    items: Iterable[Item], addresses: Addresses, lists: Mapping[str, str] | None = None
) -> Iterator[Item]:
    """The items, and after them what describes terms and lists, with the old addresses among its aliases.

    `lists` are the old addresses of lists that are none of terms: a section or taxonomy -> its site path.
    """
    described: dict[str, Text] = {}
    used: dict[tuple[str, str, str], str] = {}  # taxonomy, folded name, language -> name
    for item in items:
        if isinstance(item, Text) and _describes(item.path):
            described[item.path] = item
            continue
        if isinstance(item, Text) and not item.meta.get("draft"):
            for taxonomy, name, lang in _terms(item.meta):
                used.setdefault((taxonomy, fold(name), lang), name)
        yield item
    places = _places(described)
    owners: dict[tuple[str, str], str] = {}  # taxonomy, slug -> the folded name that has it
    for (taxonomy, folded, _), name in sorted(used.items()):
        owners.setdefault((taxonomy, slug_of_term(name)), folded)
    made = {f"/{name}/" for name in _FOLDERS} | {f"/{taxonomy}/{slug}/" for taxonomy, slug in owners}
    for (taxonomy, folded, lang), name in sorted(used.items()):
        is_owner = owners[taxonomy, slug_of_term(name)] == folded
        stem = f"{_FOLDERS[taxonomy]}/{slug_of_term(name)}"
        path = places.get((_FOLDERS[taxonomy], folded, lang))
        path = path or _free(stem, name, lang, described, is_owner=is_owner)
        below = f"/{lang}" if lang else ""
        slug = path.rpartition("/")[2].partition(".")[0]
        old = [normal(one).removeprefix(below) for one in addresses(taxonomy, name, lang)]
        old = [below + one for one in old if one not in {*made, f"/{taxonomy}/{slug}/"}]
        _add(described, path, {"name": name}, old)
    for name, address in (lists or {}).items():
        if normal(address) != f"/{name}/":
            _add(described, f"{_FOLDERS.get(name, name)}/_index.md", {}, [normal(address)])
    yield from described.values()


def _describes(path: str) -> bool:
    return path.split("/")[0] in _FOLDERS.values() or path.rpartition("/")[2].startswith("_index.")


def _terms(meta: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for taxonomy in _FOLDERS:
        for name in texts(meta.get(DEFAULT_TAXONOMIES[taxonomy].field)):
            yield taxonomy, name, str(meta.get("lang") or "")


def _places(described: Mapping[str, Text]) -> dict[tuple[str, str, str], str]:
    """Folder, folded name, language -> where the profile lies that has the name."""
    places = {}
    for path, text in described.items():
        folder, _, file = path.partition("/")
        lang = file.removesuffix(".md").partition(".")[2]
        # An _index.md has no name, and "None" may be one.
        for name in (text.meta.get("name"), *texts(text.meta.get("aliases"))):
            if name:
                places[folder, fold(str(name)), lang] = path
    return places


def _free(stem: str, name: str, lang: str, described: Mapping[str, Text], *, is_owner: bool) -> str:
    """A place for the profile of a term: that of its slug, unless another term has it."""
    suffix = f".{lang}.md" if lang else ".md"
    is_free = is_owner and f"{stem}{suffix}" not in described
    return f"{stem}{suffix}" if is_free else f"{stem}-{digest(name)}{suffix}"


def _add(described: dict[str, Text], path: str, meta: Mapping[str, Any], old: list[str]) -> None:
    """Let the old addresses lead to what is described at `path`."""
    if not old:
        return
    there = described.get(path) or Text(
        source=f"the list {old[0]}",
        path=path,
        meta=meta,
        body="",
        digest=digest_of("list", path),
        notes=(_NOTE,),
    )
    aliases = list(dict.fromkeys([*texts(there.meta.get("aliases")), *old]))
    described[path] = replace(there, meta={**there.meta, "aliases": aliases})
