"""From the terms of an inflation-linked bond to its payments at known prices, and how long they grow."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.price_index import PriceIndex
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms
from stresstest.instruments.inflation_bond.spec import InflationBondSpec


class IndexedFlow(NamedTuple):
    """Payment of one unit of face.

    Attributes
    ----------
    payment_date
        Day of the payment.
    amount
        Money at the last index that is known on the day it is seen from.
    growth_years
        Time (ACT/365F) from that index to the payment's own, 0 where the payment's own is known.
    floor
        Least growth that it takes: 0 for a coupon, the inverse index ratio for a face with a floor.
    """

    payment_date: date
    amount: float
    growth_years: float
    floor: float


def price_index(spec: InflationBondSpec) -> PriceIndex:
    """Return the prints of the bond."""
    return PriceIndex({item.month: item.index for item in spec.prints})


def known_until(spec: InflationBondSpec, day: date) -> date:
    """Return the day up to which prices are known on `day`: that of the last print, or `day` itself."""
    return max(price_index(spec).last_known, day)


def index_ratio(spec: InflationBondSpec, day: date) -> float:
    """Return the index ratio of `day`, or that of the last print where it is later."""
    index = price_index(spec)
    return index.reference(min(day, index.last_known)) / spec.base_index


def flows(spec: InflationBondSpec, after: date) -> tuple[IndexedFlow, ...]:
    """Return the payments after the day `after`, as seen from it; face and last coupon are two."""
    schedule = ScheduleTerms(spec.issue_date, spec.maturity, spec.frequency)
    payment = PaymentTerms(spec.calendar, spec.business_day_convention)
    leg = FixedLeg(spec.coupon, spec.day_count, schedule, payment)
    known = known_until(spec, after)
    found = []
    for period in leg.periods:
        if period.payment_date <= after:
            continue
        ratio = index_ratio(spec, period.end)
        years = max(0.0, act_365f_years(known, period.end))
        coupon = ratio * leg.coupon(period)
        if coupon != 0.0:
            found.append(IndexedFlow(period.payment_date, coupon, years, 0.0))
        if period.end == spec.maturity:
            floor = 1.0 / ratio if spec.deflation_floor else 0.0
            found.append(IndexedFlow(period.payment_date, ratio, years, floor))
    return tuple(found)
