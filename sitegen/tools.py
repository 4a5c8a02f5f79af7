"""What every template may call, whichever page it makes; and parts that many pages share, made once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup
from msgspec import Struct

from sitegen.asking import Asker, Trace
from sitegen.cards import Picture
from sitegen.urls import is_external, relative
from sitegen.view import Library, View
from sitegen.words import date_in_words, direction, month_in_words, number_in_words, say

#: In a part it stands for the way to the site's root, which each page that takes it in has for itself.
#: No text of a site can hold it: control characters are refused in front matter and dropped from bodies.
_ROOT = "\0"


class Part(Struct, frozen=True):
    """A part of a page, made without regard to the page."""

    html: str
    trace: Trace  #: what was asked for it
    seen: frozenset[str]


class Tools:
    """What templates may call in one language, on behalf of one `ask`."""

    def __init__(self, library: Library, ask: Asker, root: str) -> None:
        self._library, self._ask, self._root = library, ask, root
        self._files = library.config.links == "files"
        self.lang = ask.view.language

    def values(self) -> dict[str, Any]:
        """All of them by the names that templates use."""
        return {
            "lang": self.lang,
            "dir": direction(self.lang),
            "theme": self._library.theme.settings,
            "url": self.url,
            "asset": self.asset,
            "t": self.text,
            "date": self.date,
            "month_name": self.month_name,
            "number": self.number,
            "picture": self.picture,
            "partial": self.partial,
            "iso": datetime.isoformat,
            "host": host,
        }

    def url(self, target: Any) -> str:
        """The href of a site path, of anything with a `url`, or of another site's address."""
        address = target if isinstance(target, str) else target.url
        return address if is_external(address) else relative(self._root, address, files=self._files)

    def asset(self, name: str) -> str:
        """The href of a file in the theme's static/."""
        path = f"{self._library.theme.assets}/{name}"
        if path not in self._library.theme.files:
            raise jinja2.UndefinedError(f"the theme has no file static/{name}")
        return self.url(f"/{path}")

    def text(self, key: str, **values: Any) -> str:
        """An interface text in the page's language."""
        return say(self._library.theme.texts, self.lang, key, values)

    def date(self, moment: datetime, form: str = "long") -> str:
        return date_in_words(moment, form, self.lang)

    def month_name(self, month: Any) -> str:
        return month_in_words(month.year, month.month, self.lang)

    def number(self, number: float) -> str:
        return number_in_words(number, self.lang)

    def picture(self, image: str) -> Picture:
        """A picture's href and size."""
        width, height = (0, 0) if is_external(image) else self._ask(View.size, image)
        return Picture(href=self.url(image), width=width, height=height)

    def partial(self, name: str, /, **values: Any) -> Markup:
        """The template `name`, shown these tools and `values` and nothing else of the page.

        Whatever page gives it the same values gets the same, so it is rendered once for all of them.
        """
        key = _key(self.lang, name, values)
        part = self._library.parts.get(key) if key else None
        if part is None:
            part = self._made(name, values)
            if key:
                self._library.parts[key] = part
        self._ask.include(part.trace, part.seen)
        return Markup(part.html.replace(_ROOT, self._root))

    def _made(self, name: str, values: Mapping[str, Any]) -> Part:
        template = self._library.theme.environment.get_template(name)
        ask = Asker(self._ask.view)
        ask(View.template, name)
        html = template.render(Tools(self._library, ask, _ROOT).values(), **values)
        return Part(html, ask.trace, frozenset(ask.seen))


def host(address: str) -> str:
    """The host of an address, for people to read."""
    return urlsplit(address).hostname or address


def _key(lang: str, name: str, values: Mapping[str, Any]) -> Hashable | None:
    """What tells a part from all others; None when its values may change under our hands."""
    # 1 and True are equal, but don't look the same.
    key = (lang, name, *((name, type(value), value) for name, value in values.items()))
    try:
        hash(key)
    except TypeError:
        return None
    return key
