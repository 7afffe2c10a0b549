"""Legs of an overnight index swap."""

from __future__ import annotations

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.floating_legs import FloatingLeg
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms
from stresstest.conventions.swaps import SwapTerms
from stresstest.instruments.ois.spec import OisSpec


def swap_terms(spec: OisSpec) -> SwapTerms:
    """Return the legs of a swap on one unit of notional."""
    payment = PaymentTerms(
        spec.calendar, spec.business_day_convention, accrual_adjusted=True, lag_days=spec.payment_lag
    )
    schedule = ScheduleTerms(spec.start, spec.maturity, spec.frequency, end_of_month=spec.end_of_month)
    return SwapTerms(
        spec.side == "receive_fixed",
        FixedLeg(spec.fixed_rate, spec.day_count, schedule, payment),
        FloatingLeg(spec.day_count, schedule, payment),
        "in_arrears",
        spec.margin,
        spec.current_rate,
    )
