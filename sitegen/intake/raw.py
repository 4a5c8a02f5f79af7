"""Raw text, as it is copied from a page: the first line is the title, blank lines part paragraphs.

What stands around an article on its page is recognised and kept apart: one-line teasers of other stories
between the paragraphs, and the comment form with what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

from sitegen.dates import split_dated_name
from sitegen.intake.escaping import paragraphs
from sitegen.intake.fields import title_of, unique
from sitegen.intake.files import Unreadable, about_files, files_of, read_text, readable
from sitegen.intake.items import (
    Format,
    Item,
    Left,
    Note,
    Text,
    Wishes,
    changed,
    digest_of,
    guessed,
    lost,
)
from sitegen.intake.times import read_time
from sitegen.urls import slug_of_term

_ENDINGS = (".txt", ".text")

#: A first line longer than this is no title.
_LONGEST_TITLE = 250

#: Fewer words than these are a heading between paragraphs, not the teaser of a story.
_TEASER_WORDS = 7

#: More words than these after the comment form's heading may be comments, and are kept.
_FORM_WORDS = 40

_FORM = re.compile(
    r"(leave|post|add|write) an? (reply|comment)( cancel reply)?|leave a reply to .{1,60}|join the discussion"
    r"|(оставить|добавить|написать) комментарий|добавить ответ|залишити відповідь|додати коментар",
    re.IGNORECASE,
)

_END_OF_SENTENCE = re.compile(r"""[.!?…:;,][)\]"'”’»]*$""")


class _Parts(NamedTuple):
    """A raw text, taken apart."""

    title: str
    blocks: list[str]
    teasers: list[str]
    cut: str  #: the comment form and what follows
    author: str
    date: str
    notes: list[Note]


def _fits(source: Path) -> bool:
    if source.is_dir():
        names = [path.name.lower() for path in source.iterdir() if path.is_file()]
        return any(name.endswith(_ENDINGS) for name in names) and not any(
            name.endswith((".md", ".html", ".htm", ".xml")) for name in names
        )
    return source.suffix.lower() in (*_ENDINGS, "")


def _read(source: Path, wishes: Wishes) -> Iterator[Item]:
    for name, path in files_of(source):
        told = readable(name)
        if source.is_dir() and (not told.lower().endswith(_ENDINGS) or about_files(told)):
            reason = "is about files, not a text" if about_files(told) else "is not a .txt file"
            yield Left(source=told, reason=reason)
            continue
        try:
            text, unsure = read_text(path)
        except Unreadable as error:
            yield Left(source=told, reason=str(error))
            continue
        if not text.strip():
            yield Left(source=told, reason="is empty")
        else:
            notes = [guessed("it is not UTF-8; its encoding was guessed")] if unsure else []
            yield _text(told, text, notes, wishes)


def _text(name: str, text: str, notes: list[Note], wishes: Wishes) -> Text:
    dated, stem = split_dated_name(name.rpartition("/")[2].rpartition(".")[0] or name)
    parts = take_apart(text, stem)
    notes = [*notes, *parts.notes]
    meta: dict[str, Any] = {"title": parts.title}
    date = parts.date or dated or _wished_date(wishes, parts.title, notes)
    author = parts.author or wishes.author or (wishes.ask(f'Author of "{parts.title}"') if wishes.ask else "")
    if date:
        meta["date"] = date
    if author:
        meta["author"] = author
    if missing := [what for what, value in (("date", date), ("author", author)) if not value]:
        meta["draft"] = True
        notes.append(lost(f"its {' and '.join(missing)} can not be known, so it is a draft"))
    if parts.teasers:
        meta["teasers"] = parts.teasers
    if len(parts.cut.split()) > _FORM_WORDS:
        meta["after_the_text"] = parts.cut
    return Text(
        source=name,
        path=f"{wishes.section}/{slug_of_term(parts.title)}.md",
        meta=meta,
        body="\n\n".join(parts.blocks),
        digest=digest_of(text),
        notes=unique(notes),
    )


def _wished_date(wishes: Wishes, title: str, notes: list[Note]) -> str:
    answer = wishes.date or (wishes.ask(f'Date of "{title}"') if wishes.ask else "")
    time = read_time(answer, wishes.zone)
    while wishes.ask and answer and not time.text:
        answer = wishes.ask(f'"{answer}" is not a date; write 2023-07-22. Date of "{title}"')
        time = read_time(answer, wishes.zone)
    if answer and not time.text:
        notes.append(lost(f'"{answer}" is not a date'))
    return time.text


