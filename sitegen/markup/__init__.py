"""Markdown -> safe HTML: an engine, one pass over its HTML, and the sanitiser last."""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen import config
from sitegen.markup import engines, sanitize
from sitegen.markup.code import highlight_code
from sitegen.markup.draft import Draft
from sitegen.markup.embeds import freeze_posts
from sitegen.markup.footnotes import gather_footnotes
from sitegen.markup.frames import drop_claims, freeze_frames
from sitegen.markup.headings import contents, settle_headings, settle_ids, take_written_ids
from sitegen.markup.images import settle_images, settle_media
from sitegen.markup.links import link_bare_addresses, settle_links
from sitegen.markup.removal import remove_unsafe
from sitegen.markup.source import Source
from sitegen.markup.tables import keep_alignment, wrap_tables
from sitegen.markup.tasks import label_tasks
from sitegen.markup.text import count_words, excerpt
from sitegen.model import Body

#: What the author can have written tags or attributes with: HTML, or an attribute list. Together in one
#: pattern they would take far longer to look for.
_RAW = (re.compile(r"<[a-zA-Z/!?]"), re.compile(r"\{[^\n]*\}"))

#: One pass: embeds first, since they are made of what is removed next; then what is left is settled.
STEPS = (
    drop_claims,
    freeze_posts,
    freeze_frames,
    settle_media,
    keep_alignment,
    remove_unsafe,
    gather_footnotes,
    take_written_ids,
    settle_ids,
    settle_headings,
    label_tasks,
    link_bare_addresses,
    settle_links,
    settle_images,
    highlight_code,
    wrap_tables,
)


class Converted(NamedTuple):
    """A text as an engine leaves it."""

    text: str  #: Markdown
    html: str  #: not safe yet
    failure: str  #: what went wrong, if anything did


def convert(text: str, settings: config.Markdown) -> Converted:
    """What the engine makes of `text`, the Markdown after the front matter."""
    text = engines.clean(text)
    return Converted(text, *engines.to_html(text, settings))


def settle(
    converted: Converted, settings: config.Markdown, *, first_line: int, title: str, image: str
) -> Body:
    """The body of a source file.

    `first_line` is the line of the text in the file; `title` and `image` are the post's, for videos that
    become figures. Any text gives a body; what it loses on the way is told in `notices`. Addresses inside
    the site are left as markers (see `references`).
    """
    text, html, failure = converted
    raw = bool(settings.extensions) or any(one.search(text) for one in _RAW)
    draft = Draft(html, settings, Source(text, first_line), raw=raw, title=title, image=image)
    if failure:
        draft.notice(failure, "Markdown not understood")
    for step in STEPS:
        step(draft)
    html = draft.body.inner_html or ""
    # Where the author wrote no tag, all are the engine's and the pass's.
    if settings.html == "sanitized" and (raw or not sanitize.is_clean(html)):
        html = sanitize.clean(html, settings.embeds)
    return Body(
        html=html,
        headings=contents(draft),
        references=tuple(draft.references),
        ids=tuple(node.id or "" for node in draft.css("[id]")),
        notices=tuple(draft.notices),
        words=count_words(draft),
        excerpt=excerpt(draft),
    )
