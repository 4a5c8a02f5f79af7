"""The tags of other programs' templates within a text -> Markdown, or text that can be seen, and a note."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from sitegen.intake.items import Note, changed, lost


class Tag(NamedTuple):
    """A tag as it was written: `{{< figure src="x.jpg" >}}`."""

    name: str
    values: tuple[str, ...]  #: what stands in it without a name
    named: Mapping[str, str]
    inner: str  #: what stands between it and its end; "" without one
    raw: str  #: what stands in it after its name


#: What becomes of a tag: Markdown, or None to leave it as it is written.
Handler = Callable[[Tag], str | None]

_MORE = re.compile(r"^[ \t]*(?:<!--\s*more\s*-->|<!-- excerpt -->)[ \t]*\n?", re.MULTILINE | re.IGNORECASE)


def without_more(body: str, notes: list[Note]) -> str:
    """The text without its mark for “read more”."""
    bare, count = _MORE.subn("", body)
    bare, within = re.subn(r"<!--\s*more\s*-->", "", bare)
    if count + within:
        notes.append(changed("the mark <!--more--> is taken out; `description` is what lists show"))
    return bare


def replaced(
    body: str, opening: str, closing: str, handlers: Mapping[str, Handler], notes: list[Note]
) -> str:
    """The text with the tags replaced that `handlers` know; of all others a note tells.

    `opening` and `closing` are patterns of the signs around a tag.
    """
    tag = re.compile(rf"{opening}\s*([\w./-]+)(?!\s*\*/)(\s[^\n]*?|\s[^%>]*?)?\s*/?{closing}", re.DOTALL)
    kept, result, place = [], [], 0
    while found := tag.search(body, place):
        name = found[1]
        ended = re.compile(rf"{opening}\s*(?:/\s*{re.escape(name)}|end_?{re.escape(name)})\s*{closing}")
        end = ended.search(body, found.end()) if name in handlers or name.strip("/") == name else None
        inner = body[found.end() : end.start()] if end else ""
        handler = handlers.get(name)
        raw = (found[2] or "").strip()
        text = handler(Tag(name, *_values(raw), inner, raw)) if handler else None
        result.append(body[place : found.start()])
        if text is None:
            kept.append(name.strip("/"))
            result.append(found[0])
            place = found.end()
        else:
            notes.append(changed(f'the shortcode "{name}" is replaced'))
            result.append(text)
            place = end.end() if end else found.end()
    names = [name for name in dict.fromkeys(kept) if not re.match(r"end", name)]
    notes.extend(lost(f'the shortcode "{name}" is kept as text') for name in names)
    return "".join(result) + body[place:]


def _values(raw: str) -> tuple[tuple[str, ...], dict[str, str]]:
    try:
        words = shlex.split(re.sub(r"\s*=\s*", "=", raw.replace("`", '"')))
    except ValueError:
        words = raw.split()
    named = dict(word.split("=", 1) for word in words if re.match(r"[\w-]+=", word))
    return tuple(word for word in words if not re.match(r"[\w-]+=", word)), named


def fenced(code: str, language: str = "") -> str:
    """Code between fences that are longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.strip(chr(10))}\n{fence}"


def highlight(tag: Tag) -> str:
    """`highlight LANGUAGE` and its end as a fenced block."""
    language = next((value for value in tag.values if re.fullmatch(r"[\w+#-]+", value)), "")
    return f"\n{fenced(tag.inner, language)}\n"


def figure(tag: Tag) -> str | None:
    """A picture with `src`, `alt`, `caption`, `title`, `attr` and `link`."""
    address = tag.named.get("src") or next(iter(tag.values), "")
    if not address:
        return None
    words = tag.named.get("alt") or ""
    told = [tag.named[key] for key in ("title", "caption", "attr") if tag.named.get(key)]
    picture = f'<img src="{escape(address)}" alt="{escape(words or (told[0] if told else ""))}">'
    if tag.named.get("link"):
        picture = f'<a href="{escape(tag.named["link"])}">{picture}</a>'
    caption = (
        f"<figcaption>{'. '.join(escape(one, quote=False) for one in told)}</figcaption>" if told else ""
    )
    return f"<figure>{picture}{caption}</figure>"


def video(address: str) -> Handler:
    """A player of another site; `{}` in `address` is the number of the video."""

    def player(tag: Tag) -> str | None:
        number = tag.named.get("id") or next(iter(tag.values), "")
        return f'<iframe src="{escape(address.format(number))}"></iframe>' if number else None

    return player


YOUTUBE = video("https://www.youtube.com/embed/{}")
VIMEO = video("https://player.vimeo.com/video/{}")


def link(address: str) -> Handler:
    """A link to something elsewhere; `{}` are the values of the tag, joined by "/"."""

    def linked(tag: Tag) -> str | None:
        values = [*tag.values, *(tag.named[key] for key in ("user", "id") if key in tag.named)]
        return f"<{address.format('/'.join(values))}>" if values else None

    return linked
