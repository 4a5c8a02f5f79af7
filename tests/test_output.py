"""The built output as others meet it: every link leads somewhere, nothing in it acts, its proof holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tests.crawl import dead_ends
from tests.outputs import counts, page, tree
from tests.sites import make_site, post, run

BASE_URL = "https://archive.example/"


def quoted(value: object) -> str:
    """A text or list as YAML reads it back unchanged."""
    return json.dumps(value, ensure_ascii=False)


# --- every link leads somewhere ----------------------------------------------------------------------

#: Names that break careless slugs, hrefs and paths.
NASTY_TERMS = (
    *("<b>", "Калмыки", "القلميق", "🦌", "100%", "%2e%2e", "50%25", "a/b", "../up", "C#", "What?", "a&b"),
    *(
        "index",
        "feed",
        "page",
        "feed.xml",
        'quo"te',
        "it's",
        "ÄÖ ß",
        "日本",
        "🏳️‍🌈",
        ".",
        "..",
        "con",
        "a\u00a0b",
    ),
)

NASTY_SITE: dict[str, str | bytes] = {
    "sitegen.toml": f'base_url = "{BASE_URL}sub/"\nlanguage = "en"\npage_size = 2\n'
    '[languages.en]\n[languages.ru]\nname = "Русский"\n[languages.ar]\nname = "العربية"\n',
    **{
        f"content/posts/{place}/{name}.md": post(
            quoted(f"Title {name}"),
            f"20{10 + number}-{number + 1:02}-01",
            "# One & two\n\n## Ещё — раз\n\n[^1] [down](#one-two) [pic](pic%20%25.svg)\n\n[^1]: Note.\n\n"
            "![a picture](pic%20%25.svg) "
            "[post](%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F.md) [tag](/tags/kalmyki/)",
            tags=quoted(NASTY_TERMS[number : number + 12]),
            author=quoted([f"Autor {number}", "Иван Ильич"]),
            category=quoted(NASTY_TERMS[number]),
            group="Featured",
            image=quoted("pic %.svg"),
        )
        for number, (place, name) in enumerate(
            (place, name)
            for place in ("a b", "100%")
            for name in ("статья", "UPPER Case", "what? #1", "مقال", "emoji 🦌", "per%41cent")
        )
    },
    "content/posts/ru/перевод.md": post("Перевод", tags="[Калмыки]", translation_key="x"),
    "content/posts/перевод2.md": post("Translation", tags="[Калмыки]", translation_key="x"),
    "content/pages/ar/about.md": page("حول"),
    "content/pages/about.md": page("About", '[part](#end)\n\n<a id="end"></a>End'),
    "content/docs/guide.md": page("Guide", "[up](../pages/about.md#end)"),
    "content/people/иван ильич.md": "---\nname: Иван Ильич\nimage: /me.svg\n---\n[post](../pages/about.md)\n",
    "content/me.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    **{
        f"content/posts/{place}/pic %.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"/>'
        for place in ("a b", "100%")
    },
}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = make_site(tmp_path_factory.mktemp("nasty"), NASTY_SITE)
    done = run(site, "build", "--json")
    assert done.status == 0, done.out
    assert [one for one in done.json["warnings"] if "leads" in one["message"]] == []
    return site / "output"


def test_every_link_of_the_sample_archive_leads_somewhere(archive: Path) -> None:
    assert dead_ends(tree(archive), BASE_URL) == []


def test_every_link_of_a_nasty_site_leads_somewhere(nasty: Path) -> None:
    assert dead_ends(tree(nasty), BASE_URL + "sub/") == []


def test_the_crawl_sees_what_leads_nowhere() -> None:
    here = b'<a href="x/">1</a><a href="#p">2</a><img src="../up.png"><a href="javascript:1">3</a><p id="q">'
    assert dead_ends({"index.html": here + b'<a href="#q">'}) == [
        "index.html: 'x/' leads to no file (x/index.html)",
        "index.html: '#p' leads to no part of its page",
        "index.html: '../up.png' climbs out of the site",
        "index.html: 'javascript:1' has the scheme 'javascript'",
    ]


def test_every_address_of_feeds_and_sitemap_leads_to_a_page(nasty: Path) -> None:
    files = tree(nasty)
    home = BASE_URL + "sub/"
    named: set[str] = set()
    for path, data in files.items():
        if path.endswith((".xml", "feed.json")):
            found = re.findall(rf'{re.escape(home)}[^"<>\\\s]*', data.decode())
            assert found, path
            named.update(address.split("&quot;")[0] for address in found)
    links = "".join(f'<a href="{address}">' for address in named)
    assert dead_ends({**files, "here.html": links.encode()}, home) == []


def test_links_written_as_files_lead_somewhere_too(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {**NASTY_SITE, "sitegen.toml": f'links = "files"\n{NASTY_SITE["sitegen.toml"]!s}'}
    )
    counts(site)
    files = tree(site / "output")
    assert dead_ends(files, BASE_URL + "sub/") == []


WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\u2028\u2029"
    ),
    min_size=1,
    max_size=12,
).filter(str.strip)


# Each example is a whole build, so that shrinking one would take minutes.
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    titles=st.lists(WORDS, min_size=1, max_size=4),
    tags=st.lists(WORDS, max_size=5),
    category=WORDS,
)
def test_whatever_names_say_every_link_leads_somewhere(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], tags: list[str], category: str
) -> None:
    site = make_site(
        tmp_path_factory.mktemp("site"),
        {
            "sitegen.toml": f'base_url = "{BASE_URL}"\npage_size = 1\n',
            **{
                f"content/posts/{number}.md": post(
                    quoted(title),
                    f"2020-01-0{number + 1}",
                    f"# {title}\n\n## {title}",
                    tags=quoted(tags),
                    category=quoted(category),
                    author=quoted(title),
                )
                for number, title in enumerate(titles)
            },
        },
    )
    counts(site)
    files = tree(site / "output")
    assert dead_ends(files, BASE_URL) == []
    assert list(acting(files)) == []
    for path, data in files.items():
        if path.endswith(".xml"):
            ElementTree.fromstring(data)


# --- nothing acts ------------------------------------------------------------------------------------

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"

EVIL_BODY = """\
# Heading <img src=x onerror=alert(1)> </script><script>alert(1)</script>

