"""Digital options in 40 digits: the slope in the strike of vanilla prices off the surface."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from tests.oracle.forwards import black, in_digits, share_forward, std_dev, years_between

SIZE_TOLERANCE = 2e-14


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one payment: the limit of a spread of calls (cash), plus a vanilla option (asset)."""
    years = years_between(market.as_of, spec.expiry)
    forward, factor = share_forward(market, level, (spec.underlying, spec.curve, years))
    sign = 1 if spec.right == "call" else -1
    size = spec.amount * (forward if spec.payoff == "asset" else 1)
    if years == 0:
        paid = forward > spec.strike if sign > 0 else forward <= spec.strike
        return size * paid, size

    def vanilla(strike: mp.mpf) -> mp.mpf:
        deviation = std_dev(market, level, spec.underlying, mp.log(strike / forward), years)
        return black(sign, forward, strike, deviation)

    strike, width = mp.mpf(spec.strike), mp.mpf("1e-12") * spec.strike
    cash = -sign * (vanilla(strike + width) - vanilla(strike - width)) / (2 * width)
    value = vanilla(strike) * sign + strike * cash if spec.payoff == "asset" else cash
    return spec.amount * factor * value, size
