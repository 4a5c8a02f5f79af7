"""Footnotes in one shape, whichever engine made them: python-markdown's.

`<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>` in the text, and at its end
`<div class="footnote"><hr><ol><li id="fn:1"><p>…<a class="footnote-backref" href="#fnref:1">↩</a></p></li>
</ol></div>`.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborNode

from sitegen.markup.draft import Draft, children, parse


def gather_footnotes(draft: Draft) -> None:
    """Bring pyromark's footnotes, which stand where they were written, to the end of the text."""
    if "footnote" not in draft.tags:
        return
    for back in draft.css("a.footnote-backref[title='']"):
        del back.attrs["title"]
    if draft.settings.engine != "commonmark":
        return
    notes = {note.id or "": note for note in draft.css("div.footnote-definition[id]")}
    uses: dict[str, list[str]] = {}
    for mark in draft.css("sup.footnote-reference"):
        link = mark.css_first("a[href]")
        name = (link.attributes.get("href") or "").removeprefix("#") if link else ""
        if name in notes:
            _settle_mark(mark, name, uses)
    items = [_item(notes[name], name, marks) for name, marks in uses.items()]
    items += [_item(note, name, []) for name, note in notes.items() if name not in uses]
    for note in notes.values():
        if note.next is not None and note.next.is_empty_text_node:
            note.next.decompose()
        note.decompose()
    if items:
        end = parse(f'<div class="footnote">\n<hr>\n<ol>\n{"".join(items)}</ol>\n</div>\n').body
        for node in children(end) if end is not None else []:
            draft.body.insert_child(node)


def _settle_mark(mark: LexborNode, name: str, uses: dict[str, list[str]]) -> None:
    marks = uses.setdefault(name, [])
    identifier = f"fnref{len(marks) + 1 if marks else ''}:{name}"
    marks.append(identifier)
    number = list(uses).index(name) + 1
    del mark.attrs["class"]
    mark.attrs["id"] = identifier
    mark.inner_html = f'<a class="footnote-ref" href="#{escape("fn:" + name)}">{number}</a>'


def _item(note: LexborNode, name: str, marks: list[str]) -> str:
    label = note.css_first("sup.footnote-definition-label")
    if label is not None:
        label.decompose()
    back = "".join(f'&nbsp;<a class="footnote-backref" href="#{escape(mark)}">↩</a>' for mark in marks)
    text = (note.inner_html or "").strip()
    text = f"{text.removesuffix('</p>')}{back}</p>" if text.endswith("</p>") else f"{text}<p>{back}</p>"
    return f'<li id="{escape("fn:" + name)}">\n{text}\n</li>\n'
