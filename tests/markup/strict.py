"""A second opinion on what is safe: written apart from the sanitiser's policy, on another parser."""

import re
from html.parser import HTMLParser

# Written out and not imported: a change of the policy must be made here too.
TAGS = """
    a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd
    label li mark ol p pre q rp rt ruby s samp section small source span strong sub summary sup table tbody td
    tfoot th thead time tr track u ul var video wbr
"""
URLS = {"href", "src", "cite", "poster", "action", "formaction", "data", "background", "ping", "data-embed"}
NEVER = {"style", "srcdoc", "srcset", "name", "target", "formaction", "ping", "xlink:href", "http-equiv"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
MARKER = re.compile("\ufdd0([0-9]+)\ufdd1")


class Findings(HTMLParser):
    """Collects what must not be in a body, by html.parser's reading of it."""

    def __init__(self, references: int, live: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.live = live
        self.bad: list[str] = []
        self.references = references

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.live and tag == "iframe":
            if not dict(attrs).get("src", "").startswith("https://"):  # type: ignore[union-attr]
                self.bad.append("a frame of another kind than https")
        elif tag not in TAGS.split():
            self.bad.append(f"<{tag}>")
        if tag == "input" and ("type", "checkbox") not in attrs:
            self.bad.append("an input that is no checkbox")
        for name, value in attrs:
            if name.startswith("on") or name in NEVER:
                self.bad.append(f"{tag} {name}")
            if name in URLS:
                self._address(tag, name, value or "")
            elif MARKER.search(value or ""):
                self.bad.append(f"a marker in {name}")

    def handle_data(self, data: str) -> None:
        if re.search("[\ufdd0-\ufdef]", data):
            self.bad.append("a noncharacter in the text")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.bad.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"<?{data}")

    def _address(self, tag: str, name: str, value: str) -> None:
        marker = MARKER.fullmatch(value)
        if marker:
            if int(marker[1]) >= self.references:
                self.bad.append(f"a forged marker in {name}")
            return
        plain = re.sub(r"[\x00-\x20\x7f-\xa0\xad\s\u200b-\u200f\u2028-\u202e\u2060\ufeff]", "", value).lower()
        scheme = SCHEME.match(plain)
        if scheme and scheme[1] not in ("http", "https", "mailto", "tel"):
            self.bad.append(f"{tag} {name}={value}")


def findings(html: str, references: int, *, live: bool = False) -> list[str]:
    """Everything in `html` that must not be there; `references` is how many markers it may hold, and `live`
    whether frames are wanted."""
    parser = Findings(references, live)
    parser.feed(html)
    parser.close()
    return parser.bad
