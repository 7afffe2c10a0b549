"""Results over time: the value of a portfolio along a path, its drawdown, time under water, lowest cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.histories import previous_columns

CASH_TYPE = "cash"


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall below an earlier high of a path.

    Attributes
    ----------
    amount
        High − low, in the portfolio's currency; 0 where the value never falls.
    percent
        The same in per cent of the high; None where the high is not positive.
    peak, trough
        Dates of the high, the last time that it stood, and of the low; one date where a shock does it all.
    """

    amount: float
    percent: float | None
    peak: date
    trough: date


@dataclass(frozen=True)
class UnderWater:
    """The longest time below an earlier high, from that high on; `recovered` None: not by the path's end."""

    days: int
    start: date
    recovered: date | None


@dataclass(frozen=True)
class ValuePath:
    """One portfolio along one path, today and at each step.

    Attributes
    ----------
    dates
        `(n_points,)` today first, then each step.
    columns
        `(n_points,)` columns after the shocks of each step; 0 is the base, unless shocks hit today.
    before
        `(n_points,)` value just before the shocks of each point, at the levels of the step before.
    after
        `(n_points,)` value after them, cash received included, in the portfolio's currency; positions without
        a value at a point stand at their base value.
    cash
        `(n_points,)` money held and received since today, after each step; None where only totals were kept.
    """

    scenario: str
    currency: str
    dates: tuple[date, ...]
    columns: IntArray
    before: FloatArray
    after: FloatArray
    cash: FloatArray | None

    @property
    def carry(self) -> FloatArray:
        """`(n_points,)` P&L of time alone up to each point: coupons, interest, roll-down, theta."""
        return frozen(np.concatenate([[0.0], self.before[1:] - self.after[:-1]]))

    @property
    def shock(self) -> FloatArray:
        """`(n_points,)` P&L of the shocks of each point."""
        return frozen(self.after - self.before)

    @cached_property
    def drawdown(self) -> Drawdown:
        """The deepest fall below an earlier high."""
        value, dates = self._points
        high = np.maximum.accumulate(value)
        trough = int(np.argmax(high - value))
        peak = trough - int(np.argmax(value[trough::-1]))
        amount = float(value[peak] - value[trough])
        percent = 100.0 * amount / float(value[peak]) if value[peak] > 0.0 else None
        return Drawdown(amount, percent, dates[peak], dates[trough])

    @cached_property
    def under_water(self) -> UnderWater:
        """The longest time from a high until it is reached again, or to the end of the path."""
        value, dates = self._points
        longest = UnderWater(0, dates[0], dates[0])
        peak, wet = 0, False
        for point in range(1, len(value)):
            if value[point] < value[peak]:
                wet = True
            if wet and value[point] >= value[peak]:
                longest = max(longest, _stretch(dates, peak, point), key=lambda found: found.days)
            if value[point] >= value[peak]:
                peak, wet = point, False
        if wet:
            longest = max(longest, _stretch(dates, peak, None), key=lambda found: found.days)
        return longest

    @property
    def lowest_cash(self) -> tuple[float, date] | None:
        """The least cash along the path and its date; None where only totals were kept."""
        if self.cash is None:
            return None
        place = int(np.argmin(self.cash))
        return float(self.cash[place]), self.dates[place]

    @property
    def _points(self) -> tuple[FloatArray, tuple[date, ...]]:
        """Values before and after the shocks of each point, in order, and their dates."""
        value = np.stack([self.before, self.after], axis=1).ravel()
        return value, tuple(day for day in self.dates for _ in range(2))


def value_path(result: PortfolioResult, columns: ColumnSource, scenario: str) -> ValuePath | None:
    """Return the portfolio along the path `scenario`; None where the scenario does not leave today.

    Of a sampled path the first draw is taken.
    """
    table = columns.table
    numbers = table.columns_of(scenario)
    own = numbers[table.draw[numbers] == table.draw[numbers[0]]] if len(numbers) else numbers
    if not len(own) or table.slice[own[-1]] == 0:
        return None
    last = own[np.flatnonzero(np.diff(table.slice[own], append=-1))]
    aged = previous_columns(table)[last]
    if table.slice[last[0]] > 0:
        last, aged = np.concatenate([[0], last]), np.concatenate([[0], aged])
    value = result.base_value + result.pnl
    days = [round(columns.elapsed_years[number] * DAYS_PER_YEAR) for number in table.slice[last].tolist()]
    as_of = result.book.market.as_of
    return ValuePath(
        scenario,
        result.currency,
        tuple(as_of + timedelta(days=day) for day in days),
        frozen_int(last),
        frozen(value[aged]),
        frozen(value[last]),
        _cash(result, last),
    )


def _stretch(dates: Sequence[date], peak: int, recovery: int | None) -> UnderWater:
    end = dates[-1] if recovery is None else dates[recovery]
    return UnderWater((end - dates[peak]).days, dates[peak], None if recovery is None else end)


def _cash(result: PortfolioResult, columns: IntArray) -> FloatArray | None:
    """Return `(n_points,)` money of cash positions and money that other positions have paid."""
    units = result.units
    if units is None or units.cash is None:
        return None
    rate = units.fx[result.held.fx][:, columns]
    paid = units.cash[result.instrument][:, columns]
    is_cash = np.array([tag == CASH_TYPE for tag in result.position_types])
    paid[is_cash] = units.value[result.instrument[is_cash]][:, columns]
    return frozen(np.nansum((result.held.quantity[:, np.newaxis] * paid) * rate, axis=0))
