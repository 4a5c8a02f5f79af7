"""A made-up archive: dated posts in Markdown, the same ones for the same arguments.

Words, tags, authors and categories are drawn by Zipf's law, lengths from a log-normal distribution, so that
a few tags have very many posts and most have few, as in a real archive. One post in ten of an archive in one
language is in Cyrillic script. An archive in several languages holds every text in each of them.
"""

from __future__ import annotations

import argparse
import random
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from pathlib import Path

#: Onsets and rhymes of made-up words, by script.
_SYLLABLES = {
    "latin": (["", *"bdfghklmnprstvz", "br", "ch", "st", "tr"], ["a", "e", "i", "o", "u", "an", "er", "is"]),
    "cyrillic": (["", *"бвгдзклмнпрстх", "ст", "пр"], ["а", "е", "и", "о", "у", "ов", "ен", "ия"]),
}

_CATEGORIES = ("Reports", "Memoirs", "Essays", "Documents", "Interviews", "Chronicle")

#: Languages that are not written in Latin letters here.
_CYRILLIC = ("be", "bg", "kk", "mn", "ru", "sr", "tt", "uk")

_FIRST_DAY = datetime(1991, 8, 24, 9, tzinfo=timezone(timedelta(hours=3)))
_YEARS = 32

#: How many pictures the posts share.
PICTURES = 50

#: How far back a post's links to other posts reach.
_REACH = 200


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `path` is its place below the section's folder, without the suffix."""

    path: str
    title: str
    description: str
    image: str
    date: datetime
    author: str
    minutes: int
    views: int
    category: str
    tags: tuple[str, ...]
    featured: bool
    body: str


class _Zipf:
    """Draws items, the k-th as often as 1 / k to the power of `steepness`."""

    def __init__(self, items: Sequence[str], rng: random.Random, steepness: float = 1.0) -> None:
        self._items = items
        self._rng = rng
        self._weights = list(accumulate((place + 1) ** -steepness for place in range(len(items))))

    def draw(self, count: int) -> list[str]:
        return self._rng.choices(self._items, cum_weights=self._weights, k=count)

    def one(self) -> str:
        return self.draw(1)[0]

    def different(self, count: int) -> tuple[str, ...]:
        drawn: dict[str, None] = {}
        while len(drawn) < count:
            drawn[self.one()] = None
        return tuple(drawn)


def _words(rng: random.Random, script: str, count: int) -> list[str]:
    onsets, rhymes = _SYLLABLES[script]
    words: dict[str, None] = {}
    while len(words) < count:
        size = rng.choice((1, 2, 2, 3, 3, 4))
        words["".join(rng.choice(onsets) + rng.choice(rhymes) for _ in range(size))] = None
    return list(words)


class _Writer:
    """Writes Markdown in the words of one script."""

    def __init__(self, rng: random.Random, words: Sequence[str]) -> None:
        self._rng = rng
        self._words = _Zipf(words, rng)
        #: Kind of block, how often it comes (of a thousand), and how it is written.
        self._blocks: tuple[tuple[int, Callable[[], str]], ...] = (
            (785, self._paragraph),
            (80, lambda: "## " + self.phrase(4)),
            (50, lambda: "\n".join(f"- {self.sentence()}" for _ in range(rng.randint(3, 6)))),
            (40, lambda: f"> {self.sentence()}"),
            (20, self._table),
            (10, lambda: "```python\nfor page in archive:\n    print(page.title, len(page.text))\n```"),
            (15, self._embed),
        )

    def phrase(self, words: int) -> str:
        return " ".join(self._words.draw(words)).capitalize()

    def sentence(self, *, plain: bool = False) -> str:
        words = self._words.draw(self._rng.randint(6, 24))
        if not plain and self._rng.random() < 0.15:
            mark = self._rng.choice(("*", "**"))
            words[len(words) // 2] = f"{mark}{words[len(words) // 2]}{mark}"
        text = " ".join(words) + self._rng.choice("...?!")
        return text[0].upper() + text[1:]

    def body(self, words: int, linked: Sequence[str]) -> str:
        """A body of about so many words, with links to some of `linked`."""
        rng = self._rng
        weights = [often for often, _ in self._blocks]
        blocks: list[str] = []
        written = 0
        while written < words:
            (_, write), *_ = rng.choices(self._blocks, weights)
            block = write()
            if write == self._paragraph:
                if linked and rng.random() < 0.15:
                    block += f" See [{self.phrase(2)}]({rng.choice(linked)})."
                if rng.random() < 0.03:
                    block += f"[^{len(blocks)}]\n\n[^{len(blocks)}]: {self.sentence()}"
            written += block.count(" ") + 1
            blocks.append(block)
        return "\n\n".join(blocks) + "\n"

    def _paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self._rng.randint(2, 6)))

    def _table(self) -> str:
        rows = [f"| {self.phrase(1)} | {self.phrase(1)} | {self._rng.randint(1, 999)} |" for _ in range(4)]
        return "\n".join(["| Place | Name | Number |", "|---|---|---|", *rows])

    def _embed(self) -> str:
        number, name = self._rng.randint(1, 10**9), self._words.one()
        return (
            f'<blockquote class="twitter-tweet"><p lang="und" dir="ltr">{self.sentence(plain=True)} '
            f'<a href="https://example.org/{name}/status/{number}">more</a></p>&mdash; {name} (@{name})'
            '</blockquote> <script async src="https://widgets.example.org/posts.js"></script>'
        )


