"""What stands within a paragraph: HTML -> Markdown, or the HTML itself where Markdown has no sign for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape as escape_html

from selectolax.lexbor import LexborNode

from sitegen.intake.escaping import escape, guard

#: Deeper nesting is kept as HTML: nobody wrote it by hand.
DEEPEST = 100

HEADINGS = {f"h{level}": level for level in range(1, 7)}
WRAPPERS = frozenset(
    [
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "center",
        "aside",
        "body",
        "html",
        "hgroup",
        "address",
    ]
)
KEPT_BLOCKS = frozenset(
    [
        "figure",
        "iframe",
        "video",
        "audio",
        "dl",
        "details",
        "object",
        "embed",
        "form",
        "fieldset",
        "picture",
        "canvas",
        "map",
        "noscript",
    ]
)
BLOCKS = (
    frozenset(["p", "ul", "ol", "blockquote", "pre", "hr", "table"])
    | HEADINGS.keys()
    | WRAPPERS
    | KEPT_BLOCKS
)
_DROPPED = frozenset(["script", "style", "template", "link", "meta", "title", "head"])
_KEPT_INLINE = frozenset(
    [
        "sup",
        "sub",
        "mark",
        "kbd",
        "abbr",
        "cite",
        "q",
        "ins",
        "u",
        "small",
        "time",
        "var",
        "samp",
        "ruby",
        "rt",
        "rp",
        "bdi",
        "bdo",
        "dfn",
        "wbr",
    ]
)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "strike": "~~"}
_TAGS = {"**": "strong", "*": "em", "~~": "del"}

#: A line break while paragraphs are put together, before it is known where they end.
BREAK = "\ue000"


def raw(node: LexborNode) -> str:
    """A piece of HTML that is one block for both engines: no blank line ends it before its end."""
    return re.sub(r"\n\s*\n", "\n", (node.html or "").strip())


#: A bare address takes in what touches it, such as the signs of emphasis.
_ADDRESS_LAST = re.compile(r"https?://[^\s<>]*\Z")


def inlines(node: LexborNode, breaks: bool, depth: int) -> str:
    """All that is in an element, as Markdown; its paragraphs still hold BREAK where lines end."""
    return joined(inline(one, breaks, depth + 1) for one in node.iter(include_text=True))


def joined(pieces: Iterable[str]) -> str:
    """Texts and elements in a row, none of which takes in what belongs to the next."""
    text = ""
    for piece in pieces:
        apart = piece.startswith(("*", "~", "[", "!")) and _ADDRESS_LAST.search(text[-2000:])
        text += f"<!-- -->{piece}" if apart else piece
    return text


def inline(node: LexborNode, breaks: bool, depth: int) -> str:
    """One text or element as Markdown; with `breaks`, line ends in it break lines."""
    tag = node.tag or ""
    if tag == "-text":
        return _text(node.text_content or "", breaks)
    if tag == "-comment" or tag in _DROPPED or tag.startswith("-"):
        return ""
    if depth > DEEPEST:
        return raw(node)
    if tag in _WHOLE:
        return _WHOLE[tag](node)
    if tag in BLOCKS:
        return raw(node)
    inner = inlines(node, breaks, depth)
    if tag == "a":
        return _link(node, inner)
    if tag in _MARKS:
        # Signs of two that touch would run together.
        alone = all(one is None or one.tag not in _MARKS for one in (node.prev, node.next))
        return _marked(inner, _MARKS[tag], alone=alone)
    if tag in _KEPT_INLINE or node.attributes.get("lang") or node.attributes.get("dir"):
        return _tagged(node, inner)
    return inner


def _tagged(node: LexborNode, inner: str) -> str:
    attributes = "".join(
        f' {name}="{escape_html(value or "")}"'
        for name, value in node.attributes.items()
        if name in ("title", "lang", "dir", "datetime", "cite", "class", "id")
    )
    return (
        f"<{node.tag}{attributes}>" if node.tag == "wbr" else f"<{node.tag}{attributes}>{inner}</{node.tag}>"
    )


def _marked(inner: str, mark: str, *, alone: bool) -> str:
    """Emphasis by signs where both engines see it, by HTML next to signs and spaces."""
    text = inner.strip()
    if not text.replace(BREAK, "").strip():
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    if (
        alone
        and text[0].isalnum()
        and text[-1].isalnum()
        and BREAK not in text
        and mark[0] not in text
        and "://" not in text
    ):
        return f"{before}{mark}{text}{mark}{after}"
    return f"{before}<{_TAGS[mark]}>{text}</{_TAGS[mark]}>{after}"


def _link(node: LexborNode, inner: str) -> str:
    address = " ".join((node.attributes.get("href") or "").split())
    name = node.attributes.get("id") or node.attributes.get("name") or ""
    anchor = f'<a id="{escape_html(name)}"></a>' if re.fullmatch(r"[A-Za-z][\w-]*", name) else ""
    if not address or not inner.strip():
        return anchor + inner
    if inner.strip() == escape(address) and address.startswith(("http://", "https://")):
        return f"{anchor}<{address}>" if not re.search(r"[\s<>]", address) else anchor + inner
    text = inner.strip().replace(BREAK, " ")
    before = " " if inner[0].isspace() else ""
    after = " " if inner[-1].isspace() else ""
    return f"{anchor}{before}[{text}]({_address(address)}{_title(node)}){after}"


def _picture(node: LexborNode) -> str:
    lazy = next(
        (node.attributes[key] for key in ("data-src", "data-lazy-src") if node.attributes.get(key)), ""
    )
    address = lazy or node.attributes.get("src") or ""
    words = one_line(escape(node.attributes.get("alt") or ""))
    return f"![{words}]({_address(address)}{_title(node)})" if address else words


def _address(address: str) -> str:
    coded = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", '"': "%22", "\n": ""}
    return "".join(coded.get(sign, sign) for sign in address.strip())


def _title(node: LexborNode) -> str:
    title = " ".join((node.attributes.get("title") or "").split())
    return f' "{escape_html(title)}"' if title else ""


def _code(node: LexborNode) -> str:
    code = " ".join((node.text() or "").split())
    if not code:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
    space = " " if code[0] == "`" or code[-1] == "`" else ""
    return f"{fence}{space}{code}{space}{fence}"


#: Elements that are turned without a look at what is in them.
_WHOLE: Mapping[str, Callable[[LexborNode], str]] = {
    "br": lambda _: BREAK,
    "img": _picture,
    "code": _code,
    "tt": _code,
    **dict.fromkeys(("input", "button", "select", "textarea", "svg", "math"), raw),
}


def _text(text: str, breaks: bool) -> str:
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ue000]", "", text)
    if breaks:
        text = re.sub(r"[ \t]*\n[ \t]*", BREAK, text)
    return escape(re.sub(r"[ \t\n\r]+", " ", text))


def one_line(text: str) -> str:
    """Markdown as one line, for headings and cells."""
    return " ".join(text.replace(BREAK, " ").split())


def paragraph(text: str) -> str:
    """Markdown of a paragraph, the beginnings of its lines guarded; "" if nothing is in it."""
    lines = [" ".join(line.split(" ")).strip(" \t\n") for line in text.strip().strip(BREAK).split(BREAK)]
    return "  \n".join(guard(re.sub(r" {2,}", " ", line)) for line in lines if line)
