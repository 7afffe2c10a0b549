"""From the terms of a bond and a date to the payments that are left."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.schedules import Grid, PaymentTerms, ScheduleTerms
from stresstest.errors import InputError, Problem
from stresstest.instruments.fixed_bond.spec import FixedBondSpec

# A payment moves by days, never by a whole period of a month or more: one full period before the current
# one is enough to hold a coupon that is due and not yet paid.
_PAST_PERIODS = 1


class RemainingFlow(NamedTuple):
    """Payment of one unit of face: years (ACT/365F) from the valuation date, amount."""

    years: float
    amount: float


def fixed_leg(spec: FixedBondSpec, valuation_date: date) -> FixedLeg:
    """Return the interest of the bond on one unit of face.

    Without an issue date the schedule begins on a regular date before the period of `valuation_date`.
    """
    schedule = ScheduleTerms(
        spec.issue_date or _regular_start(spec, valuation_date),
        spec.maturity,
        spec.frequency,
        spec.first_coupon_date,
        spec.last_coupon_date,
        end_of_month=spec.end_of_month,
    )
    payment = PaymentTerms(spec.calendar, spec.business_day_convention)
    return FixedLeg(spec.coupon, spec.day_count, schedule, payment)


def _regular_start(spec: FixedBondSpec, valuation_date: date) -> date:
    last = spec.last_coupon_date or spec.maturity
    grid = Grid(last, spec.frequency, spec.end_of_month)
    return grid.day(min(grid.index_at_or_before(valuation_date), 0) - _PAST_PERIODS)


def remaining_flows(spec: FixedBondSpec, valuation_date: date) -> tuple[RemainingFlow, ...]:
    """Return the payments after `valuation_date`, first to last, at least one.

    Raises
    ------
    InputError
        The bond has been repaid (ST370) or is not yet issued (ST371).
    """
    who = f"bond of {spec.issuer} that matures on {spec.maturity}"
    if spec.issue_date is not None and spec.issue_date > valuation_date:
        got = f"{who}, issued on {spec.issue_date}"
        raise InputError(
            [Problem("ST371", got, f"an issue date on {valuation_date} or earlier", field="issue_date")]
        )
    flows = tuple(
        RemainingFlow(act_365f_years(valuation_date, flow.payment_date), flow.amount)
        for flow in fixed_leg(spec, valuation_date).bond_flows(valuation_date)
    )
    if not flows:
        raise InputError([Problem("ST370", who, f"a maturity after {valuation_date}", field="maturity")])
    return flows


def is_repaid(spec: FixedBondSpec, valuation_date: date) -> bool:
    """Tell whether no payment is left after `valuation_date`."""
    return not fixed_leg(spec, valuation_date).bond_flows(valuation_date)


def paid_amount(spec: FixedBondSpec, after: date, until: date) -> float:
    """Return what one unit of face pays after the day `after`, up to and on the day `until`."""
    flows = fixed_leg(spec, after).bond_flows(after)
    return math.fsum(flow.amount for flow in flows if flow.payment_date <= until)


def accrued_interest(spec: FixedBondSpec, valuation_date: date) -> float:
    """Return the interest earned and not yet paid on `valuation_date`, for one unit of face."""
    return fixed_leg(spec, valuation_date).accrued_interest(valuation_date)
