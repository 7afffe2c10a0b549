"""What may flip in a convertible bond: its conversion price, and the trigger of its next call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.convertible_bond.requirements import share_of
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import PER_CENT, call_windows, has_share, shares_for_face
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.market.keys import RiskFactorKey

_CONVERSION, _CALL = 0, 1


def compile_triggers(specs: Sequence[ConvertibleBondSpec], context: CompileContext) -> Gauges:
    """Return the gauges of bonds that may still be converted: the share against the prices that decide."""
    return threshold_gauges(
        [item for place, spec in enumerate(specs) for item in _thresholds(place, spec, context)]
    )


def _thresholds(place: int, spec: ConvertibleBondSpec, context: CompileContext) -> Iterator[Threshold]:
    today = context.valuation_date
    if spec.maturity <= today or not has_share(spec, today):
        return
    issuer, shares = share_of(spec), shares_for_face(spec)
    row = context.rows.factor(RiskFactorKey("spot", issuer))
    price = PER_CENT * spec.redemption / shares
    yield Threshold(place, _CONVERSION, f"{issuer} at {price:.6g}", row, False, price, 1.0)
    coming = [window for window in call_windows(spec) if window.last >= today and window.trigger > 0.0]
    if coming:
        price = coming[0].trigger / shares
        yield Threshold(place, _CALL, f"{issuer} at {price:.6g}", row, False, price, 1.0)


TRIGGERS = (
    Triggers(
        (
            Trigger(
                "conversion",
                "is worth converting at maturity",
                "is no longer worth converting at maturity",
                bends=False,
            ),
            Trigger(
                "call", "reaches the trigger of its next call", "falls below the trigger of its next call"
            ),
        ),
        compile_triggers,
    ),
)
