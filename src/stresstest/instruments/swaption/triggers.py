"""What may flip in a swaption: the forward swap rate against its strike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.instrument_type import STRIKE, CompileContext, Triggers
from stresstest.instruments.swaption.requirements import swap_curve
from stresstest.instruments.swaption.spec import SwaptionSpec
from stresstest.instruments.swaption.terms import Strip, underlying
from stresstest.kernels.gauges import Gauges
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.market import MarketRows


class _Swap(NamedTuple):
    """What entering the swap at the strike is worth: amounts by row of discount factors, and a constant."""

    amounts: FloatArray
    rows: IntArray
    certain: float


def compile_strikes(specs: Sequence[SwaptionSpec], context: CompileContext) -> Gauges:
    """Return the gauges of swaptions that are not over."""
    alive = [place for place, spec in enumerate(specs) if context.life(spec.expiry) == ALIVE]
    swaps = tuple(_swap(specs[place], context) for place in alive)
    details = tuple(f"{specs[place].right} at {100.0 * specs[place].strike:g}%" for place in alive)
    return Gauges(frozen_int(alive), frozen_int(np.zeros(len(alive), np.int64)), details, swaps)


def _swap(spec: SwaptionSpec, context: CompileContext) -> _Swap:
    curve = swap_curve(spec, context.market).name
    swap = underlying(spec, context.valuation_date)
    sign = 1.0 if spec.right == "payer" else -1.0
    flows: Strip = (
        *((years, sign * amount) for years, amount in swap.floating),
        *((years, -sign * spec.strike * amount) for years, amount in swap.annuity),
    )
    rows = [context.rows.discount(curve, years) for years, _ in flows]
    return _Swap(np.array([amount for _, amount in flows]), np.array(rows), sign * swap.is_started)


def measure_strikes(columns: Sequence[_Swap], market: MarketRows, value: FloatArray) -> FloatArray:
    """Return `(n_gauges, n_columns)` what the swaps are worth to their holders, one unit of notional."""
    del value
    gauges = np.empty((len(columns), market.factors.shape[1]))
    for place, swap in enumerate(columns):
        gauges[place] = swap.certain + (swap.amounts[:, np.newaxis] * market.derived[swap.rows]).sum(axis=0)
    return gauges


TRIGGERS = (Triggers((STRIKE,), compile_strikes, "triggers:measure_strikes"),)
