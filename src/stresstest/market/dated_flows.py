"""Payments of a contract as the columns that discount them and let them grow with inflation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.dated_flows import DiscountColumns, IndexGrowthColumns
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RowOf
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve


class DatedFlow(NamedTuple):
    """A payment in `years` on a zero curve.

    Attributes
    ----------
    has_spread
        Whether a credit spread discounts it too.
    """

    curve: Curve
    years: float
    has_spread: bool


class GrowingFlow(NamedTuple):
    """A payment whose index of prices grows over `years` from the last that is known, by an inflation curve.

    A payment that grows with no index has no curve.
    """

    curve: PriceCurve | None
    years: float


def discount_columns(flows: Sequence[DatedFlow], row_of: RowOf) -> DiscountColumns:
    """Return how payments are discounted, in their order."""
    lower, upper, lower_weights, upper_weights = [], [], [], []
    for flow in flows:
        nodes, keys = interpolation_weights(flow.curve.years, flow.years), flow.curve.keys()
        lower.append(row_of(keys[nodes.lower]))
        upper.append(row_of(keys[nodes.upper]))
        lower_weights.append(nodes.lower_weight * flow.years)
        upper_weights.append(nodes.upper_weight * flow.years)
    return DiscountColumns(
        lower_row=frozen_int(lower),
        upper_row=frozen_int(upper),
        lower_weight_years=frozen(lower_weights),
        upper_weight_years=frozen(upper_weights),
        spread_years=frozen([flow.years if flow.has_spread else 0.0 for flow in flows]),
    )


def index_growth_columns(flows: Sequence[GrowingFlow], row_of: RowOf) -> IndexGrowthColumns:
    """Return how the index grows until payments, in their order; row 0 where a payment has no index."""
    lower, upper, lower_weights, upper_weights = [], [], [], []
    for curve, years in flows:
        if curve is None:
            lower.append(0)
            upper.append(0)
            lower_weights.append(0.0)
            upper_weights.append(0.0)
            continue
        nodes = curve.nodes(years)
        lower.append(row_of(curve.key(nodes.lower)))
        upper.append(row_of(curve.key(nodes.upper)))
        lower_weights.append(nodes.lower_weight)
        upper_weights.append(nodes.upper_weight)
    return IndexGrowthColumns(
        lower_row=frozen_int(lower),
        upper_row=frozen_int(upper),
        lower_weight=frozen(lower_weights),
        upper_weight=frozen(upper_weights),
        years=frozen([flow.years for flow in flows]),
    )
