"""Recipes: their files are what the hosts read, and nginx serves a site by them as it should be."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml
from playwright.sync_api import Error, sync_playwright

from sitegen.recipe import POLICY, RECIPES, recipe
from tests.hosts import found, free_port, serving
from tests.outputs import ROOT
from tests.sites import make_site, post, run


def test_init_writes_the_files_asked_for_and_overwrites_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run_init(tmp_path / "site", monkeypatch, "--with", "netlify", "--with", "nginx")
    assert made.status == 0, made.err
    assert {"netlify.toml", "nginx.conf", "sitegen.toml"} <= {
        path.name for path in (tmp_path / "site").iterdir()
    }
    more = run_init(tmp_path / "site", monkeypatch, "--with", "github-pages")
    assert (more.status, more.out) == (0, "  .github/workflows/publish.yml\n")
    again = run_init(tmp_path / "site", monkeypatch, "--with", "nginx")
    assert "nginx.conf: is already in" in again.err
    unknown = run_init(tmp_path / "other", monkeypatch, "--with", "ngin")
    assert 'there is no recipe "ngin"; did you mean "nginx"?' in unknown.err


def run_init(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Any:
    monkeypatch.chdir(folder.parent)
    from click.testing import CliRunner

    from sitegen.cli import cli

    done = CliRunner().invoke(cli, ["init", str(folder), *options], standalone_mode=False)
    from tests.sites import Run

    return Run(done.return_value or done.exit_code, done.stdout, done.stderr)


def test_no_recipe_brings_the_other_program_that_has_this_name_on_pypi() -> None:
    texts = [recipe(name)[1] for name in RECIPES]
    texts += [path.read_text() for path in (ROOT / "docs").glob("*.md")]
    assert not [
        text
        for text in texts
        if re.search(r"^[^`]*(run:|script:|-|#|=).*pip install \W?sitegen\b", text, re.M)
    ]
    for name in ("github-pages", "gitlab-pages", "netlify"):
        (line,) = re.findall(r"pip install .*? cryptography", recipe(name)[1])
        shell = f"pip() {{ echo $2; }}; {line}"
        unset = subprocess.run(
            ["bash", "-c", shell], env={"SITEGEN": ""}, capture_output=True, text=True, check=False
        )
        assert unset.returncode != 0
        assert "SITEGEN: must say where to get sitegen" in unset.stderr
        given = {"SITEGEN": "git+https://x.example/sitegen"}
        done = subprocess.run(["bash", "-c", shell], env=given, capture_output=True, text=True, check=True)
        assert done.stdout == "git+https://x.example/sitegen\n"


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_whole_and_documented(name: str) -> None:
    path, text = recipe(name)
    assert not re.search(r"@\w+@", text)
    assert name in (ROOT / "docs/mirroring.md").read_text()
    assert name in (ROOT / "README.md").read_text() + (ROOT / "docs/mirroring.md").read_text()
    if path.endswith(".toml"):
        assert tomllib.loads(text)["build"]["publish"] == "output"
    elif path.endswith(".yml"):
        assert isinstance(yaml.safe_load(text), dict)
        assert "sitegen verify output" in text
    if name not in ("github-pages", "gitlab-pages"):
        assert POLICY in text
        assert "immutable" in text


@pytest.fixture(scope="module")
def nginx(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample archive, served by nginx as the recipe has it."""
    program, folder, port = found("nginx", "nginx-light"), tmp_path_factory.mktemp("nginx"), free_port()
    settings = recipe("nginx")[1].replace("listen 80;", f"listen 127.0.0.1:{port};")
    settings = settings.replace("root /srv/www/archive;", f"root {archive};")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off;\nuser root;\nerror_log {folder}/error.log;\npid {folder}/pid;\nevents {{}}\nhttp {{\n"
        f"include /etc/nginx/mime.types;\naccess_log off;\n{paths}{settings}}}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    with serving([program, "-c", str(folder / "nginx.conf")], port, folder / "log"):
        yield f"http://127.0.0.1:{port}/"


def test_nginx_serves_types_caches_and_headers_as_the_recipe_has_them(nginx: str, archive: Path) -> None:
    web = urllib3.PoolManager()

    def headers(path: str) -> Any:
        return web.request("GET", nginx + path, headers={"Accept-Encoding": "gzip"}).headers

    front = headers("")
    assert front["Content-Security-Policy"] == POLICY
    assert front["X-Content-Type-Options"] == "nosniff"
    assert front["Content-Type"] == "text/html; charset=utf-8"
    assert front["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert front["Content-Encoding"] == "gzip"
    (style,) = archive.glob("assets/*/style.css")
    assert "immutable" in headers(style.relative_to(archive).as_posix())["Cache-Control"]
    assert headers("feed.xml")["Content-Type"].startswith("application/atom+xml")
    assert "must-revalidate" in headers("search/pagefind/pagefind-entry.json")["Cache-Control"]
    missing = web.request("GET", nginx + "nowhere/")
    assert (missing.status, missing.data) == (404, (archive / "404.html").read_bytes())


def test_a_browser_reads_and_searches_under_the_policy_of_the_recipe(nginx: str) -> None:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=found("chromium", "chromium"), args=["--no-sandbox"]
            )
        except Error as error:
            pytest.skip(f"Chromium can not be started: {error}")
        page = browser.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"{nginx}search/?q=exile")
        page.wait_for_selector("main a[href*='posts/']", timeout=30_000)
        page.goto(nginx)
        browser.close()
    assert complaints == []


def test_a_whole_mirror_is_proven_through_nginx(nginx: str, tmp_path: Path) -> None:
    make_site(tmp_path, {"content/posts/x.md": post()})
    done = run(tmp_path, "verify", nginx, "--json")
    assert (done.status, done.json["missing"], done.json["changed"]) == (0, [], [])
