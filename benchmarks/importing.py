"""Time and memory of importing a large WordPress export. `python3 -m benchmarks.importing [MB]`."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure

_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A large archive</title><link>https://old.example</link><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[anna]]></wp:author_login>
<wp:author_display_name><![CDATA[Anna Visser]]></wp:author_display_name></wp:author>
"""

_ITEM = """<item><title>{title}</title><link>https://old.example/{year}/{number}/</link>
<dc:creator><![CDATA[anna]]></dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date_gmt><![CDATA[{year}-03-09 13:30:00]]></wp:post_date_gmt>
<wp:post_name><![CDATA[post-{number}]]></wp:post_name><wp:status><![CDATA[publish]]></wp:status>
<wp:post_type><![CDATA[post]]></wp:post_type>
<category domain="post_tag" nicename="t{tag}"><![CDATA[Tag {tag}]]></category>
<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[Ben]]></wp:comment_author>
<wp:comment_content><![CDATA[{comment}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
</wp:comment></item>
"""

_WORDS = (
    "the",
    "harbour",
    "crane",
    "ferry",
    "coal",
    "ship",
    "sea",
    "wind",
    "and",
    "letters",
    "winter",
    "people",
)


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts = _export(folder / "export.xml", size * 1_000_000)
        for memory in (False, True):
            site = folder / f"site-{memory}"
            site.mkdir()
            command = (sys.executable, "-m", "sitegen", "import", "../export.xml")
            measured = measure(command, folder=site, log=folder / "log", memory=memory)
            made = len(list((site / "content/posts").rglob("*.md")))
            held = f"{measured.pss / 1e6:.0f} MB at most" if memory else f"{measured.wall:.1f} s"
            print(f"{size} MB, {posts:,} posts: {made:,} imported, {held}")


def _export(place: Path, size: int) -> int:
    """Write an export of about so many bytes; returns how many posts it has."""
    rng, number = random.Random(1), 0
    with place.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        while file.tell() < size:
            number += 1
            paragraphs = (" ".join(rng.choices(_WORDS, k=80)) for _ in range(20))
            body = "\n\n".join(f"<strong>{number}</strong> {one} &amp; more." for one in paragraphs)
            year, comment = 1990 + number % 30, " ".join(rng.choices(_WORDS, k=30))
            title, tag = f"Post {number}", number % 500
            file.write(
                _ITEM.format(title=title, year=year, number=number, body=body, tag=tag, comment=comment)
            )
        file.write("</channel></rss>\n")
    return number


if __name__ == "__main__":
    main()
