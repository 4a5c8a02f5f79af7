"""Links and pictures: those inside the site become references, the others are marked."""

import pytest

from sitegen.config import Markdown
from sitegen.markup.references import resolve
from sitegen.model import Body, Reference
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]


def make(text: str, engine: str = "python-markdown", html: str = "sanitized") -> Body:
    return render(text, Markdown(engine=engine, html=html), first_line=5)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("../docs/y.md#part", "../docs/y.md#part"),
        ("/tags/x/", "/tags/x/"),
        ("y.md", "y.md"),
        ("/files/timeline.csv", "/files/timeline.csv"),
        ("/%D0%B8%D0%B7/%20a.md", "/из/ a.md"),
        ("/посты/изгнание/", "/посты/изгнание/"),
        ("?q=1", "?q=1"),
        ("a/b:c.md", "a/b:c.md"),
    ],
)
def test_a_link_inside_the_site_is_a_reference(written: str, target: str, engine: str) -> None:
    body = make(f"one\n\n[x]({written})", engine)
    assert body.html.strip() == '<p>one</p>\n<p><a href="\ufdd00\ufdd1">x</a></p>'
    assert body.references == (Reference(kind="link", target=target, line=7),)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_line_is_that_of_the_same_use_of_an_address(engine: str) -> None:
    body = make("[a](/x/)\n[b](/x/y/)\n\n[c](/x/) and ![i](/x/y/)\n\n<a href='/x/'>d</a>", engine)
    assert [(r.target, r.line) for r in body.references] == [
        ("/x/", 5),
        ("/x/y/", 6),
        ("/x/", 8),
        ("/x/", 10),
        ("/x/y/", 8),
    ]


