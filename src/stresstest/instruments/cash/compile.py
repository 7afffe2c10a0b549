"""Cash against a market: nothing moves it in its own currency."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.cash.columns import CashColumns
from stresstest.instruments.cash.spec import CashSpec
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: CashSpec, market: MarketSnapshot) -> Requirements:
    """Return that cash depends on no factor; exchange rates belong to the position, not to the unit."""
    del market
    return Requirements(spec.currency, ())


def compile_columns(specs: Sequence[CashSpec], context: CompileContext) -> CashColumns:
    """Return the columns of `specs`, in their order."""
    return CashColumns(
        frozen(np.ones(len(specs))), frozen_int([_discount_row(spec, context) for spec in specs])
    )


def _discount_row(spec: CashSpec, context: CompileContext) -> int:
    curve = context.market.discount_curves.get(spec.currency)
    if curve is None or context.gap_years == 0.0:
        return -1
    return context.rows.discount(curve, context.gap_years)
