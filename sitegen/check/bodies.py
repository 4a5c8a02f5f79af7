"""Rules about the body of a text, as it comes out of Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from sitegen.check.rule import Rule, Text
from sitegen.errors import Problem
from sitegen.markup.addresses import host
from sitegen.model import Entry, Profile

_IMAGE = re.compile(r"<img\b(?:\"[^\"]*\"|[^\">])*>")
_ATTRIBUTE = re.compile(r'\s(src|alt)="([^"]*)"')
_MARKER = re.compile("\ufdd0([0-9]+)\ufdd1")


def missing_alt(text: Text) -> Iterator[Problem]:
    """Pictures that readers who can't see them are not told of."""
    value, hint = text.value, "say in words what it shows"
    if isinstance(value, Entry | Profile) and value.image and not value.image_alt:
        yield text.problem("the image has no image_alt", f'write image_alt: "…", and {hint}', field="image")
    for found in _IMAGE.finditer(text.body.html):
        attributes = dict(_ATTRIBUTE.findall(found[0]))
        if attributes.get("alt", "").strip():
            continue
        src = html.unescape(attributes.get("src", ""))
        if marker := _MARKER.fullmatch(src):
            reference = text.body.references[int(marker[1])]
            told = f'the picture "{reference.target}" has no text that says what it shows'
            yield Problem(file=text.source.file, line=reference.line, message=told, hint=_ALT)
        else:
            told = f'the picture "{src[:80]}" has no text that says what it shows'
            yield text.problem(told, _ALT, at=place_of(text.data, src))


_ALT = "write ![what it shows](…)"

_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
_SHORTCODE = re.compile(
    r"\{\{(?:&lt;|%)[^\n}]{1,200}\}\}|\{%-?\s*\w[^\n%]{0,200}%\}|\{:\s*[.#][^\n}]{1,100}\}"
    r"|\[/?(?:audio|caption|embed|gallery|playlist|video|youtube|vimeo|vc_\w+)(?:\s[^\]\n]{0,300})?/?\]"
)


def leftover_shortcode(text: Text) -> Iterator[Problem]:
    """What another program would have filled in."""
    body = text.body.html
    if "{" not in body and "[" not in body:
        return
    for found in _SHORTCODE.finditer(_CODE.sub("", body)):
        shortcode = html.unescape(found[0])
        told = f"{shortcode[:60]} is a shortcode of another program, and is shown as it stands"
        at = place_of(text.data, shortcode[:12])
        yield text.problem(told, "write what it stands for in Markdown, or take it out", at=at)


_OUTSIDE = re.compile(
    r"<(audio|embed|iframe|img|input|link|object|script|source|track|video)\b"
    r'(?:"[^"]*"|[^">])*?\s(?:src|href|data|poster)="((?:https?:)?//[^"]+)"'
)


def third_party(text: Text) -> Iterator[Problem]:
    """Whatever tells another host who reads this page."""
    hint = "keep a copy of it in content/, and link to the original"
    if isinstance(text.value, Entry | Profile) and text.value.image.startswith(("http://", "https://")):
        told = f"the image is loaded from {host(text.value.image)}, which learns who reads the page"
        yield text.problem(told, hint, field="image")
    for found in _OUTSIDE.finditer(text.body.html):
        address = html.unescape(found[2])
        if found[1] == "link" and "stylesheet" not in found[0] and "preload" not in found[0]:
            continue
        what = "a picture" if found[1] == "img" else f"<{found[1]}>"
        name = host(address if "://" in address else "https:" + address)
        told = f"{what} is loaded from {name}, which learns who reads the page"
        yield text.problem(told, hint, at=place_of(text.data, address))


_ACTIVE = re.compile(r'<(script)\b|<\w+\b(?:"[^"]*"|[^">])*?\s(on[a-z]+)="')


def script(text: Text) -> Iterator[Problem]:
    """What runs in a reader's browser; with html = "sanitized" it was removed, which a build tells."""
    if text.config.markdown.html != "trusted":
        return
    for found in _ACTIVE.finditer(text.body.html):
        told = f"<{found[1]}> runs in the browsers of readers" if found[1] else f"{found[2]}= holds a script"
        at = place_of(text.data, f"<{found[1]}" if found[1] else found[2])
        yield text.problem(told, "take it out, unless the page is worth nothing without it", at=at)


def place_of(data: str, needle: str) -> int:
    """Where `needle` stands in the file, perhaps written with entities or percent signs; 0 if nowhere."""
    spellings = (needle, html.escape(needle), unquote(needle))
    return max(0, next((at for one in spellings if (at := data.find(one)) >= 0), 0))


RULES = (
    Rule(
        "picture-alt",
        "warning",
        ("picture without words", "pictures without words"),
        "Each picture has a text that says what it shows.",
        missing_alt,
    ),
    Rule(
        "shortcode",
        "warning",
        ("shortcode of another program", "shortcodes of other programs"),
        "A text holds no shortcodes, which only the program knows that they were written for.",
        leftover_shortcode,
    ),
    Rule(
        "third-party",
        "warning",
        ("request to another host", "requests to other hosts"),
        "A page loads nothing from other hosts, which would learn who reads it.",
        third_party,
    ),
    Rule("script", "warning", ("script in a text", "scripts in texts"), "A text holds no scripts.", script),
)
