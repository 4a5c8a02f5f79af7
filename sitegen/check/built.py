"""Rules that the stages of a build look after, which find their problems themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sitegen.check.rule import Rule
from sitegen.errors import Problem

#: Group of a build's warnings -> code of the rule.
_CODES = {
    "links that lead nowhere": "link-dead",
    "pictures that are missing": "picture-missing",
    "embeds frozen": "embed-frozen",
    "HTML removed": "html-removed",
    "addresses removed": "address-removed",
    "folders that look like languages": "folder-language",
    "names alike": "name-alike",
    "texts that are not used": "text-unused",
    "settings without effect": "setting-unused",
    "Markdown not understood": "markdown-failed",
}


def found(code: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Errors of one stage, as findings."""
    return (replace(problem, group=code) for problem in problems)


def warned(warnings: Iterable[Problem]) -> Iterator[Problem]:
    """A build's warnings, as findings."""
    return (replace(warning, group=_code(warning)) for warning in warnings)


def _code(warning: Problem) -> str:
    code = _CODES.get(warning.group, "others")
    if code == "address-removed" and "javascript:" in warning.message.lower():
        return "javascript-link"
    if code == "html-removed" and ("<script>" in warning.message or "attribute on" in warning.message):
        return "script"
    return code


RULES = (
    Rule(
        "settings",
        "error",
        ("mistake in the settings", "mistakes in the settings"),
        "The settings can be read, and contradict nothing.",
    ),
    Rule(
        "file",
        "error",
        ("file that can't be used", "files that can't be used"),
        "Each file of content/ can be read, and lies in it.",
    ),
    Rule(
        "front-matter",
        "error",
        ("mistake in front matter", "mistakes in front matter"),
        "Front matter can be read, and holds what must be there.",
    ),
    Rule(
        "term",
        "error",
        ("text or profile that is there twice", "texts or profiles that are there twice"),
        "No two profiles describe one term, and no two texts are the same translation.",
    ),
    Rule(
        "address-taken",
        "error",
        ("address that two files claim", "addresses that two files claim"),
        "No two files have one address.",
    ),
    Rule("theme", "error", ("mistake in the theme", "mistakes in the theme"), "The theme makes each page."),
    Rule(
        "link-dead",
        "warning",
        ("link that leads nowhere", "links that lead nowhere"),
        "Links within the site lead to a page, and to a part of it that is there.",
    ),
    Rule(
        "picture-missing",
        "warning",
        ("picture that is missing", "pictures that are missing"),
        "Pictures are in content/.",
    ),
    Rule(
        "embed-frozen",
        "warning",
        ("embed frozen", "embeds frozen"),
        "Embeds of other sites are shown as quotations and links.",
    ),
    Rule(
        "html-removed",
        "warning",
        ("piece of HTML removed", "pieces of HTML removed"),
        "A text holds only HTML that is safe and has an effect.",
    ),
    Rule(
        "address-removed",
        "warning",
        ("address removed", "addresses removed"),
        "Links have addresses that readers can follow.",
    ),
    Rule(
        "javascript-link",
        "warning",
        ("link that is a script", "links that are scripts"),
        "No link is a script.",
    ),
    Rule(
        "folder-language",
        "warning",
        ("folder that looks like a language", "folders that look like languages"),
        "A folder called like a language is one.",
    ),
    Rule(
        "name-alike",
        "warning",
        ("name like another", "names like others"),
        "Different names have different addresses.",
    ),
    Rule(
        "text-unused",
        "warning",
        ("text that is not used", "texts that are not used"),
        "Each _index.md describes a list.",
    ),
    Rule(
        "setting-unused",
        "warning",
        ("setting without effect", "settings without effect"),
        "Each setting has an effect.",
    ),
    Rule(
        "markdown-failed",
        "warning",
        ("text not understood as Markdown", "texts not understood as Markdown"),
        "Each text can be read as Markdown.",
    ),
    Rule("others", "warning", ("other warning", "other warnings"), "Whatever else a build warns of."),
)
