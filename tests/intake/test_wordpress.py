"""WordPress exports become posts, pages, profiles; nothing in them can hurt, and little is lost."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.intake.imports import (
    bring_in,
    bring_in_twice,
    built,
    imported,
    notes,
    report,
    words,
    words_at,
)
from tests.sites import make_site, run

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour &amp;amp; Sea</title><link>https://harbour.example</link>
<description>Of ships</description><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://harbour.example</wp:base_site_url>
<wp:base_blog_url>https://harbour.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[anna]]></wp:author_login>
<wp:author_email>anna@harbour.example</wp:author_email>
<wp:author_display_name><![CDATA[Anna Visser]]></wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News &amp; views</wp:cat_name>
<wp:category_description><![CDATA[What is <b>new</b>.]]></wp:category_description></wp:category>
"""
TAIL = "</channel></rss>"

CLASSIC = """The crane on the <strong>east quay</strong> will be sold.
It lifted <a
href="https://harbour.example/2019/03/ferry/#end">coal</a> &amp; more,
see <a href="https://harbour.example/?p=11">this</a>.

<!--more-->

[caption id="attachment_9" width="300"]<a
href="https://harbour.example/wp-content/uploads/2019/crane.jpg"><img
src="https://harbour.example/wp-content/uploads/2019/crane-300.jpg" alt="A crane" /></a> The crane
in 1953[/caption]

<h3>How it began</h3>
First [gallery ids="9,8"] then:
<ul>
	<li>one</li>
	<li>two</li>
</ul>
[embed]https://video.example/1[/embed]

[contact-form-7 id="3" title="Ask"] and [sic] and 5 * 3 and a_b_c and _so_.
<blockquote>They never asked.</blockquote>
<pre>x = [1]
  y</pre>
"""
CLASSIC_WORDS = """The crane on the east quay will be sold. It lifted coal &amp; more, see this.
The crane in 1953
How it began First In the port then: one two https://video.example/1
[contact-form-7 id="3" title="Ask"] and [sic] and 5 * 3 and a_b_c and _so_. They never asked.
x = [1] y"""

BLOCKS = """<!-- wp:paragraph -->
<p>First
line, still first.</p>
<!-- /wp:paragraph -->
<!-- wp:image {"id":9} -->
<figure class="wp-block-image"><img
src="https://harbour.example/wp-content/uploads/2019/far.jpg"
alt=""/></figure><!-- /wp:image -->
<!-- wp:latest-posts {"postsToShow":5} /-->
<!-- wp:embed {"url":"https://video.example/2"} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://video.example/2
</div></figure><!-- /wp:embed -->"""


def item(number: int, title: str, text: str = "", more: str = "", **fields: str) -> str:
    """One item of an export."""
    given = {
        "post_id": str(number),
        "post_date": "2019-03-09 14:30:00",
        "post_date_gmt": "2019-03-09 13:30:00",
        "post_name": f"post-{number}",
        "status": "publish",
        "post_type": "post",
        **fields,
    }
    link = given.pop("link", f"https://harbour.example/2019/03/{given['post_name']}/")
    facts = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in given.items())
    return (
        f"<item><title>{title}</title><link>{link}</link><dc:creator><![CDATA[anna]]></dc:creator>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded>{facts}{more}</item>\n"
    )


TERMS = """<category domain="category" nicename="news"><![CDATA[News &amp; views]]></category>
<category domain="post_tag" nicename="a"><![CDATA[AC/DC]]></category>
<category domain="post_tag" nicename="b"><![CDATA["Quoted"]]></category>"""
META = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value><![CDATA[{}]]></wp:meta_value></wp:postmeta>"
COMMENT = """<wp:comment><wp:comment_id>1</wp:comment_id>
<wp:comment_author><![CDATA[Jan]]></wp:comment_author>

<wp:comment_author_email>jan@mail.example</wp:comment_author_email>
<wp:comment_author_IP>192.0.2.7</wp:comment_author_IP>
<wp:comment_content><![CDATA[Nice!]]></wp:comment_content></wp:comment>"""

