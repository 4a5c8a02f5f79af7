"""A new site that builds at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sitegen.errors import Problem, SiteError, nearest, told
from sitegen.find import bundled_themes
from sitegen.recipe import recipe

_SETTINGS = """\
# The settings of this site. Every key may be left out; docs/settings.md of sitegen tells of all.
title = {title}
description = "An archive in the making"
# base_url = "https://example.org/"    # where readers will find it; feeds and the sitemap need it
language = "en"
timezone = "UTC"

[theme]
name = {theme}
"""

_POST = """\
---
title: "The first post"
description: "What a post is made of, and where to go from here."
date: {date}
author: "Editors"
category: "Notes"
tags: [First steps]
---
This is a post. It lies in `content/posts/the-first-post.md`; change it, run `sitegen build`, and look again.

Everything between the two lines of `---` is front matter: what the text is called, when it appeared, who
wrote it, and what it is about. Below comes the text, in Markdown:

- **tags** join posts on the same subject, `author` those of one hand;
- a picture goes anywhere in `content/`, for example `content/images/`;
- a link to another text is written with its file's name: [about this archive](../pages/about.md).
"""

_ABOUT = """\
---
title: "About"
description: "What this archive holds, and who looks after it."
---
Say here what this archive holds, who looks after it, and how to reach them.
"""

_IGNORED = """\
/output/
/.sitegen/
"""


def create(folder: Path, theme: str, now: datetime, recipes: Iterable[str] = ()) -> list[str]:
    """Make a site in `folder`, with the files of `recipes`; returns what was made.

    In a folder that holds a site already, only the recipes' files are made. Raises SiteError rather than
    overwrite a file.
    """
    known = sorted(path.parent.name for path in bundled_themes().glob("*/theme.toml"))
    if theme not in known:
        raise SiteError([Problem(message=f'there is no theme "{theme}"', hint=nearest(theme, known))])
    title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Archive"
    files = {
        "sitegen.toml": _SETTINGS.format(title=_quoted(title), theme=_quoted(theme)),
        "content/posts/the-first-post.md": _POST.format(date=now.date().isoformat()),
        "content/pages/about.md": _ABOUT,
        ".gitignore": _IGNORED,
    }
    asked = dict(recipe(name) for name in recipes)
    files = asked if asked and (folder / "sitegen.toml").exists() else {**files, **asked}
    there = [path for path in files if (folder / path).exists()]
    if there:
        raise SiteError(
            Problem(
                file=path,
                message=f"is already in {'this folder' if folder.resolve() == Path.cwd() else folder}",
                hint="name a new folder",
            )
            for path in there
        )
    with told("the site can not be made"):
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return sorted(files)


def _quoted(text: str) -> str:
    """Text as a TOML string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
