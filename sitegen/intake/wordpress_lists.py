"""Where WordPress listed the texts of a term, by the slugs that an export names (its default addresses)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sitegen.intake.fields import plain
from sitegen.intake.wordpress_facts import People, name_of
from sitegen.intake.wxr import Element
from sitegen.urls import fold, slug_of_file

_TAXONOMIES = {"post_tag": ("tags", "tag"), "category": ("categories", "category")}


class OldLists:
    """What is gathered of an export, element by element."""

    def __init__(self) -> None:
        self._tags: dict[str, str] = {}  # folded name -> slug
        self._categories: dict[str, str] = {}
        self._within: dict[str, str] = {}  # slug of a category -> that of the one it is within

    def see(self, element: Element) -> None:
        """Take in the slugs that an element names."""
        fields = element.fields
        if element.kind == "tag":
            self._tags[fold(plain(fields.get("tag_name")))] = fields.get("tag_slug", "")
        elif element.kind == "category":
            slug = fields.get("category_nicename", "")
            self._categories[fold(plain(fields.get("cat_name")))] = slug
            self._within[slug] = fields.get("category_parent", "")
        for domain, name, slug in element.terms:
            known = {"post_tag": self._tags, "category": self._categories}.get(domain, {})
            known.setdefault(fold(plain(name)), slug)

    def addresses(self, people: People) -> Mapping[tuple[str, str], str]:
        """Taxonomy and folded name -> the site path of the list."""
        found = {("tags", name): f"/tag/{slug}/" for name, slug in self._tags.items() if slug}
        for name, slug in self._categories.items():
            if slug:
                found["categories", name] = f"/category/{'/'.join(self._way(slug))}/"
        for login, fields in people.items():
            found["authors", fold(name_of(login, fields))] = f"/author/{slug_of_file(login).lower()}/"
        return found

    def _way(self, slug: str) -> list[str]:
        """The slugs of a category and of those it is within, the outermost first."""
        way: dict[str, None] = {}
        while slug and slug not in way:
            way[slug] = None
            slug = self._within.get(slug, "")
        return list(way)[::-1]


def addresses_in(lists: Mapping[tuple[str, str], str], taxonomy: str, name: str, _lang: str) -> Iterator[str]:
    """The old address of one term, where it had one."""
    if address := lists.get((taxonomy, fold(name))):
        yield address