EXPORT = (
    HEAD
    + item(
        10,
        "The crane &amp;#8217;s end",
        CLASSIC,
        TERMS + COMMENT + META.format("_thumbnail_id", "9") + META.format("_wp_old_slug", "old-crane"),
        post_name="crane",
        is_sticky="1",
    )
    + item(11, "Ferry", BLOCKS, post_name="ferry")
    + item(12, "About us", "We.", post_type="page", post_name="team",
link="https://harbour.example/about/team/")
    + item(13, "", "No title.", status="draft", link="https://harbour.example/?p=13", post_name="")
    + item(14, "Secret", "Hush.", status="private")
    + item(15, "Кран", "Кран.", post_name="%d0%ba%d1%80%d0%b0%d0%bd")
    + item(16, "Menu", post_type="nav_menu_item")
    + item(17, "&amp;nbsp;", "Blank.", post_name="blank")
    + item(9, "Crane", post_type="attachment",
attachment_url="https://harbour.example/wp-content/uploads/2019/crane.jpg")
    + item(8, "In the port", post_type="attachment",
attachment_url="https://harbour.example/wp-content/uploads/2019/port.jpg",
           more="<excerpt:encoded><![CDATA[In the port]]></excerpt:encoded>")
    + TAIL
)  # fmt: skip

UPLOADS = {f"wp-content/uploads/2019/{name}.jpg": b"picture" for name in ("crane", "crane-300")}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return make_site(tmp_path / "old", {"export.xml": EXPORT, **UPLOADS})


def test_the_old_lists_of_an_export_lead_to_the_new_ones(tmp_path: Path) -> None:
    terms = (
        '<category domain="category" nicename="ships"><![CDATA[Old Ships]]></category>'
        '<category domain="category" nicename="rare"><![CDATA[Rare]]></category>'
        '<category domain="post_tag" nicename="%d0%bc%d0%be%d1%80%d0%b5"><![CDATA[Море]]></category>'
    )
    within = (
        "<wp:category><wp:category_nicename>ships</wp:category_nicename><wp:cat_name>Old Ships</wp:cat_name>"
        "<wp:category_parent>news</wp:category_parent></wp:category>"
    )
    export = HEAD + within + item(10, "Crane", "Text.", terms, post_name="crane") + TAIL
    site = tmp_path / "site"
    bring_in_twice(site, make_site(tmp_path / "old", {"export.xml": export}))
    output = built(site)
    for old, new in (
        ("category/news/ships", "categories/old-ships/"),
        ("category/rare", "categories/rare/"),
        ("tag/море", "tags/more/"),
        ("author/anna", "authors/anna-visser/"),
    ):
        assert f'{new}"' in (output / old / "index.html").read_text()


