"""Slow, obvious value of an interest-rate swap: every payment of both legs by itself."""

from __future__ import annotations

import math
from typing import Any

from tests.oracle.floating import Curve, Level, Terms, base_level, curve_name, interest, periods

SIZE_TOLERANCE = 1e-12


def unit_value(spec: Any, market: Any, level: Level) -> tuple[float, float]:
    """Value of one unit of notional, and the size that its tolerance is relative to: the notional."""
    return swap_value(spec, market, level, "in_advance"), 1.0


def swap_value(spec: Any, market: Any, level: Level, when: str) -> float:
    today, is_ois = market.as_of, when == "in_arrears"
    name = curve_name(market, spec.currency, spec.curve)
    projection = name if is_ois else spec.projection_curve or name
    discount, column = Curve(market, name, level), Curve(market, projection, level)
    base = Curve(market, projection, base_level(market))
    dates = (spec.calendar, spec.business_day_convention, spec.payment_lag, True, spec.end_of_month)
    shapes = (
        ((spec.frequency, spec.day_count),) * 2
        if is_ois
        else (
            (spec.fixed_frequency, spec.fixed_day_count),
            (spec.floating_frequency, spec.floating_day_count),
        )
    )
    fixed, floating = (Terms(spec.start, spec.maturity, *shape, *dates) for shape in shapes)
    received = [
        spec.fixed_rate * period.years * discount.discount(period.pay)
        for period in periods(fixed, today)
        if period.pay > today
    ]
    paid = [
        (
            interest(period, floating, (column, base), today, (when, spec.current_rate))
            + spec.margin * period.years
        )
        * discount.discount(period.pay)
        for period in periods(floating, today)
        if period.pay > today
    ]
    sign = 1 if spec.side == "receive_fixed" else -1
    return sign * (math.fsum(received) - math.fsum(paid))
