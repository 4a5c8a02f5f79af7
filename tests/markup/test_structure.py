"""Headings, ids, code, tables, footnotes, tasks: the same shape from both engines."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from sitegen.config import Markdown
from sitegen.model import Body, Heading
from tests.markup.bodies import render

ENGINES = ["python-markdown", "commonmark"]


def make(text: str, engine: str = "python-markdown", html: str = "sanitized") -> Body:
    return render(text, Markdown(engine=engine, html=html))  # type: ignore[arg-type]


def text_of(selector: str, html: str) -> str:
    node = LexborHTMLParser(html).css_first(selector)
    assert node is not None, html
    return node.text()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("title", "identifier"),
    [
        ("Источники", "источники"),
        ("A  *b* `c` & D!", "a-b-c-d"),
        ("हिन्दी में", "हिन्दी-में"),
        ("العربية", "العربية"),
        ("1. Point_one - two", "1-point_one---two"),
        ("!!!", "section"),
    ],
)
def test_a_heading_has_an_id_made_of_its_letters(title: str, identifier: str, engine: str) -> None:
    assert make(f"## {title}", engine).ids == (identifier,)


@pytest.mark.parametrize("engine", ENGINES)
def test_ids_are_unique_and_those_of_the_author_are_kept(engine: str) -> None:
    body = make('## A\n\n## A\n\n## A-1\n\n## B {#a}\n\n<p id="a-2">x</p>', engine)
    assert body.ids == ("a-1", "a-3", "a-1-1", "a", "a-2")


def test_an_id_that_is_there_twice_is_reported() -> None:
    body = make('<p id="x">1</p><p id="x">2</p>')
    assert body.ids == ("x",)
    assert [n.group for n in body.notices] == ["HTML removed"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text", ['<p id="_main">x</p>', "## \\_main", "## x {#_main}", '<a name="_main">x</a>']
)
def test_the_ids_of_the_theme_can_not_be_taken(text: str, engine: str) -> None:
    assert make(text, engine).ids == ("post_main",)


@pytest.mark.parametrize("engine", ENGINES)
def test_links_follow_an_id_that_had_to_be_renamed(engine: str) -> None:
    body = make('[1](#_ftn1)\n\n<a name="_ftn1"></a>Note', engine)
    assert body.ids == ("post_ftn1",)
    assert '<a href="#post_ftn1">1</a>' in body.html
    assert [r.target for r in body.references] == ["#post_ftn1"]


def test_names_of_old_anchors_become_ids_and_no_other_name_passes() -> None:
    body = make('<a name="old">x</a><img src="a.jpg" name="body">')
    assert body.ids == ("old",)
    assert "name=" not in body.html


@pytest.mark.parametrize("engine", ENGINES)
def test_headings_step_down_together_if_there_is_an_h1(engine: str) -> None:
    assert make("# A\n\n## B\n\n###### C", engine).headings == (
        Heading(level=2, id="a", text="A"),
        Heading(level=3, id="b", text="B"),
    )
    assert make("## B\n\n#### D", engine).headings == (Heading(level=2, id="b", text="B"),)
    assert '<h3 id="b">B</h3>\n<h6 id="c">C</h6>' in make("# A\n\n## B\n\n###### C", engine).html


@pytest.mark.parametrize("engine", ENGINES)
def test_a_heading_in_the_contents_has_no_footnote_mark_and_no_tags(engine: str) -> None:
    body = make("## A *b* &amp; c[^1]\n\n[^1]: note", engine)
    assert body.headings == (Heading(level=2, id="a-b-c", text="A b & c"),)


@pytest.mark.parametrize("engine", ENGINES)
def test_code_with_a_language_is_coloured_with_classes(engine: str) -> None:
    html = make("```python\nif a < 1: # x\n```", engine).html
    assert html.startswith(
        '<div class="highlight"><pre><code class="language-python"><span class="k">if</span>'
    )
    assert "style=" not in html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("language", ["nonsense", "", "text"])
def test_code_without_a_known_language_is_plain(language: str, engine: str) -> None:
    html = make(f"```{language}\n<b> & {{{{ x }}}}\n```", engine).html
    assert "&lt;b&gt; &amp; {{ x }}\n</code></pre>" in html
    assert "<span" not in html


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("code", ["\n\n  x = 1\n\n\ny\n", "x\n", "\ta\n"])
def test_colouring_keeps_the_text(code: str, engine: str) -> None:
    html = make(f"```python\n{code}```", engine).html
    assert text_of("code", html).expandtabs(4) == code.expandtabs(4)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "- a\n\n  ```js\n  if (x) {\n\n    y\n  }\n  ```\n\n- b",
        "> ```js\n> if (x) {\n>\n>   y\n> }\n> ```\n\nb",
    ],
)
def test_fences_work_in_lists_and_quotes(text: str, engine: str) -> None:
    assert text_of("li code, blockquote code", make(text, engine).html) == "if (x) {\n\n  y\n}\n"


def test_a_fence_in_an_indented_block_is_its_text() -> None:
    assert "<code>```\nx\n```\n</code>" in make("a\n\n    ```\n    x\n    ```\n\nb").html


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_can_scroll_and_keep_their_alignment(engine: str) -> None:
    html = make("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |", engine).html
    assert html.startswith('<div class="table" tabindex="0"><table>')
    assert '<td class="left">1</td>' in html
    assert '<td class="center">2</td>' in html
    assert '<td class="right">3</td>' in html
    assert "style" not in html


def test_the_alignment_of_raw_html_is_kept_and_other_styles_are_reported() -> None:
    body = make(
        '<p align="center">a</p><p class="x" style="text-align: right">b</p><p style="color:red">c</p>'
    )
    assert body.html.replace("\n", "") == '<p class="center">a</p><p class="x right">b</p><p>c</p>'
    assert [n.message for n in body.notices] == ["the attribute style was removed"]


def test_a_table_in_a_table_is_not_wrapped_again() -> None:
    assert make("<table><tr><td><table><tr><td>x</table></table>").html.count('class="table"') == 1


FOOTNOTES = "One[^b] two[^a] three[^b].\n\n[^a]: First\n[^b]: Second *x*\n"


def test_footnotes_of_commonmark_are_gathered_at_the_end() -> None:
    assert make(FOOTNOTES, "commonmark").html == (
        '<p>One<sup id="fnref:b"><a class="footnote-ref" href="#fn:b">1</a></sup> '
        'two<sup id="fnref:a"><a class="footnote-ref" href="#fn:a">2</a></sup> '
        'three<sup id="fnref2:b"><a class="footnote-ref" href="#fn:b">1</a></sup>.</p>\n'
        '<div class="footnote">\n<hr>\n<ol>\n'
        '<li id="fn:b">\n<p>Second <em>x</em>&nbsp;<a class="footnote-backref" href="#fnref:b">↩</a>&nbsp;'
        '<a class="footnote-backref" href="#fnref2:b">↩</a></p>\n</li>\n'
        '<li id="fn:a">\n<p>First&nbsp;<a class="footnote-backref" href="#fnref:a">↩</a></p>\n</li>\n'
        "</ol>\n</div>\n"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_footnotes_are_numbered_in_the_order_of_their_use(engine: str) -> None:
    html = make(FOOTNOTES, engine).html
    assert re.findall(r'href="#fn:(\w)">(\d)<', html) == [("b", "1"), ("a", "2"), ("b", "1")]
    assert re.findall(r'<li id="fn:(\w)">', html) == ["b", "a"]


def test_markdown_in_html_is_read_where_it_is_asked_for() -> None:
    body = make('<div markdown="1" class="x">\n\n*a*\n\n- b\n\n</div>\n\n<div>\n*c*\n</div>')
    assert body.html == (
        '<div class="x">\n<p><em>a</em></p>\n<ul>\n<li>b</li>\n</ul>\n</div>\n<div>\n*c*\n</div>'
    )
    assert not body.notices


def test_no_word_is_lost_in_blocks_that_are_never_closed() -> None:
    html = make('<div markdown="1">\n<div markdown="1">\n*a*\n\nb\n').html
    assert html == "<div>\n<div>\n<p><em>a</em></p>\n<p>b</p>\n</div>\n</div>"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_footnote_link_leads_to_an_id(engine: str) -> None:
    body = make(FOOTNOTES, engine)
    links = re.findall(r'href="#([^"]+)"', body.html)
    assert len(links) == 6
    assert set(links) <= set(body.ids)
    assert body.references == ()
    assert "title=" not in body.html


@pytest.mark.parametrize("engine", ENGINES)
def test_the_name_of_a_footnote_is_no_id_of_a_heading(engine: str) -> None:
    body = make("## Note\n\na[^note]\n\n[^note]: x", engine)
    assert body.ids.count("note") == 1
    assert len(set(body.ids)) == len(body.ids)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_words_of_a_task_are_the_label_of_its_box(engine: str) -> None:
    html = make("- [x] do *this*\n- [ ] or\n    - [ ] that", engine).html
    boxes = html.replace("\n", " ").replace(' disabled=""', "").replace(' checked=""', "")
    assert boxes.count("<label><input") == 3
    assert "do <em>this</em></label></li>" in boxes


@pytest.mark.parametrize("engine", ENGINES)
def test_strikethrough_and_template_braces(engine: str) -> None:
    html = make("~~gone~~ {{ x }} {% y %} {{< z >}} **b**{{ v }}\n\n## T {% y %}\n\na {remark}", engine).html
    assert "<del>gone</del> {{ x }} {% y %} {{&lt; z &gt;}} <strong>b</strong>{{ v }}</p>" in html
    assert ">T {% y %}</h2>" in html
    assert "a {remark}" in html


@pytest.mark.parametrize("engine", ENGINES)
def test_raw_html_of_writers_stays(engine: str) -> None:
    text = (
        '<details open><summary>S</summary><p lang="ar" dir="rtl">x <abbr title="t">a</abbr> '
        '<ruby>r<rt>t</rt></ruby> <bdi>b</bdi> <time datetime="2020-01-01">d</time> <mark>m</mark> '
        "<kbd>k</kbd></p></details>"
    )
    body = make(text, engine)
    assert text.replace("<details open>", '<details open="">') in body.html
    assert body.notices == ()
