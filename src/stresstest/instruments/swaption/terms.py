"""From the terms of a swaption and a date to the swap that it is on."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms
from stresstest.instruments.swaption.spec import SwaptionSpec

Strip = tuple[tuple[float, float], ...]
"""Money by time in years."""


class Underlying(NamedTuple):
    """The forward swap per unit of notional.

    Attributes
    ----------
    annuity
        Year fraction by time of payment.
    floating
        What the floating leg is worth as discount factors: 1 at the start, −1 at the end.
    is_started
        1 where it starts on the day that times count from, so that the start is worth 1 and not in
        `floating`.
    """

    annuity: Strip
    floating: Strip
    is_started: float


def underlying(spec: SwaptionSpec, origin: date) -> Underlying:
    """Return the swap of a swaption, its times counted from `origin`, the valuation date or the expiry.

    The floating leg pays at the ends of its periods, off the curve that discounts: it telescopes, and its
    frequency does not matter.
    """
    payment = PaymentTerms(spec.calendar, spec.business_day_convention, accrual_adjusted=True)
    schedule = ScheduleTerms(spec.first_day, spec.maturity, spec.frequency, end_of_month=spec.end_of_month)
    leg = FixedLeg(1.0, spec.day_count, schedule, payment)
    first, last = leg.periods[0].start, leg.periods[-1].payment_date
    start, end = act_365f_years(origin, first), act_365f_years(origin, last)
    is_started = start <= 0.0
    floating = ((end, -1.0),) if is_started else ((start, 1.0), (end, -1.0))
    annuity = tuple((act_365f_years(origin, flow.payment_date), flow.amount) for flow in leg.coupons())
    return Underlying(annuity, floating, 1.0 if is_started else 0.0)
