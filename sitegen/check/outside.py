"""Links out of the site: which of them lead nowhere any more."""

from __future__ import annotations

from sitegen.check.rule import Rule

RULES = (
    Rule(
        "link-outside",
        "warning",
        ("link to another site that leads nowhere", "links to other sites that lead nowhere"),
        "Links to other sites lead to a page.",
    ),
)
