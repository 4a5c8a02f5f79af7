"""Bad input: each mistake is told once, with its place, and nothing that was there is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sitegen.manifest import MANIFEST
from tests.sites import broken_links, build, make_site, output, post, run, snapshot

GOOD: Mapping[str, str] = {
    "content/posts/good.md": post("Good", tags="[Kalmyks]"),
    "content/pages/about.md": "---\ntitle: About\n---\nWho we are.\n",
}

#: The keys that design.md promises of `build --json`.
KEYS = {"ok", "errors", "warnings", "pages", "written", "deleted", "drafts", "future", "ms"}
PROBLEM_KEYS = {"file", "line", "field", "message", "hint"}


class Bad(NamedTuple):
    """Files with one mistake, and how it is told."""

    files: Mapping[str, str | bytes]
    place: str  #: `file:line`, or `file` where no line can be named
    field: str
    says: str  #: words of the message


def x(text: str | bytes, line: int, field: str, says: str) -> Bad:
    """A mistake in content/posts/x.md."""
    place = f"content/posts/x.md:{line}" if line else "content/posts/x.md"
    return Bad({"content/posts/x.md": text}, place, field, says)


def key(says: str, **keys: str) -> Bad:
    """A post whose fourth line, one more key, is wrong."""
    (field,) = keys
    return x(post(**keys), 4, field, says)


def toml(text: str | bytes, line: int, field: str, says: str) -> Bad:
    """A mistake in the settings."""
    return Bad({"sitegen.toml": text}, f"sitegen.toml:{line}" if line else "sitegen.toml", field, says)


def child(files: Mapping[str, str | bytes], place: str, says: str, field: str = "") -> Bad:
    """A mistake in a theme of the site's own, which extends chronicle unless `files` say otherwise."""
    theme = {"sitegen.toml": '[theme]\nname = "kid"\n', "themes/kid/theme.toml": 'extends = "chronicle"\n'}
    whole = {**theme, **{f"themes/kid/{path}": text for path, text in files.items()}}
    return Bad(whole, f"themes/kid/{place}", field, says)


def two(first: str, second: str, place: str, says: str, field: str = "") -> Bad:
    """Two posts that are all right by themselves."""
    return Bad({"content/posts/a.md": first, "content/posts/b.md": second}, place, field, says)


FRONT_MATTER = {
    "a list that is not closed": x("---\ntitle: [a\ndate: 2020-01-01\n---\n", 3, "", "not YAML"),
    "a colon in a value": x("---\ntitle: a: b\ndate: 2020-01-01\n---\n", 2, "", "second colon"),
    "a quotation mark not closed": x('---\ntitle: "a\ndate: 2020-01-01\n---\n', 2, "", "not closed"),
    "a backslash in quotes": x('---\ndate: 2020-01-01\ntitle: "C:\\path"\n---\n', 3, "", "backslash"),
    "a value that begins with @": x("---\ntitle: @x\ndate: 2020-01-01\n---\n", 2, "", "not YAML"),
    "a value that begins with *": x("---\ntitle: *x\ndate: 2020-01-01\n---\n", 2, "", "alias"),
    "an anchor used": x("---\ntitle: &a x\ndescription: *a\n---\n", 2, "", "alias"),
    "a tag of Python's": x("---\ntitle: !!python/object:os.system x\n---\n", 2, "", "python/object"),
    "a tag of one's own": x("---\ntitle: x\nsize: !mm 5\n---\n", 3, "", "!mm is not read"),
    "a tab": x("---\ntitle: a\nmap:\n\ta: 1\n---\n", 4, "", "a tab"),
    "a list for a key": x("---\ntitle: a\n? [b]\n: 1\n---\n", 3, "", "can not be a key"),
    "a list in place of keys": x("---\n- a\n- b\n---\n", 1, "", "no list of keys"),
    "a key given twice": x("---\ntitle: a\ndate: 2020-01-01\ntitle: b\n---\n", 4, "title", "given twice"),
    "a key given twice below another": x("---\ntitle: a\nm:\n  k: 1\n  k: 2\n---\n", 5, "k", "given twice"),
    "a key given twice in JSON": x('{\n"title": "a",\n"views": 1,\n"title": "b"\n}\n', 4, "title", "twice"),
    "a key given twice in TOML": x('+++\ntitle = "a"\nviews = 1\ntitle = "b"\n+++\n', 4, "", "overwrite"),
    "broken TOML": x('+++\ntitle = "a"\nviews = \n+++\n', 3, "", "not TOML"),
    "broken JSON": x('---json\n{"title": "a",\n"views": }\n---\n', 3, "", "not JSON"),
    "a JSON list": x('---json\n["title"]\n---\n', 1, "", "no object"),
    "half a character in JSON": x('---json\n{\n"title": "\\ud83d"\n}\n---\n', 3, "", "half a character"),
    "a number of 5,000 digits in JSON": x('---json\n{"views": ' + "9" * 5000 + "}\n---\n", 1, "", "too long"),
    "a number of 5,000 digits in TOML": x("+++\nviews = " + "9" * 5000 + "\n+++\n", 1, "", "too long"),
    "YAML not closed": x("---\ntitle: a\ndate: 2020-01-01\n\nText.\n", 1, "", "not closed"),
    "YAML not closed after blank lines": x("\n\n---\ntitle: a\n", 3, "", "not closed"),
    "TOML not closed": x('+++\ntitle = "a"\n\nText.\n', 1, "", "not closed"),
    "JSON not closed": x('{\n"title": "a"\n\nText.\n', 1, "", "not closed"),
    "no front matter": x("Only text.\n", 1, "", "no front matter"),
    "an empty file": x("", 0, "", "is empty"),
    "a file of spaces": x(" \n\n \n", 0, "", "is empty"),
    "a file of a BOM": x("\ufeff", 0, "", "is empty"),
    "nothing between the lines": Bad(
        {"content/pages/x.md": "---\n---\nText.\n"}, "content/pages/x.md", "title", "no title"
    ),
    "brackets 5,000 deep": x(f"---\nx: {'[' * 5000}{']' * 5000}\n---\n", 1, "", "too deeply"),
    "lists 500 deep": x(f"---\nx:\n  {'- ' * 500}a\n---\n", 1, "", "too deeply"),
    "JSON 100,000 deep": x(f'---json\n{{"x": {"[" * 100_000}}}\n---\n', 1, "", "too deeply"),
    "TOML 100,000 deep": x(f"+++\nx = {'[' * 100_000}\n+++\n", 1, "", "too deeply"),
    "another encoding": x(post().encode() + "Привет".encode("cp1251"), 6, "", "not UTF-8"),
    "UTF-16": x(post().encode("utf-16"), 1, "", "not UTF-8"),
    "U+0000 as it is": x(b"---\ntitle: a\x00b\n---\n", 2, "", "#x0000"),
    "U+FFFE as it is": x("---\ntitle: a\ufffeb\n---\n", 2, "", "#xfffe"),
}

