"""Cash against a market: nothing moves it in its own currency."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.cash.columns import CashColumns
from stresstest.instruments.cash.spec import CashSpec
from stresstest.kernels.rows import NO_ROW
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_curve
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: CashSpec, market: MarketSnapshot) -> Requirements:
    """Return that cash depends on no factor; exchange rates belong to the position, not to the unit.

    Interest falls due along a path alone, and its rates are no factor of the value either.

    Raises
    ------
    InputError
        The market has no margin spread (ST357) or curve (ST362) that borrowed money would pay.
    """
    if spec.borrowed:
        problems = ProblemList()
        find_curve(market, spec.currency, None, problems)
        check_levels(market, (margin_key(spec),), problems)
        problems.raise_if_any()
    return Requirements(spec.currency, ())


def margin_key(spec: CashSpec) -> RiskFactorKey:
    """Return what brokers take over the curve for money in the currency."""
    return RiskFactorKey("basis", f"MARGIN_{spec.currency}")


def compile_columns(specs: Sequence[CashSpec], context: CompileContext) -> CashColumns:
    """Return the columns of `specs`, in their order."""
    return CashColumns(
        frozen(np.ones(len(specs))),
        frozen_int([_discount_row(spec, context) for spec in specs]),
        frozen_int([_margin_row(spec, context) for spec in specs]),
        frozen([context.gap_years] * len(specs)),
    )


def _margin_row(spec: CashSpec, context: CompileContext) -> int:
    return context.rows.factor(margin_key(spec)) if spec.borrowed else NO_ROW


def _discount_row(spec: CashSpec, context: CompileContext) -> int:
    curve = context.market.discount_curves.get(spec.currency)
    if curve is None or context.gap_years == 0.0:
        return -1
    return context.rows.discount(curve, context.gap_years)
