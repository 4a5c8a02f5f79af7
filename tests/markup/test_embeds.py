# ruff: noqa: E501  (what services give to paste is long)
"""What was pasted from other sites stays readable without their scripts."""

import re

import pytest

from sitegen.config import Markdown
from sitegen.model import Body
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]

TWEET = (
    '<blockquote class="twitter-tweet"><p lang="ru" dir="ltr">Слова <a href="https://twitter.com/hashtag/russia'
    '?src=hash&amp;ref_src=twsrc%5Etfw">#russia</a>.<br>It&#39;s <a href="https://t.co/1i">pic.twitter.com/1i</a>'
    "</p>&mdash; Anastasiya (@A1451A) "
    '<a href="https://twitter.com/A1451A/status/16?ref_src=twsrc%5Etfw">July 26, 2023</a></blockquote> '
    '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
)
FROZEN_TWEET = (
    '<figure class="embed"><blockquote><p lang="ru" dir="ltr">Слова '
    '<a href="https://twitter.com/hashtag/russia" rel="external noopener">#russia</a>.<br>It\'s '
    '<a href="https://t.co/1i" rel="external noopener">pic.twitter.com/1i</a></p></blockquote>'
    "<figcaption>Anastasiya (@A1451A), "
    '<a href="https://twitter.com/A1451A/status/16" rel="external noopener">July 26, 2023</a>'
    "</figcaption></figure>"
)


def make(text: str, engine: str = "python-markdown", embeds: str = "static", html: str = "sanitized") -> Body:
    settings = Markdown(engine=engine, embeds=embeds, html=html)  # type: ignore[arg-type]
    return render(text, settings, first_line=10, title="The title", image="/images/a.jpg")


def figure(body: Body) -> str:
    found = re.search(r"<figure.*</figure>", body.html, re.DOTALL)
    assert found, body.html
    return found[0].replace(' rel="external noopener"', "")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "around", ["{}", "Before.\n\n{}\n\nAfter.", "Before {} after.", "> {}", "- item\n\n    {}"]
)
def test_a_tweet_becomes_a_quotation_wherever_it_was_pasted(engine: str, around: str) -> None:
    body = make(around.format(TWEET), engine)
    assert FROZEN_TWEET in body.html
    assert "<script" not in body.html
    assert [notice.group for notice in body.notices] == ["embeds frozen"]


def test_embeds_in_one_paragraph_stay_in_order_among_its_words() -> None:
    html = make(
        'one <iframe src="//a.example/"></iframe> two <iframe src="//b.example/"></iframe> three'
    ).html
    assert re.findall(r"one|two|three|>[ab]\.example", html) == [
        "one",
        ">a.example",
        "two",
        ">b.example",
        "three",
    ]


def test_words_without_an_author_stay_a_quotation() -> None:
    assert (
        '<figure class="embed"><blockquote><p>words</p></blockquote></figure>'
        in make('<blockquote class="twitter-tweet"><p>words</p></blockquote>').html
    )
    assert (
        "<blockquote><p>words</p></blockquote><figcaption>Name"
        in make('<blockquote class="twitter-tweet"><p>words</p><p>— Name</p></blockquote>').html
    )


def test_the_line_of_an_embed_is_told() -> None:
    body = make(f"One.\n\n{TWEET}\n\nTwo.\n\n{TWEET}")
    assert [notice.line for notice in body.notices] == [12, 16]


def test_a_tweet_over_several_lines_keeps_its_parts() -> None:
    text = (
        TWEET.replace("</p>", "</p>\n").replace(") <a", ")\n<a").replace("</blockquote> ", "</blockquote>\n")
    )
    assert "Anastasiya (@A1451A), <a" in make(text).html


