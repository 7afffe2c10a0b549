"""Currency forwards: both amounts discounted on their own curves, in 40 digits."""

from __future__ import annotations

from typing import Any

from tests.oracle.forwards import curve_of, discount, exchange_rate, in_digits, years_between

SIZE_TOLERANCE = 4e-15


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one unit of base currency, and the size that its tolerance is relative to."""
    years = years_between(market.as_of, spec.delivery)
    base = discount(market, level, curve_of(market, spec.pair[:3], spec.base_curve), years)
    quote = discount(market, level, curve_of(market, spec.pair[3:], spec.quote_curve), years)
    received = exchange_rate(market, level, spec.pair) * base
    return received - spec.rate * quote, max(received, spec.rate)