FIELDS = {
    "no title": x("---\ndate: 2020-01-01\n---\n", 0, "title", "no title"),
    "a title with a capital T": x("---\nTitle: a\ndate: 2020-01-01\n---\n", 0, "title", "no title"),
    "an empty title": x("---\ntitle: ''\ndate: 2020-01-01\n---\n", 2, "title", "no title"),
    "a title of spaces": x("---\ntitle: '  '\ndate: 2020-01-01\n---\n", 2, "title", "no title"),
    "a title that is a list": x("---\ntitle: [a]\ndate: 2020-01-01\n---\n", 2, "title", "is a list"),
    "U+0000 in a title": x('---\ntitle: "a\\0b"\ndate: 2020-01-01\n---\n', 2, "title", "U+0000"),
    "a bell in a title": x('---\ntitle: "a\\ab"\ndate: 2020-01-01\n---\n', 2, "title", "U+0007"),
    "U+FFFE in a title": x('---\ntitle: "a\\uFFFEb"\ndate: 2020-01-01\n---\n', 2, "title", "U+FFFE"),
    "an escape character in a description": key("U+001B", description='"a\\eb"'),
    "no date": x("---\ntitle: a\n---\n", 0, "date", "no date"),
    "a date left blank": x("---\ntitle: a\ndate:\n---\n", 3, "date", "no date"),
    "the 30th of February": x(post(date="2021-02-30"), 3, "date", '"2021-02-30" does not exist'),
    "the 13th month": x(post(date="2021-13-01"), 3, "date", "does not exist"),
    "the 25th hour": x(post(date="2021-01-01T25:00:00Z"), 3, "date", "does not exist"),
    "a garbled time": x(post(date='"16:30-:00+16:30"'), 3, "date", "is not a date"),
    "a zone that is nowhere": x(post(date='"2021-01-01T10:00:00+16:30"'), 3, "date", "does not exist"),
    "a date in words": x(post(date="soon"), 3, "date", '"soon" is not a date'),
    "a date of digits only": x(post(date="20210101"), 3, "date", "is not a date"),
    "an American date": x(post(date="07/22/2023"), 3, "date", "is not a date"),
    "a date that is a list": x(post(date="[2021-01-01]"), 3, "date", "is a list"),
    "a date before the first year": x(post(date='"0001-01-01T00:00:00+05:00"'), 3, "date", "not exist"),
    "an update in words": key("is not a date", updated="later"),
    "views in words": key("not a whole number", views="many"),
    "views below nothing": key("out of range", views="-1"),
    "views and a half": key("not a whole number", views="1.5"),
    "views of 5,000 digits": key("not a whole number", views="9" * 5000),
    "a reading time with its unit": key("not a whole number", time_to_read_in_minutes="5 min"),
    "a draft perhaps": key("not true or false", draft="maybe"),
    "a draft with YAML 1.1's yes": key("not true or false", draft="yes"),
    "a language the site has not": key("not a language of this site", lang="kk"),
    "a picture that is a script": key("not a web address", image="javascript:alert(1)"),
    "a source that is a script": key("not a web address", source_url="javascript:alert(1)"),
    "tags in a table": key("is a table", tags="{a: b}"),
    "tags in lists in a list": key("is a list", tags="[[a]]"),
    "an author in a table": key("is a table", author="{name: x}"),
    "aliases in a table": key("is a table", aliases="{a: b}"),
    "a slug that climbs": key("has a slash", slug="../../x"),
    "a slug with a backslash": key("has a slash", slug="a\\b"),
    "a slug of two dots": key("no letter or digit", slug='".."'),
    "a slug of three dots": key("no letter or digit", slug='"..."'),
    "a slug of percent-encoded dots": key('".."', slug='"%2e%2e"'),
    "a slug of nothing": key("is empty", slug="''"),
    "a slug with a control character": key("U+0001", slug='"a\\x01b"'),
    "a slug with a question mark": key('"?"', slug='"what?"'),
    "a slug of 300 characters": key("255 bytes", slug="x" * 300),
    "a permalink that climbs": key('".."', permalink="/a/../../b/"),
    "a permalink that climbs in code": key('".."', permalink="/a/%2e%2e/%2e%2e/b/"),
    "a permalink that climbs behind a space": key('".."', permalink='"%20../x/"'),
    "a permalink to another site": key("another site", permalink="https://example.org/"),
    "a permalink to another host": key("another site", permalink="//example.org/"),
    "a permalink with a backslash": key("backslash", permalink="/a\\b/"),
    "a permalink with U+0000 in code": key("control character", permalink="/a%00b/"),
    "a permalink of 300 bytes": key("255 bytes", permalink=f"/a/{'ё' * 150}/"),
    "an alias that climbs": key('".."', aliases="[/fine/, /../up/]"),
    "an alias with a query": key('"?"', aliases="/old?id=5"),
    "a date in a name that does not exist": Bad(
        {"content/posts/2021-02-30-x.md": "---\ntitle: a\n---\n"}, "content/posts/2021-02-30-x.md", "", "name"
    ),
    "a profile without a name": Bad(
        {"content/people/ann.md": "---\nrole: editor\n---\n"}, "content/people/ann.md", "name", "no name"
    ),
}