<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<img src="x" onerror="alert(1)"> <svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<iframe srcdoc="<script>alert(1)</script>"></iframe> <base href="https://evil.example/">
<form action="https://evil.example/"><input><button formaction="javascript:alert(1)">x</button></form>
<meta http-equiv="refresh" content="0; url=javascript:alert(1)"> <style>*{display:none}</style>
<object data="x.swf"></object><embed src="x.swf"> <a href="vbscript:x" ping="https://evil.example/">x</a>

[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](java&#9;script:alert(1)) [d](&#106;avascript:alert(1))
[e](data:text/html,<script>alert(1)</script>) ![f](javascript:alert(1)) <javascript:alert(1)>
[g](x "\\" onmouseover=alert(1)") [h]( javascript:alert(1)) [i](\x01javascript:alert(1))

[j]: javascript:alert(1)
[j] ]]> </content> &lt;script&gt;alert(1)&lt;/script&gt;

```"><script>alert(1)</script>
</code></pre><script>alert(1)</script>
```
"""

EVIL_SITE = {
    "content/posts/evil.md": post(
        quoted(f"</script><script>alert(1)</script><!-- ]]> {EVIL}"),
        body=EVIL_BODY,
        description=quoted(f"'\" ]]> --> {EVIL}"),
        tags=quoted([EVIL, "<img src=x onerror=alert(1)>", "]]>", "javascript:alert(1)"]),
        category=quoted(EVIL),
        group=quoted("Featured"),
        author=quoted([EVIL, "<svg onload=alert(1)>"]),
        image=quoted('x" onerror="alert(1)'),
        image_alt=quoted(EVIL),
        license=quoted(f"javascript:alert(1) {EVIL}"),
        source_url=quoted('https://example.org/"><script>alert(1)</script>'),
        slug=quoted("\"'><script>alert(1)<!--"),
        extra=quoted(EVIL),
    ),
    "content/posts/_index.md": f"---\ntitle: {quoted(EVIL)}\ndescription: {quoted(EVIL)}\n---\n{EVIL_BODY}",
    "content/tags/evil.md": f"---\nname: '{EVIL.replace(chr(39), chr(39) * 2)}'\nrole: {quoted(EVIL)}\n"
    f"description: {quoted(EVIL)}\n---\n{EVIL_BODY}",
    "content/posts/other.md": post("Other", tags=quoted([EVIL])),
}

_FRAMES = ("iframe", "object", "embed", "base", "frame", "applet", "style", "portal", "math")

#: Attributes that are read and not followed: they may speak of any address.
_TEXTS = ("alt", "title", "content", "value", "label", "aria-label")


def acting(files: Mapping[str, bytes]) -> Iterator[str]:
    """Whatever in the pages and feeds of `files` would run, load or send something on a reader's machine."""
    for path, data in files.items():
        if path.endswith(".html"):
            yield from (f"{path}: {fault}" for fault in _acting(data.decode(), page=True))
        elif path.endswith("feed.json"):
            for item in json.loads(data)["items"]:
                yield from (f"{path}: {fault}" for fault in _acting(item.get("content_html", "")))
        elif path.endswith("feed.xml"):
            for node in ElementTree.fromstring(data).iter("{http://www.w3.org/2005/Atom}content"):
                yield from (f"{path}: {fault}" for fault in _acting(node.text or ""))


