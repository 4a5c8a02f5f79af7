"""The list of all mirrors: a page for readers, and the same as JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path

from sitegen.config import Config
from sitegen.errors import Problem, SiteError, told
from sitegen.find import CONTENT
from sitegen.publish.places import trusted_key
from sitegen.signing import PUBLIC_KEY

PAGE, DATA = "pages/mirrors.md", "mirrors.json"

#: By this line a page is known that may be written anew.
_MARK = "made_by: sitegen mirrors"

_TEXT = """\
---
title: "Mirrors"
description: "Every address at which this archive can be read, and how to prove that a copy is whole."
{mark}
---
The same archive stands at each of these addresses. If one of them can't be reached, try another.

{mirrors}

## Is a copy whole?

Every copy holds a list of checksums, `manifest-sha256.txt`. In a folder with a copy in it, this prints
nothing if all files are there and none was changed:

    sha256sum -c --quiet manifest-sha256.txt
"""

_SIGNED = """
Who made a copy is proven by its signature, with [minisign](https://jedisct1.github.io/minisign/):

    minisign -Vm manifest-sha256.txt -P {key}

Take the key from more than one of the addresses above: it must be the same everywhere. It begins with
`{start}`, and its number is `{name}`.
"""


def write_mirrors(site: Path, config: Config) -> list[str]:
    """Write the page and the JSON file into the content of a site; returns their paths below the site.

    Raises SiteError when there is no mirror to list, or a page of somebody's own would be overwritten.
    """
    found = {name: target.url for name, target in config.publish.items() if target.url}
    if not found:
        hint = 'write url = "https://…" below [publish.NAME] in sitegen.toml, for each that readers may use'
        raise SiteError([Problem(message="there is no mirror to list", hint=hint)])
    key = trusted_key(None, site)
    places = sorted({url.rstrip("/") + "/" for url in (config.base_url, *found.values()) if url})
    page, data = site / CONTENT / PAGE, site / CONTENT / DATA
    with told("the list of mirrors can not be written"):
        if page.is_file() and _MARK not in page.read_text(encoding="utf-8", errors="replace"):
            message, hint = "is there, and was not made by `sitegen mirrors`", "move it away"
            raise SiteError([Problem(file=f"{CONTENT}/{PAGE}", message=message, hint=hint)])
        text = _TEXT.format(mark=_MARK, mirrors="\n".join(f"- <{url}>" for url in places))
        if key:
            text += _SIGNED.format(key=key.text, start=key.text[:8], name=key.name)
        listed = {
            "mirrors": places,
            "manifest": "manifest-sha256.txt",
            "public_key": key.text if key else None,
            "key_id": key.name if key else None,
            "public_key_file": PUBLIC_KEY if key else None,
        }
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        data.write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [f"{CONTENT}/{PAGE}", f"{CONTENT}/{DATA}"]
