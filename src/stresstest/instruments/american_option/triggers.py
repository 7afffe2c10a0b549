"""What may flip in an American option: its strike, and whether it is best exercised at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.instrument_type import STRIKE, CompileContext, Trigger, Triggers, share_strikes
from stresstest.instruments.american_option.spec import AmericanOptionSpec
from stresstest.kernels.gauges import Gauges
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.market import MarketRows
from stresstest.market.keys import RiskFactorKey

_ROUNDING = 1e-12
"""Part of the exercise value within which a value is taken to be it."""


class ExerciseColumns(NamedTuple):
    """Options that live, each array `(n_gauges,)`: place in the block, row of the spot, terms."""

    instrument: IntArray
    spot_row: IntArray
    sign: FloatArray
    strike: FloatArray
    multiplier: FloatArray


def compile_exercise(specs: Sequence[AmericanOptionSpec], context: CompileContext) -> Gauges:
    """Return the gauges of exercise at once."""
    alive = [place for place, spec in enumerate(specs) if context.life(spec.expiry) == ALIVE]
    chosen = [specs[place] for place in alive]
    rows = [context.rows.factor(RiskFactorKey("spot", spec.underlying)) for spec in chosen]
    columns = ExerciseColumns(
        frozen_int(alive),
        frozen_int(rows),
        frozen([1.0 if spec.right == "call" else -1.0 for spec in chosen]),
        frozen([spec.strike for spec in chosen]),
        frozen([spec.multiplier for spec in chosen]),
    )
    details = tuple(f"{spec.underlying} {spec.strike:g} {spec.right}" for spec in chosen)
    return Gauges(columns.instrument, frozen_int(np.zeros(len(alive), np.int64)), details, columns)


def measure_exercise(columns: ExerciseColumns, market: MarketRows, value: FloatArray) -> FloatArray:
    """Return what exercise at once brings less what the option is worth, above 0 where they are the same."""
    spot = market.factors[columns.spot_row]
    sign, strike, multiplier = (
        row[:, np.newaxis] for row in (columns.sign, columns.strike, columns.multiplier)
    )
    exercise = multiplier * (sign * (spot - strike))
    worth = value[columns.instrument]
    gauges: FloatArray = np.where(exercise > 0.0, exercise * (1.0 + _ROUNDING) - worth, -worth)
    return gauges


TRIGGERS = (
    Triggers((STRIKE,), share_strikes),
    Triggers(
        (Trigger("exercise", "is best exercised at once", "is worth more than its exercise"),),
        compile_exercise,
        "triggers:measure_exercise",
        reads_value=True,
    ),
)
