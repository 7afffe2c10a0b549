"""From what lines state to all that moves, for several columns: direct levels, propagation, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import DIRECT, PROPAGATED
from stresstest.scenarios.implied import LinkedMoves, follow_links, linked_problems
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.network_moves import moved_level, network_moves
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
    stated = StatedColumns(directory, 1 + len(direct), problems)
    for column, moves in enumerate(direct, 1):
        stated.put(column, moves)
    return stated.linked()


def last_stage(scenario: Scenario) -> str:
    """Return the stage that the columns of a scenario are taken to."""
    return DIRECT if scenario.propagate is None else PROPAGATED


class StatedColumns:
    """Columns in the making, of which each scenario's moves are put in and can then be forgotten.

    Parameters
    ----------
    n_columns
        The base included.
    """

    def __init__(self, directory: FactorDirectory, n_columns: int, problems: ProblemList) -> None:
        self.directory = directory
        self.n_columns = n_columns
        self.problems = problems
        self.names = [BASE] * n_columns
        self._rows: dict[RiskFactorKey, FloatArray] = {}
        self._stated: dict[RiskFactorKey, set[int]] = {}
        self._propagated: list[tuple[int, Mapping[RiskFactorKey, float]]] = []

    def put(self, column: int, direct: DirectMoves) -> None:
        """Put in what a scenario states, and let it propagate where it says so."""
        market, cell = self.directory.market, (column, self.n_columns)
        self.names[column] = direct.scenario.name
        direct = with_network(direct, market)
        for key, move in direct.moves.items():
            self._stated.setdefault(key, set()).add(column)
            if move.level != market.levels[key]:
                _put(self._rows, market, (key, *cell), move.level)
        self._propagated.append((column, propagated_moves(direct, self.directory, self.problems)))

    def linked(self) -> LinkedMoves:
        """Return everything that moves, once all columns are in."""
        market = self.directory.market
        for column, levels in self._propagated:
            for key, level in levels.items():
                _put(self._rows, market, (key, column, self.n_columns), level)
        linked = follow_links(self.directory, self._rows, self._stated, self.n_columns)
        self.problems.extend(linked_problems(self.directory, linked, self.names))
        return linked


def with_network(direct: DirectMoves, market: MarketSnapshot) -> DirectMoves:
    """Return what lines state together with what the scenario's network makes of it, as stated moves."""
    rows = {key: np.array([market.levels[key], move.level]) for key, move in direct.moves.items()}
    found = network_moves(direct.scenario, market, rows, 2)
    use = direct.scenario.network
    if found is None or use is None or not found.stages:
        return direct
    moves = dict(direct.moves)
    for key, move in found.stages[-1].moves.items():
        level = float(moved_level(market.levels[key], rows.get(key), move, use.on_top)[1])
        moves[key] = Move(level if found.converged[1] else np.nan, False, ())
    return replace(direct, moves=moves)


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
