"""HTML -> Markdown that both engines read alike. What Markdown has no sign for stays HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sitegen.intake.html_inline import (
    BLOCKS,
    DEEPEST,
    HEADINGS,
    KEPT_BLOCKS,
    inline,
    inlines,
    joined,
    one_line,
    paragraph,
    raw,
)


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
        for part in re.split(r"\ue000\s*\ue000\s*", joined(run)):
            if text := paragraph(part):
                blocks.append(text)
        run.clear()

    for node in nodes:
        tag = node.tag or ""
        if tag in BLOCKS or (tag == "a" and any(one.tag in BLOCKS for one in node.iter())):
            close()
            blocks += _block(node, breaks, depth + 1)
        else:
            run.append(inline(node, breaks, depth + 1))
    close()
    return blocks


def _block(node: LexborNode, breaks: bool, depth: int) -> list[str]:
    tag = node.tag or ""
    if depth > DEEPEST:
        return [raw(node)]
    if tag in HEADINGS:
        words = one_line(inlines(node, False, depth))
        words = re.sub(r"#(?=#*$)", r"\\#", words)  # signs at the end of a heading belong to its mark
        return [f"{'#' * HEADINGS[tag]} {words}{_identity(node)}"] if words else []
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
        return [_table(node, depth) or raw(node)]
    if tag in KEPT_BLOCKS or tag == "blockquote":
        bare = tag == "figure" and not (node.text() or "").strip() and node.css_first("img")
        return [inlines(node, False, depth).strip()] if bare else [raw(node)]
    return _blocks(_children(node), breaks, depth)


def _identity(node: LexborNode) -> str:
    name = node.attributes.get("id") or ""
    return f" {{#{name}}}" if re.fullmatch(r"[A-Za-z][\w-]*", name) else ""


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
        [one_line(inlines(cell, False, depth)).replace("|", "\\|") for cell in row.css("th, td")]
        for row in node.css("tr")
    ]
    if not rows or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return ""
    if node.css_first("thead") is None and not node.css_first("tr th"):
        rows.insert(0, [""] * len(rows[0]))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * len(rows[0])) + " |", *lines[1:]])