COLLISIONS = {
    "an alias that is the page's own address": x(post(aliases="/posts/x/"), 4, "aliases", "own address"),
    "two posts with one slug": two(post(slug="x"), post(slug="x"), "content/posts/a.md:4", "b.md has"),
    "a slug and a file's name": two(post(), post(slug="a"), "content/posts/a.md:2", "content/posts/b.md"),
    "a permalink and a file's name": two(
        post(), post(permalink="/posts/a/"), "content/posts/a.md:2", "content/posts/b.md"
    ),
    "a post and an alias": two(post(), post(aliases="/posts/a/"), "content/posts/a.md:2", "b.md has"),
    "two aliases": two(post(aliases="/o/"), post(aliases="[/o]"), "content/posts/a.md:4", "b.md has"),
    "an alias in another case": two(post(), post(aliases="/Posts/A/"), "content/posts/a.md:2", "by case"),
    "a dated and an undated name": Bad(
        {"content/posts/2020-01-01-a.md": post(), "content/posts/a.md": post()},
        "content/posts/2020-01-01-a.md:2",
        "",
        "content/posts/a.md",
    ),
    "names that differ by case": Bad(
        {"content/posts/a.md": post(), "content/posts/A.md": post()}, "content/posts/A.md:2", "", "by case"
    ),
    "attachments that differ by case": Bad(
        {"content/files/a.txt": "1", "content/files/A.txt": "2"}, "content/files/A.txt", "", "by case"
    ),
    "names in two Unicode forms": Bad(
        {"content/posts/\u00e9.md": post(), "content/posts/e\u0301.md": post()},
        "content/posts/\u00e9.md",
        "",
        "Unicode forms",
    ),
    "a post and an attachment": Bad(
        {"content/posts/good/index.html": "mine"}, "content/posts/good.md:2", "", "good/index.html"
    ),
    "an alias for the home page": x(post(aliases="/"), 4, "", "the home page"),
    "a permalink for the feed": x(post(permalink="/feed.xml"), 4, "", "/feed.xml"),
    "a permalink for the manifest": x(post(permalink=f"/{MANIFEST}"), 4, "", "written by sitegen"),
    "a permalink in the search bundle": x(post(permalink="/search/pagefind/x/"), 4, "", "by sitegen"),
    "an attachment called as the manifest": Bad(
        {f"content/{MANIFEST}": "mine"}, f"content/{MANIFEST}", "", "written by sitegen"
    ),
    "an attachment called as the manifest in capitals": Bad(
        {f"content/{MANIFEST.upper()}": "mine"}, f"content/{MANIFEST.upper()}", "", "written by sitegen"
    ),
    "an attachment in the search bundle": Bad(
        {"content/search/pagefind/pagefind.js": "mine"},
        "content/search/pagefind/pagefind.js",
        "",
        "written by sitegen",
    ),
    "a file and a folder of one path": Bad(
        {"content/files/a": "1", "content/pages/files/a/b.md": post()}, "content/files/a", "", "both a file"
    ),
    "a file and a folder in another case": Bad(
        {"content/files/a": "1", "content/pages/Files/A/b.md": post()}, "content/files/a", "", "both a file"
    ),
    "a section called 404.html": Bad(
        {"content/404.html/a.md": post()}, "content/404.html/a.md:2", "", "both a file"
    ),
    "a page with the address of the tags": Bad(
        {"content/pages/tags.md": "---\ntitle: Tags\n---\n"}, "content/pages/tags.md:2", "", "list of terms"
    ),
    "a post with the address of a list's page": Bad(
        {
            "sitegen.toml": "page_size = 1\n",
            "content/posts/a.md": post(),
            "content/posts/b.md": post(permalink="/posts/page/1/"),
        },
        "content/posts/b.md:4",
        "",
        "a section's list",
    ),
    **{
        f"a section called {name}": Bad(
            {f"content/{name}/a.md": post()}, f"content/{name}/a.md", "", f'"{name}" is named like'
        )
        for name in ("archive", "search", "assets", "page", "authors")
    },
    "two texts in one language": two(
        post(translation_key="k"), post(translation_key="k"), "content/posts/b.md:4", '"en" version'
    ),
    "two profiles of one term": Bad(
        {"content/people/ann.md": "---\nname: Ann\n---\n", "content/people/Ann.md": "---\nname: Ann\n---\n"},
        "content/people/ann.md",
        "",
        "content/people/Ann.md",
    ),
    "two profiles with one name": Bad(
        {
            "content/people/ann.md": "---\nname: Ann\n---\n",
            "content/people/bo.md": "---\nname: Bo\naliases: [ANN]\n---\n",
        },
        "content/people/bo.md:3",
        "aliases",
        "content/people/ann.md",
    ),
}

