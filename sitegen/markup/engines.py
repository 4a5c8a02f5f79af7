"""Markdown text -> HTML, by the engine that the settings name. The HTML is not yet safe."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape

import pyromark
from markdown import Markdown
from markdown.extensions import Extension

from sitegen import config
from sitegen.errors import Problem, SiteError
from sitegen.markup import dialect
from sitegen.markup.references import NONCHARACTERS, disarm

#: Elements nested deeper than this make the parsers behind slow (their work grows with the square of it).
DEEPEST = 500

#: What stands for `<` and `[` while the engine works, where they begin no tag and no link.
_ANGLE = "\ufdd2"
_BRACKET = "\ufdd3"

#: So many open brackets in one block are no tags or links. python-markdown would look for the end of each
#: up to the end of the block, which takes minutes for some ten thousand.
_MOST_OPEN = 100

#: Control characters and noncharacters.
UNWANTED = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufeff{NONCHARACTERS}]")

_UNWANTED_ASCII = bytes(code for code in range(128) if UNWANTED.match(chr(code)))

_NONCHARACTER = re.compile(f"[{NONCHARACTERS}]")

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")

#: Elements that end by themselves, so that many in a row are not deep.
_SHALLOW = frozenset(
    {
        "area",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "option",
    }
)


Engine = Callable[[str], str]


def clean(text: str) -> str:
    """`text` without control characters and noncharacters, its lines ending in a newline."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub("", text) if may_hold_unwanted(text) else text


def may_hold_unwanted(text: str) -> bool:
    """Whether there can be anything UNWANTED in `text`. Nearly always there is none, which is far quicker to
    see in bytes: in UTF-8, those that are not ASCII begin with these two."""
    data = text.encode(errors="replace")
    return len(data.translate(None, _UNWANTED_ASCII)) != len(data) or b"\xc2" in data or b"\xef" in data


def to_html(text: str, settings: config.Markdown) -> tuple[str, str]:
    """The HTML of a cleaned `text`; and what went wrong, "" when nothing did.

    A text that the engine can't take comes out as plain paragraphs, so that no word of it is lost.
    """
    engine = _engine(settings.engine, settings.extensions)
    try:
        html = engine(_set_aside(text)).replace(_ANGLE, "&lt;").replace(_BRACKET, "[")
    except RecursionError:
        _engine.cache_clear()  # It stopped in the middle of its work, and `reset` does not mend all of it.
        return plain(text), "quotes or lists are nested too deeply, so the text is shown as plain paragraphs"
    except Exception as error:  # The engine and its extensions are foreign code: one text must not stop all.
        _engine.cache_clear()
        told = f"{type(error).__name__}: {error}".splitlines()[0][:120]
        return plain(text), f"Markdown failed ({told}), so the text is shown as plain paragraphs"
    if html.count("<") > DEEPEST and _depth(html) > DEEPEST:
        return plain(text), f"more than {DEEPEST} levels are nested, so the text is shown as plain paragraphs"
    # pyromark writes the character that a reference means, and extensions may write anything.
    return disarm(_NONCHARACTER.sub("\ufffd", html) if "&#" in text or settings.extensions else html), ""


def _set_aside(text: str) -> str:
    """`text` with the brackets replaced that the engine is not to see: those of shortcodes `{{< x >}}`, and
    those of which very many are open at once."""
    if "{" in text:
        text = text.replace("{{<", "{{" + _ANGLE)
    if text.count("[") <= _MOST_OPEN and text.count("<") <= _MOST_OPEN:
        return text
    blocks = text.split("\n\n")
    for number, block in enumerate(blocks):
        if max(_most_open(block, "[", "]"), _most_open(block, "(", ")")) > _MOST_OPEN:
            blocks[number] = block = block.replace("[", _BRACKET)
        if _most_open(block, "<", ">") > _MOST_OPEN:
            blocks[number] = block.replace("<", _ANGLE)
    return "\n\n".join(blocks)


def _most_open(text: str, opening: str, closing: str) -> int:
    """How many brackets are open at once in `text`, at most."""
    if text.count(opening) <= _MOST_OPEN:
        return 0
    most = count = 0
    for bracket in re.findall(rf"[\{opening}\{closing}]", text):
        count = count + 1 if bracket == opening else max(0, count - 1)
        most = max(most, count)
    return most


def plain(text: str) -> str:
    """`text` as paragraphs, everything in it shown as it is written."""
    blocks = re.split(r"\n\s*\n", escape(text, quote=False).strip())
    return "".join(f"<p>{block}</p>\n" for block in blocks if block)


def _depth(html: str) -> int:
    deepest = depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


@cache
def _engine(name: str, extensions: tuple[str, ...]) -> Engine:
    return _commonmark() if name == "commonmark" else _python_markdown(extensions)


def _commonmark() -> Engine:
    options = pyromark.Options
    return pyromark.Markdown(
        options=options.ENABLE_TABLES
        | options.ENABLE_FOOTNOTES
        | options.ENABLE_STRIKETHROUGH
        | options.ENABLE_TASKLISTS
    ).html


def _python_markdown(names: tuple[str, ...]) -> Engine:
    extensions: list[str | Extension] = [*dialect.EXTENSIONS, dialect.Dialect(alone=not names), *names]
    try:
        instance = Markdown(extensions=extensions, extension_configs=dialect.CONFIGS)
    except (ImportError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise SiteError(
            [
                Problem(
                    file=config.FILE,
                    field="markdown.extensions",
                    message=f"an extension can't be loaded: {error}",
                    hint='write import names like "pymdownx.superfences", and install their packages',
                )
            ]
        ) from error

    def convert(text: str) -> str:
        instance.reset()
        return instance.convert(text)

    return convert
