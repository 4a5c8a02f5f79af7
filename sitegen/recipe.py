"""Ready files for hosts: a workflow that builds and publishes, or a server's settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import Problem, SiteError, nearest

#: What pages may load: their own files, and pictures of other sites that texts name. The search is
#: WebAssembly (https://www.w3.org/TR/CSP3/#grammardef-wasm-unsafe-eval).
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' https: data:; "
    "media-src 'self' https:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

#: Name -> where its file goes in the site -> the file in recipes/.
RECIPES: Mapping[str, tuple[str, str]] = {
    "github-pages": (".github/workflows/publish.yml", "github-pages.yml"),
    "gitlab-pages": (".gitlab-ci.yml", "gitlab-pages.yml"),
    "netlify": ("netlify.toml", "netlify.toml"),
    "cloudflare": ("cloudflare/_headers", "cloudflare-headers"),
    "nginx": ("nginx.conf", "nginx.conf"),
    "caddy": ("Caddyfile", "Caddyfile"),
}


def recipe(name: str) -> tuple[str, str]:
    """The path and the text of a recipe's file; raises SiteError if there is none of this name."""
    if name not in RECIPES:
        message = f'there is no recipe "{name[:40]}"'
        raise SiteError([Problem(message=message, hint=nearest(name, RECIPES))])
    place, source = RECIPES[name]
    text = (Path(__file__).parent / "recipes" / source).read_text(encoding="utf-8")
    return place, text.replace("@policy@", POLICY)
