"""What may flip in a lease: the asset's worth against its residual value guarantee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.instruments.lease.terms import asset_value, endings
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.market.forward_lookups import base_forward_price, find_price_curve
from stresstest.market.keys import RiskFactorKey


def compile_guarantees(specs: Sequence[LeaseSpec], context: CompileContext) -> Gauges:
    """Return the gauges of guarantees whose asset follows a price, at the first end that may come."""
    return threshold_gauges(
        [item for place, spec in enumerate(specs) for item in _guarantee(place, spec, context)]
    )


def _guarantee(place: int, spec: LeaseSpec, context: CompileContext) -> Iterator[Threshold]:
    today, market, rows = context.valuation_date, context.market, context.rows
    coming = [end for end in endings(spec) if end.day > today and end.chance > 0.0]
    if spec.guarantee is None or not coming:
        return
    by_age = asset_value(spec, market.as_of, coming[0].day)
    ratio, detail = spec.guarantee.amount / by_age, f"guarantee of {spec.guarantee.amount:,.6g}"
    if spec.asset_issuer is not None:
        key = RiskFactorKey("spot", spec.asset_issuer)
        yield Threshold(place, 0, detail, rows.factor(key), False, ratio * market.levels[key], -1.0)
    elif spec.rental is not None:
        curve = find_price_curve(market, ("rental_rate",), spec.rental, "rental")
        row = rows.forward_price(curve, (coming[0].day - today).days / DAYS_PER_YEAR)
        yield Threshold(place, 0, detail, row, True, ratio * base_forward_price(market, curve, 0.0), -1.0)


TRIGGERS = (
    Triggers(
        (
            Trigger(
                "guarantee",
                "has its residual value guarantee in the money",
                "has its residual value guarantee out of the money",
                bends=False,
            ),
        ),
        compile_guarantees,
    ),
)
