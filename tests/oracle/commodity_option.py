"""Options on commodity futures by Black's formula, in 40 digits."""

from __future__ import annotations

from typing import Any

from tests.oracle.commodity_future import price_kind
from tests.oracle.forwards import discount, in_digits, option_on_forward, price_for, years_between

SIZE_TOLERANCE = 4e-15


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one contract, and the size that its tolerance is relative to."""
    years = years_between(market.as_of, spec.expiry)
    delivery = years_between(market.as_of, spec.delivery or spec.expiry)
    forward = price_for(market, level, price_kind(market, spec.commodity), delivery)
    issuer = market.issuers.get(spec.commodity)
    currency = spec.currency or (issuer.currency if issuer else market.currency)
    factor = discount(market, level, spec.curve or market.discount_curves[currency], years)
    value = option_on_forward(spec, market, level, (spec.commodity, forward, years, factor))
    return spec.multiplier * value, spec.multiplier * max(forward, spec.strike)
