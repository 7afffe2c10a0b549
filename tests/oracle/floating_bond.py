"""Slow, obvious value of a floating-rate bond: every coupon by itself, then the face."""

from __future__ import annotations

import math
from typing import Any

from tests.oracle.floating import Curve, Level, Terms, base_level, curve_name, interest, periods

SIZE_TOLERANCE = 1e-12


def unit_value(spec: Any, market: Any, level: Level) -> tuple[float, float]:
    """Dirty value of face 1 and the size that its tolerance is relative to: the face."""
    today, issuer = market.as_of, market.issuers[spec.issuer]
    name = curve_name(market, spec.currency or issuer.currency, spec.curve)
    projection = spec.projection_curve or name
    discount, column = Curve(market, name, level), Curve(market, projection, level)
    base = Curve(market, projection, base_level(market))
    free_of_credit = issuer.kind == "sovereign" and ("credit_spread", spec.issuer, "") not in market.levels
    spread = 0.0 if free_of_credit else level("credit_spread", spec.issuer)
    terms = Terms(
        spec.issue_date,
        spec.maturity,
        spec.frequency,
        spec.day_count,
        spec.calendar,
        spec.business_day_convention,
        0,
        True,
        spec.end_of_month,
        spec.first_coupon_date,
    )
    left = [period for period in periods(terms, today) if period.pay > today]
    values = []
    for period in left:
        coupon = interest(period, terms, (column, base), today, (spec.rate, spec.current_rate))
        amount = coupon + spec.margin * period.years + (1.0 if period is left[-1] else 0.0)
        years = (period.pay - today).days / 365
        values.append(amount * discount.discount(period.pay) * math.exp(-spread * years))
    worth = math.fsum(values)
    state = ("default_state", spec.issuer.split("#")[0], "")
    if state in market.levels:
        defaulted = level(*state)
        recovery = level("recovery_rate", state[1], spec.seniority)
        worth = (1.0 - defaulted) * worth + defaulted * recovery
    return worth, 1.0
