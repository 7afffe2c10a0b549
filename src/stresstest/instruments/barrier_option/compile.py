"""Barrier options as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.barrier_option.columns import BarrierColumns, BarrierOptionColumns
from stresstest.instruments.barrier_option.requirements import discount_curve_name, years_to_expiry
from stresstest.instruments.barrier_option.spec import BarrierOptionSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns
from stresstest.market.vol_pillars import smile_columns


class Parts(NamedTuple):
    """Weights of the parts A, B, C and D."""

    vanilla: float
    at_barrier: float
    reflected: float
    reflected_at_barrier: float


# Haug, section 4.17.1: by direction, right, and whether the strike lies above the barrier.
_KNOCK_IN = {
    ("down", "call", True): Parts(0.0, 0.0, 1.0, 0.0),
    ("down", "call", False): Parts(1.0, -1.0, 0.0, 1.0),
    ("up", "call", True): Parts(1.0, 0.0, 0.0, 0.0),
    ("up", "call", False): Parts(0.0, 1.0, -1.0, 1.0),
    ("down", "put", True): Parts(0.0, 1.0, -1.0, 1.0),
    ("down", "put", False): Parts(1.0, 0.0, 0.0, 0.0),
    ("up", "put", True): Parts(1.0, -1.0, 0.0, 1.0),
    ("up", "put", False): Parts(0.0, 0.0, 1.0, 0.0),
}


def knock_in_parts(spec: BarrierOptionSpec) -> Parts:
    """Return the weights of the parts in the knock-in option of the terms."""
    return _KNOCK_IN[spec.knock.split("_")[0], spec.right, spec.strike > spec.barrier]


def compile_columns(specs: Sequence[BarrierOptionSpec], context: CompileContext) -> BarrierOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    years = [
        years_to_expiry(spec, context.valuation_date) if context.life(spec.expiry) == ALIVE else 0.0
        for spec in specs
    ]
    return BarrierOptionColumns(
        _contracts(specs, years, context), _smiles(specs, years, context), _barriers(specs, years, context)
    )


def _barriers(
    specs: Sequence[BarrierOptionSpec], years: Sequence[float], context: CompileContext
) -> BarrierColumns:
    rows, market = context.rows, context.market
    parts = [knock_in_parts(spec) for spec in specs]
    log_discounts = [
        rows.log_discount(discount_curve_name(spec, market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    return BarrierColumns(
        direction=frozen([1.0 if spec.knock.startswith("down") else -1.0 for spec in specs]),
        knocks_in=frozen([spec.knock.endswith("in") for spec in specs]),
        log_barrier=frozen([log(spec.barrier) for spec in specs]),
        rebate=frozen([spec.rebate for spec in specs]),
        at_expiry=frozen([spec.rebate_paid == "at_expiry" for spec in specs]),
        vanilla=frozen([part.vanilla for part in parts]),
        at_barrier=frozen([part.at_barrier for part in parts]),
        reflected=frozen([part.reflected for part in parts]),
        reflected_at_barrier=frozen([part.reflected_at_barrier for part in parts]),
        knocked=frozen_int([spec.knocked for spec in specs]),
        log_spot_row=frozen_int([rows.log_spot(spec.underlying) for spec in specs]),
        log_discount_row=frozen_int(log_discounts),
    )


def _contracts(
    specs: Sequence[BarrierOptionSpec], years: Sequence[float], context: CompileContext
) -> ContractColumns:
    rows = context.rows
    terms = [
        (spec.underlying, discount_curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    return ContractColumns(
        sign=frozen([1.0 if spec.right == "call" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        sqrt_years=frozen([math.sqrt(time) for time in years]),
        discounted_forward_row=frozen_int([rows.carry_spot(name, time) for name, _, time in terms]),
        discount_row=frozen_int([rows.discount(curve, time) for _, curve, time in terms]),
        log_forward_row=frozen_int([rows.log_forward(*term) for term in terms]),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(
    specs: Sequence[BarrierOptionSpec], years: Sequence[float], context: CompileContext
) -> SmileColumns:
    log_forward_rows = [
        context.rows.smile_log_forward(spec.underlying, discount_curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    smiles = [context.market.smiles[spec.underlying] for spec in specs]
    return smile_columns(smiles, years, log_forward_rows, context.rows.factor)
