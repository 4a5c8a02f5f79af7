"""Every rule of `sitegen check`, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.check import bodies, built, names, outside, pictures, texts, twins, whole
from sitegen.check.rule import Rule

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for module in (built, pictures, texts, bodies, names, whole, twins, outside)
    for rule in module.RULES
}
