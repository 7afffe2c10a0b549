"""Curves by delivery or tenor: commodities, power, rentals, inflation, normal vols; linear between nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stresstest.market.curves import NodeWeights, interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import QuantityError, parse_tenor

PRICE_CURVE_KINDS = ("commodity_forward", "power_price", "rental_rate", "inflation", "normal_vol")
"""Kinds of factors whose tenors are times of delivery, terms of inflation, expiries of vols; none is now."""


class PriceCurve(NamedTuple):
    """Prices for delivery by time, or inflation rates by term: linear between nodes, flat outside.

    Attributes
    ----------
    kind, name
        Of its factors.
    tenors, years
        Nodes, the earliest first; the empty tenor lies at 0.
    """

    kind: str
    name: str
    tenors: tuple[str, ...]
    years: tuple[float, ...]

    def key(self, node: int) -> RiskFactorKey:
        """Return the factor of a node."""
        return RiskFactorKey(self.kind, self.name, self.tenors[node])

    def nodes(self, years: float) -> NodeWeights:
        """Return the nodes around a time of delivery and their weights."""
        return interpolation_weights(self.years, years)

    def keys_used(self, times: Iterable[float]) -> tuple[RiskFactorKey, ...]:
        """Return the factors that carry weight at one of `times` (years), earliest first."""
        found = [self.nodes(years) for years in times]
        used = sorted({node for nodes in found for node in (nodes.lower, nodes.upper)})
        return tuple(self.key(node) for node in used)


def price_curves(levels: Iterable[RiskFactorKey]) -> Mapping[tuple[str, str], PriceCurve]:
    """Return the forward curves that the factors make, by (kind, name).

    Of two tenors of one length the first counts; a name that is private to a position makes no curve.

    Examples
    --------
    >>> near, far = (RiskFactorKey("commodity_forward", "WTI", tenor) for tenor in ("1M", "12M"))
    >>> price_curves([far, near])["commodity_forward", "WTI"].tenors
    ('1M', '12M')
    """
    found: dict[tuple[str, str], dict[float, str]] = {}
    for key in levels:
        if key.kind in PRICE_CURVE_KINDS:
            years = _years(key.tenor)
            if years is not None:
                found.setdefault((key.kind, key.name), {}).setdefault(years, key.tenor)
    return {
        (kind, name): PriceCurve(
            kind, name, tuple(nodes[years] for years in sorted(nodes)), tuple(sorted(nodes))
        )
        for (kind, name), nodes in found.items()
    }


def _years(tenor: str) -> float | None:
    try:
        return parse_tenor(tenor).years if tenor else 0.0
    except QuantityError:
        return None
