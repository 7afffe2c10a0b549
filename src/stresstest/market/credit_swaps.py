"""What credit default swaps look up: their life cut into intervals, the columns that kernels read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int, offsets
from stresstest.conventions.cds_dates import PremiumPeriod, cash_settlement_date, premium_periods
from stresstest.conventions.day_counts import act_365f_years
from stresstest.kernels.credit_swap import CreditSwapColumns, IntervalColumns
from stresstest.kernels.rows import NO_ROW
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import nodes_used
from stresstest.market.rows import CreditRows
from stresstest.market.snapshot import Curve, MarketSnapshot

_ONE_DAY = timedelta(days=1)
_HALF_DAY_YEARS = 0.5 / 365.0
_SAME_TIME_YEARS = 1e-9


class SwapDays(NamedTuple):
    """Valuation date, and that of the step before where there is one."""

    today: date
    before: date | None = None

    @property
    def step_in(self) -> date:
        """Day from which premium counts: the day after the valuation date."""
        return self.today + _ONE_DAY


class CreditSwapTerms(NamedTuple):
    """Contract with protection bought on one unit of notional.

    Attributes
    ----------
    curve
        Discounts all payments.
    maturity
        Last day of protection, a premium date.
    coupon
        Premium a year.
    spread
        Factor of the quoted spread.
    recovery
        Assumed recovery.
    basis_key, recovery_key
        Factors of what is added to the spread, and of a recovery instead of the assumed one; None without.
    notional
        Part of the notional that is still protected.
    """

    curve: Curve
    maturity: date
    coupon: float
    spread: RiskFactorKey
    recovery: float
    basis_key: RiskFactorKey | None = None
    recovery_key: RiskFactorKey | None = None
    notional: float = 1.0


def swap_key(market: MarketSnapshot, kind: str, issuer: str, seniority: str = "") -> RiskFactorKey | None:
    """Return a factor of an issuer that the market may state: a basis of its own, a public recovery."""
    name = issuer if kind == "basis" else issuer.split("#", 1)[0]
    key = RiskFactorKey(kind, name, seniority)
    return key if key in market.levels else None


class SwapInterval(NamedTuple):
    """Interval of `kernels.credit_swap.IntervalColumns`, with times instead of rows."""

    start_years: float
    end_years: float
    accrued_years: float
    premium: float
    payment_years: float


def swap_intervals(node_years: FloatArray, today: date, maturity: date) -> tuple[SwapInterval, ...]:
    """Return the time from `today` to `maturity` cut at the ends of premium periods and at the curve's nodes.

    Forward rates are flat between the cuts, as on the curves of the ISDA standard model; the discount factors
    at the cuts are the curve's own. Empty where the contract is over.
    """
    nodes = [float(years) for years in node_years]
    intervals: list[SwapInterval] = []
    for period in premium_periods(today + _ONE_DAY, maturity):
        intervals += _period_intervals(nodes, today, period)
    return tuple(intervals)


def _period_intervals(nodes: list[float], today: date, period: PremiumPeriod) -> Iterator[SwapInterval]:
    # Protection counts to the end of the day before: survival is that of the day before each date.
    first, end = (act_365f_years(today, day - _ONE_DAY) for day in (period.start, period.end))
    start = max(first, 0.0)
    lower, upper = bisect_right(nodes, start + _SAME_TIME_YEARS), bisect_left(nodes, end - _SAME_TIME_YEARS)
    cuts = [start, *nodes[lower:upper], end]
    payment = act_365f_years(today, period.payment_date)
    for before, after in pairwise(cuts):
        premium = period.year_fraction if after == end else 0.0
        accrued = before - first + _HALF_DAY_YEARS
        yield SwapInterval(before, after, accrued, premium, payment if after == end else after)


def swap_times(curve: Curve, today: date, maturity: date) -> list[float]:
    """Return the times in years that a contract discounts from."""
    intervals = swap_intervals(curve.years, today, maturity)
    times = [years for interval in intervals for years in (interval.end_years, interval.payment_years)]
    return [*times, act_365f_years(today, cash_settlement_date(today))]


def credit_swap_factors(swap: CreditSwapTerms, today: date) -> tuple[RiskFactorKey, ...]:
    """Return the factors that can move a contract before a default: rates, quoted spread, recovery."""
    rates = nodes_used(swap.curve, swap_times(swap.curve, today, swap.maturity))
    optional = [key for key in (swap.basis_key, swap.recovery_key) if key is not None]
    return (*rates, swap.spread, *optional)


def accrued_fraction(today: date, maturity: date) -> float:
    """Return the part of a year's premium accrued up to and with `today` (ACT/360); 0 where it is over."""
    periods = premium_periods(today + _ONE_DAY, maturity)
    return max(periods[0].accrued(today + _ONE_DAY), 0.0) if periods else 0.0


def paid_fraction(days: SwapDays, maturity: date) -> float:
    """Return the part of a year's premium that has left the value since the step before (ACT/360).

    A premium leaves the value on the day before its period ends, when it is settled business: a buyer who
    steps in on the next day does not pay it.
    """
    if days.before is None:
        return 0.0
    periods = premium_periods(days.before + _ONE_DAY, maturity)
    return sum(period.year_fraction for period in periods if period.end <= days.step_in)


def credit_swap_columns(
    swaps: Sequence[CreditSwapTerms], days: SwapDays, rows: CreditRows
) -> CreditSwapColumns:
    """Return the columns of contracts, in their order; at least one."""
    cut = [swap_intervals(swap.curve.years, days.today, swap.maturity) for swap in swaps]
    settlement = act_365f_years(days.today, cash_settlement_date(days.today))
    return CreditSwapColumns(
        offsets=offsets(map(len, cut)),
        intervals=_interval_columns(
            [(swap.curve.name, part) for swap, parts in zip(swaps, cut, strict=True) for part in parts], rows
        ),
        coupon=frozen([swap.coupon for swap in swaps]),
        accrued=frozen([accrued_fraction(days.today, swap.maturity) for swap in swaps]),
        settlement_row=frozen_int([rows.discount(swap.curve.name, settlement) for swap in swaps]),
        spread_row=frozen_int([rows.factor(swap.spread) for swap in swaps]),
        basis_row=_optional_rows([swap.basis_key for swap in swaps], rows),
        recovery=frozen([swap.recovery for swap in swaps]),
        recovery_row=_optional_rows([swap.recovery_key for swap in swaps], rows),
        notional=frozen([swap.notional for swap in swaps]),
        paid=frozen([-swap.notional * swap.coupon * paid_fraction(days, swap.maturity) for swap in swaps]),
    )


def _optional_rows(keys: Sequence[RiskFactorKey | None], rows: CreditRows) -> IntArray:
    return frozen_int([NO_ROW if key is None else rows.factor(key) for key in keys])


def _interval_columns(parts: Sequence[tuple[str, SwapInterval]], rows: CreditRows) -> IntervalColumns:
    return IntervalColumns(
        start_years=frozen([part.start_years for _, part in parts]),
        end_years=frozen([part.end_years for _, part in parts]),
        length_years=frozen([part.end_years - part.start_years for _, part in parts]),
        accrued_years=frozen([part.accrued_years for _, part in parts]),
        premium=frozen([part.premium for _, part in parts]),
        discount_row=frozen_int([rows.discount(curve, part.end_years) for curve, part in parts]),
        log_discount_row=frozen_int([rows.log_discount(curve, part.end_years) for curve, part in parts]),
        payment_row=frozen_int([rows.discount(curve, part.payment_years) for curve, part in parts]),
    )
