"""Slow, obvious credit default swap on an index: one flat curve, as for a single name."""

from __future__ import annotations

from typing import Any

from tests.oracle.cds import Contract, curve, nodes_of, quoted_spread

SIZE_TOLERANCE = 2e-12


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of protection on 1 of original notional and the size that its tolerance is relative to."""
    nodes = nodes_of(spec, spec.currency or market.issuers[spec.index].currency, market, level)
    contract = Contract(market.as_of, spec.maturity, curve(nodes), [365 * years for years, _ in nodes])
    recovery = 0.4 if spec.recovery is None else spec.recovery
    public = spec.index.partition("#")[0]
    if spec.recovery is None and ("recovery_rate", public, "senior_unsecured") in market.levels:
        recovery = level("recovery_rate", public, "senior_unsecured")
    spread = quoted_spread(spec.index, market, level)
    return spec.index_factor * contract.value(spread, spec.coupon, recovery), 1.0
