"""A site of what people really write: too long, too many, missing, broken, in the other direction."""

from __future__ import annotations

from tests.sites import post

LONG_TITLE = " ".join(["Постановление"] + ["о восстановлении прав"] * 13)[:300]
LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzesänderungsentwurf"
TAGS = ", ".join(f"Tag number {number}" for number in range(400))

BAD_INPUT: dict[str, str | bytes] = {
    "sitegen.toml": (
        'title = "Bad input"\nbase_url = "https://archive.example/"\n'
        '[theme]\nname = "THEME"\n[languages.en]\n[languages.ar]\n'
    ),
    "content/posts/long-title.md": post(LONG_TITLE, "2024-05-01", tags="[Long]", group="Featured"),
    "content/posts/long-word.md": post(
        LONG_WORD, "2024-04-01", f"## {LONG_WORD}\n\n{LONG_WORD}\n\n## Two\n\n## Three", tags=f"[{LONG_WORD}]"
    ),
    "content/posts/markup.md": post('"</script><b>Bold</b> & <i>"', "2024-03-01", tags='["<b>", "A & B"]'),
    "content/posts/no-image.md": post("No image", "2024-02-01", author="Nobody in particular"),
    "content/posts/broken-image.md": post("A broken image", "2024-01-01", image="/images/broken.jpg"),
    "content/posts/missing-image.md": post("A missing image", "2023-12-01", image="/images/missing.jpg"),
    "content/posts/many-tags.md": post("Four hundred tags", "2023-11-01", tags=f"[{TAGS}]"),
    "content/posts/picture.md": post(
        "Only a picture", "2023-10-01", "![A dot](/images/dot.svg)", image="/images/dot.svg"
    ),
    "content/posts/empty.md": post("No text at all", "2023-09-01", ""),
    "content/posts/rtl.md": post("عنوان من اليمين إلى اليسار 1943", "2023-08-01", "نص. Text."),
    "content/posts/ar/rtl.md": post("عنوان 1943 (NKVD)", "2023-07-01", "نص.", image="/images/dot.svg"),
    "content/posts/wide.md": post(
        "A wide table", "2023-06-01", "|" + " a long heading |" * 12 + "\n|" + "-|" * 12 + "\n|" + " x |" * 12
    ),
    "content/people/nobody.md": "---\nname: A profile without posts\n---\n",
    "content/images/broken.jpg": b"this is not a picture",
    "content/images/dot.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900">'
        '<circle cx="800" cy="450" r="90"/></svg>'
    ),
}

#: The address of each page that is looked at.
PAGES = (
    *("", "ar/", "posts/", "tags/", "authors/", "archive/", "archive/2024/", "tags/b/", "authors/nobody/"),
    *(f"posts/{name}/" for name in ("long-title", "long-word", "markup", "no-image", "broken-image")),
    *(f"posts/{name}/" for name in ("missing-image", "many-tags", "picture", "empty", "rtl", "wide")),
    "ar/posts/rtl/",
)
