"""From the terms of a convertible bond and a date to its payments and rights."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.bond_legs import BondTerms, bond_leg
from stresstest.conventions.cash_flows import CashFlow, FixedLeg
from stresstest.conventions.schedules import NOT_ADJUSTED
from stresstest.errors import InputError, Problem
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec

PER_CENT = 0.01
PER_THOUSAND = 0.001


class CallWindow(NamedTuple):
    """Days on which the issuer may redeem, clean price of one unit of face, least value of its shares."""

    first: date
    last: date
    price: float
    trigger: float


def leg_of(spec: ConvertibleBondSpec, on: date) -> FixedLeg:
    """Return the interest of the bond on one unit of face."""
    terms = BondTerms(
        spec.coupon,
        spec.day_count,
        spec.maturity,
        spec.frequency,
        spec.issue_date,
        spec.end_of_month,
        NOT_ADJUSTED,
    )
    return bond_leg(terms, on)


def coupons_after(spec: ConvertibleBondSpec, on: date) -> list[CashFlow]:
    """Return the coupons, without the redemption, after the day `on`."""
    coupons = leg_of(spec, on).coupons()
    return [flow for flow in coupons if flow.payment_date > on and flow.amount != 0.0]


def paid_between(spec: ConvertibleBondSpec, after: date, until: date) -> float:
    """Return coupons and redemption paid after `after` and up to `until` if no right is exercised."""
    face = PER_CENT * spec.redemption if after < spec.maturity <= until else 0.0
    coupons = coupons_after(spec, after)
    return math.fsum([face, *(flow.amount for flow in coupons if flow.payment_date <= until)])


def check_life(spec: ConvertibleBondSpec, today: date) -> None:
    """Refuse a bond that has been repaid (ST370) or is not yet issued (ST371)."""
    who = f"convertible bond of {spec.issuer} that matures on {spec.maturity}"
    if spec.issue_date is not None and spec.issue_date > today:
        got = f"{who}, issued on {spec.issue_date}"
        raise InputError([Problem("ST371", got, f"an issue date on {today} or earlier", field="issue_date")])
    if spec.maturity <= today:
        raise InputError([Problem("ST370", who, f"a maturity after {today}", field="maturity")])


def shares_for_face(spec: ConvertibleBondSpec) -> float:
    """Return the shares for one unit of face."""
    return PER_THOUSAND * spec.conversion_ratio


def last_conversion(spec: ConvertibleBondSpec) -> date:
    """Return the last day of conversion."""
    return spec.conversion_end or spec.maturity


def has_share(spec: ConvertibleBondSpec, on: date) -> bool:
    """Tell whether the share can still matter after a day."""
    return spec.conversion_ratio > 0.0 and last_conversion(spec) >= on


def call_windows(spec: ConvertibleBondSpec) -> list[CallWindow]:
    """Return the issuer's calls, first to last, none of which overlap; the last day may be the maturity."""
    following = [*(call.date for call in spec.calls), spec.maturity][1:]
    found = []
    for call, after in zip(spec.calls, following, strict=True):
        last = min(call.until or after, after if after == spec.maturity else after - timedelta(days=1))
        trigger = 0.0 if call.trigger is None else call.trigger * PER_CENT * spec.redemption
        found.append(CallWindow(call.date, last, PER_CENT * call.price, trigger))
    return found


def put_amount(spec: ConvertibleBondSpec, day: date, price: float) -> float:
    """Return what a put pays for one unit of face on its day: clean price and accrued interest."""
    return PER_CENT * price + leg_of(spec, day).accrued_interest(day)


def accrued_at(leg: FixedLeg, today: date, years: float) -> float:
    """Return the interest earned and not yet paid at a time between days, by the straight line."""
    accrued = 0.0
    for period in leg.periods:
        first, last = (period.start - today).days / 365, (period.end - today).days / 365
        if first < years < last:
            accrued += leg.coupon(period) * (years - first) / (last - first)
    return accrued
