"""From the terms of a floating-rate bond and a date to the periods that are left."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import FloatingLeg, ValuationDates
from stresstest.conventions.schedules import Grid, PaymentTerms, ScheduleTerms
from stresstest.errors import InputError, Problem
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.market.floating_lookups import FloatingPart, FloatingRates, RateCurves, telescopes
from stresstest.market.snapshot import MarketSnapshot


class BondFlow(NamedTuple):
    """Payment for one unit of face.

    Attributes
    ----------
    part
        Where the growth of the period comes from.
    known
        Margin of the period, and the face at maturity.
    years
        Time to the payment (ACT/365F); 0 or less where it was paid since the step before.
    telescopes
        Whether the floating interest is worth D(start) − D(end) before the spread.
    """

    part: FloatingPart
    known: float
    years: float
    telescopes: bool


def floating_leg(spec: FloatingBondSpec, today: date) -> FloatingLeg:
    """Return the interest of the bond on one unit of face; `today` is the market's date.

    Without an issue date the schedule begins on a regular date before the period of `today`.
    """
    grid = Grid(spec.maturity, spec.frequency, spec.end_of_month)
    start = spec.issue_date or grid.start_before(today)
    schedule = ScheduleTerms(
        start, spec.maturity, spec.frequency, spec.first_coupon_date, end_of_month=spec.end_of_month
    )
    payment = PaymentTerms(spec.calendar, spec.business_day_convention, accrual_adjusted=True)
    return FloatingLeg(spec.day_count, schedule, payment)


def bond_rates(
    spec: FloatingBondSpec, curves: RateCurves, market: MarketSnapshot, dates: ValuationDates
) -> FloatingRates:
    """Return the floating rates of the bond on a valuation date."""
    leg = floating_leg(spec, market.as_of)
    return FloatingRates(leg, spec.rate, spec.current_rate, curves.projection, market, dates)


def bond_flows(spec: FloatingBondSpec, rates: FloatingRates, curves: RateCurves) -> tuple[BondFlow, ...]:
    """Return the payments since the step before and those to come, first to last."""
    dates, last = rates.dates, rates.leg.periods[-1]
    found = []
    for period in rates.leg.unpaid(dates.previous or dates.valuation):
        part = rates.part(period)
        known = spec.margin * period.year_fraction + (1.0 if period is last else 0.0)
        years = act_365f_years(dates.valuation, period.payment_date)
        found.append(BondFlow(part, known, years, telescopes(period, part.growth, curves, dates)))
    return tuple(found)


def check_alive(spec: FloatingBondSpec, leg: FloatingLeg, today: date) -> None:
    """Raise `InputError` where the bond is repaid (ST370) or not yet issued (ST371)."""
    who = f"bond of {spec.issuer} that matures on {spec.maturity}"
    if spec.issue_date is not None and spec.issue_date > today:
        got = f"{who}, issued on {spec.issue_date}"
        expected = f"an issue date on {today} or earlier"
        raise InputError([Problem("ST371", got, expected, field="issue_date")])
    if not leg.unpaid(today):
        raise InputError([Problem("ST370", who, f"a maturity after {today}", field="maturity")])
