"""The one registry of rule families: every module of this package that has `MEASURES`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

import stresstest.hedging.rules as families
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.rules.built import Builder, BuiltRule

COUNTED = ("min_trade", "max_trades")
"""Measures of single trades, which the program of lots and counts keeps."""


@cache
def builders() -> Mapping[str, Builder]:
    """Return what builds a rule, by the key of its measure."""
    found: dict[str, Builder] = {}
    for module in sorted(name for _, name, _ in pkgutil.iter_modules(families.__path__)):
        measures = getattr(import_module(f"{families.__name__}.{module}"), "MEASURES", {})
        twice = found.keys() & measures.keys()
        if twice:
            raise ValueError(f"two families measure {', '.join(sorted(twice))}")
        found.update(measures)
    return MappingProxyType(found)


def build_rule(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return `rule` over `inputs`; raise `KeyError` for a measure that no family knows."""
    return builders()[rule.measure](rule, inputs)
