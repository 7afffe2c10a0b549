"""From the terms of a bond and a date to the payments that are left."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from stresstest.conventions.amortisation import (
    BalanceProfile,
    Instalments,
    annuity,
    equal_repayments,
    sinking,
)
from stresstest.conventions.cash_flows import CashFlow, FixedLeg
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.ex_dividend import ExDividendPeriod
from stresstest.conventions.schedules import CouponPeriod, Grid, PaymentTerms, ScheduleTerms
from stresstest.errors import InputError, Problem
from stresstest.instruments.fixed_bond.spec import FixedBondSpec


class RemainingFlow(NamedTuple):
    """Payment of one unit of face: years (ACT/365F) from the valuation date, amount."""

    years: float
    amount: float


def fixed_leg(spec: FixedBondSpec, valuation_date: date) -> FixedLeg:
    """Return interest and repayments of one unit of original face.

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
    leg = FixedLeg(spec.coupon, spec.day_count, schedule, payment)
    return leg if (balance := _balance(spec, leg)) is None else replace(leg, balance=balance)


def _balance(spec: FixedBondSpec, leg: FixedLeg) -> BalanceProfile | None:
    """Return the face as it is repaid; None where all of it is repaid at maturity."""
    if spec.sinking_fund:
        return sinking([(item.date, item.amount) for item in spec.sinking_fund], spec.maturity)
    if spec.amortisation is None:
        return None
    first = spec.first_repayment or leg.periods[0].end
    periods = [period for period in leg.periods if period.end >= first]
    days = tuple(period.end for period in periods)
    if spec.amortisation == "equal" or spec.coupon == 0.0:
        return equal_repayments(days)
    interest = tuple(leg.coupon(period) / spec.coupon for period in periods)
    return annuity(Instalments(1.0, days, interest), spec.coupon)


def _regular_start(spec: FixedBondSpec, valuation_date: date) -> date:
    last = spec.last_coupon_date or spec.maturity
    grid = Grid(last, spec.frequency, spec.end_of_month)
    return grid.start_before(valuation_date)


def remaining_flows(
    spec: FixedBondSpec, valuation_date: date, held_since: date | None = None
) -> tuple[RemainingFlow, ...]:
    """Return the payments after `valuation_date`, first to last, at least one.

    Parameters
    ----------
    held_since
        Day of the purchase, by default the valuation date: a coupon that was ex-dividend then is left out.

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
        for flow in _flows(spec, valuation_date, held_since or valuation_date)
    )
    if not flows:
        raise InputError([Problem("ST370", who, f"a maturity after {valuation_date}", field="maturity")])
    return flows


def _flows(spec: FixedBondSpec, after: date, held_since: date) -> tuple[CashFlow, ...]:
    """Return what is paid after the day `after` to who holds the bond since `held_since`."""
    leg = fixed_leg(spec, after)
    if not spec.ex_dividend_days:
        return leg.bond_flows(after)
    flows = []
    for period in leg.periods:
        if period.payment_date > after:
            coupon = 0.0 if _withheld(spec, period, held_since) else leg.coupon(period)
            flows.append(CashFlow(period.payment_date, coupon + leg.repayment(period)))
    return tuple(flow for flow in flows if flow.amount != 0.0)


def _withheld(spec: FixedBondSpec, period: CouponPeriod, held_since: date) -> bool:
    """Tell whether the coupon of a period goes to who sold the bond on `held_since`."""
    ex_dividend = ExDividendPeriod(spec.ex_dividend_days, spec.ex_dividend_calendar)
    return ex_dividend.withholds(period.payment_date, held_since)


def is_repaid(spec: FixedBondSpec, valuation_date: date) -> bool:
    """Tell whether no payment is left after `valuation_date`."""
    return not fixed_leg(spec, valuation_date).bond_flows(valuation_date)


def paid_amount(spec: FixedBondSpec, after: date, until: date, held_since: date) -> float:
    """Return what one unit of original face pays after the day `after`, up to and on the day `until`."""
    flows = _flows(spec, after, held_since)
    return math.fsum(flow.amount for flow in flows if flow.payment_date <= until)


def outstanding_face(spec: FixedBondSpec, on: date) -> float:
    """Return the part of the original face that is left at the end of the day `on`."""
    return fixed_leg(spec, on).outstanding(on)


def accrued_interest(spec: FixedBondSpec, valuation_date: date) -> float:
    """Return the interest earned and not yet paid on `valuation_date`, for one unit of original face.

    In an ex-dividend period it is negative: the coupon goes to the seller, who owes the buyer its rest.
    """
    leg = fixed_leg(spec, valuation_date)
    accrued = leg.accrued_interest(valuation_date)
    if not spec.ex_dividend_days:
        return accrued
    due = (period for period in leg.periods if period.payment_date > valuation_date)
    return accrued - math.fsum(
        leg.coupon(period) for period in due if _withheld(spec, period, valuation_date)
    )