SHAPES = {
    "bluesky": (
        '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:o/app.bsky.feed.post/3l">'
        '<p lang="en">Words.<br><a href="https://bsky.app/profile/did:plc:o/post/3l?ref_src=embed">[image or embed]'
        '</a></p>&mdash; Haoqun (<a href="https://bsky.app/profile/did:plc:o?ref_src=embed">@haoqun.dev</a>) '
        '<a href="https://bsky.app/profile/did:plc:o/post/3l?ref_src=embed">20 novembre 2024</a></blockquote>'
        '<script async src="https://embed.bsky.app/static/embed.js" charset="utf-8"></script>',
        '<figure class="embed"><blockquote><p lang="en">Words.<br>'
        '<a href="https://bsky.app/profile/did:plc:o/post/3l">[image or embed]</a></p></blockquote><figcaption>'
        'Haoqun (<a href="https://bsky.app/profile/did:plc:o">@haoqun.dev</a>), '
        '<a href="https://bsky.app/profile/did:plc:o/post/3l">20 novembre 2024</a></figcaption></figure>',
    ),
    "instagram without words": (
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/A/?utm_source=ig"'
        ' data-instgrm-version="14" style="x"><div style="x"> <a href="https://www.instagram.com/p/A/?utm_source=ig"'
        ' style="x" target="_blank"> <div style="x"></div><div><svg width="50px"><g><path d="M5"></path></g></svg>'
        '</div><div style="x">View this post on Instagram</div></a><p style="x">'
        '<a href="https://www.instagram.com/p/A/?utm_source=ig" style="x">A post shared by Erzya (@erzya)</a></p>'
        '</div></blockquote> <script async src="//www.instagram.com/embed.js"></script>',
        '<figure class="embed"><figcaption><a href="https://www.instagram.com/p/A/">View this post on Instagram</a>'
        ', <a href="https://www.instagram.com/p/A/">A post shared by Erzya (@erzya)</a></figcaption></figure>',
    ),
    "instagram with words": (
        '<blockquote class="instagram-media" data-instgrm-version="7"><div><p style="x"><a href="https://www.'
        'instagram.com/p/A/">The caption</a></p><p>A post shared by <a href="https://www.instagram.com/erzya/">'
        'Erzya</a> (@erzya) on <time datetime="2017-02-02T21:21:31+00:00">Feb 2, 2017</time></p></div></blockquote>',
        '<figure class="embed"><blockquote><p><a href="https://www.instagram.com/p/A/">The caption</a></p>'
        '</blockquote><figcaption>A post shared by <a href="https://www.instagram.com/erzya/">Erzya</a> (@erzya) on '
        '<time datetime="2017-02-02T21:21:31+00:00">Feb 2, 2017</time></figcaption></figure>',
    ),
    "tiktok": (
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@s/video/67" data-video-id="67"><section>'
        '<a title="@s" href="https://www.tiktok.com/@s?refer=embed">@s</a> <p>Name '
        '<a href="https://www.tiktok.com/tag/f?refer=embed">#f</a></p> '
        '<a href="https://www.tiktok.com/music/o-66?refer=embed">♬ sound</a></section></blockquote> '
        '<script async src="https://www.tiktok.com/embed.js"></script>',
        '<figure class="embed"><blockquote><p>Name <a href="https://www.tiktok.com/tag/f">#f</a></p></blockquote>'
        '<figcaption><a href="https://www.tiktok.com/@s">@s</a>, <a href="https://www.tiktok.com/music/o-66">'
        '♬ sound</a>, <a href="https://www.tiktok.com/@s/video/67">tiktok.com</a></figcaption></figure>',
    ),
    "mastodon": (
        '<blockquote class="mastodon-embed" data-embed-url="https://mastodon.social/@G/115/embed" style="x"> '
        '<a href="https://mastodon.social/@G/115" target="_blank"> <svg><path d="x"/></svg> '
        "<div>Post by @G@mastodon.social</div> <div>View on Mastodon</div> </a> </blockquote> "
        '<script async src="https://mastodon.social/embed.js"></script>',
        '<figure class="embed"><figcaption><a href="https://mastodon.social/@G/115">'
        "Post by @G@mastodon.social View on Mastodon</a></figcaption></figure>",
    ),
    "facebook": (
        '<div class="fb-post" data-href="https://www.facebook.com/b/posts/1"><blockquote '
        'cite="https://www.facebook.com/b/posts/1" class="fb-xfbml-parse-ignore"><p>Words.</p>Posted by '
        '<a href="https://www.facebook.com/b/">B</a> on&nbsp;<a href="https://www.facebook.com/b/posts/1">Thursday'
        "</a></blockquote></div>",
        '<figure class="embed"><blockquote><p>Words.</p></blockquote><figcaption>Posted by '
        '<a href="https://www.facebook.com/b/">B</a> on&nbsp;<a href="https://www.facebook.com/b/posts/1">Thursday'
        "</a></figcaption></figure>",
    ),
    "telegram": (
        '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="durov/83"></script>',
        '<figure class="embed"><figcaption><a href="https://t.me/durov/83">t.me/durov/83</a></figcaption></figure>',
    ),
    "vk": (
        '<div id="vk_post_-1_45616"></div><script src="https://vk.com/js/api/openapi.js?169"></script>'
        '<script>(function() { VK.Widgets.Post("vk_post_-1_45616", -1, 45616, "Z"); }());</script>',
        '<figure class="embed"><figcaption><a href="https://vk.com/wall-1_45616">vk.com/wall-1_45616</a>'
        "</figcaption></figure>",
    ),
    "a tweet that is only a link": (
        '<blockquote class="twitter-tweet"><a href="https://twitter.com/x/status/1"></a></blockquote>',
        '<figure class="embed"><figcaption><a href="https://twitter.com/x/status/1">twitter.com</a></figcaption>'
        "</figure>",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SHAPES)
def test_the_post_of_a_service_keeps_words_author_date_and_links(name: str, engine: str) -> None:
    pasted, frozen = SHAPES[name]
    body = make(f"Before.\n\n{pasted}\n\nAfter.", engine)
    assert figure(body) == frozen
    assert [notice.group for notice in body.notices] == ["embeds frozen"]


VIDEOS = {
    "https://www.youtube.com/embed/abc-_1": "https://www.youtube.com/watch?v=abc-_1",
    "//www.youtube-nocookie.com/embed/abc?rel=0&amp;start=90": "https://www.youtube.com/watch?v=abc&amp;t=90s",
    "https://www.youtube.com/embed/videoseries?list=PL1": "https://www.youtube.com/playlist?list=PL1",
    "https://player.vimeo.com/video/7697?h=82f&amp;badge=0": "https://vimeo.com/7697/82f",
    "https://player.vimeo.com/video/7697": "https://vimeo.com/7697",
    "https://www.dailymotion.com/embed/video/x8a": "https://www.dailymotion.com/video/x8a",
    "https://geo.dailymotion.com/player.html?video=x8a": "https://www.dailymotion.com/video/x8a",
    "https://vk.com/video_ext.php?oid=-22&amp;id=45&amp;hash=f&amp;hd=2": "https://vk.com/video-22_45",
    "https://vkvideo.ru/video_ext.php?oid=-22&amp;id=45": "https://vk.com/video-22_45",
    "https://rutube.ru/play/embed/1f2e": "https://rutube.ru/video/1f2e/",
    "https://tube.example.org/videos/embed/9c9d-1": "https://tube.example.org/videos/watch/9c9d-1",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("src", VIDEOS)
def test_a_video_becomes_a_figure_with_the_picture_of_the_post(src: str, engine: str) -> None:
    body = make(
        f'Text.\n\n<iframe width="560" src="{src}" title="A &lt;film&gt;" allowfullscreen></iframe>', engine
    )
    page = VIDEOS[src]
    assert figure(body) == (
        f'<figure class="embed video"><a href="{page}"><img src="\ufdd00\ufdd1" alt="A &lt;film&gt;" '
        f'loading="lazy" decoding="async"></a><figcaption><a href="{page}">A &lt;film&gt;</a></figcaption></figure>'
    )
    assert body.references[0].target == "/images/a.jpg"
    assert [notice.line for notice in body.notices] == [12]


def test_a_video_without_a_title_has_the_title_of_the_post() -> None:
    assert (
        ">The title</a></figcaption>" in make('<iframe src="https://t.example/videos/embed/1"></iframe>').html
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_any_other_frame_becomes_a_link(engine: str) -> None:
    body = make(
        'Text <iframe src="https://maps.example.org/?a=1&amp;b=2" title="A map"></iframe> more', engine
    )
    assert body.html.strip() == (
        '<p>Text </p><p><a href="https://maps.example.org/?a=1&amp;b=2" rel="external noopener">A map</a></p>\n<p> more</p>'
    )
    assert "maps.example.org" in make('<iframe src="https://maps.example.org/x"></iframe>', engine).html
    assert body.notices[0].group == "embeds frozen"


def test_a_frame_that_leads_nowhere_is_removed_and_reported() -> None:
    body = make('<iframe srcdoc="<p>x"></iframe>')
    assert body.html.strip() == ""
    assert [notice.message for notice in body.notices] == ["<iframe> was removed"]


def test_a_mastodon_frame_becomes_a_link_to_the_post() -> None:
    body = make(
        '<iframe src="https://m.example/@E/112/embed" class="mastodon-embed"></iframe>'
        '<script src="https://m.example/embed.js" async="async"></script>'
    )
    assert '<a href="https://m.example/@E/112" rel="external noopener">m.example</a>' in body.html
    assert [notice.group for notice in body.notices] == ["embeds frozen"]


@pytest.mark.parametrize(
    "pasted",
    [
        '<object data="/files/a.pdf">The report</object>',
        '<embed src="/files/a.pdf" title="The report">',
        '<object><param name="movie" value="/files/a.pdf">The report</object>',
    ],
)
def test_objects_become_links(pasted: str) -> None:
    body = make(pasted)
    assert '<p><a href="\ufdd00\ufdd1">The report</a></p>' in body.html
    assert body.references[0].target == "/files/a.pdf"


def test_on_a_click_the_theme_may_load_the_widget() -> None:
    body = make(
        '<iframe src="https://www.youtube.com/embed/abc?a=1&amp;b=2"></iframe>\n\n' + TWEET, embeds="click"
    )
    assert (
        '<figure class="embed video" data-embed="https://www.youtube.com/embed/abc?a=1&amp;b=2">' in body.html
    )
    assert '<figure class="embed" data-embed="https://twitter.com/A1451A/status/16">' in body.html
    assert "<script" not in body.html


def test_an_author_can_not_name_an_address_to_load_by_hand() -> None:
    text = '<figure class="embed" data-embed="https://evil.example/">x</figure>'
    for embeds in ("static", "click", "live"):
        assert "evil" not in make(text, embeds=embeds).html
    assert "evil" not in make("# x {: data-embed=https://evil.example/ }", embeds="click").html


def test_live_keeps_frames_of_https_and_little_more_than_their_address() -> None:
    text = (
        '<iframe src="https://a.example/x" width="5" height="6" title="t" allowfullscreen sandbox="allow-scripts" '
        'name="n" allow="camera" srcdoc="x" onload="x()" style="y"></iframe>\n\n'
        '<iframe src="http://b.example/"></iframe>'
    )
    html = make(text, embeds="live").html
    assert (
        '<iframe src="https://a.example/x" width="5" height="6" title="t" allowfullscreen="" loading="lazy"></iframe>'
        in html
    )
    assert '<p><a href="http://b.example/" rel="external noopener">b.example</a></p>' in html


def test_live_keeps_scripts_only_where_the_owner_trusts_html() -> None:
    assert "<script" not in make(TWEET, embeds="live").html
    assert "widgets.js" in make(TWEET, embeds="live", html="trusted").html
    assert "<script" not in make(TWEET, embeds="static", html="trusted").html