def posts(count: int, languages: Sequence[str] = (), seed: int = 1, words: int = 700) -> Iterator[Post]:
    """Make `count` posts, oldest first: `count / n` texts in each of n languages."""
    rng = random.Random(seed)
    vocabulary = {script: _words(rng, script, 20_000) for script in _SYLLABLES}
    writers = {script: _Writer(rng, known) for script, known in vocabulary.items()}
    latin = vocabulary["latin"]
    versions = tuple(languages) or ("",)
    texts = count // len(versions)
    names = iter(f"{first} {second}".title() for first, second in zip(latin, reversed(latin), strict=True))
    tags = _Zipf([next(names) for _ in range(max(40, texts // 25))], rng, 0.9)
    authors = _Zipf([next(names) for _ in range(max(20, texts // 50))], rng, 0.8)
    categories = _Zipf(_CATEGORIES, rng)
    links: dict[str, list[str]] = {lang: [] for lang in versions}
    for number in range(texts):
        date = _FIRST_DAY + timedelta(days=365.25 * _YEARS * number / texts)
        slug = f"{rng.choice(latin)}-{rng.choice(latin)}-{number}"
        length = max(80, int(words * rng.lognormvariate(0, 0.6)))
        author, category = authors.one(), categories.one()
        chosen = tags.different(rng.randint(2, 5))
        picture, views, featured = rng.randint(1, PICTURES), rng.randint(10, 90_000), rng.random() < 0.05
        for place, lang in enumerate(versions):
            cyrillic = lang in _CYRILLIC if lang else rng.random() < 0.1
            writer = writers["cyrillic" if cyrillic else "latin"]
            yield Post(
                path="/".join(part for part in (lang, str(date.year), slug) if part),
                title=writer.phrase(rng.randint(5, 11)),
                description=writer.sentence(plain=True),
                image=f"/images/posts/{picture}.png",
                date=date,
                author=author,
                minutes=max(1, length // 220),
                views=views,
                category=category,
                tags=chosen,
                featured=featured,
                body=writer.body(length, links[lang][-_REACH:]),
            )
            prefix = f"/{lang}" if place else ""
            links[lang].append(f"{prefix}/posts/{date.year}/{slug}/")


def _iso(post: Post) -> str:
    return post.date.isoformat(timespec="seconds")


def front_matter(post: Post) -> str:
    """The post as sitegen, Hugo and Eleventy read it: YAML, then Markdown."""
    lines = [
        f'title: "{post.title}"',
        f'description: "{post.description}"',
        f'image: "{post.image}"',
        f'date: "{_iso(post)}"',
        f'author: "{post.author}"',
        f"time_to_read_in_minutes: {post.minutes}",
        f"views: {post.views}",
        f'category: "{post.category}"',
        f"tags: [{', '.join(post.tags)}]",
        *(['group: "Featured"'] if post.featured else []),
    ]
    return "\n".join(["---", *lines, "---", post.body])


def pelican_metadata(post: Post) -> str:
    """The post as Pelican reads it."""
    lines = [
        f"Title: {post.title}",
        f"Summary: {post.description}",
        f"Image: {post.image}",
        f"Date: {_iso(post)}",
        f"Author: {post.author}",
        f"Minutes: {post.minutes}",
        f"Category: {post.category}",
        f"Tags: {', '.join(post.tags)}",
        f"Slug: {post.path.rpartition('/')[2]}",
    ]
    return "\n".join([*lines, "", post.body])


def write_posts(made: Iterator[Post], folder: Path, form: Callable[[Post], str] = front_matter) -> None:
    """Write each post to its path below `folder`."""
    for post in made:
        file = folder / f"{post.path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(form(post), encoding="utf-8")


def write_pictures(folder: Path) -> None:
    """Draw the pictures that the posts name, each a band of one colour that fades."""
    folder.mkdir(parents=True, exist_ok=True)
    width, height = 640, 360
    for number in range(1, PICTURES + 1):
        rows = (bytes((0, number * 5, y * 255 // height, 90)) + bytes(3) * (width - 1) for y in range(height))
        chunks = (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"".join(b"\1" + row[1:] for row in rows))),
            (b"IEND", b""),
        )
        data = b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        )
        (folder / f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def write_corpus(count: int, folder: Path, languages: Sequence[str] = (), seed: int = 1) -> None:
    """Write a whole content folder: posts/ and the pictures they name."""
    write_posts(posts(count, languages, seed), folder / "posts")
    write_pictures(folder / "images" / "posts")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("count", type=int, help="how many posts")
    parser.add_argument("folder", type=Path, help="the content folder to write, e.g. SITE/content")
    parser.add_argument("--languages", default="", help="comma-separated codes, e.g. en,ru")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    languages = [code for code in given.languages.split(",") if code]
    write_corpus(given.count, given.folder, languages, given.seed)


if __name__ == "__main__":
    main()
