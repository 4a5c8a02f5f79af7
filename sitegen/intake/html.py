"""HTML -> Markdown that both engines read alike. What Markdown has no sign for stays HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape as escape_html

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sitegen.intake.escaping import escape, guard

#: Deeper nesting is kept as HTML: nobody wrote it by hand.
_DEEPEST = 100

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WRAPPERS = frozenset(
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
_KEPT_BLOCKS = frozenset(
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
_BLOCKS = (
    frozenset(["p", "ul", "ol", "blockquote", "pre", "hr", "table"])
    | _HEADINGS.keys()
    | _WRAPPERS
    | _KEPT_BLOCKS
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
_BREAK = "\ue000"


def to_markdown(html: str, *, breaks: bool = False) -> str:
    """Markdown with the words, links and pictures of `html`, a piece of a page.

    With `breaks`, blank lines part paragraphs and line ends break lines, as WordPress has it.
    """
    body = LexborHTMLParser(html).body
    return "\n\n".join(_blocks(_children(body), breaks, 0)) if body else ""


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))


def _blocks(nodes: Iterable[LexborNode], breaks: bool, depth: int) -> list[str]:
    blocks: list[str] = []
    run: list[str] = []

    def close() -> None:
        for part in re.split(r"\ue000\s*\ue000\s*", "".join(run)):
            if paragraph := _paragraph(part):
                blocks.append(paragraph)
        run.clear()

    for node in nodes:
        tag = node.tag or ""
        if tag in _BLOCKS or (tag == "a" and any(one.tag in _BLOCKS for one in node.iter())):
            close()
            blocks += _block(node, breaks, depth + 1)
        else:
            run.append(_inline(node, breaks, depth + 1))
    close()
    return blocks


def _block(node: LexborNode, breaks: bool, depth: int) -> list[str]:
    tag = node.tag or ""
    if depth > _DEEPEST:
        return [_raw(node)]
    if tag in _HEADINGS:
        words = _one_line(_inlines(node, False, depth))
        return [f"{'#' * _HEADINGS[tag]} {words}{_identity(node)}"] if words else []
    if tag in ("ul", "ol"):
        return [_list(node, breaks, depth)]
    if tag == "blockquote" and not node.attributes.get("class"):
        inner = "\n\n".join(_blocks(_children(node), breaks, depth))
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []
    if tag == "pre":
        return [_code_block(node)]
    if tag == "hr":
        return ["* * *"]
    if tag == "table":
        return [_table(node, depth) or _raw(node)]
    if tag in _KEPT_BLOCKS or tag == "blockquote":
        bare = tag == "figure" and not (node.text() or "").strip() and node.css_first("img")
        return [_inlines(node, False, depth).strip()] if bare else [_raw(node)]
    return _blocks(_children(node), breaks, depth)


def _identity(node: LexborNode) -> str:
    name = node.attributes.get("id") or ""
    return f" {{#{name}}}" if re.fullmatch(r"[A-Za-z][\w-]*", name) else ""


def _raw(node: LexborNode) -> str:
    """A piece of HTML that is one block for both engines: no blank line ends it before its end."""
    return re.sub(r"\n\s*\n", "\n", (node.html or "").strip())


def _list(node: LexborNode, breaks: bool, depth: int) -> str:
    start = node.attributes.get("start") or "1"
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    items = []
    loose = any(one.tag == "p" for item in node.iter() for one in item.iter())
    for item in node.iter(include_text=True):
        if item.tag == "-text" and not (item.text_content or "").strip():
            continue
        blocks = _blocks(_children(item) if item.tag == "li" else [item], breaks, depth + 1)
        sign = "-   " if node.tag == "ul" else f"{number}.".ljust(4)
        number += 1
        inner = ("\n\n" if loose else "\n").join(blocks)
        lines = [line and " " * len(sign) + line for line in inner.split("\n")]
        items.append((sign + "\n".join(lines).lstrip(" ")).rstrip())
    return ("\n\n" if loose else "\n").join(items)


def _code_block(node: LexborNode) -> str:
    inner = node.css_first("code")
    classes = " ".join(
        filter(None, (node.attributes.get("class"), inner.attributes.get("class") if inner else ""))
    )
    found = re.search(r"(?:language-|lang-|brush:\s*)([\w+#-]+)", classes)
    code = (node.text() or "").strip("\n")
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return f"{fence}{found[1] if found else ''}\n{code}\n{fence}"


def _table(node: LexborNode, depth: int) -> str:
    """A table of plain cells; "" for one with joined cells, blocks in them, or a title."""
    if node.css_first("[colspan], [rowspan], caption, table table, p, ul, ol, pre, div, blockquote, iframe"):
        return ""
    rows = [
        [_one_line(_inlines(cell, False, depth)).replace("|", "\\|") for cell in row.css("th, td")]
        for row in node.css("tr")
    ]
    if not rows or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return ""
    if node.css_first("thead") is None and not node.css_first("tr th"):
        rows.insert(0, [""] * len(rows[0]))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * len(rows[0])) + " |", *lines[1:]])


def _inlines(node: LexborNode, breaks: bool, depth: int) -> str:
    return "".join(_inline(one, breaks, depth + 1) for one in node.iter(include_text=True))


def _inline(node: LexborNode, breaks: bool, depth: int) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return _text(node.text_content or "", breaks)
    if tag == "-comment" or tag in _DROPPED or tag.startswith("-"):
        return ""
    if depth > _DEEPEST:
        return _raw(node)
    if tag in _WHOLE:
        return _WHOLE[tag](node)
    if tag in _BLOCKS:
        return _raw(node)
    inner = _inlines(node, breaks, depth)
    if tag == "a":
        return _link(node, inner)
    if tag in _MARKS:
        return _marked(inner, _MARKS[tag])
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


def _marked(inner: str, mark: str) -> str:
    """Emphasis by signs where both engines see it, by HTML next to signs and spaces."""
    text = inner.strip()
    if not text.replace(_BREAK, "").strip():
        return inner
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    if text[0].isalnum() and text[-1].isalnum() and _BREAK not in text and mark[0] not in text:
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
    text = inner.strip().replace(_BREAK, " ")
    before = " " if inner[0].isspace() else ""
    after = " " if inner[-1].isspace() else ""
    return f"{anchor}{before}[{text}]({_address(address)}{_title(node)}){after}"


def _picture(node: LexborNode) -> str:
    lazy = next(
        (node.attributes[key] for key in ("data-src", "data-lazy-src") if node.attributes.get(key)), ""
    )
    address = lazy or node.attributes.get("src") or ""
    words = _one_line(escape(node.attributes.get("alt") or ""))
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
    "br": lambda _: _BREAK,
    "img": _picture,
    "code": _code,
    "tt": _code,
    **dict.fromkeys(("input", "button", "select", "textarea", "svg", "math"), _raw),
}


def _text(text: str, breaks: bool) -> str:
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ue000]", "", text)
    if breaks:
        text = re.sub(r"[ \t]*\n[ \t]*", _BREAK, text)
    return escape(re.sub(r"[ \t\n\r]+", " ", text))


def _one_line(text: str) -> str:
    return " ".join(text.replace(_BREAK, " ").split())


def _paragraph(text: str) -> str:
    lines = [" ".join(line.split(" ")).strip(" \t\n") for line in text.strip().strip(_BREAK).split(_BREAK)]
    return "  \n".join(guard(re.sub(r" {2,}", " ", line)) for line in lines if line)
