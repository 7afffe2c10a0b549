"""Currency options as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext, CurrencyCarry
from stresstest.instruments.fx_option.columns import FxOptionColumns
from stresstest.instruments.fx_option.requirements import carry, years_to_expiry
from stresstest.instruments.fx_option.spec import FxOptionSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns, VanillaColumns
from stresstest.market.vol_pillars import smile_columns


def compile_columns(specs: Sequence[FxOptionSpec], context: CompileContext) -> FxOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    carries = [
        carry(
            spec,
            context.market,
            years_to_expiry(spec, context.valuation_date) if context.life(spec.expiry) == ALIVE else 0.0,
        )
        for spec in specs
    ]
    return FxOptionColumns(VanillaColumns(_contracts(specs, carries, context), _smiles(carries, context)))


def _contracts(
    specs: Sequence[FxOptionSpec], carries: Sequence[CurrencyCarry], context: CompileContext
) -> ContractColumns:
    rows = context.rows
    carried = [
        rows.product(rows.exchange_rate(to.base, to.quote), rows.discount(to.base_curve, to.years))
        for to in carries
    ]
    return ContractColumns(
        sign=frozen([1.0 if spec.right == "call" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([1.0 for _ in specs]),
        sqrt_years=frozen([math.sqrt(to.years) for to in carries]),
        discounted_forward_row=frozen_int(carried),
        discount_row=frozen_int([rows.discount(to.quote_curve, to.years) for to in carries]),
        log_forward_row=frozen_int([rows.log_currency_forward(to) for to in carries]),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(carries: Sequence[CurrencyCarry], context: CompileContext) -> SmileColumns:
    rows = context.rows
    smiles = [context.market.smiles[to.base + to.quote] for to in carries]
    log_forward_rows = [rows.smile_log_currency_forward(to) for to in carries]
    return smile_columns(smiles, [to.years for to in carries], log_forward_rows, rows.factor)
