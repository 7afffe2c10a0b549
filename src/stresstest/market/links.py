"""Factors that move with others: the order to evaluate them in, and their levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import overload

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.kernels.links import LinkTerms, linked_levels
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink

_BLOCK = 1024
"""Columns evaluated at a time: keeps the stacked sources of a 500-name index in the cache, not in the RAM."""


def order_links(links: Iterable[FactorLink]) -> tuple[FactorLink, ...]:
    """Return the links with sources before targets, otherwise in the order given.

    Raises
    ------
    InputError
        Where links form a cycle (each named along its path), or one target has two links.

    Examples
    --------
    >>> nvda, qqq, fund = (RiskFactorKey("spot", name) for name in ("NVDA", "QQQ", "FUND"))
    >>> outer, inner = FactorLink(fund, betas=((qqq, 1.0),)), FactorLink(qqq, weights=((nvda, 0.1),))
    >>> [str(link.target) for link in order_links([outer, inner])]
    ['spot/QQQ', 'spot/FUND']
    """
    ordered, problems = sort_links(links)
    if problems:
        raise InputError(problem for _, problem in problems)
    return ordered


def sort_links(
    links: Iterable[FactorLink],
) -> tuple[tuple[FactorLink, ...], list[tuple[RiskFactorKey, Problem]]]:
    """Return the links with sources before targets, and what is wrong by target: cycles, a target twice."""
    by_target: dict[RiskFactorKey, FactorLink] = {}
    problems: list[tuple[RiskFactorKey, Problem]] = []
    for link in links:
        if link.target in by_target:
            got = f"two links of {link.target}"
            problems.append((link.target, Problem("ST207", got, "one link for each target")))
        by_target[link.target] = link
    ordered: dict[RiskFactorKey, FactorLink] = {}
    for target in by_target:
        cycle = _visit(target, by_target, ordered)
        if cycle:
            path = " → ".join(str(key) for key in cycle)
            problems.append(
                (cycle[0], Problem("ST211", f"links in a cycle: {path}", "links without a cycle"))
            )
    return tuple(ordered.values()), problems


def _visit(
    start: RiskFactorKey,
    by_target: Mapping[RiskFactorKey, FactorLink],
    ordered: dict[RiskFactorKey, FactorLink],
) -> list[RiskFactorKey]:
    """Append to `ordered` what `start` rests on, then itself; return the first cycle met, or nothing.

    Depth first with a stack of its own, so that a long chain does not exhaust the interpreter's. A cycle's
    members count as ordered afterwards, so that each cycle is told once.
    """
    if start in ordered:
        return []
    path: dict[RiskFactorKey, Iterator[RiskFactorKey]] = {start: iter(by_target[start].sources())}
    cycle: list[RiskFactorKey] = []
    while path:
        key = next(reversed(path))
        source = next((key for key in path[key] if key in by_target and key not in ordered), None)
        if source is None:
            path.pop(key)
            ordered[key] = by_target[key]
        elif source in path:
            keys = list(path)
            cycle = cycle or [*keys[keys.index(source) :], source]
        else:
            path[source] = iter(by_target[source].sources())
    return cycle


@overload
def linked_level(
    link: FactorLink, base: Mapping[RiskFactorKey, float], levels: Mapping[RiskFactorKey, float]
) -> float: ...
@overload
def linked_level(
    link: FactorLink, base: Mapping[RiskFactorKey, float], levels: Mapping[RiskFactorKey, FloatArray]
) -> FloatArray: ...
def linked_level(
    link: FactorLink,
    base: Mapping[RiskFactorKey, float],
    levels: Mapping[RiskFactorKey, float] | Mapping[RiskFactorKey, FloatArray],
) -> float | FloatArray:
    """Return the level that a link's target takes where its sources stand at `levels`.

    Parameters
    ----------
    link
        The target and what moves it; the formula is in `FactorLink`.
    base
        Base level of the target and of each source that is in `levels`.
    levels
        Levels of the sources that moved, in decimals: numbers, or arrays `(n_columns,)` of one length. A
        source that is not named stands at its base, with the same result to the last bit as naming it.

    Returns
    -------
    float or FloatArray
        A number where `levels` holds numbers or no source of the link, otherwise a read-only `(n_columns,)`.
    """
    groups = [
        [(key, coefficient) for key, coefficient in group if key in levels]
        for group in (link.weights, link.betas, link.durations)
    ]
    moved = [term for group in groups for term in group]
    if not moved:
        return base[link.target]
    terms = LinkTerms(
        frozen([coefficient for _, coefficient in moved]),
        frozen([base[key] for key, _ in moved]),
        len(groups[0]),
        len(groups[1]),
    )
    rows = [np.asarray(levels[key], dtype=np.float64) for key, _ in moved]
    result = _evaluate(terms, base[link.target], [np.atleast_1d(row) for row in rows])
    return float(result[0]) if rows[0].ndim == 0 else result


def _evaluate(terms: LinkTerms, base: float, rows: list[FloatArray]) -> FloatArray:
    """Return the target's levels `(n_columns,)`, block by block of columns."""
    n_columns = rows[0].shape[0]
    result = np.empty(n_columns)
    for lo in range(0, n_columns, _BLOCK):
        # Filled row by row: np.stack takes longer than the rest where columns are few.
        levels = np.empty((len(rows), min(_BLOCK, n_columns - lo)))
        for place, row in enumerate(rows):
            levels[place] = row[lo : lo + _BLOCK]
        levels.flags.writeable = False
        out = np.empty(levels.shape[1])
        linked_levels(terms, float(base), levels, np.empty_like(out), out)
        result[lo : lo + _BLOCK] = out
    result.flags.writeable = False
    return result
