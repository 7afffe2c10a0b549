"""Greeks, rate and credit sensitivities, by bumping the factors and revaluing through the same kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable


@dataclass(frozen=True, slots=True)
class Bump:
    """A tiny two-sided shift of all factors of a kind: relative for positive kinds, in decimals for others.

    `name` is the field's term for the change of value per `size` up, half the difference of up and down.
    """

    name: str
    kind: str
    size: float
    relative: bool

    def shifted(self, level: float, direction: int) -> float:
        """Return `level` shifted up (+1) or down (−1)."""
        step = direction * self.size
        return level * (1.0 + step) if self.relative else level + step


BUMPS: tuple[Bump, ...] = (
    Bump("delta", "spot", 0.01, relative=True),
    Bump("fx_delta", "fx_spot", 0.01, relative=True),
    Bump("dv01", "zero_rate", 1e-4, relative=False),
    Bump("cs01", "credit_spread", 1e-4, relative=False),
    Bump("vega", "implied_vol", 0.01, relative=False),
    Bump("rate_vega", "normal_vol", 1e-4, relative=False),
)
"""Change of value for +1 % of spot and of foreign currencies, +1 bp of rates and spreads, +1 vol point.

Normal vols of rates are quoted in basis points: `rate_vega` is for +1 bp of them, and `vega` leaves them.
"""


@dataclass(frozen=True)
class Sensitivities:
    """Sensitivities of one portfolio.

    Attributes
    ----------
    names
        `delta, fx_delta, dv01, cs01, vega, rate_vega` and `gamma`: the change of delta for +1 % of spot.
    value
        `(n_positions, n_names)` in the portfolio's currency.
    """

    portfolio: str
    position_ids: tuple[str, ...]
    names: tuple[str, ...]
    value: FloatArray


def sensitivities(book: Book, *, threads: int | None = None) -> tuple[Sensitivities, ...]:
    """Return the sensitivities of every position of every portfolio of `book`.

    Every factor of a kind moves together; a factor is not moved through links, since its sources and itself
    move alike.
    """
    result = apply_holdings(book, revalue(book, _columns(book, BUMPS), threads=threads))
    return tuple(_sensitivities(portfolio) for portfolio in result.portfolios)


def _sensitivities(portfolio: PortfolioResult) -> Sensitivities:
    value = portfolio.position_value
    up, down = value[:, 1::2], value[:, 2::2]
    first = (up - down) / 2.0
    gamma = up[:, 0] - 2.0 * value[:, 0] + down[:, 0]
    names = (*(bump.name for bump in BUMPS), "gamma")
    return Sensitivities(portfolio.name, portfolio.position_ids, names, np.column_stack([first, gamma]))


def _columns(book: Book, bumps: Sequence[Bump]) -> FactorColumns:
    """Return two columns a bump, up and down."""
    names = [f"{bump.name}_{side}" for bump in bumps for side in ("up", "down")]
    moved: dict[RiskFactorKey, FloatArray] = {}
    for key in book.factor_keys:
        level = book.market.levels[key]
        row = np.full(len(names) + 1, level)
        for place, bump in enumerate(bumps):
            if bump.kind == key.kind:
                row[1 + 2 * place] = bump.shifted(level, 1)
                row[2 + 2 * place] = bump.shifted(level, -1)
        moved[key] = row
    return FactorColumns(ColumnTable.instant(names), book.market.levels, moved)


@dataclass(frozen=True)
class FactorSensitivities:
    """Change of portfolio values for a bump of one factor at a time.

    Attributes
    ----------
    keys
        Factors that the book reads and some bump moves.
    value
        `(n_portfolios, n_keys)` half the difference of up and down, in each portfolio's currency.
    """

    keys: tuple[RiskFactorKey, ...]
    portfolios: tuple[str, ...]
    value: FloatArray


def factor_sensitivities(book: Book, *, threads: int | None = None) -> FactorSensitivities:
    """Return the sensitivity of every portfolio to every factor by itself (delta a name, dv01 a node, …)."""
    by_kind = {bump.kind: bump for bump in BUMPS}
    keys = tuple(key for key in book.factor_keys if key.kind in by_kind)
    names = [f"{key}_{side}" for key in keys for side in ("up", "down")]
    moved = {}
    for place, key in enumerate(keys):
        level, bump = book.market.levels[key], by_kind[key.kind]
        row = np.full(len(names) + 1, level)
        row[1 + 2 * place], row[2 + 2 * place] = bump.shifted(level, 1), bump.shifted(level, -1)
        moved[key] = row
    columns = FactorColumns(ColumnTable.instant(names), book.market.levels, moved)
    result = apply_holdings(book, revalue(book, columns, threads=threads))
    value = np.array([(held.value[1::2] - held.value[2::2]) / 2.0 for held in result.portfolios])
    return FactorSensitivities(keys, tuple(held.name for held in result.portfolios), value)
