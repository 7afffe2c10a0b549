"""How long a company's cash lasts: burn at a date and over a step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.instrument_type import CompileContext
from stresstest.instruments.private_stake.columns import RunwayColumns
from stresstest.instruments.private_stake.requirements import gap_key
from stresstest.instruments.private_stake.spec import PrivateStakeSpec, RunwaySpec
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.rows import NO_ROW


def runway_columns(specs: Sequence[PrivateStakeSpec], context: CompileContext) -> RunwayColumns:
    """Return cash and burn of each stake; those without a runway have none."""
    runways = [spec.runway for spec in specs]
    keys = [gap_key(spec) for spec in specs]
    ends = [_end(runway) for runway in runways]
    now = _years(context.market.as_of, context.valuation_date)
    before = now if context.previous_date is None else _years(context.market.as_of, context.previous_date)
    return RunwayColumns(
        gap_row=frozen_int([NO_ROW if key is None else context.rows.factor(key) for key in keys]),
        cash=frozen([0.0 if item is None else item.cash for item in runways]),
        burn=frozen([0.0 if item is None else burn_rate(item, now) for item in runways]),
        step_burn=frozen([0.0 if item is None else burned(item, before, now) for item in runways]),
        reopening_years=frozen([1.0 if item is None else item.reopening_years for item in runways]),
        after_scale=frozen([scale for scale, _ in ends]),
        after_share=frozen([share for _, share in ends]),
    )


def burn_rate(runway: RunwaySpec, years: float) -> float:
    """Return costs less revenue a year, `years` after the market's date, billions; 0 where it earns."""
    costs = runway.costs * float(exp(_growth(runway.costs_growth) * years))
    revenue = runway.revenue * float(exp(_growth(runway.revenue_growth) * years))
    return max(costs - revenue, 0.0)


def burned(runway: RunwaySpec, start: float, end: float) -> float:
    """Return costs less revenue between two times in years, billions; 0 where it earns on balance."""
    costs = _between(runway.costs, _growth(runway.costs_growth), start, end)
    return max(costs - _between(runway.revenue, _growth(runway.revenue_growth), start, end), 0.0)


def _between(rate: float, growth: float, start: float, end: float) -> float:
    """Return ∫ rate·e^{growth·t} dt."""
    if growth == 0.0:
        return rate * (end - start)
    return rate * (float(exp(growth * end)) - float(exp(growth * start))) / growth


def _growth(a_year: float) -> float:
    return float(log(1.0 + a_year))


def _end(runway: RunwaySpec | None) -> tuple[float, float]:
    """Return what is left of the equity once the cash is gone, and the part of the payoff that is kept."""
    if runway is None:
        return 1.0, 1.0
    if runway.down_round is not None:
        return 1.0 - runway.down_round.discount, 1.0 - runway.down_round.dilution
    return (0.0 if runway.liquidation is None else runway.liquidation.recovery), 1.0


def _years(start: date, end: date) -> float:
    return (end - start).days / DAYS_PER_YEAR
