"""Mechanisms by name: every module of `networks.mechanisms`, refused where two have one name."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from stresstest.networks import mechanisms
from stresstest.networks.mechanism import Mechanism


@cache
def all_mechanisms() -> Mapping[str, Mechanism]:
    """Return every mechanism by name, in the order of their timescales, then by name."""
    found: dict[str, Mechanism] = {}
    for module in pkgutil.iter_modules(mechanisms.__path__):
        mechanism: Mechanism = import_module(f"{mechanisms.__name__}.{module.name}").MECHANISM
        if mechanism.name in found:
            raise ValueError(f"two mechanisms are called {mechanism.name}")
        found[mechanism.name] = mechanism
    ordered = sorted(found.values(), key=lambda mechanism: (mechanism.timescale, mechanism.name))
    return MappingProxyType({mechanism.name: mechanism for mechanism in ordered})
