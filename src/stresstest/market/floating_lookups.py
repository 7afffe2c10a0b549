"""What floating legs look up: the curve that projects a currency's rates, rates set before today, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import (
    KEEPS_ACCRUED,
    KEEPS_ALL,
    FloatingLeg,
    FloatingPeriod,
    Growth,
    RateSetting,
    ValuationDates,
    compounded_growth,
    term_growth,
)
from stresstest.errors import ProblemList
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.floating import GrowthColumns
from stresstest.kernels.logarithm import log
from stresstest.kernels.rows import NO_ROW
from stresstest.market.curves import interpolation_weights
from stresstest.market.forward_lookups import find_currency_curve
from stresstest.market.lookups import check_levels
from stresstest.market.rows import LogDiscountRows
from stresstest.market.snapshot import Curve, MarketSnapshot

OVERNIGHT_YEARS = 1 / 365
"""One day in years of 365 days: the overnight rate is the curve's rate for it."""

OVERNIGHT_CURVES: Mapping[str, str] = {
    "USD": "USD_SOFR",
    "EUR": "EUR_ESTR",
    "GBP": "GBP_SONIA",
    "JPY": "JPY_TONA",
    "CHF": "CHF_SARON",
}
"""Usual name of the curve of each currency's overnight rate."""

RATE_STATE = 3
"""Numbers that a floating leg carries along a path: two periods in turn, and the rate in force."""


class RateCurves(NamedTuple):
    """The curve that projects floating interest, and the one that discounts it; often the same."""

    projection: Curve
    discount: Curve


class FloatingPart(NamedTuple):
    """One period to compile: its growth, the log of what is known of it, and its places in the state.

    Attributes
    ----------
    slot
        Of what is remembered of the period.
    standing_slot
        Of the rate in force since the step before, kept by `keep_standing_rate`: it gives what accrued or was
        set between two steps. Without one (`NO_ROW`) the column's own levels do, a shock of that date
        included.
    """

    curve: str
    growth: Growth
    known_log: float
    slot: int
    standing_slot: int = NO_ROW


def floating_curve_name(market: MarketSnapshot, currency: str, stated: str | None) -> str | None:
    """Return the curve that projects and discounts floating payments: the stated one or the overnight curve.

    None where the market has no overnight curve of that name: `find_floating_curve` then takes the currency's
    discount curve or its only one.
    """
    usual = OVERNIGHT_CURVES.get(currency)
    return stated or (usual if usual in market.curves else None)


def find_floating_curve(
    market: MarketSnapshot, currency: str, stated: str | None, field: str, problems: ProblemList
) -> Curve | None:
    """Return the curve that projects and discounts floating payments in a currency.

    The stated one; else that of the currency's overnight rate, like `USD_SOFR`; else its discount curve or
    only curve. None where there is none (ST362) or it is of another currency (ST372), with the problem added;
    `field` is what the contract terms call the curve.
    """
    name = floating_curve_name(market, currency, stated)
    return find_currency_curve(market, currency, name, field, problems)


def find_rate_curves(
    market: MarketSnapshot, currency: str, stated: tuple[str | None, str | None], problems: ProblemList
) -> RateCurves | None:
    """Return the curves of a contract, given the stated curve and projection curve, either of them None.

    The first as by `find_floating_curve`; it projects too where no projection curve is stated. None where one
    is missing (ST362), of another currency (ST372) or lacks a level (ST357), with the problem added.
    """
    curve, projection_curve = stated
    discount = find_floating_curve(market, currency, curve, "curve", problems)
    projection = discount
    if projection_curve is not None:
        projection = find_floating_curve(market, currency, projection_curve, "projection_curve", problems)
    if discount is None or projection is None:
        return None
    needed = dict.fromkeys((*discount.keys(), *projection.keys()))
    check_levels(market, needed, problems)
    return RateCurves(projection, discount) if all(key in market.levels for key in needed) else None


def base_log_discount(market: MarketSnapshot, curve: Curve, years: float) -> float:
    """Return ln D of a curve to `years` at the market's own levels, to the last bit of a kernel's."""
    keys = curve.keys()
    lower, upper, lower_weight, upper_weight = interpolation_weights(curve.years, years)
    low, high = market.levels[keys[lower]], market.levels[keys[upper]]
    return float(log_discount(low, high, lower_weight * years, upper_weight * years))