def take_apart(text: str, name: str) -> _Parts:
    """Sort out the lines of a raw text; `name` stands in for a missing title."""
    first, _, rest = text.strip().partition("\n")
    notes: list[Note] = []
    if len(first) > _LONGEST_TITLE:
        rest, words = f"{first}\n{rest}", " ".join(first[:60].split(" ")[:-1])
        notes.append(guessed(f'the first line is too long for a title; "{words} …" stands in for it'))
        first = f"{words} …"
    title, told = title_of(first, name)
    blocks = [" ".join(part.split(" ")).strip() for part in re.split(r"\n[ \t]*\n|\f", rest)]
    if "\n\n" not in re.sub(r"[ \t]", "", rest.strip()):
        blocks = rest.split("\n")
    blocks = [block.strip() for block in blocks if block.strip()]
    blocks, cut = _without_form(blocks)
    if cut:
        notes.append(changed(f'the comment form is cut: "{_short(cut)}"'))
    author, date, blocks = _heading_lines(blocks, notes)
    blocks, teasers = _without_teasers(blocks, notes)
    return _Parts(title, blocks, teasers, cut, author, date, [*told, *notes])


def _without_form(blocks: list[str]) -> tuple[list[str], str]:
    for number, block in enumerate(blocks):
        lines = block.split("\n")
        for place, line in enumerate(lines):
            if number and _FORM.fullmatch(line.strip(" :*#")):
                above = "\n".join(lines[:place]).strip()
                kept = [*blocks[:number], *([above] if above else [])]
                return kept, "\n\n".join(["\n".join(lines[place:]), *blocks[number + 1 :]])
    return blocks, ""


def _heading_lines(blocks: list[str], notes: list[Note]) -> tuple[str, str, list[str]]:
    """The author and date that stand in lines of their own right under the title."""
    author = date = ""
    while blocks[1:] and "\n" not in blocks[0] and len(blocks[0]) < 80:
        line = blocks[0]
        by = re.fullmatch(r"(?:By|Автор:?|Text:|Author:)\s+([^\d.!?]{3,60})", line)
        time = _date_line(line)
        if by and not author:
            author = by[1].strip()
            notes.append(guessed(f'"{line}" names the author'))
        elif time and not date:
            date = time
            notes.append(guessed(f'"{line}" is the date: {date}'))
        else:
            break
        blocks = blocks[1:]
    return author, date, blocks


def _date_line(line: str) -> str:
    bare = re.sub(r"^(published|posted|updated)?( on)?:?\s*", "", line, flags=re.IGNORECASE)
    return read_time(bare, UTC).text if re.search(r"\d{4}", bare) else ""


def _without_teasers(blocks: list[str], notes: list[Note]) -> tuple[list[str], list[str]]:
    """The blocks as Markdown, without the lines that lead to other stories."""
    shown, teasers = [], []
    for number, block in enumerate(blocks):
        between = 0 < number < len(blocks) - 1 and _is_sentence(blocks[number - 1])
        if not between or "\n" in block or len(block) > 160 or _is_sentence(block) or _is_item(block):
            shown.append(_as_list(block) if _is_item(block) else paragraphs(block))
        elif len(block.split()) >= _TEASER_WORDS:
            teasers.append(block)
            notes.append(
                guessed(f'this looks like the teaser of another story, and is kept apart: "{block}"')
            )
        else:
            shown.append(f"## {paragraphs(block)}")
            notes.append(guessed(f'this looks like a heading: "{block}"'))
    return [block for block in shown if block], teasers


def _is_sentence(block: str) -> bool:
    return _END_OF_SENTENCE.search(block) is not None or "\n" in block


def _is_item(block: str) -> bool:
    return all(re.match(r"\s*[•·*–-]\s+\S", line) for line in block.split("\n"))


def _as_list(block: str) -> str:
    return "\n".join("- " + paragraphs(re.sub(r"^\s*[•·*–-]\s+", "", line)) for line in block.split("\n"))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


FORMAT = Format(name="text", title="raw text", fits=_fits, read=_read)
