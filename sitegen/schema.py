"""JSON Schema (draft 2020-12) of front matter and settings, for editors: from the types that read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from sitegen.config import PERMALINK_PARTS, Config
from sitegen.fields import EntryFields, IndexFields, ProfileFields, types_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"

#: What each schema describes.
KINDS = {
    "post": "the front matter of a post or page",
    "profile": "the front matter of a profile",
    "section": "the front matter of an _index.md",
    "settings": "sitegen.toml",
}

#: Front matter key -> what it means.
_MEANT = {
    "title": "The headline.",
    "name": "What the term is called.",
    "date": "When it appeared: 2023-07-22 or 2023-07-22T16:56:47+06:00.",
    "updated": "When it was last changed.",
    "description": "One or two sentences, for lists, feeds and search engines.",
    "image": "The picture that leads the text: a path below content/, or a web address.",
    "image_alt": "What the picture shows, in words.",
    "slug": "The last part of the address, in place of the file's name.",
    "permalink": "The whole address, as in /2019/crane/.",
    "aliases": "Old addresses that lead here; in a profile, those with a / first, and other names.",
    "lang": "The language of the text.",
    "translation_key": "Texts with the same key are translations of each other.",
    "draft": "Leave it out of the site.",
    "time_to_read_in_minutes": "How long the text takes to read; computed where it is missing.",
    "views": "How often it was read.",
    "source_url": "Where an archived text first appeared.",
    "license": "Under which terms it may be used: words, or a web address.",
    "role": "What a person does.",
    "order": "Its place in the list of all terms.",
    "externalAuthorLink": "A person's own site.",
    "social_links": "Other places of theirs on the web: names and addresses.",
    "same_as": "Identifiers elsewhere: wikidata, orcid, viaf, isni, gnd.",
}

#: A text, or what is read as one.
_TEXT = {"type": ["string", "number", "boolean", "null"]}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}


def schema(kind: str, config: Config) -> dict[str, Any]:
    """The schema of one of KINDS, with the taxonomies and languages of this site."""
    if kind == "settings":
        return _settings()
    fields, needed = {
        "post": (EntryFields, ("title",)),
        "profile": (ProfileFields, ("name",)),
        "section": (IndexFields, ()),
    }[kind]
    properties = {name: _field(name, wanted, config) for name, wanted in types_of(fields).items()}
    if kind == "post":
        for name, taxonomy in config.taxonomies.items():
            properties[taxonomy.field] = {**_TEXTS, "description": f"One of the {name}, or a list of them."}
    if kind == "profile":
        rest = ("externalAuthorLink", "social_links", "same_as")
        properties |= {name: {"description": _MEANT[name]} for name in rest}
    return {
        "$schema": DRAFT,
        "title": f"sitegen: {KINDS[kind]}",
        "type": "object",
        "properties": properties,
        "required": list(needed),
        "additionalProperties": True,
    }


def _field(name: str, wanted: Any, config: Config) -> dict[str, Any]:
    """What a key may hold. Front matter is read more loosely than its types say: numbers stand for text."""
    told = {"description": _MEANT[name]} if name in _MEANT else {}
    if name == "lang":
        return {**told, "enum": [*config.languages]}
    if wanted == datetime | None:
        return {**told, "type": ["string", "null"], "pattern": r"^\s*\d{4}-\d{1,2}-\d{1,2}"}
    if wanted == tuple[str, ...]:
        return {**told, **_TEXTS}
    if wanted is int:
        return {**told, "type": ["integer", "null"], "minimum": 0}
    if wanted is bool:
        return {**told, "type": ["boolean", "null"]}
    return {**told, **_TEXT}


def _settings() -> dict[str, Any]:
    """The schema of sitegen.toml as msgspec has it, but for [theme], whose other keys are the theme's."""
    made = msgspec.json.schema(Config)
    definitions = made["$defs"]
    for one in definitions.values():
        one["additionalProperties"] = False
    del definitions["Theme"]["properties"]["settings"]
    del definitions["Config"]["properties"]["theme"]["default"]
    definitions["Theme"]["additionalProperties"] = True
    definitions["Section"]["properties"]["permalink"]["description"] = "Made of " + " ".join(
        f"{{{part}}}" for part in PERMALINK_PARTS
    )
    return {"$schema": DRAFT, "title": f"sitegen: {KINDS['settings']}", **made}
