"""What may flip in a currency option: the exchange rate against its strike."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.instrument_type import STRIKE, CompileContext, Triggers
from stresstest.instruments.fx_option.spec import FxOptionSpec
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.lives import ALIVE


def compile_strikes(specs: Sequence[FxOptionSpec], context: CompileContext) -> Gauges:
    """Return the gauges of options that are not over."""
    return threshold_gauges(
        [
            Threshold(
                place,
                0,
                f"{spec.pair} {spec.strike:g} {spec.right}",
                context.rows.exchange_rate(spec.pair[:3], spec.pair[3:]),
                True,
                spec.strike,
                1.0 if spec.right == "call" else -1.0,
            )
            for place, spec in enumerate(specs)
            if context.life(spec.expiry) == ALIVE
        ]
    )


TRIGGERS = (Triggers((STRIKE,), compile_strikes),)