SETTINGS = {
    "an unknown setting": toml('\ntittle = "x"\n', 2, "tittle", "not known"),
    "an unknown setting in a table": toml(
        '[markdown]\nengin = "commonmark"\n', 2, "markdown.engin", "not known"
    ),
    "an unknown table": toml("[tags]\n", 1, "tags", "not known"),
    "an unknown key of a link of the navigation": toml(
        '[nav]\nitems = [{ title = "A", url = "/a/", icon = "x" }]\n', 2, "nav.items.icon", "not known"
    ),
    "a link of the navigation without url": toml('[nav]\nitems = [{ title = "A" }]\n', 2, "nav.items", "url"),
    "a navigation of words": toml('[nav]\nitems = ["posts"]\n', 2, "nav.items", "tables are expected"),
    "a title that is a number": toml("title = 1943\n", 1, "title", "not text"),
    "a page size in words": toml('page_size = "ten"\n', 1, "page_size", "not a whole number"),
    "a page size of nothing": toml("page_size = 0\n", 1, "page_size", "are none"),
    "an engine that is not there": toml('[markdown]\nengine = "hugo"\n', 2, "markdown.engine", "not one of"),
    "an extension that is not there": toml(
        '[markdown]\nextensions = ["no.such"]\n', 2, "markdown.extensions", "no extension"
    ),
    "facets that are no list": toml('[search]\nfacets = "tag"\n', 2, "search.facets", "not a list"),
    "a time zone that is not there": toml('timezone = "Mars/Base"\n', 1, "timezone", "not a time zone"),
    "a time zone that is a path": toml('timezone = "../etc/passwd"\n', 1, "timezone", "not a time zone"),
    "a language in words": toml('language = "english"\n', 1, "language", "not a language code"),
    "a language in capitals": toml('[languages.EN]\nname = "English"\n', 1, "languages.EN", "language code"),
    "half a web address": toml('base_url = "example.org"\n', 1, "base_url", "not a web address"),
    "a theme in place of its table": toml('theme = "chronicle"\n', 1, "theme", "a table is expected"),
    "a theme that does not exist": toml('[theme]\nname = "chronicel"\n', 2, "theme.name", "no theme"),
    "a theme without a name": toml('[theme]\nname = ""\n', 2, "theme.name", "no theme"),
    "a theme elsewhere": toml('[theme]\nname = "../kid"\n', 2, "theme.name", "no theme"),
    "a setting the theme has not": toml('[theme]\nacent = "red"\n', 2, "theme.acent", 'has no "acent"'),
    "a theme's setting of another kind": toml("[theme]\naccent = 5\n", 2, "theme.accent", "wrong kind"),
    "a permalink with an unknown part": toml(
        '[sections.posts]\npermalink = "/{yeer}/{slug}/"\n', 2, "sections.posts.permalink", "{yeer}"
    ),
    "a permalink without a slug": toml(
        '[sections.posts]\npermalink = "/{year}/"\n', 2, "sections.posts.permalink", "the same address"
    ),
    "a section's permalink that climbs": toml(
        '[sections.posts]\npermalink = "/../{slug}/"\n', 2, "sections.posts.permalink", '".."'
    ),
    "a section's template that is not there": toml(
        '[sections.posts]\ntemplate = "pst.html"\n', 2, "sections.posts.template", "templates/pst.html"
    ),
    "a section called as a taxonomy": toml("[sections.tags]\n", 1, "sections.tags", "already a taxonomy"),
    "a taxonomy with a space": toml('[taxonomies."a b"]\n', 1, "taxonomies.a b", "name of a taxonomy"),
    "a target without a place": toml("[publish.x]\natomic = true\n", 1, "publish.x.to", "where to publish"),
    "a setting given twice": toml('title = "a"\ntitle = "b"\n', 2, "", "overwrite"),
    "settings that are not TOML": toml('title = "a"\n\npage_size = \n', 3, "", "not TOML"),
    "settings in another encoding": toml('title = "Привет"'.encode("cp1251"), 0, "", "not UTF-8"),
    "settings 100,000 deep": toml(f"x = {'[' * 100_000}\n", 0, "", "not TOML"),
}

