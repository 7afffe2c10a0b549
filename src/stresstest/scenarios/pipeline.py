"""From what lines state to all that moves, for several columns: direct levels, propagation, links."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import DIRECT, PROPAGATED
from stresstest.scenarios.implied import LinkedMoves, follow_links, linked_problems
from stresstest.scenarios.moves import DirectMoves
from stresstest.scenarios.propagated import propagated_moves
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.table import BASE


def all_moves(
    direct: Sequence[DirectMoves], directory: FactorDirectory, problems: ProblemList
) -> LinkedMoves:
    """Return everything that moves in the columns of `direct`, column 0 being the base.

    Each factor moves by the most specific line that reaches it; then, where a scenario propagates, those that
    no line states by their mean given the others; then every link whose target no line states moves its
    target. Link targets that leave their domain are added to `problems`.
    """
    n_columns = 1 + len(direct)
    rows = _stated_rows(direct, directory.market, n_columns)
    for column, moves in enumerate(direct, 1):
        for key, level in propagated_moves(moves, directory, problems).items():
            _put(rows, directory.market, (key, column, n_columns), level)
    linked = follow_links(directory, rows, _stated_columns(direct), n_columns)
    names = (BASE, *(moves.scenario.name for moves in direct))
    problems.extend(linked_problems(directory, linked, names))
    return linked


def last_stage(scenario: Scenario) -> str:
    """Return the stage that the columns of a scenario are taken to."""
    return DIRECT if scenario.propagate is None else PROPAGATED


def _stated_columns(direct: Sequence[DirectMoves]) -> dict[RiskFactorKey, set[int]]:
    """Return for each factor the columns in which a line states its level."""
    stated: dict[RiskFactorKey, set[int]] = {}
    for column, moves in enumerate(direct, 1):
        for key in moves.moves:
            stated.setdefault(key, set()).add(column)
    return stated


def _stated_rows(
    direct: Sequence[DirectMoves], market: MarketSnapshot, n_columns: int
) -> dict[RiskFactorKey, FloatArray]:
    """Return `(n_columns,)` levels of each factor that some line moves away from its base."""
    rows: dict[RiskFactorKey, FloatArray] = {}
    for column, moves in enumerate(direct, 1):
        for key, move in moves.moves.items():
            if move.level != market.levels[key]:
                _put(rows, market, (key, column, n_columns), move.level)
    return rows


def _put(
    rows: dict[RiskFactorKey, FloatArray],
    market: MarketSnapshot,
    cell: tuple[RiskFactorKey, int, int],
    level: float,
) -> None:
    """Put a level into the row of a factor, which is made where it is missing; `cell` ends in the width."""
    key, column, n_columns = cell
    if key not in rows:
        rows[key] = np.full(n_columns, market.levels[key])
    rows[key][column] = level
