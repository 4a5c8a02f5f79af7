"""Task lists: the words of a task are the label of its box, so that screen readers read them together."""

from __future__ import annotations

from sitegen.markup.draft import Draft

_BLOCKS = frozenset({"ul", "ol", "p", "pre", "div", "blockquote", "table", "figure"})


def label_tasks(draft: Draft) -> None:
    if 'type="checkbox"' not in draft.tags:
        return
    for box in draft.css("li > input[type=checkbox]:first-child, li > p:first-child > input:first-child"):
        label = draft.wrap(box, "label")
        after = label.next
        while after is not None and after.tag not in _BLOCKS:
            node, after = after, after.next
            label.insert_child(node, move=True)
