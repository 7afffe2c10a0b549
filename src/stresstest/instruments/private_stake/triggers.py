"""What may flip in a private stake: the tier of the stack that its equity ends in, and its funding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.private_stake.marks import base_equity, source_key
from stresstest.instruments.private_stake.requirements import class_tranches, gap_key
from stresstest.instruments.private_stake.runway import burn_rate
from stresstest.instruments.private_stake.spec import PrivateStakeSpec
from stresstest.kernels.exponential import exp
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.logarithm import log

_WATERFALL, _FUNDING = 0, 1


def compile_triggers(specs: Sequence[PrivateStakeSpec], context: CompileContext) -> Gauges:
    """Return the gauges of stakes today; along a path marks lag and cash burns, and there are none."""
    if context.previous_date is not None:
        return threshold_gauges([])
    found = []
    for place, spec in enumerate(specs):
        found += [*_waterfall(place, spec, context), *_funding(place, spec, context)]
    return threshold_gauges(found)


def _waterfall(place: int, spec: PrivateStakeSpec, context: CompileContext) -> Iterator[Threshold]:
    """Yield the equity, in billions, at which the class begins or ceases to share."""
    key = source_key(spec)
    for tranche in class_tranches(spec):
        if tranche.strike > 0.0:
            level = _source_level(spec, tranche.strike, context)
            detail = f"equity of {tranche.strike:.6g}bn"
            yield Threshold(place, _WATERFALL, detail, context.rows.factor(key), False, level, -1.0)


def _source_level(spec: PrivateStakeSpec, equity: float, context: CompileContext) -> float:
    """Return the level of the factor that the equity follows at which it is `equity`."""
    if spec.revenue is not None:
        return (equity + spec.net_debt) / spec.revenue
    if spec.comparable is None:
        return equity
    ratio = float(log(equity / base_equity(spec, context.market)))
    return context.market.levels[source_key(spec)] * float(exp(ratio / spec.comparable_beta))


def _funding(place: int, spec: PrivateStakeSpec, context: CompileContext) -> Iterator[Threshold]:
    """Yield the part of the need that nobody funds at which the end of the cash is as likely as not."""
    key, runway = gap_key(spec), spec.runway
    burn = 0.0 if runway is None else burn_rate(runway, 0.0)
    if key is None or runway is None or burn <= 0.0:
        return
    level = runway.cash / (runway.reopening_years * burn)
    detail = f"{key.name} at {100.0 * level:.3g}%"
    yield Threshold(place, _FUNDING, detail, context.rows.factor(key), False, level, 1.0)


TRIGGERS = (
    Triggers(
        (
            Trigger(
                "waterfall",
                "falls to the next tier of its preference stack",
                "rises above a tier of its preference stack",
            ),
            Trigger(
                "funding",
                "more likely runs out of cash than not",
                "more likely finds money than not",
                bends=False,
            ),
        ),
        compile_triggers,
    ),
)
