"""Legs of an interest-rate swap."""

from __future__ import annotations

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.floating_legs import FloatingLeg
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms
from stresstest.conventions.swaps import SwapTerms
from stresstest.instruments.interest_rate_swap.spec import InterestRateSwapSpec


def swap_terms(spec: InterestRateSwapSpec) -> SwapTerms:
    """Return the legs of a swap on one unit of notional."""
    payment = PaymentTerms(
        spec.calendar, spec.business_day_convention, accrual_adjusted=True, lag_days=spec.payment_lag
    )
    fixed, floating = (
        ScheduleTerms(spec.start, spec.maturity, frequency, end_of_month=spec.end_of_month)
        for frequency in (spec.fixed_frequency, spec.floating_frequency)
    )
    return SwapTerms(
        spec.side == "receive_fixed",
        FixedLeg(spec.fixed_rate, spec.fixed_day_count, fixed, payment),
        FloatingLeg(spec.floating_day_count, floating, payment),
        "in_advance",
        spec.margin,
        spec.current_rate,
    )
