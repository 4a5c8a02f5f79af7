"""The last word on what a body may hold: nh3 with a policy of what writers use and what the pass adds.

Nothing active passes: no scripts, styles, forms, frames, foreign content (SVG, MathML), event handlers, and
no address but relative ones, http, https, mailto and tel. What `is_clean` tells to be all plain, by the same
policy, needs no cleaning.

Ids stay as authors wrote them, since links to parts of imported texts must keep working. They can't stand in
for the page's own: `name` never passes, so nothing can be put in the place of `document.x`; what remains is
`window.x` and `getElementById`, so the ids of a theme's post page all begin with `_` and posts' ids may not:
`headings.settle_ids` writes `post` before those, and into the links to them on the same page.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import nh3

#: The beginning of ids that belong to the theme.
RESERVED_ID = "_"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _names(
    """
    a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details
    dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label li
    mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead
    time tr u ul var wbr audio video source track
    """
)

#: Elements whose content goes with them: it is no text, or nobody would see it.
EMPTIED = _names(
    """
    applet canvas embed frameset head iframe math noembed noframes object script style svg template title
    """
)

EVERYWHERE = _names("class dir id lang title translate")

ATTRIBUTES: dict[str, frozenset[str]] = {
    tag: _names(names)
    for tag, names in {
        "a": "href rel hreflang download",
        "audio": "src controls preload loop muted",
        "blockquote": "cite",
        "col": "span",
        "colgroup": "span",
        "data": "value",
        "del": "cite datetime",
        "details": "open",
        "img": "src alt width height loading decoding referrerpolicy",
        "input": "type checked disabled",
        "ins": "cite datetime",
        "li": "value",
        "ol": "start reversed type",
        "q": "cite",
        "source": "src type",
        "td": "colspan rowspan headers",
        "th": "colspan rowspan headers scope abbr",
        "time": "datetime",
        "track": "src kind srclang label default",
        "video": "src poster width height controls preload loop muted playsinline",
    }.items()
}

FRAME = _names("src width height title allowfullscreen loading")

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

#: Attributes that pass with certain values only: element -> attribute -> values.
_VALUES = {"div": {"tabindex": {"0"}}}

_TAG = re.compile("<[^>]*>")

#: A tag as serialised, and an attribute in it. No value holds a quotation mark, a bracket or a reference.
_PLAIN_TAG = re.compile(r'</(\w+)>|<(\w+)((?: [a-z]+="[^"<>&]*")*)>', re.ASCII)
_PLAIN_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')

#: Addresses that any reader of addresses takes for what they are: a marker, a part of the page, a plain host.
_PLAIN_ADDRESS = re.compile(
    r"\ufdd0[0-9]+\ufdd1|#.*|https?://(?:(?!xn--)[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}(?:[/?#].*)?"
)
_ADDRESSES = frozenset({"cite", "href", "poster", "src"})


def clean(html: str, embeds: str) -> str:
    """`html` with only what the policy knows. `embeds` is the setting of that name."""
    return _cleaner(embeds).clean(html)


def is_clean(html: str) -> bool:
    """Whether every tag in `html` is of the plainest form and one that the policy knows.

    Then nothing active can be in it, and `clean` would leave what a parser has serialised as it is. That is
    far quicker to see than to clean it.
    """
    tags = _TAG.findall(html)
    return len(tags) == html.count("<") and all(map(_is_clean_tag, tags))


@lru_cache(4096)
def _is_clean_tag(tag: str) -> bool:
    found = _PLAIN_TAG.fullmatch(tag)
    if not found:
        return False
    name = found[1] or found[2]
    return name in TAGS - {"input"} and all(
        _is_clean_attribute(name, *one) for one in _PLAIN_ATTRIBUTE.findall(found[3] or "")
    )


def _is_clean_attribute(tag: str, attribute: str, value: str) -> bool:
    if not allows(tag, attribute):
        return value in _VALUES.get(tag, {}).get(attribute, ())
    return attribute not in _ADDRESSES or _PLAIN_ADDRESS.fullmatch(value) is not None


def allows(tag: str, attribute: str) -> bool:
    """Whether the policy lets authors write `attribute` on `tag`."""
    return attribute in EVERYWHERE or attribute in ATTRIBUTES.get(tag, ())


@cache
def _cleaner(embeds: str) -> nh3.Cleaner:
    attributes: dict[str, frozenset[str]] = {"*": EVERYWHERE, **ATTRIBUTES}
    tags = TAGS
    if embeds == "click":
        attributes["figure"] = frozenset({"data-embed"})
    if embeds == "live":
        tags = TAGS | {"iframe"}
        attributes["iframe"] = FRAME
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=EMPTIED - tags,
        attributes=attributes,
        # The only inputs are the boxes of task lists; whatever else got here becomes one.
        tag_attribute_values=_VALUES,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
