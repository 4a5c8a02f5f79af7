"""What a theme's settings make of its static files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import build, make_site, output, post, run

CHILD: dict[str, str | bytes] = {
    "sitegen.toml": '[theme]\nname = "harbour"\n',
    "themes/harbour/theme.toml": 'extends = "chronicle"\n[settings]\nbanner = "/images/a b.png"\nwidth = 3\n',
    "themes/harbour/static/css/more.css.jinja": (
        'main { background: url("{{ url(theme.banner) }}") }\np { border-width: {{ theme.width }}px }\n'
    ),
    "content/images/a b.png": b"",
    "content/posts/x.md": post(),
}


def asset(site: Path, name: str) -> tuple[str, str]:
    """The path and the text of a file of the theme."""
    ((path, data),) = ((path, data) for path, data in output(site).items() if path.endswith(f"/{name}"))
    return path, data.decode()


def test_the_accent_is_in_the_stylesheet_and_no_script_is_needed(tmp_path: Path) -> None:
    site = make_site(
        tmp_path, {"sitegen.toml": '[theme]\naccent = "#1d5c7a"\n', "content/posts/x.md": post()}
    )
    build(site)
    assert "--accent: #1d5c7a;" in asset(site, "style.css")[1]
    assert "style=" not in output(site)["index.html"].decode()


def test_another_setting_gives_the_files_another_folder_and_a_clean_build_the_same(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"content/posts/x.md": post()})
    build(site)
    before, _ = asset(site, "style.css")
    (site / "sitegen.toml").write_text('[theme]\naccent = "#123"\n')
    build(site)
    after, text = asset(site, "style.css")
    assert (before == after, "--accent: #123;" in text) == (False, True)
    incremental = output(site)
    build(site, "--clean")
    assert output(site) == incremental


def test_a_font_of_the_site_is_named_from_where_the_stylesheet_lies(tmp_path: Path) -> None:
    settings = '[theme]\nfont = "/fonts/my font.woff2"\n'
    site = make_site(tmp_path, {"sitegen.toml": settings, "content/posts/x.md": post()})
    make_site(tmp_path, {"content/fonts/my font.woff2": b""})
    build(site)
    assert 'url("../../fonts/my%20font.woff2")' in asset(site, "style.css")[1]
    assert 'href="./fonts/my%20font.woff2" as="font"' in output(site)["index.html"].decode()


def test_a_child_theme_makes_files_of_its_own_settings(tmp_path: Path) -> None:
    site = make_site(tmp_path, CHILD)
    build(site)
    path, text = asset(site, "more.css")
    assert path.endswith("/css/more.css")
    assert text.splitlines() == [
        'main { background: url("../../../images/a%20b.png") }',
        "p { border-width: 3px }",
    ]


@pytest.mark.parametrize("value", ["teal", "#ABC", "rgb(29 92 122 / 90%)", "oklch(45% 0.1 230)"])
def test_a_colour_is_written_as_css_writes_it(value: str, tmp_path: Path) -> None:
    settings = f'[theme]\naccent = "{value}"\n'
    site = make_site(tmp_path, {"sitegen.toml": settings, "content/posts/x.md": post()})
    build(site)
    assert f"--accent: {value};" in asset(site, "style.css")[1]


@pytest.mark.parametrize("value", ["redd", "#12", "#12345g", "red; } body { display: none"])
def test_what_is_no_colour_is_told_with_its_line(value: str, tmp_path: Path) -> None:
    site = make_site(tmp_path, {"sitegen.toml": f'[theme]\naccent = "{value}"\n'})
    done = run(site, "build")
    assert done.status == 1
    assert f'sitegen.toml:2: theme.accent: "{value}" is not a colour; write one like "#8f2d1e"' in done.err


def test_a_mistake_in_a_made_file_is_told_with_file_and_line(tmp_path: Path) -> None:
    make_site(tmp_path, {"themes/harbour/static/more.css.jinja": "a {}\nb { color: {{ theme.acent }} }\n"})
    done = run(make_site(tmp_path, CHILD), "build")
    assert done.status == 1
    assert "themes/harbour/static/more.css.jinja:2: " in done.err
    assert "did you mean `accent`?" in done.err


def test_a_setting_that_names_no_file_is_told_with_its_line(tmp_path: Path) -> None:
    site = make_site(
        tmp_path,
        {
            "sitegen.toml": '[theme]\nlogo = "/images/logo.svg"\nicon = "/icon.svg"\n',
            "content/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "content/posts/x.md": post(),
        },
    )
    (warning,) = run(site, "build", "--no-search", "--json").json["warnings"]
    assert (warning["file"], warning["line"], warning["field"]) == ("sitegen.toml", 2, "theme.logo")
    assert warning["message"] == '"/images/logo.svg" leads nowhere'
