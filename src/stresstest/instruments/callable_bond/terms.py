"""From the terms of a bond and a date to its payments and the rights to redeem it early."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.bond_legs import BondTerms, bond_leg
from stresstest.conventions.cash_flows import CashFlow, FixedLeg
from stresstest.conventions.schedules import PaymentTerms
from stresstest.errors import InputError, Problem
from stresstest.instruments.callable_bond.spec import CallableBondSpec, RedemptionSpec

CALL, PUT = 1.0, -1.0
PER_CENT = 0.01


class Right(NamedTuple):
    """A right of redemption: day of the decision, day of the redemption, clean price of one unit of face."""

    sign: float
    decision: date
    redemption: date
    price: float


def leg_of(spec: CallableBondSpec, on: date) -> FixedLeg:
    """Return the interest of the bond on one unit of face."""
    payment = PaymentTerms(spec.calendar, spec.business_day_convention)
    terms = BondTerms(
        spec.coupon,
        spec.day_count,
        spec.maturity,
        spec.frequency,
        spec.issue_date,
        spec.end_of_month,
        payment,
    )
    return bond_leg(terms, on)


def flows_after(spec: CallableBondSpec, on: date) -> tuple[CashFlow, ...]:
    """Return coupons and redemption after the day `on`, if no right is exercised."""
    return leg_of(spec, on).bond_flows(on)


def check_life(spec: CallableBondSpec, today: date) -> None:
    """Refuse a bond that has been repaid (ST370) or is not yet issued (ST371)."""
    who = f"bond of {spec.issuer} that matures on {spec.maturity}"
    if spec.issue_date is not None and spec.issue_date > today:
        got = f"{who}, issued on {spec.issue_date}"
        raise InputError([Problem("ST371", got, f"an issue date on {today} or earlier", field="issue_date")])
    if not flows_after(spec, today):
        raise InputError([Problem("ST370", who, f"a maturity after {today}", field="maturity")])


def rights_between(spec: CallableBondSpec, first: date, before: date) -> list[Right]:
    """Return the rights decided from `first` on and before `before`, by day, calls before puts.

    Of a right that lasts from a date on, the first of its days that lies between: with nothing learnt in
    between, whoever would use it later uses it then.
    """
    notice, found = timedelta(days=spec.notice_days), []
    for call in spec.calls:
        decision = call.date - notice
        if spec.call_style == "from_dates":
            decision = max(decision, first)
            if call is not call_in_force(spec, decision + notice):
                continue
        found.append(Right(CALL, decision, decision + notice, PER_CENT * call.price))
    found += [Right(PUT, put.date - notice, put.date, PER_CENT * put.price) for put in spec.puts]
    chosen = (right for right in found if first <= right.decision < before)
    return sorted(chosen, key=lambda right: (right.decision, -right.sign))


def call_in_force(spec: CallableBondSpec, redemption: date) -> RedemptionSpec | None:
    """Return the last call price whose date is not after the day of redemption."""
    reached = [call for call in spec.calls if call.date <= redemption]
    return reached[-1] if reached else None


def claims_of(spec: CallableBondSpec, right: Right) -> list[CashFlow]:
    """Return what follows on the decision: coupons until the redemption, then price and accrued interest."""
    leg = leg_of(spec, right.decision)
    due = [flow for flow in leg.coupons() if right.decision < flow.payment_date <= right.redemption]
    return [*due, CashFlow(right.redemption, right.price + leg.accrued_interest(right.redemption))]


def coupons_between(spec: CallableBondSpec, after: date, until: date) -> float:
    """Return the coupons, without the face, paid after `after` and up to `until`."""
    coupons = leg_of(spec, after).coupons()
    return math.fsum(flow.amount for flow in coupons if after < flow.payment_date <= until)


def paid_between(spec: CallableBondSpec, after: date, until: date) -> float:
    """Return everything paid after `after` and up to `until` if no right is exercised."""
    return math.fsum(flow.amount for flow in flows_after(spec, after) if flow.payment_date <= until)