THEMES = {
    "a parent that does not exist": child(
        {"theme.toml": 'extends = "chronicel"\n'}, "theme.toml", "no theme", "extends"
    ),
    "a theme that extends itself": child(
        {"theme.toml": 'extends = "kid"\n'}, "theme.toml", "extends itself", "extends"
    ),
    "two themes that extend each other": child(
        {"theme.toml": 'extends = "sib"\n', "../sib/theme.toml": 'extends = "kid"\n'},
        "../sib/theme.toml",
        "extends itself",
        "extends",
    ),
    "a parent that is a number": child(
        {"theme.toml": "extends = 5\n"}, "theme.toml:1", "not text", "extends"
    ),
    "parents in a list": child(
        {"theme.toml": '\nextends = ["chronicle"]\n'}, "theme.toml:2", "not text", "extends"
    ),
    "defaults that are no table": child(
        {"theme.toml": 'extends = "chronicle"\nsettings = "x"\n'}, "theme.toml:2", "not a table", "settings"
    ),
    "a theme.toml with an unknown key": child(
        {"theme.toml": '\nextend = "chronicle"\n'}, "theme.toml:2", '"extend" is not known', "extend"
    ),
    "a theme.toml that is not TOML": child({"theme.toml": "\nextends = \n"}, "theme.toml:2", "not TOML"),
    "a template that is not Jinja": child(
        {"templates/post.html": "<p>\n{% if %}\n{% endif %}\n"}, "templates/post.html:2", "not a Jinja"
    ),
    "a block not closed": child(
        {"templates/post.html": "<p>\n\n{% if post %}\n"}, "templates/post.html:3", "not a Jinja"
    ),
    "a filter that is not there": child(
        {"templates/post.html": "\n{{ post.title | shout }}\n"}, "templates/post.html:2", "shout"
    ),
    "a name that is not defined": child(
        {
            "templates/post.html": '{% extends "chronicle/post.html" %}\n'
            "{% block main %}\n\n{{ titel }}\n{% endblock %}\n"
        },
        "templates/post.html:4",
        "'titel' is undefined",
    ),
    "an attribute that is not there": child(
        {"templates/post.html": "<p>\n{{ post.titel }}\n"}, "templates/post.html:2", "titel"
    ),
    "an include that is not there": child(
        {"templates/post.html": '\n{% include "hed.html" %}\n'}, "templates/post.html:2", '"hed.html"'
    ),
    "a division by nothing": child(
        {"templates/post.html": "\n\n{{ 1 / 0 }}\n"}, "templates/post.html:3", "division"
    ),
    "a template that includes itself": child(
        {"templates/post.html": '\n{% include "post.html" %}\n'}, "templates/post.html:2", "RecursionError"
    ),
    "a file of the theme that is not there": child(
        {"templates/post.html": '\n{{ asset("no.css") }}\n'}, "templates/post.html:2", "static/no.css"
    ),
    "a text that is not there": child(
        {"templates/post.html": '\n{{ t("no_such") }}\n'}, "templates/post.html:2", '"no_such"'
    ),
    "a template in another encoding": child(
        {"templates/post.html": "Привет".encode("cp1251")}, "templates/post.html", "not UTF-8"
    ),
    "texts that are not TOML": child({"i18n/en.toml": "home = \n"}, "i18n/en.toml:1", "not TOML"),
    "plural forms without the last": child(
        {"i18n/en.toml": '\nsome = { one = "a" }\n'}, "i18n/en.toml:2", "plural forms", "some"
    ),
    "a text with a stray brace": child(
        {"i18n/en.toml": 'skip = "a } b"\n'}, "i18n/en.toml:1", "a brace", "skip"
    ),
}

