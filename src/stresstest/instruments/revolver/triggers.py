"""What may flip in a revolver: the spread at which all that is expected to be drawn is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.revolver.spec import RevolverSpec
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.market.loan_terms import debtor_of


def compile_drawings(specs: Sequence[RevolverSpec], context: CompileContext) -> Gauges:
    """Return the gauges of facilities that are open: the debtor's spread against that of distress."""
    return threshold_gauges(
        [
            Threshold(
                place,
                0,
                f"spread of {spec.issuer.split('#', 1)[0]} at {1e4 * spec.distress_spread:.6g}bp",
                context.rows.factor(debtor_of(spec).spread),
                False,
                spec.distress_spread,
                1.0,
            )
            for place, spec in enumerate(specs)
            if context.valuation_date < spec.maturity
        ]
    )


TRIGGERS = (
    Triggers(
        (Trigger("drawing", "is drawn as far as in distress", "is drawn less than in distress"),),
        compile_drawings,
    ),
)
