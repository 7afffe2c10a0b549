"""European options as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.european_option.columns import EuropeanOptionColumns
from stresstest.instruments.european_option.requirements import discount_curve_name, years_to_expiry
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns, VanillaColumns
from stresstest.market.vol_pillars import smile_columns


def compile_columns(specs: Sequence[EuropeanOptionSpec], context: CompileContext) -> EuropeanOptionColumns:
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
    return EuropeanOptionColumns(
        VanillaColumns(_contracts(specs, years, context), _smiles(specs, years, context))
    )


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
        discounted_forward_row=frozen_int(
            [rows.carry_spot(spec.underlying, time) for spec, _, time in terms]
        ),
        discount_row=frozen_int([rows.discount(curve, time) for _, curve, time in terms]),
        log_forward_row=frozen_int(
            [rows.log_forward(spec.underlying, curve, time) for spec, curve, time in terms]
        ),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(
    specs: Sequence[EuropeanOptionSpec], years: Sequence[float], context: CompileContext
) -> SmileColumns:
    market, rows = context.market, context.rows
    log_forward_rows = [
        rows.smile_log_forward(spec.underlying, discount_curve_name(spec, market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    smiles = [market.smiles[spec.underlying] for spec in specs]
    return smile_columns(smiles, years, log_forward_rows, rows.factor)
