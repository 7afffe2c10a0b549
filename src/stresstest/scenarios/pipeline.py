"""From what lines state to all that moves, for several columns: direct levels, propagation, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.implied import LinkedMoves, follow_links, linked_problems
from stresstest.scenarios.moves import DirectMoves
from stresstest.scenarios.networked import Networked, networked
from stresstest.scenarios.propagated import propagated_moves
from stresstest.scenarios.table import BASE


def all_moves(
    direct: Sequence[DirectMoves],
    directory: FactorDirectory,
    problems: ProblemList,
    day: date | None = None,
) -> LinkedMoves:
    """Return everything that moves in the columns of `direct`, column 0 being the base.

    Each factor moves by the most specific line that reaches it; then, where a scenario has a network, those
    that no line states as the network makes of it; then, where it propagates, those that neither moved by
    their mean given the others; then every link whose target nothing has moved so far moves its target. Link
    targets that leave their domain are added to `problems`.

    Parameters
    ----------
    day
        Date of a path at which networks are looked at; None for scenarios of today.
    """
    stated = StatedColumns(directory, 1 + len(direct), problems)
    for column, moves in enumerate(direct, 1):
        stated.put(column, moves, day)
    return stated.linked()


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
        self._networked: dict[int, Networked] = {}

    def put(self, column: int, direct: DirectMoves, day: date | None = None) -> None:
        """Put in what a scenario states, with its network, and let it propagate where it says so."""
        market, cell = self.directory.market, (column, self.n_columns)
        self.names[column] = direct.scenario.name
        found = networked(direct, market, day)
        if found.network is not None:
            self._networked[column] = found
        direct = found.after
        for key, move in direct.moves.items():
            self._stated.setdefault(key, set()).add(column)
            if move.level != market.levels[key]:
                _put(self._rows, market, (key, *cell), move.level)
        self._propagated.append((column, propagated_moves(found, self.directory, self.problems)))

    def linked(self) -> LinkedMoves:
        """Return everything that moves, once all columns are in."""
        market = self.directory.market
        for column, levels in self._propagated:
            for key, level in levels.items():
                _put(self._rows, market, (key, column, self.n_columns), level)
        linked = follow_links(self.directory, self._rows, self._stated, self.n_columns)
        self.problems.extend(linked_problems(self.directory, linked, self.names))
        return replace(linked, networked=self._networked)


def _put(
    rows: dict[RiskFactorKey, FloatArray],
    market: MarketSnapshot,
    cell: tuple[RiskFactorKey, int, int],
    level: float,
) -> None:
    """Put a level into the row of a factor, which is made where it is missing; `cell` ends in the width."""
    key, column, n_columns = cell
    row = rows.get(key)
    if row is None:
        row = rows[key] = np.empty(n_columns)
        row.fill(market.levels[key])
    row[column] = level
