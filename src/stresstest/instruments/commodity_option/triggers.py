"""What may flip in an option on a commodity: the price of its future against its strike."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.instrument_type import STRIKE, CompileContext, Triggers
from stresstest.instruments.commodity_option.requirements import price_curve, times
from stresstest.instruments.commodity_option.spec import CommodityOptionSpec
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.lives import ALIVE


def compile_strikes(specs: Sequence[CommodityOptionSpec], context: CompileContext) -> Gauges:
    """Return the gauges of options that are not over."""
    return threshold_gauges(
        [
            Threshold(
                place,
                0,
                f"{spec.commodity} {spec.strike:g} {spec.right}",
                context.rows.forward_price(
                    price_curve(spec, context.market), times(spec, context.valuation_date).delivery
                ),
                True,
                spec.strike,
                1.0 if spec.right == "call" else -1.0,
            )
            for place, spec in enumerate(specs)
            if context.life(spec.expiry) == ALIVE
        ]
    )


TRIGGERS = (Triggers((STRIKE,), compile_strikes),)