def test_every_text_of_an_export_is_carried_over(export: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in_twice(site, export)
    crane = imported(site, "posts/crane.md")
    assert crane.meta == {
        "title": "The crane ’s end",
        "date": "2019-03-09T14:30:00+01:00",
        "author": "Anna Visser",
        "category": "News & views",
        "tags": ["AC/DC", '"Quoted"'],
        "group": "Featured",
        "image": "/wp-content/uploads/2019/crane.jpg",
        "aliases": ["/2019/03/crane/", "/2019/03/old-crane/"],
    }
    assert "](/2019/03/ferry/#end)" in crane.body
    assert "](/2019/03/ferry/)" in crane.body
    anna = {"name": "Anna Visser", "aliases": ["/author/anna/"]}
    assert imported(site, "people/anna-visser.md").meta == anna
    assert imported(site, "categories/news-views.md").body.strip() == "What is **new**."
    assert imported(site, "pages/about/team.md").meta["title"] == "About us"
    assert imported(site, "posts/post-14.md").meta["draft"] is True
    assert imported(site, "posts/кран.md").meta["aliases"] == ["/2019/03/кран/"]
    assert imported(site, "posts/blank.md").meta["title"] == "Blank"
    assert 'title = "Harbour & Sea"' in (site / "sitegen.toml").read_text()
    output = built(site)
    assert words_at(output, "/posts/crane/") == words(f"<article>{CLASSIC_WORDS}</article>")
    assert words_at(output, "/posts/ferry/") == words(
        "<article>First line, still first. https://video.example/2</article>"
    )
    assert (output / "wp-content/uploads/2019/crane.jpg").is_file()
    assert "/posts/crane/" in (output / "2019/03/old-crane/index.html").read_text()


def test_the_report_names_what_is_lost_or_changed(export: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    bring_in(site, export)
    told = notes(site, "export.xml, post 10")
    assert "lost: the shortcode [contact-form-7] is kept as text" in told
    assert "changed: the shortcode [gallery] is replaced" in told
    assert "HTML entities" in told
    assert "port.jpg" in told
    assert 'the block "latest-posts"' in notes(site, "export.xml, post 11")
    assert "?p=13" in notes(site, "export.xml, post 13")
    left = {line["source"]: line["reason"] for line in report(site)["files"] if line["state"] == "left"}
    assert "menu" in left["export.xml, nav_menu_item 16"]
    assert any("port.jpg" in source for source in left)


def test_comments_are_kept_as_data_that_betrays_nobody_and_is_not_published(
    export: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    bring_in(site, export)
    text = (site / "content/_comments/posts/crane.json").read_text()
    assert json.loads(text)[0]["comment_content"] == "Nice!"
    assert "mail.example" not in text
    assert "192.0.2.7" not in text
    assert not list(built(site).rglob("*comments*"))


def packed(name: str, data: bytes) -> bytes:
    """A zip archive with one file in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def test_an_export_may_be_packed(tmp_path: Path) -> None:
    source = make_site(tmp_path / "old", {"export.zip": packed("../../export.xml", EXPORT.encode())})
    bring_in(tmp_path / "site", source / "export.zip")
    assert imported(tmp_path / "site", "posts/crane.md").meta["title"] == "The crane ’s end"


def test_what_stands_before_a_break_in_the_xml_is_kept(tmp_path: Path) -> None:
    cut = EXPORT[: EXPORT.index("About us")].replace("First\n", "First \x0b\x1f\n")
    bring_in(tmp_path / "site", make_site(tmp_path / "old", {"export.xml": cut}) / "export.xml")
    assert imported(tmp_path / "site", "posts/ferry.md")
    left = {line["source"]: line.get("reason", "") for line in report(tmp_path / "site")["files"]}
    assert "not whole" in left["export.xml"]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + EXPORT[39:].replace(
    "Of ships", "&b;"
)
OUTSIDE = BOMB.replace('<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_a_bomb_of_xml_is_not_read(text: str, tmp_path: Path) -> None:
    source = make_site(tmp_path / "old", {"export.xml": text}) / "export.xml"
    done = bring_in(tmp_path / "site", source)
    assert "entities of its own" in done.out
    assert not list((tmp_path / "site").rglob("*.md"))


def test_a_bomb_of_zip_is_not_unpacked(tmp_path: Path) -> None:
    source = make_site(tmp_path / "old", {"export.zip": packed("export.xml", bytes(30_000_000))})
    done = run(tmp_path, "import", str(source / "export.zip"))
    assert done.status == 1
    assert "it is a bomb" in done.err
    damaged = make_site(tmp_path / "old", {"export.zip": b"PK\x03\x04 nothing"}) / "export.zip"
    assert "not a zip archive" in run(tmp_path, "import", str(damaged)).err


def test_paths_in_an_export_can_not_climb_out(tmp_path: Path) -> None:
    text = HEAD + item(1, "Up", "x", post_name="../../../up", post_type="../..") + TAIL
    bring_in(tmp_path / "site", make_site(tmp_path / "old", {"export.xml": text}) / "export.xml")
    found = [path for path in tmp_path.rglob("*.md") if "Up" in path.read_text()]
    assert len(found) == 1
    assert found[0].is_relative_to(tmp_path / "site/content")