def test_a_reference_that_can_not_be_found_has_the_first_line() -> None:
    body = render("![](&#97;.jpg)", Markdown(), first_line=9)
    assert body.references == (Reference(kind="image", target="a.jpg", line=9),)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_to_a_part_of_the_page_stays_and_is_recorded(engine: str) -> None:
    body = make("[x](#источники)", engine)
    assert resolve(body.html, str) == body.html
    assert [r.target for r in body.references] == ["#источники"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("address", ["https://example.org/a?b=1&amp;c=2", "http://example.org/"])
def test_a_link_out_of_the_site_says_so(address: str, engine: str) -> None:
    assert f'<a href="{address}" rel="external noopener">x</a>' in make(f"[x]({address})", engine).html


@pytest.mark.parametrize("address", ["//example.org/a", "/\\example.org/a", "\\\\example.org/a"])
def test_an_address_with_a_host_and_no_scheme_leads_out_of_the_site(address: str) -> None:
    assert (
        '<a href="https://example.org/a" rel="external noopener">' in make(f"<a href='{address}'>x</a>").html
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("address", ["mailto:a@example.org", "tel:+123"])
def test_mail_and_telephone_links_stay(address: str, engine: str) -> None:
    assert f'<a href="{address}">x</a>' in make(f"[x]({address})", engine).html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "address", ["ftp://a.example/", "javascript:x()", "JAVASCRIPT%3ax()", "data:,x", "c:/x"]
)
def test_any_other_scheme_is_removed_and_reported(address: str, engine: str) -> None:
    body = make(f"one\n\n[x]({address})", engine)
    assert "<a>x</a>" in body.html
    assert [(n.line, n.group) for n in body.notices] == [(7, "addresses removed")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bare_address_becomes_a_link_without_the_punctuation_around_it(engine: str) -> None:
    body = make(
        "See (https://example.org/a_(b)_c), http://x.example/y_z/. And `https://code.example/`.", engine
    )
    assert (
        '(<a href="https://example.org/a_(b)_c" rel="external noopener">https://example.org/a_(b)_c</a>), '
        '<a href="http://x.example/y_z/" rel="external noopener">http://x.example/y_z/</a>. '
        "And <code>https://code.example/</code>."
    ) in body.html


def test_an_address_with_emphasis_in_it_is_linked_whole_or_not_at_all() -> None:
    assert '<a href="http://x.example/_y_/z"' in make("http://x.example/_y_/z").html
    assert "<a" not in make("http://x.example/_y_/z", "commonmark").html


@pytest.mark.parametrize("engine", ENGINES)
def test_the_text_of_a_link_is_not_linked_again(engine: str) -> None:
    html = make('[https://a.example/](/x/) <a href="/y/">https://b.example/</a>', engine).html
    assert html.count("<a ") == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_pictures_of_the_site_are_references_and_lazy(engine: str) -> None:
    body = make("![Text](../a%20b.jpg)", engine)
    assert body.references == (Reference(kind="image", target="../a b.jpg", line=5),)
    assert 'src="\ufdd00\ufdd1"' in body.html
    assert 'loading="lazy" decoding="async"' in body.html
    assert 'alt="Text"' in body.html


@pytest.mark.parametrize("engine", ENGINES)
def test_pictures_of_other_sites_do_not_hear_of_the_reader(engine: str) -> None:
    html = make("![x](https://example.org/a.jpg)", engine).html
    assert 'src="https://example.org/a.jpg"' in html
    assert 'referrerpolicy="no-referrer" loading="lazy"' in html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("src", ["data:image/png;base64,AAAA", "javascript:x()", "file:///etc/passwd", ""])
def test_a_picture_without_a_usable_address_leaves_its_words_and_a_notice(src: str, engine: str) -> None:
    body = make(f'one\n\n<img src="{src}" alt="The words">', engine)
    assert "<img" not in body.html
    assert "The words" in body.html
    assert [n.line for n in body.notices] == [7]


def test_a_picture_with_a_size_of_its_own_can_be_told() -> None:
    body = make('<img src="a.jpg" width="100px" srcset="https://evil.example/b.jpg 2x"> ![](b.jpg)')
    assert [(r.target, r.sized) for r in body.references] == [("a.jpg", True), ("b.jpg", False)]
    assert 'width="100"' in body.html
    assert "evil" not in body.html
    assert body.notices == ()


def test_what_resolves_a_picture_may_add_attributes() -> None:
    body = make("![x](a.jpg) [y](b.md)")
    addresses = ['../../a.jpg" width="800" height="600', "../b/"]
    html = resolve(
        body.html, lambda index: addresses[index if body.references[0].kind == "image" else 1 - index]
    )
    assert 'src="../../a.jpg" width="800" height="600"' in html
    assert '<a href="../b/">y</a>' in html


@pytest.mark.parametrize("html", ["sanitized", "trusted"])
@pytest.mark.parametrize("engine", ENGINES)
def test_no_text_can_imitate_a_marker(engine: str, html: str) -> None:
    forged = "\ufdd00\ufdd1 &#xFDD0;0&#XFDD1; &#64976;0&#64977 `&#xFDD0;0&#xFDD1;`"
    forged += "<b title='&#xfdd0;0&#xfdd1;'>x</b>"
    body = make(f"[a](/x/) {forged} &#xFD\ufdd0D0;0 &#xFD&#xFDD0;D0;0", engine, html)
    assert body.html.count("\ufdd0") == 1
    assert resolve(body.html, lambda index: f"<{index}>").count("<0>") == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_videos_of_the_site_are_played_in_place(engine: str) -> None:
    body = make('<video src="/v/a.mp4" poster="/v/a.jpg" autoplay></video>', engine)
    assert '<video src="\ufdd00\ufdd1" poster="\ufdd01\ufdd1" controls=""></video>' in body.html
    assert [(r.kind, r.target) for r in body.references] == [("link", "/v/a.mp4"), ("link", "/v/a.jpg")]
    assert [n.message for n in body.notices] == ["the attribute autoplay was removed"]


def test_subtitles_and_sources_of_the_site_stay_with_their_video() -> None:
    body = make('<video><source src="a.webm" type="video/webm"><track src="a.vtt" kind="captions"></video>')
    assert (
        '<source src="\ufdd00\ufdd1" type="video/webm"><track src="\ufdd01\ufdd1" kind="captions">'
        in body.html
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_sound_of_another_site_becomes_a_link(engine: str) -> None:
    body = make('<audio controls><source src="https://example.org/a.mp3"></audio>', engine)
    assert '<p><a href="https://example.org/a.mp3" rel="external noopener">example.org</a></p>' in body.html
    assert [n.group for n in body.notices] == ["embeds frozen"]
