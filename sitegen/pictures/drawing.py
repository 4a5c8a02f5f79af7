"""SVG that only draws: in a page's <img> it can do nothing else, but opened by itself it is a page that acts.

What may stay is listed; scripts, other kinds of markup, addresses of other hosts, and what drawing programs
note for themselves (the folders of whoever drew it among it) go. SVG 2, https://www.w3.org/TR/SVG2/.
"""

from __future__ import annotations

import io
import re
import xml.sax
import xml.sax.handler
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import XMLFilterBase, XMLGenerator
from xml.sax.xmlreader import AttributesNSImpl

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

_DRAWING = """
    a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
    feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter font
    font-face font-face-format font-face-name font-face-src font-face-uri g glyph hkern image line
    linearGradient marker mask missing-glyph mpath path pattern polygon polyline radialGradient rect set
    solidcolor stop style svg switch symbol text textPath title tref tspan use view vkern
"""
_ELEMENTS = frozenset(_DRAWING.split())

#: What a link may lead to, and what a picture or a reference may: nothing that acts, nothing elsewhere.
_LINK = re.compile(r"(?i)(https?:|mailto:|[^:]*(?:[/?#].*)?$)")
_REFERENCE = re.compile(r"(?i)(data:image/(?:png|jpeg|gif|webp)[;,]|(?!//)[^:]*(?:[?#].*)?$)")

#: In CSS: an address that is no part of the drawing, a further style sheet, or an escape that could hide one.
_REACHING = re.compile(
    r"""(?i)url\((?!\s*["']?\s*(?:\#|data:image/(?:png|jpeg|gif|webp)|data:(?:application/(?:x-)?)?font))
    |@import|\bsrc\(|image-set\(|\\""",
    re.VERBOSE,
)

#: Attributes that are read out, and no style.
_WORDS = ("aria-", "data-", "class", "href", "id")


def tamed(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The drawing as it may be published, and what was taken out of it, each named once.

    Where nothing has to go, these are the very bytes. What programs note for themselves goes unnamed. Raises
    ValueError for what is no SVG: of broken XML browsers run as much as they understand.
    """
    out = io.BytesIO()
    reader = xml.sax.make_parser()
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    taming = _Taming(reader)
    taming.setContentHandler(XMLGenerator(out, "utf-8", short_empty_elements=True))
    source = xml.sax.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        taming.parse(source)
    except (xml.sax.SAXException, ValueError, LookupError) as error:
        told = error.getMessage() if isinstance(error, xml.sax.SAXException) else str(error)
        raise ValueError(told) from None
    # An entity may hold markup, and another encoding may be read otherwise elsewhere.
    plain = b"<!ENTITY" not in data and _is_utf8(data)
    return (data if plain and not taming.changed else out.getvalue()), tuple(dict.fromkeys(taming.removed))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


class _Taming(XMLFilterBase):
    """Passes on what draws."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.changed = False
        self.removed: list[str] = []
        self._mapped: defaultdict[str | None, list[bool]] = defaultdict(list)
        self._begun = False
        self._hidden = 0  #: how deep we are within what is left out
        self._style: list[str] | None = None  #: the text of the style sheet we are in

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - SAX calls it so
        space, local = name
        if not self._begun and name != (_SVG, "svg"):
            raise ValueError(f'its root is not <svg xmlns="{_SVG}">')
        self._begun = True
        # A style sheet holds text alone.
        if self._hidden or self._style is not None or not self._may_stay(space, local, attrs):
            self._hidden += 1
            return
        kept = {}
        for (at, key), value in attrs.items():
            if self._keeps(local, at, key, value):
                kept[at, key] = value
            else:
                self.changed = True
        names = {one: attrs.getQNameByName(one) for one in kept}
        super().startElementNS(name, qname, AttributesNSImpl(kept, names))
        if local == "style":
            self._style = []

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802
        if self._hidden:
            self._hidden -= 1
            return
        if self._style is not None:
            self._end_style("".join(self._style))
        super().endElementNS(name, qname)

    def startPrefixMapping(self, prefix: str | None, uri: str) -> None:  # noqa: N802
        passes = uri in (_SVG, _XLINK)
        self._mapped[prefix].append(passes)
        if passes:
            super().startPrefixMapping(prefix, uri)

    def endPrefixMapping(self, prefix: str | None) -> None:  # noqa: N802
        if self._mapped[prefix].pop():
            super().endPrefixMapping(prefix)

    def characters(self, content: str) -> None:
        if self._style is not None:
            self._style.append(content)
        elif not self._hidden:
            super().characters(content)

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802, ARG002
        self.changed = True
        if target.lower() == "xml-stylesheet":
            self.removed.append("a style sheet")

    def skippedEntity(self, name: str) -> None:  # noqa: N802, ARG002
        self.changed = True

    def _end_style(self, text: str) -> None:
        self._style = None
        if _REACHING.search(text):
            self.changed = True
            self.removed.append("a style sheet that loads something")
        else:
            super().characters(text)

    def _may_stay(self, space: str | None, local: str, attrs: Mapping[Any, str]) -> bool:
        if space == _SVG and local in _ELEMENTS and not _turns_addresses(local, attrs):
            return True
        self.changed = True
        if space in (_SVG, None, "http://www.w3.org/1999/xhtml") and local != "metadata":
            self.removed.append(f"<{local}>"[:40])
        return False

    def _keeps(self, element: str, space: str | None, key: str, value: str) -> bool:
        if space not in (None, _XLINK, _XML) or (space == _XML and key == "base"):
            return False  # notes of a drawing program, and what would bend all addresses
        if space is None and key.lower().startswith("on"):
            self.removed.append(key.lower()[:40])
            return False
        if key in ("href", "src") and not _may_lead(element, value):
            self.removed.append(f"the address {_shown(value)}")
            return False
        if _REACHING.search(value) and not key.startswith(_WORDS):
            self.removed.append(f"the address in {key[:40]}")
            return False
        return True


def _turns_addresses(local: str, attrs: Mapping[Any, str]) -> bool:
    """Whether an animation changes where something leads, or what it does."""
    if local not in ("animate", "set", "animateTransform", "animateMotion"):
        return False
    target = next((value for (_, key), value in attrs.items() if key == "attributeName"), "")
    name = target.strip().rpartition(":")[2].lower()
    return name in ("href", "src", "style") or name.startswith("on")


def _may_lead(element: str, value: str) -> bool:
    # Browsers leave out spaces and controls before they look at the scheme.
    address = re.sub(r"[\x00-\x20]+", "", value).replace("\\", "/")
    return (_LINK if element == "a" else _REFERENCE).match(address) is not None


def _shown(address: str) -> str:
    return f'"{" ".join(address.split())[:40]}"'
