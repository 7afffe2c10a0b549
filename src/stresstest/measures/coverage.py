"""What the shocks reach: positions whose value depends on a factor that a scenario moves or states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.effects import LineEffect


@dataclass(frozen=True)
class Coverage:
    """Positions that each column reaches.

    Attributes
    ----------
    reached
        `(n_positions, n_columns)` whether a factor that the position depends on differs from its base, or a
        line states it (`+0%` is a statement too).
    gross
        `(n_positions,)` absolute base value.
    exposure
        `(n_positions,)` largest absolute value in any column: a swap at par, or a forward, has no base value
        and can lose what others are worth.
    """

    position_ids: tuple[str, ...]
    scenario: tuple[str, ...]
    reached: BoolArray
    gross: FloatArray
    exposure: FloatArray

    def share(self, column: int) -> float:
        """Return the share of gross base value that column `column` reaches; 1 for an empty portfolio.

        Of positions that are all worth nothing today it is the share of exposure.
        """
        total = float(self.gross.sum())
        if not total:
            return self.exposure_share(column)
        return float(self.gross[self.reached[:, column]].sum()) / total

    def exposure_share(self, column: int) -> float:
        """Return the share of exposure that column `column` reaches; 1 for an empty portfolio.

        Of positions that are worth nothing in any column it is the share of their number.
        """
        weights = self.exposure if self.exposure.any() else np.ones(len(self.position_ids))
        total = float(weights.sum())
        return float(weights[self.reached[:, column]].sum()) / total if total else 1.0

    def count(self, column: int) -> int:
        """Return the number of positions that column `column` reaches."""
        return int(np.count_nonzero(self.reached[:, column]))

    def unreached(self, column: int) -> tuple[str, ...]:
        """Return the ids of the positions that column `column` leaves alone, the largest first."""
        rows = np.flatnonzero(~self.reached[:, column])
        order = rows[np.lexsort((-self.exposure[rows], -self.gross[rows]))]
        return tuple(self.position_ids[row] for row in order.tolist())


def coverage(result: PortfolioResult, columns: ColumnSource, effects: Iterable[LineEffect] = ()) -> Coverage:
    """Return which positions of `result` each column reaches; `effects` are those of the lines."""
    book = result.book
    keys = book.factor_keys
    row_of = {key: row for row, key in enumerate(keys)}
    moved = _moved(columns, keys) | _stated(result, row_of, effects)
    reached = np.zeros((len(book.instruments), columns.n_columns), np.bool_)
    for row in dict.fromkeys(result.instrument.tolist()):
        requirements = book.instruments[row].requirements
        factors = (*requirements.factors, *book.conversion_factors(requirements.currency, result.currency))
        rows = [row_of[key] for key in factors]
        reached[row] = moved[rows].any(axis=0) if rows else False
    sizes = np.abs(np.nan_to_num(result.position_value))
    exposure = sizes.max(axis=1, initial=0.0)
    held = reached[result.instrument]
    return Coverage(result.position_ids, result.table.scenario, held, frozen(sizes[:, 0]), frozen(exposure))


def _moved(columns: ColumnSource, keys: tuple[RiskFactorKey, ...]) -> BoolArray:
    """Return `(n_keys, n_columns)` whether a factor differs from its base."""
    bound = columns.bind(keys)
    parts = []
    for number in range(columns.table.n_slices):
        low, high = columns.table.slice_bounds(number)
        parts.append(bound.chunk(number, 0, high - low) != bound.base[:, np.newaxis])
    moved: BoolArray = np.concatenate(parts, axis=1)
    return moved


def _stated(
    result: PortfolioResult, row_of: Mapping[RiskFactorKey, int], effects: Iterable[LineEffect]
) -> BoolArray:
    """Return `(n_keys, n_columns)` whether a line of the column's scenario states the factor."""
    stated = np.zeros((len(row_of), result.table.n_columns), np.bool_)
    columns = {name: result.table.columns_of(name) for name in result.table.scenarios}
    for effect in effects:
        if effect.factor in row_of and effect.scenario in columns:
            stated[row_of[effect.factor], columns[effect.scenario]] = True
    return stated