#: Mistakes within one file, all tried in one site.
APART = {**FRONT_MATTER, **FIELDS}
#: Mistakes of a whole site, each tried in one of its own.
WHOLE = {**COLLISIONS, **SETTINGS, **THEMES}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site without mistakes, built; not to be changed."""
    site = make_site(tmp_path_factory.mktemp("good"), GOOD)
    build(site)
    return site


@pytest.fixture
def site(good: Path, tmp_path: Path) -> Path:
    """A copy of the good site and its output, to be spoilt."""
    return shutil.copytree(good, tmp_path / "site")


Error = Mapping[str, Any]


def errors(site: Path, *args: str) -> list[Error]:
    """What --json tells of a site at fault; holds it to its promises, and the output to its place."""
    before = snapshot(site / "output")
    done = run(site, "build", "--no-search", "--json", *args)
    assert done.status == 1
    assert done.err == ""
    told = done.json
    assert set(told) == KEYS
    assert told["ok"] is False
    assert told["written"] == told["deleted"] == 0
    assert all(set(one) == PROBLEM_KEYS for one in told["errors"] + told["warnings"])
    assert snapshot(site / "output") == before
    found: list[Error] = told["errors"]
    return found


def place_of(error: Error) -> str:
    return f"{error['file']}:{error['line']}" if error["line"] else str(error["file"])


def test_the_good_site_is_good(good: Path) -> None:
    assert "posts/good/index.html" in output(good)
    assert not broken_links(good)


@pytest.mark.parametrize("name", WHOLE)
def test_a_site_with_one_mistake_tells_it_once_and_touches_nothing(name: str, site: Path) -> None:
    bad = WHOLE[name]
    make_site(site, bad.files)
    (error,) = errors(site)
    assert (place_of(error), error["field"]) == (os.path.normpath(bad.place), bad.field)
    assert bad.says in error["message"]


@pytest.fixture(scope="module")
def crowd(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good site with every file of `APART`, each under a name of its own."""
    site = shutil.copytree(good, tmp_path_factory.mktemp("crowd") / "site")
    for number, bad in enumerate(APART.values()):
        make_site(site, {path_in_crowd(path, number): text for path, text in bad.files.items()})
    return site


def path_in_crowd(path: str, number: int) -> str:
    """`content/posts/x.md` -> `content/posts/12/x.md`."""
    folder, name = path.rsplit("/", 1)
    return f"{folder}/{number}/{name}"


@pytest.fixture(scope="module")
def crowd_errors(crowd: Path) -> list[Error]:
    return errors(crowd)


@pytest.mark.parametrize("name", APART)
def test_a_file_with_one_mistake_tells_it_once_beside_a_hundred_others(
    name: str, crowd_errors: list[Error]
) -> None:
    bad, number = APART[name], list(APART).index(name)
    place = path_in_crowd(bad.place, number)
    (error,) = (one for one in crowd_errors if one["file"] == place.partition(":")[0])
    assert (place_of(error), error["field"]) == (place, bad.field)
    assert bad.says in error["message"]


def test_a_hundred_mistakes_are_told_in_plain_words_as_in_json(
    crowd: Path, crowd_errors: list[Error]
) -> None:
    plain = run(crowd, "build", "--no-search")
    assert plain.status == 1
    assert plain.out == ""
    assert "Traceback" not in plain.err
    assert len(crowd_errors) == len(APART)
    for error in crowd_errors:
        parts = (place_of(error), error["field"], error["message"])
        assert f"error {': '.join(part for part in parts if part)}; {error['hint']}" in plain.err
    assert f"{len(APART)} mistakes; nothing was written." in plain.err


class Place(NamedTuple):
    """A mistake that no file's text makes: how to make it, and how it is told."""

    spoil: Callable[[Path], object]
    place: str
    says: str
    args: tuple[str, ...] = ()
    times: int = 1


def link_to(path: str, target: str) -> Callable[[Path], object]:
    return lambda site: (site / path).symlink_to(target)


def swap(path: str, made: Callable[[Path], object]) -> Callable[[Path], object]:
    """Put what `made` makes in the place of a file or folder."""

    def spoil(site: Path) -> None:
        target = site / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
        made(target)

    return spoil


