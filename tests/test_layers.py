"""Each module imports only what stands before it, and only the command line prints."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent

#: Every module, in an order in which each may import those before it and none after it.
ORDER = (
    "sitegen",
    "sitegen.errors",
    "sitegen.identity",
    "sitegen.versions",
    "sitegen.typed",
    "sitegen.urls",
    "sitegen.model",
    "sitegen.places",
    "sitegen.config",
    "sitegen.contradictions",
    "sitegen.settings",
    "sitegen.dates",
    "sitegen.front_matter",
    "sitegen.edit",
    "sitegen.fields",
    "sitegen.find",
    "sitegen.survey",
    "sitegen.markup.addresses",
    "sitegen.markup.references",
    "sitegen.markup.source",
    "sitegen.markup.sanitize",
    "sitegen.markup.fences",
    "sitegen.markup.lists",
    "sitegen.markup.dialect",
    "sitegen.markup.engines",
    "sitegen.markup.draft",
    "sitegen.markup.text",
    "sitegen.markup.code",
    "sitegen.markup.links",
    "sitegen.markup.headings",
    "sitegen.markup.tables",
    "sitegen.markup.tasks",
    "sitegen.markup.images",
    "sitegen.markup.footnotes",
    "sitegen.markup.embeds",
    "sitegen.markup.frames",
    "sitegen.markup.removal",
    "sitegen.markup",
    "sitegen.ask",
    "sitegen.entries",
    "sitegen.profiles",
    "sitegen.report",
    "sitegen.jobs",
    "sitegen.recall",
    "sitegen.sound",
    "sitegen.rows",
    "sitegen.store",
    "sitegen.read",
    "sitegen.terms",
    "sitegen.related",
    "sitegen.link",
    "sitegen.manifest",
    "sitegen.extras",
    "sitegen.signing",
    "sitegen.pictures.drawing",
    "sitegen.pictures.scrub",
    "sitegen.pictures.size",
    "sitegen.pictures.shrink",
    "sitegen.pictures.look",
    "sitegen.pictures",
    "sitegen.plan",
    "sitegen.links",
    "sitegen.words",
    "sitegen.templates",
    "sitegen.static",
    "sitegen.theme",
    "sitegen.titles",
    "sitegen.cards",
    "sitegen.feeds",
    "sitegen.watched",
    "sitegen.term_cards",
    "sitegen.view",
    "sitegen.asking",
    "sitegen.site_view",
    "sitegen.jsonld",
    "sitegen.metadata",
    "sitegen.tools",
    "sitegen.context",
    "sitegen.render",
    "sitegen.write",
    "sitegen.search",
    "sitegen.make",
    "sitegen.join",
    "sitegen.ready",
    "sitegen.why",
    "sitegen.way",
    "sitegen.again",
    "sitegen.build",
    "sitegen.preview",
    "sitegen.preview.bodies",
    "sitegen.preview.rejoin",
    "sitegen.preview.seen",
    "sitegen.preview.edition",
    "sitegen.preview.shelf",
    "sitegen.preview.desk",
    "sitegen.preview.watch",
    "sitegen.preview.told",
    "sitegen.preview.events",
    "sitegen.preview.guard",
    "sitegen.preview.answers",
    "sitegen.preview.hints",
    "sitegen.preview.app",
    "sitegen.preview.indexing",
    "sitegen.preview.searching",
    "sitegen.preview.serve",
    "sitegen.schema",
    "sitegen.known",
    "sitegen.new",
    "sitegen.recipe",
    "sitegen.init",
    "sitegen.intake.items",
    "sitegen.intake.files",
    "sitegen.intake.times",
    "sitegen.intake.fields",
    "sitegen.intake.escaping",
    "sitegen.intake.html_inline",
    "sitegen.intake.html",
    "sitegen.intake.place",
    "sitegen.intake.put",
    "sitegen.intake.settings",
    "sitegen.intake.report",
    "sitegen.intake.raw",
    "sitegen.intake.mhtml",
    "sitegen.intake.page",
    "sitegen.intake.old_lists",
    "sitegen.intake.wxr",
    "sitegen.intake.wordpress_text",
    "sitegen.intake.wordpress_facts",
    "sitegen.intake.wordpress_lists",
    "sitegen.intake.wordpress",
    "sitegen.intake.front",
    "sitegen.intake.old_site",
    "sitegen.intake.shortcodes",
    "sitegen.intake.hugo_text",
    "sitegen.intake.hugo_urls",
    "sitegen.intake.hugo",
    "sitegen.intake.jekyll_text",
    "sitegen.intake.jekyll",
    "sitegen.intake.pelican_front",
    "sitegen.intake.pelican",
    "sitegen.intake.hexo",
    "sitegen.intake.zola",
    "sitegen.intake.eleventy",
    "sitegen.intake",
    "sitegen.check.checked",
    "sitegen.check.rule",
    "sitegen.check.exif",
    "sitegen.check.traces",
    "sitegen.check.carriers",
    "sitegen.check.pictures",
    "sitegen.check.built",
    "sitegen.check.texts",
    "sitegen.check.bodies",
    "sitegen.check.names",
    "sitegen.check.whole",
    "sitegen.check.twins",
    "sitegen.check.outside",
    "sitegen.check.rules",
    "sitegen.check.looked",
    "sitegen.check.way",
    "sitegen.check.fixes",
    "sitegen.check.sarif",
    "sitegen.check",
    "sitegen.publish",
    "sitegen.publish.kinds",
    "sitegen.publish.state",
    "sitegen.publish.plan",
    "sitegen.publish.targets",
    "sitegen.publish.patience",
    "sitegen.publish.ledger",
    "sitegen.publish.look",
    "sitegen.publish.carry",
    "sitegen.publish.targets.folder",
    "sitegen.publish.targets.secrets",
    "sitegen.publish.targets.bucket",
    "sitegen.publish.targets.git",
    "sitegen.publish.targets.rclone",
    "sitegen.publish.targets.sftp",
    "sitegen.publish.targets.opening",
    "sitegen.publish.go",
    "sitegen.publish.web",
    "sitegen.publish.verify",
    "sitegen.publish.keys",
    "sitegen.publish.places",
    "sitegen.publish.mirrors",
    "sitegen.clock",
    "sitegen.console",
    "sitegen.cli_check",
    "sitegen.cli_import",
    "sitegen.cli_new",
    "sitegen.cli_publish",
    "sitegen.cli_serve",
    "sitegen.cli",
    "sitegen.__main__",
)


#: The modules that may print.
COMMAND_LINE = (
    "sitegen.console",
    "sitegen.cli_check",
    "sitegen.cli_import",
    "sitegen.cli_new",
    "sitegen.cli_publish",
    "sitegen.cli_serve",
    "sitegen.cli",
)


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> Iterator[str]:
    """The modules of sitegen that a module names anywhere in it, also within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            submodules = [f"{module}.{alias.name}" for alias in node.names]
            names = [one if one in MODULES else module for one in submodules]
        yield from (name for name in names if name.partition(".")[0] == "sitegen")


def test_every_module_has_its_place() -> None:
    assert sorted(ORDER) == sorted(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_before_it(module: str) -> None:
    later = [name for name in imported(MODULES[module]) if ORDER.index(name) >= ORDER.index(module)]
    assert not later


def test_values_know_of_nothing_else_in_the_package() -> None:
    assert not [name for name in imported(MODULES["sitegen.model"]) if name != "sitegen"]
    assert not list(imported(MODULES["sitegen.errors"]))


@pytest.mark.parametrize("module", [module for module in MODULES if module != "sitegen.__main__"])
def test_a_module_imports_alone(module: str) -> None:
    command = [sys.executable, "-W", "error", "-c", f"import {module}"]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("module", [module for module in MODULES if module not in COMMAND_LINE])
def test_only_the_command_line_prints(module: str) -> None:
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in {"print", "click.echo", "echo", "sys.exit", "exit"}
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not {"click", "rich", "logging"} & {name.partition(".")[0] for name in named}


def test_nothing_is_global_but_what_never_changes() -> None:
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Global), f"{module} changes a global"
