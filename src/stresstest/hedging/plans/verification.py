"""Whether a plan is what it says: trades read back from a file, the book revalued in full, all compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.hedging.plans.hedged_books import carried_book
from stresstest.hedging.plans.trades_file import read_trades, write_trades
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.writing import write_portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import ColumnSource

TOLERANCE = 1e-9
"""Of the base value: no number of a plan's table may differ by more from what its file is worth."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number of the plan beside what the book of its file gives.

    Attributes
    ----------
    name
        Of the scenario, or of the draw.
    planned, revalued
        P&L as shares of the base value.
    """

    name: str
    planned: float
    revalued: float

    @property
    def gap(self) -> float:
        """Size of the difference."""
        return abs(self.planned - self.revalued)


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared.

    Attributes
    ----------
    n_scenarios, n_draws
        Scenarios and sampled columns in which the hedged book was revalued.
    largest
        The reading that differs most; None where nothing was compared.
    """

    n_scenarios: int
    n_draws: int
    largest: Reading | None

    @property
    def passed(self) -> bool:
        """Whether every number agrees within the tolerance."""
        return self.largest is None or self.largest.gap <= TOLERANCE

    def joined(self, other: Verification) -> Verification:
        """Return both comparisons as one."""
        found = [one.largest for one in (self, other) if one.largest is not None]
        worst = max(found, key=lambda reading: reading.gap, default=None)
        return Verification(self.n_scenarios + other.n_scenarios, self.n_draws + other.n_draws, worst)


def book_from_files(portfolio: Portfolio, trades: Portfolio, as_of: date) -> Portfolio:
    """Return the book after `trades` as files give it: both written, and read by the ordinary readers."""
    with TemporaryDirectory() as folder:
        after = portfolio
        if len(trades.positions):
            path = Path(folder) / "trades.yaml"
            write_trades(path, trades)
            after = carried_book(portfolio, read_trades(path), as_of)
        path = Path(folder) / "hedged.yaml"
        write_portfolio(path, after)
        return load_portfolio(path)


def compiled(portfolio: Portfolio, market: MarketSnapshot) -> Book:
    """Return `portfolio` compiled by itself, nothing shared with what planned its trades.

    Columns for it are made over the book's own market, which has the factors that positions state themselves.
    """
    return compile_book([portfolio], market)


def revalued(book: Book, columns: ColumnSource) -> PortfolioResult:
    """Return the only portfolio of `book` fully revalued."""
    return apply_holdings(book, revalue(book, columns)).portfolios[0]


def pnl_against(result: PortfolioResult, base_value: float, columns: IntArray) -> FloatArray:
    """Return `(n_columns,)` value less `base_value`, as shares of its size.

    A position without a value in a column counts as unmoved there, as in a run and in the inputs of a plan:
    its base value stays in.
    """
    value = result.value[columns] + result.left_out[columns]
    pnl: FloatArray = (value - base_value) / abs(base_value)
    return pnl


def compared(
    planned: Mapping[str, float], found: Mapping[str, float], *, drawn: bool = False
) -> Verification:
    """Return how numbers of a plan compare with those of its book."""
    readings = [Reading(name, value, found.get(name, np.nan)) for name, value in planned.items()]
    broken = [reading for reading in readings if not np.isfinite(reading.gap)]
    worst = broken[0] if broken else max(readings, key=lambda reading: reading.gap, default=None)
    count = len(readings)
    return Verification(0 if drawn else count, count if drawn else 0, worst)