def _links_in_a_circle(site: Path) -> None:
    make_site(site, {"content/posts/a/x.md": post(), "content/posts/b/y.md": post()})
    (site / "content/posts/a/b").symlink_to("../b")
    (site / "content/posts/b/a").symlink_to("../a")
    (site / "content/posts/b/y.md").unlink()


def _name_in_bytes(site: Path) -> None:
    with open(os.fsencode(site / "content/posts") + b"/\xcf.md", "wb") as file:  # noqa: PTH123 - no str
        file.write(post().encode())


def _attachment_in_bytes(site: Path) -> None:
    os.mkdir(os.fsencode(site / "content") + b"/\xcf")  # noqa: PTH102 - a Path can't hold it
    with open(os.fsencode(site / "content") + b"/\xcf/a.txt", "wb"):  # noqa: PTH123
        pass


PLACES = {
    "a link to a file elsewhere": Place(
        link_to("content/posts/a.md", "/etc/passwd"), "content/posts/a.md", "leads out of content/"
    ),
    "a link to a folder elsewhere": Place(
        link_to("content/posts/a", "../../output"), "content/posts/a", "leads out of content/"
    ),
    "an attachment that is a link elsewhere": Place(
        link_to("content/a.txt", "../sitegen.toml"), "content/a.txt", "leads out of content/"
    ),
    "a link to nothing": Place(
        link_to("content/posts/a.md", "gone.md"), "content/posts/a.md", "leads nowhere"
    ),
    "a link to itself": Place(link_to("content/posts/a.md", "a.md"), "content/posts/a.md", "leads nowhere"),
    "a folder that links to its parent": Place(
        link_to("content/posts/a", ".."), "content/posts/a", "leads back to a folder it lies in"
    ),
    "two folders that link to each other": Place(
        _links_in_a_circle, "content/posts/a/b/a", "leads back to a folder it lies in", times=2
    ),
    "a pipe": Place(
        lambda site: os.mkfifo(site / "content/posts/a.md"), "content/posts/a.md", "neither a file"
    ),
    "a name that is not UTF-8": Place(_name_in_bytes, "content/posts/\\udccf.md", "not UTF-8"),
    "an attachment in a folder whose name is not UTF-8": Place(
        _attachment_in_bytes, "content/\\udccf/a.txt", "not UTF-8"
    ),
    "no content": Place(swap("content", lambda _: None), "content", "no such folder"),
    "content that is a file": Place(swap("content", Path.touch), "content", "no such folder"),
    "settings that are a folder": Place(swap("sitegen.toml", Path.mkdir), "sitegen.toml", "is a directory"),
    "a theme.toml that is missing": Place(
        lambda site: make_site(site, {"sitegen.toml": '\n[theme]\nname = "kid"', "themes/kid/a": ""}),
        "sitegen.toml:3",
        "no theme",
    ),
    "an output that is a file": Place(swap("output", Path.touch), "", "is a file"),
    "an output that is a link to nothing": Place(
        swap("output", lambda path: path.symlink_to("gone")), "", "can not be prepared"
    ),
    "an output in content/": Place(lambda _: None, "", "lies in content/", ("--output", "content/site")),
    "an output that is content/": Place(lambda _: None, "", "lies in content/", ("--output", "content")),
    "a store that is a file": Place(swap(".sitegen", Path.touch), "", "can not begin"),
    "a folder of somebody's in the place of a page": Place(
        swap("output/index.html", lambda path: make_site(path, {"mine.txt": "mine"})), "", "is a folder"
    ),
    "a file of somebody's in the place of a folder": Place(swap("output/posts", Path.touch), "", "is a file"),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_lies_in_the_wrong_place_is_told_and_nothing_is_touched(
    name: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PLACES[name].spoil(site)
    monkeypatch.chdir(site)
    told = errors(site, *PLACES[name].args)
    assert len(told) == PLACES[name].times
    assert place_of(told[0]) == PLACES[name].place
    assert all(PLACES[name].says in error["message"] for error in told)


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Root may read and write everything, so what is forbidden is tried as another user."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_site(good: Path) -> Iterator[Path]:
    """A copy of the good site that `nobody` owns, in a folder that everyone may enter."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        shutil.copytree(good, site, dirs_exist_ok=True)
        if os.geteuid() == 0:
            for path in (site, *site.rglob("*")):
                os.chown(path, 65534, 65534)
        yield site
        for path in (site, *site.rglob("*")):
            path.chmod(0o755)


FORBIDDEN = {
    "a post that may not be read": ("content/posts/good.md", "content/posts/good.md", "can not be"),
    "a folder that may not be entered": ("content/posts", "content/posts", "can not be opened"),
    "settings that may not be read": ("sitegen.toml", "sitegen.toml", "can not be read: permission denied"),
    "an output that may not be written": ("output", "", "this user may not write to"),
    "a store that may not be written": (".sitegen", "", "permission denied"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_the_user_may_not_open_is_told_and_nothing_is_touched(name: str, open_site: Path) -> None:
    path, place, says = FORBIDDEN[name]
    target = open_site / path
    make_site(open_site, {"sitegen.toml": "", "content/posts/new.md": post("New")})
    before = snapshot(open_site / "output")
    target.chmod(0o555 if place == "" else 0o000)
    with nobody():
        done = run(open_site, "build", "--no-search", "--json")
    target.chmod(0o755)
    assert done.status == 1
    assert snapshot(open_site / "output") == before
    (error,) = done.json["errors"]
    assert place_of(error) == place
    assert says in error["message"]


def test_an_attachment_that_may_not_be_read_is_told(open_site: Path) -> None:
    make_site(open_site, {"content/a.txt": "secret"})
    (open_site / "content/a.txt").chmod(0o000)
    with nobody():
        done = run(open_site, "build", "--no-search", "--json")
    (error,) = done.json["errors"]
    assert (error["file"], done.status) == ("content/a.txt", 1)


TEN: Mapping[str, str | bytes] = {
    "sitegen.toml": 'tittle = "x"\n[theme]\nname = "kid"\n',
    "themes/kid/theme.toml": 'extends = "chronicle"\n',
    "themes/kid/templates/post.html": "\n\n{{ titel }}\n",
    "content/posts/broken.md": "---\ntitle: [a\n---\n",
    "content/posts/open.md": "---\ntitle: a\n",
    "content/posts/untitled.md": "---\ndate: 2020-01-01\n---\n",
    "content/posts/never.md": post(date="2021-02-30"),
    "content/posts/twice.md": "---\ntitle: a\ndate: 2020-01-01\ntitle: b\n---\n",
    "content/posts/climber.md": post(slug="../../x"),
    "content/posts/latin.md": b"\xe9t\xe9",
    "content/posts/GOOD.md": post(),
    "content/posts/old.md": post(aliases="/about/"),
}


def test_ten_mistakes_of_different_kinds_are_told_in_one_run(site: Path) -> None:
    make_site(site, TEN)
    (site / "content/posts/out.md").symlink_to("/etc/passwd")
    assert [(place_of(error), error["field"]) for error in errors(site)] == [
        ("content/pages/about.md:2", ""),
        ("content/posts/GOOD.md:2", ""),
        ("content/posts/broken.md:3", ""),
        ("content/posts/climber.md:4", "slug"),
        ("content/posts/latin.md:1", ""),
        ("content/posts/never.md:3", "date"),
        ("content/posts/open.md:1", ""),
        ("content/posts/out.md", ""),
        ("content/posts/twice.md:4", "title"),
        ("content/posts/untitled.md", "title"),
        ("sitegen.toml:1", "tittle"),
        ("themes/kid/templates/post.html:3", ""),
    ]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("build", "--no-serach"), "--no-search"),
        (("biuld",), "build"),
        (("build", "--jobs", "0"), "--jobs"),
        (("build", "--jobs", "two"), "--jobs"),
        (("build", "extra"), "extra"),
        (("build", "--site", "no/such/folder"), "does not exist"),
        (("init",), "DIR"),
    ],
)
def test_wrong_usage_has_its_own_exit_status_and_prints_nothing_on_stdout(
    args: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sitegen", *args],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def environment() -> dict[str, str]:
    """That of a user: this package on the path, and nothing that would show tracebacks."""
    root = str(Path(__file__).parent.parent)
    return {
        **{key: value for key, value in os.environ.items() if key != "SITEGEN_TRACEBACK"},
        "PYTHONPATH": root,
    }


@pytest.mark.parametrize("name", ["an empty file", "the 30th of February", "a slug that climbs"])
def test_the_command_itself_tells_of_a_mistake(name: str, site: Path) -> None:
    bad = APART[name]
    make_site(site, bad.files)
    before = snapshot(site / "output")
    command = [sys.executable, "-m", "sitegen", "build", "--no-search", "--site", str(site)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"error {bad.place}: " in done.stderr
    assert bad.says in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(site / "output") == before


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    make_site(tmp_path, {"sitegen.toml": "mine", "content/pages/about.md": "mine"})
    command = [sys.executable, "-m", "sitegen", "init", str(tmp_path)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error sitegen.toml: is already in" in done.stderr
    assert "error content/pages/about.md: is already in" in done.stderr
    assert (tmp_path / "sitegen.toml").read_text() == "mine"
    assert not (tmp_path / "content/posts").exists()


#: How many bad inputs are tried in this file.
TRIED = len(APART) + len(WHOLE) + len(PLACES) + len(FORBIDDEN) + len(TEN)


def test_how_many_bad_inputs_are_tried() -> None:
    assert TRIED >= 200
