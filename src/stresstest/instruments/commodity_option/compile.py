"""Options on commodity futures as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.commodity_option.columns import CommodityOptionColumns
from stresstest.instruments.commodity_option.requirements import (
    Times,
    discount_curve_name,
    price_curve,
    times,
)
from stresstest.instruments.commodity_option.spec import CommodityOptionSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns, VanillaColumns
from stresstest.market.vol_pillars import smile_columns


def compile_columns(specs: Sequence[CommodityOptionSpec], context: CompileContext) -> CommodityOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    found = [_times(spec, context) for spec in specs]
    return CommodityOptionColumns(
        VanillaColumns(_contracts(specs, found, context), _smiles(specs, found, context))
    )


def _times(spec: CommodityOptionSpec, context: CompileContext) -> Times:
    alive = context.life(spec.expiry) == ALIVE
    return times(spec, context.valuation_date if alive else spec.expiry)


def _contracts(
    specs: Sequence[CommodityOptionSpec], found: Sequence[Times], context: CompileContext
) -> ContractColumns:
    market, rows = context.market, context.rows
    discounts, forwards, logs = [], [], []
    for spec, (expiry, delivery) in zip(specs, found, strict=True):
        prices = price_curve(spec, market)
        discount = rows.discount(discount_curve_name(spec, market), expiry)
        discounts.append(discount)
        forwards.append(rows.product(rows.forward_price(prices, delivery), discount))
        logs.append(rows.log_forward_price(prices, delivery))
    return ContractColumns(
        sign=frozen([1.0 if spec.right == "call" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        sqrt_years=frozen([math.sqrt(expiry) for expiry, _ in found]),
        discounted_forward_row=frozen_int(forwards),
        discount_row=frozen_int(discounts),
        log_forward_row=frozen_int(logs),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(
    specs: Sequence[CommodityOptionSpec], found: Sequence[Times], context: CompileContext
) -> SmileColumns:
    market, rows = context.market, context.rows
    log_forward_rows = [
        rows.smile_log_forward_price(price_curve(spec, market), delivery)
        for spec, (_, delivery) in zip(specs, found, strict=True)
    ]
    smiles = [market.smiles[spec.commodity] for spec in specs]
    return smile_columns(smiles, [expiry for expiry, _ in found], log_forward_rows, rows.factor)