@dataclass(frozen=True, slots=True)
class FloatingRates:
    """Rates of a floating leg on a valuation date.

    Attributes
    ----------
    leg, setting
        The periods, and when their rates are set.
    current_rate
        Rate of the period that runs: as set where in advance, compounded so far where in arrears, without
        margin; decimal a year by the leg's day count. None where it is not stated: then the market's own
        levels give it, in advance the rate for a period of that length, in arrears the overnight rate. It is
        past, so no scenario moves it.
    curve
        That projects the rates to come.
    dates
        Today, the step before, the valuation date.
    """

    leg: FloatingLeg
    setting: RateSetting
    current_rate: float | None
    curve: Curve
    market: MarketSnapshot
    dates: ValuationDates

    def part(self, period: FloatingPeriod, first_slot: int = 0) -> FloatingPart:
        """Return where a period's growth comes from; the leg has `RATE_STATE` places from a first on."""
        if self.setting == "in_advance":
            growth = term_growth(period, self.dates, is_stated=self.current_rate is not None)
        else:
            growth = compounded_growth(period, self.dates)
        known = self._known_log(period) if growth.is_known else 0.0
        return FloatingPart(self.curve.name, growth, known, first_slot + period.slot, first_slot + 2)

    def standing_years(self) -> float:
        """Return the term of the rate that is in force between dates: a usual period, or a day in arrears."""
        in_advance = self.setting == "in_advance"
        return 1.0 / self.leg.schedule.frequency if in_advance else OVERNIGHT_YEARS

    def _known_log(self, period: FloatingPeriod) -> float:
        today = self.dates.valuation if self.dates.previous is None else self.dates.today
        in_advance = self.setting == "in_advance"
        if self.current_rate is not None:
            whole = in_advance or period.end <= today
            fraction = period.year_fraction if whole else self.leg.accrued_fraction(today)
            return float(log(1.0 + self.current_rate * fraction))
        if in_advance:
            return -base_log_discount(self.market, self.curve, act_365f_years(period.start, period.end))
        days = (min(period.end, today) - period.start).days
        return -days * base_log_discount(self.market, self.curve, OVERNIGHT_YEARS)


def telescopes(period: FloatingPeriod, growth: Growth, curves: RateCurves, dates: ValuationDates) -> bool:
    """Tell whether a period to come, paid at its end and on one curve, is worth D(start) − D(end)."""
    is_projected = not (growth.is_known or growth.is_carried or growth.overnight_days)
    at_end = period.payment_date == period.end and curves.projection.name == curves.discount.name
    ahead = period.start >= dates.valuation and growth.start_years != growth.end_years
    return is_projected and at_end and ahead


def base_log_growth(market: MarketSnapshot, curve: Curve, part: FloatingPart) -> float:
    """Return the log growth of a period at the market's own levels, on the market's date."""
    growth = part.growth
    if growth.start_years == growth.end_years:
        return part.known_log
    start, end = (base_log_discount(market, curve, years) for years in (growth.start_years, growth.end_years))
    return part.known_log + (start - end)


def growth_columns(parts: Sequence[FloatingPart], rows: LogDiscountRows) -> GrowthColumns:
    """Return the columns of floating periods, in their order; empty arrays for none."""
    standing = [_standing_years(part) for part in parts]
    return GrowthColumns(
        known=frozen([part.known_log for part in parts]),
        carried_slot=frozen_int([part.slot if part.growth.is_carried else NO_ROW for part in parts]),
        overnight_days=frozen([part.growth.overnight_days for part in parts]),
        overnight_row=frozen_int([_overnight_row(part, rows) for part in parts]),
        start_row=frozen_int([_start_row(part, rows) for part in parts]),
        end_row=frozen_int(
            [
                rows.log_discount(part.curve, part.growth.end_years) if _projects(part) else NO_ROW
                for part in parts
            ]
        ),
        accrued_slot=frozen_int(
            [part.slot if part.growth.keeps == KEEPS_ACCRUED else NO_ROW for part in parts]
        ),
        whole_slot=frozen_int([part.slot if part.growth.keeps == KEEPS_ALL else NO_ROW for part in parts]),
        standing_slot=frozen_int(
            [part.standing_slot if years else NO_ROW for part, years in zip(parts, standing, strict=True)]
        ),
        standing_years=frozen(standing),
    )


def _standing_years(part: FloatingPart) -> float:
    """Return the time that the rate in force since the step before earned; 0 where it does not count."""
    if part.standing_slot == NO_ROW:
        return 0.0
    growth = part.growth
    return growth.end_years if growth.set_before else growth.overnight_days * OVERNIGHT_YEARS


def _projects(part: FloatingPart) -> bool:
    """Tell whether the column's curve gives a part of the growth."""
    stands = part.growth.set_before and part.standing_slot != NO_ROW
    return part.growth.start_years != part.growth.end_years and not stands


def _overnight_row(part: FloatingPart, rows: LogDiscountRows) -> int:
    reads = part.growth.overnight_days and part.standing_slot == NO_ROW
    return rows.log_discount(part.curve, OVERNIGHT_YEARS) if reads else NO_ROW


def _start_row(part: FloatingPart, rows: LogDiscountRows) -> int:
    reads = _projects(part) and part.growth.start_years != 0.0
    return rows.log_discount(part.curve, part.growth.start_years) if reads else NO_ROW
