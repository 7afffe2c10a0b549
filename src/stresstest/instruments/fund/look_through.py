"""Funds that hold funds: the weights of everything at the bottom, and circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

DEEPEST = 16
"""Funds that may hold one another in a row."""

Holdings = Mapping[str, Sequence[Any]]
"""Holdings by fund; a holding has an `issuer` or a `fund`, and a `weight`."""


def check_funds(holdings: Sequence[Any], funds: Sequence[Any]) -> None:
    """Raise `ValueError` for a name given twice, one that is missing, a circle, or more than 16 levels."""
    by_name = {item.name: item.holdings for item in funds}
    if len(by_name) != len(funds):
        raise ValueError("two of the funds have the same name")
    known = ", ".join(by_name) or "there are none"
    for held in (holdings, *by_name.values()):
        for name in _named(held):
            if name not in by_name:
                raise ValueError(f"holding of fund {name!r}, which is none of funds: {known}")
    depths: dict[str, int] = {}
    for name in by_name:
        _measure(by_name, [name], depths)
    deepest = max(depths.values(), default=0)
    if deepest > DEEPEST:
        raise ValueError(f"funds that hold one another {deepest} deep; at most {DEEPEST}")


def _measure(by_name: Holdings, path: list[str], depths: dict[str, int]) -> int:
    """Return how many funds lie in a row from the end of `path` down, that one included."""
    here = path[-1]
    if here not in depths:
        below = [0]
        for name in _named(by_name[here]):
            if name in path:
                circle = [*path[path.index(name) :], name]
                raise ValueError(f"funds that hold one another in a circle: {' → '.join(circle)}")
            below.append(_measure(by_name, [*path, name], depths))
        depths[here] = 1 + max(below)
    return depths[here]


def _named(holdings: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.fund for item in holdings if item.fund is not None))


def look_through(holdings: Sequence[Any], funds: Sequence[Any]) -> dict[str, float]:
    """Return the weight of each issuer at the bottom, in the order of their ids; what is left out is cash.

    The product of sparse matrices of weights: each fund is worked off once, after all that hold it.
    """
    by_name = {item.name: item.holdings for item in funds}
    depths: dict[str, int] = {}
    for name in by_name:
        _measure(by_name, [name], depths)
    parts, found = dict.fromkeys(by_name, 0.0), dict[str, float]()
    for name in ["", *sorted(by_name, key=lambda name: -depths[name])]:
        part = parts[name] if name else 1.0
        for item in by_name[name] if name else holdings:
            target, key = (found, item.issuer) if item.issuer is not None else (parts, item.fund)
            target[key] = target.get(key, 0.0) + part * item.weight
    return dict(sorted(found.items()))
