"""European options as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.european_option.columns import (
    ALIVE,
    GONE,
    SETTLED,
    ContractColumns,
    EuropeanOptionColumns,
    SmileColumns,
)
from stresstest.instruments.european_option.requirements import discount_curve_name, years_to_expiry
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
from stresstest.instruments.european_option.surface import has_no_skew, pillar_columns, pillar_pair
from stresstest.kernels.logarithm import log


def compile_columns(specs: Sequence[EuropeanOptionSpec], context: CompileContext) -> EuropeanOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    years = [
        years_to_expiry(spec, context.valuation_date) if _life(spec, context) == ALIVE else 0.0
        for spec in specs
    ]
    return EuropeanOptionColumns(_contracts(specs, years, context), _smiles(specs, years, context))


def _life(spec: EuropeanOptionSpec, context: CompileContext) -> int:
    """Return whether the option lives, settles in this step, or did so before.

    On its day of expiry it still has a value, its intrinsic one: the step that leaves that day behind pays.
    """
    if context.previous_date is None or spec.expiry >= context.valuation_date:
        return ALIVE
    return SETTLED if spec.expiry >= context.previous_date else GONE


def _contracts(
    specs: Sequence[EuropeanOptionSpec], years: Sequence[float], context: CompileContext
) -> ContractColumns:
    rows = context.rows
    curves = [discount_curve_name(spec, context.market) for spec in specs]
    terms = list(zip(specs, curves, years, strict=True))
    return ContractColumns(
        sign=frozen([1.0 if spec.right == "call" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        sqrt_years=frozen([math.sqrt(time) for time in years]),
        carry_spot_row=frozen_int([rows.carry_spot(spec.underlying, time) for spec, _, time in terms]),
        discount_row=frozen_int([rows.discount(curve, time) for _, curve, time in terms]),
        log_forward_row=frozen_int(
            [rows.log_forward(spec.underlying, curve, time) for spec, curve, time in terms]
        ),
        life=frozen_int([_life(spec, context) for spec in specs]),
    )


def _smiles(
    specs: Sequence[EuropeanOptionSpec], years: Sequence[float], context: CompileContext
) -> SmileColumns:
    smiles = [context.market.smiles[spec.underlying] for spec in specs]
    pairs = [pillar_pair(smile, time) for smile, time in zip(smiles, years, strict=True)]
    flat = [
        has_no_skew(smile) and far.weight_years == 0.0 for smile, (_, far) in zip(smiles, pairs, strict=True)
    ]
    log_forward_rows = [
        context.rows.smile_log_forward(spec.underlying, discount_curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    return SmileColumns(
        is_flat=frozen_int(flat),
        lower=frozen([smile.lower for smile in smiles]),
        upper=frozen([smile.upper for smile in smiles]),
        log_forward_row=frozen_int(log_forward_rows),
        near=pillar_columns([near for near, _ in pairs], context.rows),
        far=pillar_columns([far for _, far in pairs], context.rows),
    )
