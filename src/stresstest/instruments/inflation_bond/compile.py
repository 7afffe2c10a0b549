"""Inflation-linked bonds as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.instrument_type import CompileContext
from stresstest.instruments.inflation_bond.columns import DueColumns, InflationBondColumns
from stresstest.instruments.inflation_bond.requirements import (
    discount_curve,
    inflation_curve,
    remaining_or_refuse,
)
from stresstest.instruments.inflation_bond.spec import InflationBondSpec
from stresstest.instruments.inflation_bond.terms import IndexedFlow, flows, index_ratio, known_until
from stresstest.market.dated_flows import DatedFlow, GrowingFlow, discount_columns, index_growth_columns
from stresstest.market.default_rows import default_rows
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import find_issuer, spread_key

Bonds = Sequence[InflationBondSpec]


def compile_columns(specs: Bonds, context: CompileContext) -> InflationBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a bond that is repaid has no payments left, and is worth 0.

    Raises
    ------
    InputError
        A bond is repaid before the valuation date (ST370), without a step before, or `requirements` refuses
        it.
    """
    row_of = context.rows.factor
    inflation = [inflation_curve(spec, context.market) for spec in specs]
    left = [_remaining(spec, context) for spec in specs]
    placed = [(place, flow) for place, each in enumerate(left) for flow in each]
    growing = [GrowingFlow(inflation[place], flow.growth_years) for place, flow in placed]
    defaults = default_rows(specs, context.market, context.rows.factor)
    return InflationBondColumns(
        offsets=offsets(map(len, left)),
        amount=frozen([flow.amount for _, flow in placed]),
        floor=frozen([flow.floor for _, flow in placed]),
        discount=discount_columns(_dated(specs, left, context), row_of),
        growth=index_growth_columns(growing, row_of),
        spread_row=frozen_int([_spread_row(spec, context) for spec in specs]),
        inflation_row=frozen_int([row_of(curve.key(0)) for curve in inflation]),
        realised_years=frozen([_realised_years(spec, context) for spec in specs]),
        due=_due(specs, context),
        open_claim=frozen([_open_claim(spec, context) for spec in specs]),
        ended_claim=frozen([_ended_claim(spec, context) for spec in specs]),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
    )


def _spread(spec: InflationBondSpec, context: CompileContext) -> RiskFactorKey | None:
    return spread_key(context.market, find_issuer(context.market, spec.issuer))


def _spread_row(spec: InflationBondSpec, context: CompileContext) -> int:
    """Return the row of the spread; of a rate where the bond has none, any will do."""
    rate = discount_curve(spec, context.market).keys()[0]
    return context.rows.factor(_spread(spec, context) or rate)


def _dated(specs: Bonds, left: Sequence[Sequence[IndexedFlow]], context: CompileContext) -> list[DatedFlow]:
    """Return when and on which curve each remaining payment is discounted."""
    return [
        DatedFlow(
            discount_curve(spec, context.market),
            act_365f_years(context.valuation_date, flow.payment_date),
            _spread(spec, context) is not None,
        )
        for spec, each in zip(specs, left, strict=True)
        for flow in each
    ]


def _remaining(spec: InflationBondSpec, context: CompileContext) -> tuple[IndexedFlow, ...]:
    if context.previous_date is None:
        return remaining_or_refuse(spec, context.valuation_date)
    return flows(spec, context.valuation_date)


def _realised_years(spec: InflationBondSpec, context: CompileContext) -> float:
    """Return the time since the step before over which prices have grown beyond what was known at it."""
    before = context.previous_date
    if before is None:
        return 0.0
    return act_365f_years(known_until(spec, before), known_until(spec, context.valuation_date))


def _due(specs: Bonds, context: CompileContext) -> DueColumns:
    """Return what falls due after the step before and up to the valuation date, as seen from that step."""
    before = context.previous_date
    due = [() if before is None else _paid(spec, before, context.valuation_date) for spec in specs]
    each = [flow for of_bond in due for flow in of_bond]
    return DueColumns(
        offsets=offsets(map(len, due)),
        amount=frozen([flow.amount for flow in each]),
        years=frozen([flow.growth_years for flow in each]),
        floor=frozen([flow.floor for flow in each]),
    )


def _paid(spec: InflationBondSpec, after: date, until: date) -> tuple[IndexedFlow, ...]:
    return tuple(flow for flow in flows(spec, after) if flow.payment_date <= until)


def _open_claim(spec: InflationBondSpec, context: CompileContext) -> float:
    """Return the face at known prices while payments remain, else 0."""
    today = context.valuation_date
    return index_ratio(spec, today) if flows(spec, today) else 0.0


def _ended_claim(spec: InflationBondSpec, context: CompileContext) -> float:
    """Return the face at known prices where the last payment was due since the step before, else 0."""
    before = context.previous_date
    if before is None or flows(spec, context.valuation_date) or not flows(spec, before):
        return 0.0
    return index_ratio(spec, context.valuation_date)