def _acting(html: str, *, page: bool = False) -> Iterator[str]:
    for node in LexborHTMLParser(html).css("*"):
        attributes = {name: value or "" for name, value in node.attributes.items()}
        if node.tag in _FRAMES or (not page and node.tag in ("script", "form", "meta", "link", "svg")):
            yield f"<{node.tag}>"
        if node.tag == "script" and page:
            yield from _script(attributes, node.text())
        if node.tag == "form" and attributes.get("role") != "search":
            yield "<form>"
        if "http-equiv" in attributes and not (page and _leads_on(attributes)):
            yield "<meta http-equiv>"
        for name, value in attributes.items():
            scheme = re.sub(r"[\s\x00-\x20]", "", value).lower()
            leads_astray = scheme.startswith(("javascript:", "vbscript:", "data:")) and name not in _TEXTS
            if leads_astray or name.startswith("on") or name in ("srcdoc", "ping", "formaction", "style"):
                yield f"{name}={value!r}"


def _leads_on(attributes: Mapping[str, str]) -> bool:
    """Whether this is what sitegen's own redirect pages have: the way to another page of the site."""
    to_page = re.fullmatch(r"0; url=(\.\./)+[\w/%.-]+/", attributes.get("content", ""))
    return attributes["http-equiv"] == "refresh" and to_page is not None


def _script(attributes: Mapping[str, str], text: str) -> Iterator[str]:
    if attributes.get("type") == "application/ld+json":
        json.loads(text)
    elif not re.fullmatch(
        r"(\.\./)*(\./)?(https://archive\.example/|/)?assets/\w+/\w+\.js", attributes["src"]
    ):
        yield f"<script src={attributes['src']!r}>"


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
@pytest.mark.parametrize("embeds", ["static", "click"])
def test_nothing_active_survives_from_a_post_or_its_front_matter(
    tmp_path: Path, engine: str, embeds: str
) -> None:
    settings = f'base_url = "{BASE_URL}"\n[markdown]\nengine = "{engine}"\nembeds = "{embeds}"\n'
    site = make_site(tmp_path, {**EVIL_SITE, "sitegen.toml": settings})
    counts(site)
    files = tree(site / "output")
    assert list(acting(files)) == []
    # What was taken out of action is still there to be read.
    titles = {
        title.text()
        for path, data in files.items()
        if path.startswith("posts/") and path.endswith(".html")
        for title in LexborHTMLParser(data).css("article.post h1")
    }
    assert titles == {"Other", f"</script><script>alert(1)</script><!-- ]]> {EVIL}"}


def test_feeds_keep_a_title_with_markup_as_text(tmp_path: Path) -> None:
    site = make_site(tmp_path, {**EVIL_SITE, "sitegen.toml": f'base_url = "{BASE_URL}"\n'})
    counts(site)
    items = json.loads((site / "output/feed.json").read_text())["items"]
    entries = ElementTree.parse(site / "output/feed.xml").getroot().findall("{*}entry")
    wanted = f"</script><script>alert(1)</script><!-- ]]> {EVIL}"
    assert wanted in [item["title"] for item in items]
    assert wanted in [entry.findtext("{*}title") for entry in entries]


# --- the manifest proves it --------------------------------------------------------------------------


def sha256sum(output: Path) -> subprocess.CompletedProcess[str]:
    assert shutil.which("sha256sum"), "install coreutils"
    command = ["sha256sum", "--check", "--strict", "manifest-sha256.txt"]
    return subprocess.run(command, cwd=output, capture_output=True, text=True, check=False)


def test_sha256sum_proves_the_sample_archive(archive: Path) -> None:
    proof = sha256sum(archive)
    assert proof.returncode == 0, proof.stderr
    assert proof.stdout.count(": OK\n") == len(tree(archive)) - 1


def test_sha256sum_proves_files_of_any_name_and_sees_a_changed_one(tmp_path: Path) -> None:
    names = ("a b", "a\nb", "a\\b", "a\\nb", "a\rb", "a\u2028b", " a", "-c", "ж", "*x", "\\")
    files: dict[str, str | bytes] = {f"content/files/{name}": name for name in names}
    site = make_site(tmp_path, {**files, "content/posts/x.md": post()})
    counts(site)
    proof = sha256sum(site / "output")
    assert proof.returncode == 0, proof.stderr
    assert proof.stdout.count(": OK\n") == len(tree(site / "output")) - 1
    (site / "output/files/ж").write_text("changed")
    assert sha256sum(site / "output").returncode == 1


def test_the_manifest_names_every_file_but_itself_in_order(archive: Path) -> None:
    lines = (archive / "manifest-sha256.txt").read_text().splitlines()
    paths = [line[66:] for line in lines]
    assert paths == sorted(paths, key=str.encode)
    assert {*paths} == tree(archive).keys() - {"manifest-sha256.txt"}
