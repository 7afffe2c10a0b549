"""Moves that come through links: funds with their constituents, indices with their names, proxies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from math import isnan

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import Problem, ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import linked_level
from stresstest.market.snapshot import FactorLink
from stresstest.scenarios.checks import DOMAIN_TEXTS
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.networked import Networked
from stresstest.scenarios.wording import level_text

INDEX_GAP = 0.02
"""Largest difference of a stated and an implied move that needs no warning, as a fraction of the base."""


@dataclass(frozen=True, slots=True)
class LinkedMoves:
    """What links move.

    Attributes
    ----------
    moved
        `(n_columns,)` levels of every factor that moves, directly or through a link.
    implied
        `(n_columns,)` levels that links imply for targets that some column states directly.
    networked
        By column what networks made of its scenario, where it has one.
    """

    moved: dict[RiskFactorKey, FloatArray]
    implied: dict[RiskFactorKey, FloatArray]
    networked: Mapping[int, Networked] = field(default_factory=dict)


def follow_links(
    directory: FactorDirectory,
    moved: Mapping[RiskFactorKey, FloatArray],
    stated: Mapping[RiskFactorKey, Set[int]],
    n_columns: int,
) -> LinkedMoves:
    """Return all moves after links.

    Parameters
    ----------
    moved
        `(n_columns,)` levels of the factors that move directly.
    stated
        Columns in which a factor is moved directly; its link is then only compared.
    """
    result = dict(moved)
    implied: dict[RiskFactorKey, FloatArray] = {}
    levels = directory.market.levels
    for link in directory.links:
        target, base = link.target, levels[link.target]
        columns = stated.get(target)
        if not columns and not any(source in result for source in link.sources()):
            continue
        row = np.broadcast_to(linked_level(link, levels, result), n_columns)
        if columns:
            implied[target] = row
            row = row.copy()
            row[list(columns)] = result[target][list(columns)] if target in result else base
        if np.any(row != base):
            result[target] = row
    return LinkedMoves(result, implied)


def linked_problems(directory: FactorDirectory, moves: LinkedMoves, names: Sequence[str]) -> ProblemList:
    """Return a problem for each link target that a scenario takes out of its domain; `names` by column."""
    problems = ProblemList()
    for key, column, reached in links_outside(directory, moves):
        kind = FACTOR_KINDS[key.kind]
        base, level = level_text(kind, directory.market.levels[key]), level_text(kind, reached)
        got = f"scenario {names[column]!r} takes {key} through its link from {base} to {level}"
        problems.add(Problem("ST321", got, DOMAIN_TEXTS[kind.domain]))
    return problems


def links_outside(
    directory: FactorDirectory, moves: LinkedMoves
) -> Iterator[tuple[RiskFactorKey, int, float]]:
    """Yield target, column and level of each move through a link that leaves the target's domain."""
    for link in directory.links:
        key, domain = link.target, FACTOR_KINDS[link.target.kind].domain
        row = moves.moved[key].tolist() if key in moves.moved else ()
        for column, reached in enumerate(row):
            if not domain.holds(reached) and not _follows(link, moves, column, reached):
                yield key, column, reached


def _follows(link: FactorLink, moves: LinkedMoves, column: int, reached: float) -> bool:
    """Tell whether a price is 0 or no number because one that it follows is: in default, or not known."""
    sources = [float(moves.moved[key][column]) for key in link.sources() if key in moves.moved]
    if reached == 0.0:
        return any(level == 0.0 for level in sources)
    return isnan(reached) and any(isnan(level) for level in sources)


def has_gap(key: RiskFactorKey, base: float, level: float, implied: float) -> bool:
    """Tell whether the stated move of a price is more than two points from the implied one."""
    in_ratios = FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG
    return in_ratios and "#" not in key.name and not abs(level - implied) <= INDEX_GAP * base
