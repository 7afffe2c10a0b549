"""Liabilities as the columns that their kernel reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import IntArray, frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.instrument_type import CompileContext
from stresstest.instruments.liability.columns import FIXED, DueColumns, LiabilityColumns
from stresstest.instruments.liability.requirements import (
    credit_key,
    discount_curve,
    inflation_curve,
    remaining_or_refuse,
)
from stresstest.instruments.liability.spec import LiabilitySpec
from stresstest.instruments.liability.terms import due, remaining
from stresstest.market.dated_flows import DatedFlow, GrowingFlow, discount_columns, index_growth_columns


class _Owed(NamedTuple):
    """Payment of one unit of the liability in row `place`: cash, negative, in `years`."""

    place: int
    amount: float
    years: float


def compile_columns(specs: Sequence[LiabilitySpec], context: CompileContext) -> LiabilityColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a liability that has paid for the last time has nothing left, and is worth 0.

    Raises
    ------
    InputError
        Nothing is left to pay (ST370), without a step before, or `requirements` refuses a liability.
    """
    market, row_of = context.market, context.rows.factor
    curves = [discount_curve(spec, market) for spec in specs]
    inflation = [inflation_curve(spec, market) for spec in specs]
    flows = [flow for place, spec in enumerate(specs) for flow in _owed(place, spec, context)]
    spreads = [None if spec.credit is None else credit_key(spec.credit, market) for spec in specs]
    dated = [DatedFlow(curves[place], years, spreads[place] is not None) for place, _, years in flows]
    growing = [GrowingFlow(inflation[place], years) for place, _, years in flows]
    return LiabilityColumns(
        offsets=_offsets(flows, len(specs)),
        amount=frozen([flow.amount for flow in flows]),
        discount=discount_columns(dated, row_of),
        growth=index_growth_columns(growing, row_of),
        spread_row=frozen_int(
            [row_of(credit or curve.keys()[0]) for credit, curve in zip(spreads, curves, strict=True)]
        ),
        inflation_row=frozen_int([FIXED if curve is None else row_of(curve.key(0)) for curve in inflation]),
        gap_years=frozen([context.gap_years] * len(specs)),
        due=_due(specs, context),
    )


def _owed(place: int, spec: LiabilitySpec, context: CompileContext) -> list[_Owed]:
    """Return what is left to pay."""
    today = context.valuation_date
    flows = remaining_or_refuse(spec, today) if context.previous_date is None else remaining(spec, today)
    return [_Owed(place, -amount, act_365f_years(today, day)) for day, amount in flows]


def _due(specs: Sequence[LiabilitySpec], context: CompileContext) -> DueColumns:
    """Return what falls due after the step before and up to the valuation date."""
    before = context.previous_date
    flows: list[_Owed] = []
    for place, spec in enumerate(specs):
        paid = () if before is None else due(spec, before, context.valuation_date)
        flows += [_Owed(place, -amount, act_365f_years(before or day, day)) for day, amount in paid]
    return DueColumns(
        offsets=_offsets(flows, len(specs)),
        amount=frozen([flow.amount for flow in flows]),
        years=frozen([flow.years for flow in flows]),
    )


def _offsets(flows: Sequence[_Owed], n_instruments: int) -> IntArray:
    counts = Counter(flow.place for flow in flows)
    return offsets(counts[place] for place in range(n_instruments))
