"""What may flip in a barrier option: its strike, and its barrier."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.instrument_type import STRIKE, CompileContext, Trigger, Triggers, share_strikes
from stresstest.instruments.barrier_option.spec import BarrierOptionSpec
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.lives import ALIVE
from stresstest.market.keys import RiskFactorKey

_KNOCK_IN, _KNOCK_OUT = 0, 1


def compile_barriers(specs: Sequence[BarrierOptionSpec], context: CompileContext) -> Gauges:
    """Return the gauges of barriers that have not been touched: the spot price against the barrier."""
    rows = context.rows
    return threshold_gauges(
        [
            Threshold(
                place,
                _KNOCK_IN if spec.knock.endswith("in") else _KNOCK_OUT,
                f"barrier {spec.barrier:g} of {spec.underlying}",
                rows.factor(RiskFactorKey("spot", spec.underlying)),
                False,
                spec.barrier,
                -1.0 if spec.knock.startswith("down") else 1.0,
            )
            for place, spec in enumerate(specs)
            if context.life(spec.expiry) == ALIVE and not spec.knocked
        ]
    )


TRIGGERS = (
    Triggers((STRIKE,), share_strikes),
    Triggers(
        (
            Trigger("barrier", "touches its barrier and is knocked in", "is back from its barrier"),
            Trigger("barrier", "touches its barrier and is knocked out", "is back from its barrier"),
        ),
        compile_barriers,
    ),
)
