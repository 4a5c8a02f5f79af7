"""A small site that asks the view about everything, and what `test_incremental` makes of it."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from tests.outputs import PLAIN_THEME, page
from tests.sites import post

_CARDS = """{% for card in cards %}<p>{{ card.title }} {{ url(card) }} {{ card.date and date(card.date) }}
{{ card.description }} {{ card.views }} {{ card.language }}
{{ card.authors|map(attribute="name")|join(", ") }}
{{ card.tags|map(attribute="name")|join(", ") }} {{ card.category and card.category.name }} {{ card.minutes }}
{% if card.image %}{{ picture(card.image) }}{% endif %}</p>
{% endfor %}"""

_BASE = """<!doctype html>
<html lang="{{ page.lang }}"><head><title>{{ page.title }} · {{ site.title }}</title>
{{ page.canonical }} {{ page.alternates }} {{ page.feeds }} {{ page.image }} {{ page.description }}
<link rel="stylesheet" href="{{ asset("style.css") }}"></head><body>
{{ theme.accent }} {{ t("greeting") }}
{% for item in site.nav() %}{{ url(item) }} {{ item.title }} {{ item.current }}
{% endfor %}{{ site.languages() }} {{ site.taxonomies() }}
{% block main %}{% endblock %}</body></html>
"""

_HOME = """{% extends "base.html" %}{% block main %}
{% set cards = site.recent(4) %}{% include "_cards.html" %}
{% set cards = site.group("featured", 2) %}{% include "_cards.html" %}
{% set cards = site.most_read(3) %}{% include "_cards.html" %}
{% for term in site.terms("tags", 3) %}{{ term.name }} {{ term.count }}{% endfor %}
{% for year in site.years() %}{{ year.year }} {{ number(year.count) }}{% endfor %}
{% for section in site.sections() %}{{ section.title }} {{ section.count }}{% endfor %}{% endblock %}"""

_POST = """{% extends "base.html" %}{% block main %}<article data-pagefind-body>
<h1 data-pagefind-meta="title">{{ post.title }}</h1>
{% set cards = [post] %}{% include "_cards.html" %}
{{ post.terms }} {{ post.spellings }} {{ post.translations }}
{{ post.extra }} {{ post.headings }} {{ post.source_url }} {{ page.jsonld }}
{{ page.head }} {{ page.trail }} {{ post.bylines }}
{% block body %}{{ post.content|safe }}{% endblock %}</article>
{% set cards = [post.newer, post.older]|select|list %}{% include "_cards.html" %}
{% set cards = post.related %}{% include "_cards.html" %}{% endblock %}"""

_LISTING = """{% extends "base.html" %}{% block main %}
{% if term is defined %}{{ term.name }} {{ term.names }} {{ term.years }}
{{ term.neighbours }} {{ term.role }}
{{ term.description }} {{ term.extra }} {{ term.links }}
{% if term.image %}{{ picture(term.image) }}{% endif %}{{ term.content|safe }}{% endif %}
{% if section is defined %}{{ section.title }} {{ section.content|safe }}{% endif %}
{% set cards = listing.cards %}{% include "_cards.html" %}
{{ listing }}{% endblock %}"""

_PARENT = {
    **{path.replace("plain", "asking"): text for path, text in PLAIN_THEME.items() if path != "sitegen.toml"},
    "themes/asking/theme.toml": 'extends = "chronicle"\n',
    "themes/asking/i18n/en.toml": 'greeting = "Welcome"\n',
    "themes/asking/i18n/ru.toml": 'greeting = "Добро пожаловать"\n',
    "themes/asking/static/style.css": "p { color: black }\n",
    "themes/asking/templates/_cards.html": _CARDS,
    "themes/asking/templates/base.html": _BASE,
    "themes/asking/templates/home.html": _HOME,
    "themes/asking/templates/post.html": _POST,
    "themes/asking/templates/page.html": _POST,
    **{f"themes/asking/templates/{name}.html": _LISTING for name in ("section", "term", "month")},
    "themes/asking/templates/taxonomy.html": (
        '{% extends "base.html" %}{% block main %}{% for term in terms %}{{ term }}{% endfor %}{% endblock %}'
    ),
    "themes/asking/templates/archive.html": (
        '{% extends "base.html" %}{% block main %}{{ years }}{% endblock %}'
    ),
    "themes/asking/templates/year.html": (
        '{% extends "base.html" %}{% block main %}{% for month, cards in months %}{{ month }}'
        '{% include "_cards.html" %}{% endfor %}{% endblock %}'
    ),
    "themes/asking/templates/search.html": (
        '{% extends "base.html" %}{% block main %}{{ facets }}{% endblock %}'
    ),
}

CHILD = "themes/child/templates/"


def svg(width: int, height: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'.encode()


def png(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("1", (width, height)).save(data, "PNG")
    return data.getvalue()


#: What the machine begins with.
SITE: Mapping[str, str | bytes] = {
    **_PARENT,
    "themes/child/theme.toml": 'extends = "asking"\n',
    f"{CHILD}404.html": '{% extends "base.html" %}{% block main %}{{ t("greeting") }}{% endblock %}',
    "content/posts/exile.md": post(
        "Exile",
        "2020-05-01",
        "See [the return](return.md) and [nothing](gone.md).\n\n![A map](../images/map.svg)\n",
        tags="[Kalmyks, 1943]",
        author="Anna",
        group="Featured",
        image="/images/map.svg",
    ),
    "content/posts/return.md": post("Return", "2020-05-01", tags="[Kalmyks]", views="7"),
    "content/posts/ru/exile.md": post("Изгнание", "2020-05-02", "[Назад](../exile.md)", tags="[Калмыки]"),
    "content/docs/guide.md": page("Guide", "## One\n\n[Exile](../posts/exile.md#a)\n\n## Two\n\n## Three\n"),
    "content/pages/about.md": page("About"),
    "content/people/anna.md": "---\nname: Anna A.\naliases: [Anna]\n---\nShe writes.\n",
    "content/tags/kalmyks.ru.md": "---\nname: Калмыки\naliases: [Kalmyks]\n---\n",
    "content/images/map.svg": svg(40, 30),
    "content/images/face.png": png(40, 30),
}

#: For each setting the texts that it may have; the first is what the machine begins with, "" leaves it out.
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "title": ('"Archive"', '"The other archive"'),
    "description": ("", '"What it holds"'),
    "author": ("", '"The Desk"'),
    "base_url": ('"https://example.org/"', '"https://example.org/deep/"', ""),
    "timezone": ("", '"Asia/Almaty"'),
    "page_size": ("2", "1", "3", "20"),
    "links": ("", '"files"'),
    "theme.name": ('"child"', '"asking"', '"chronicle"', '"nowhere"'),
    "theme.accent": ("", '"#123456"', "3"),
    "markdown.engine": ('"commonmark"', '"python-markdown"'),
    "markdown.html": ("", '"trusted"'),
    "markdown.embeds": ("", '"live"'),
    "search.facets": ("", '["tag"]', '["year", "author"]'),
    "search.enabled": ("", "false"),
    "nav.items": (
        "",
        '[{ title = "Home", url = "/" }, { title = "Posts", url = "/posts/", lang = "ru" }]',
    ),
    "languages.en.name": ('"English"', '"In English"'),
    "languages.ru.name": ('"Русский"',),
    "languages.ru.title": ("", '"Архив"'),
    "languages.ru.description": ("", '"Что в нём"'),
    "languages.ru.missing_translations": ("", '"hide"'),
    "languages.uk.name": ("", '"Українська"'),
    "sections.docs.dated": ("", "true"),
    "sections.docs.feed": ("", "true"),
    "sections.docs.search": ("", "false"),
    "sections.docs.template": ("", '"post.html"', '"other.html"'),
    "sections.posts.permalink": ("", '"/{section}/{year}/{slug}/"', '"/{slug}/"'),
    "sections.posts.nav": ("", "false"),
    "taxonomies.places.field": ("", '"place"', '"tags"'),
    "taxonomies.tags.feed": ("", "false"),
}

#: For each key of a post the texts that it may have; "" leaves it out.
KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("Exile", "Return", "Steppe & <sea>", '"Quoted: title"', ""),
    "date": (
        *("2020-05-01", "2020-05-02", "2019-12-31T23:30:00-05:00", "2021-02-03 04:05:06"),
        *("2026-06-01", "soon", ""),
    ),
    "updated": ("", "2022-02-02"),
    "tags": ("", "[Kalmyks]", "[kalmyks, 1943]", "[Калмыки, Steppe]", "[Steppe, steppe!, Sea]", "Sea, 1943"),
    "author": ("", "Anna", "Boris", "[Anna A., Boris]", "Анна"),
    "category": ("", "History", "Letters"),
    "group": ("", "Featured"),
    "place": ("", "Elista", "[Elista, Moscow]"),
    "views": ("", "7", "70", "700"),
    "slug": ("", "exile", "other", "../out"),
    "permalink": ("", "/deep/place/", "/posts/"),
    "aliases": ("", "[/old/]", "[/old/, /older/page/]", "[/tags/]", "[/posts/return/]"),
    "description": ("", "In short.", "At length."),
    "image": (
        "",
        "/images/map.svg",
        "/images/face.png",
        "here.svg",
        "/images/none.png",
        "https://e.org/x.png",
    ),
    "lang": ("", "en", "ru", "xx"),
    "translation_key": ("", "exile", "return"),
    "draft": ("", "true"),
    "source_url": ("", "https://example.net/first"),
    "mood": ("", "calm", "{deep: [1, 2.5, null]}"),
}

#: What a body may be made of.
PARAGRAPHS = (
    "Text.",
    "Some more words that are not short, and [bare](https://example.com/).",
    "## A part\n\nWith *words*.",
    "See [exile](exile.md), [return](return.md#a-part), [below](../posts/exile.md), [gone](gone.md).",
    "See [here](/posts/exile/), [tags](/tags/kalmyks/), [year](/archive/2020/), [old](/old/).",
    "And [the guide](/docs/guide/).",
    "![A map](/images/map.svg) ![A face](../images/face.png) ![Here](here.svg) ![Gone](/images/none.png)",
    '<img src="/images/map.svg" width="10"> <b onclick="x()">raw</b> {{ site.title }}',
    "A note.[^1]\n\n[^1]: Below.",
    "- one\n- two\n    - three",
    '<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa"></iframe>',
)

#: Where posts may lie.
PLACES = (
    *(
        "posts/exile.md",
        "posts/return.md",
        "posts/ru/exile.md",
        "posts/return.ru.md",
        "posts/2021-06-07-dated.md",
    ),
    *("posts/deep/one.md", "posts/deep/two/index.md", "posts/uk/exile.md", "posts/steppe.md", "posts/sea.md"),
    *("docs/guide.md", "docs/ru/guide.md", "docs/more.md", "pages/about.md", "pages/contact.ru.md", "top.md"),
)

PROFILES = (
    *("people/anna.md", "people/anna.ru.md", "people/ru/boris.md", "people/anna.uk.md", "tags/kalmyks.md"),
    *("tags/kalmyks.ru.md", "tags/steppe.uk.md", "categories/history.md", "groups/featured.md"),
)

PROFILE_TEXTS = (
    "---\nname: Anna A.\naliases: [Anna, Анна]\nrole: Editor\nimage: /images/face.png\n---\nShe writes.\n",
    "---\nname: Анна А.\norder: 1\n---\n[Изгнание](../posts/exile.md)\n",
    "---\nname: Kalmyks\naliases: [Калмыки]\nlinks: [https://example.com/]\n---\n",
    "---\nname: Калмики\n---\n![map](/images/map.svg)\n",
    "---\nname: Steppe\ndescription: Grass\nmood: calm\n---\n",
    "---\nrole: nobody\n---\n",
)

INDEXES = (
    "posts/_index.md",
    "posts/_index.ru.md",
    "docs/_index.md",
    "posts/deep/_index.md",
    "pages/_index.md",
)

INDEX_TEXTS = (
    "---\ntitle: All posts\n---\nWhat [they](exile.md) are.\n",
    "---\ntitle: Other\ndescription: Said shortly\n---\n",
    "No front matter.\n",
)

IMAGES = ("images/map.svg", "images/face.png", "posts/here.svg", "images/none.png", "posts/deep/here.svg")

#: Pictures of other sizes, most of them of as many bytes.
SIZES = ((40, 30), (30, 40), (10, 10), (8, 3))

FILES = ("files/table.csv", "files/x", "files/x/y.txt", "robots.txt", "404.html", "tags/notes.txt")

_BODY = '{% extends "asking/post.html" %}{% block body %}'

_MAIN = '{% extends "base.html" %}{% block main %}'

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "404.html": (
        '{% extends "base.html" %}',
        _MAIN + "{{ site.recent(1) }}{% endblock %}",
    ),
    "_cards.html": ("{% for card in cards %}{{ card.title }}{% endfor %}", "{{ cards|length }}"),
    "_part.html": ("a part\n", "another part {{ site.title }}\n", "{{ site.most_read(1) }}"),
    "post.html": (
        _BODY + '{% include "_part.html" %}{% endblock %}',
        _BODY + '{% include "_part.html" ignore missing %}{% endblock %}',
        _BODY + '{% set name = "_pa" ~ "rt.html" %}{% include name ignore missing %}{% endblock %}',
        '{% extends "asking/post.html" %}{% from "_macro.html" import shown %}'
        "{% block body %}{{ shown(post.title) }}{% endblock %}",
        _BODY + "{{ post.nothing }}{% endblock %}",
        _BODY + "{{ post.extra.mood }}{% endblock %}",
        "{% if %}",
    ),
    "_macro.html": (
        "{% macro shown(x) %}<i>{{ x }}</i>{% endmacro %}",
        "{% macro shown(x) %}{{ x }}{% endmacro %}",
    ),
    "term.html": (_MAIN + '{{ term.name }}{{ site.terms("tags")|length }}{% endblock %}',),
    "page.html": ('{% extends "chronicle/post.html" %}', '{% extends "chronicle/page.html" %}'),
    "home.html": (
        _MAIN + '{{ site.recent(2)|map(attribute="title")|list }}{% endblock %}',
        '{% extends "chronicle/home.html" %}',
    ),
}

OTHER_THEME_FILES: Mapping[str, tuple[str, ...]] = {
    "themes/child/theme.toml": (
        'extends = "asking"\n',
        'extends = "asking"\n[settings]\naccent = "#000000"\n',
    ),
    "themes/child/static/style.css": ("p { color: red }\n", "p { color: tan }\n"),
    "themes/child/static/more.js": ("1\n", "2\n"),
    "themes/child/i18n/en.toml": ('greeting = "Hello"\n', 'greeting = "Hi, {n}"\n', "greeting = 1\n"),
    "themes/child/i18n/ru.toml": ('greeting = "Привет"\nsection_posts = "Статьи"\n',),
    "themes/asking/templates/base.html": (_BASE, _BASE.replace("<body>", "<body class='x'>")),
    "themes/asking/templates/_part.html": ("the parent's part\n",),
    "themes/asking/i18n/uk.toml": ('greeting = "Вітаємо"\n',),
}
