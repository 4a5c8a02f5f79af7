"""Slugs, permalinks, output paths, relative links: made here and nowhere else."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

#: Characters of a path segment that RFC 3986 allows unescaped, beside letters and digits.
_SAFE_IN_PATH = "/-._~!$&'()*+,;=:@"

#: Bytes that a name may have on the file systems in use.
LONGEST_NAME = 255

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")

_UNSAFE_IN_SLUG = re.compile(r"""[\s/\\:*?"<>|#%\x00-\x1f\x7f-\x9f]+""")


@lru_cache(maxsize=65536)
def slug_of_file(stem: str) -> str:
    """The slug of a file named `stem`: case and script kept, what is unsafe in a path made a hyphen."""
    slug = _UNSAFE_IN_SLUG.sub("-", unicodedata.normalize("NFC", stem)).strip("-. ")
    return slug or digest(stem)


@lru_cache(maxsize=65536)
def slug_of_term(name: str) -> str:
    """The slug of a term: lower-case, transliterated, never empty: `Калмыки` -> `kalmyki`."""
    from slugify import slugify

    return slugify(name, max_length=80, word_boundary=True) or digest(name)


def digest(text: str) -> str:
    """Six hex digits of the SHA-256 of `text`: a name for what has none."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """What is equal for names of one term: NFC, case and runs of spaces do not count."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def slug_fault(slug: str) -> str:
    """What is wrong with a slug that someone wrote; "" if nothing is."""
    if not slug.strip():
        return "is empty"
    if not slug.strip("-. "):
        return "has no letter or digit in it"
    if "/" in slug or "\\" in slug:
        return "has a slash in it"
    return path_fault(slug)


def path_fault(path: str) -> str:
    """What is wrong with a site path that someone wrote; "" if nothing is."""
    decoded = unquote(path)
    if any(unicodedata.category(character) in ("Cc", "Cs", "Cn") for character in decoded):
        return "has a control character in it"
    if "\\" in decoded:
        return "has a backslash in it"
    if any(part.strip() in (".", "..") for part in decoded.split("/")):
        return 'leaves its folder with "." or ".."'
    if urlsplit(path).scheme or path.startswith("//"):
        return "is an address of another site"
    if "?" in path or "#" in path:
        return 'has "?" or "#" in it, which no file can answer'
    if any(len(part.encode()) > LONGEST_NAME for part in decoded.split("/")):
        return f"is longer than the {LONGEST_NAME} bytes that a file's name may have"
    return ""


def permalink(pattern: str, parts: Mapping[str, str]) -> str:
    """Fill `pattern` (`/{section}/{path}/{slug}/`) and close the gaps of empty parts."""
    filled = re.sub(r"{(\w+)}", lambda match: parts[match[1]], pattern)
    return normal(filled)


def normal(path: str) -> str:
    """A site path in its one form: "/" first, NFC, not percent-encoded, "/" last unless it names a file."""
    cleaned = re.sub(r"/{2,}", "/", "/" + unicodedata.normalize("NFC", unquote(path).strip()))
    if cleaned.endswith("/index.html"):
        cleaned = cleaned.removesuffix("index.html")
    return cleaned if cleaned.endswith("/") or _names_file(cleaned) else cleaned + "/"


def _names_file(path: str) -> bool:
    return re.search(r"\.(html?|xml|json|txt|php|aspx?)$", path, re.IGNORECASE) is not None


def in_language(url: str, lang: str, first: str) -> str:
    """The url of the same page in `lang`; the first language lives at the root."""
    return url if lang == first else f"/{lang}{url}"


def output_path(url: str) -> str:
    """Where the page of a url lies below the output: `/posts/x/` -> `posts/x/index.html`."""
    return url[1:] + "index.html" if url.endswith("/") else url[1:]


def url_of_list(name: str, number: int = 0) -> str:
    """The url of a list; `number` counts its full pages from the oldest, 0 is the newest page.

    The list of everything, "", is the home page's.
    """
    base = f"/{name}/" if name else "/"
    return f"{base}page/{number}/" if number else base


@lru_cache(maxsize=65536)
def encode(url: str) -> str:
    """A site path percent-encoded as RFC 3986 has it, UTF-8 underneath."""
    return quote(url, safe=_SAFE_IN_PATH)


def root_of(url: str) -> str:
    """The way from the page at `url` to the root of the site: "./" or "../../"."""
    return "../" * (url.count("/") - 1) or "./"


def relative(root: str, url: str, *, files: bool = False) -> str:
    """The href of a site path from a page whose way to the root is `root`.

    A query or fragment stays at the end. With `files`, index.html is written out.
    """
    return root + _below_root(url, files)


@lru_cache(maxsize=65536)
def _below_root(url: str, files: bool) -> str:
    end = min((at for sign in "?#" if (at := url.find(sign)) >= 0), default=len(url))
    target = encode(url[:end])[1:]
    if files and (target.endswith("/") or not target):
        target += "index.html"
    return target + url[end:]


def join(base_url: str, url: str) -> str:
    """The whole address of a site path; "" when the site does not know its address."""
    return base_url + encode(url)[1:] if base_url else ""


def is_external(address: str) -> bool:
    """Whether an address leaves the site: it has a scheme or a host of its own."""
    if address[:1] == "/":
        return address[1:2] == "/"
    return _SCHEME.match(address) is not None
