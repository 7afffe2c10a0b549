"""Fixed-rate bonds as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.instrument_type import CompileContext
from stresstest.instruments.fixed_bond.columns import FixedBondColumns, FlowColumns
from stresstest.instruments.fixed_bond.requirements import discount_curve
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import (
    is_repaid,
    outstanding_face,
    paid_amount,
    remaining_flows,
)
from stresstest.market.curves import interpolation_weights
from stresstest.market.default_rows import default_rows
from stresstest.market.lookups import find_issuer, spread_key


class _Flow(NamedTuple):
    """Row of `FlowColumns`."""

    amount: float
    lower_row: int
    upper_row: int
    lower_weight_years: float
    upper_weight_years: float
    spread_years: float


def compile_columns(specs: Sequence[FixedBondSpec], context: CompileContext) -> FixedBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a bond that is repaid has no payments left, and is worth 0.

    Raises
    ------
    InputError
        A bond is repaid before the valuation date (ST370), without a step before, or not yet issued (ST371).
    ValueError
        A spec still carries an override, which `override` turns into a private spread.
    """
    flows: list[_Flow] = []
    counts: list[int] = []
    spread_rows = []
    for spec in specs:
        if spec.z_spread is not None or spec.clean_price is not None:
            raise ValueError(f"bond of {spec.issuer} with an override that was not made a private factor")
        bond = _flows(spec, context)
        spread_rows.append(_spread_row(spec, bond, context))
        counts.append(len(bond))
        flows += bond
    defaults = default_rows(specs, context.market, context.rows.factor)
    return FixedBondColumns(
        offsets=offsets(counts),
        spread_row=frozen_int(spread_rows),
        flows=_columns(flows),
        paid=frozen([_paid(spec, context) for spec in specs]),
        outstanding=frozen([outstanding_face(spec, context.valuation_date) for spec in specs]),
        repaid=frozen([_repaid(spec, context) for spec in specs]),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
    )


def _repaid(spec: FixedBondSpec, context: CompileContext) -> float:
    """Return the face repaid after the step before and up to the valuation date."""
    before = context.previous_date
    if before is None:
        return 0.0
    return outstanding_face(spec, before) - outstanding_face(spec, context.valuation_date)


def _spread_row(spec: FixedBondSpec, bond: Sequence[_Flow], context: CompileContext) -> int:
    """Return the row of the spread; of a rate where the bond has none, any will do."""
    spread = spread_key(context.market, find_issuer(context.market, spec.issuer))
    if spread is not None:
        return context.rows.factor(spread)
    return bond[0].lower_row if bond else context.rows.factor(discount_curve(spec, context.market).keys()[0])


def _paid(spec: FixedBondSpec, context: CompileContext) -> float:
    if context.previous_date is None:
        return 0.0
    return paid_amount(spec, context.previous_date, context.valuation_date, context.market.as_of)


def _flows(spec: FixedBondSpec, context: CompileContext) -> list[_Flow]:
    """Return the payments of one bond, first to last."""
    curve = discount_curve(spec, context.market)
    node_years, keys = curve.years.tolist(), curve.keys()
    has_spread = spread_key(context.market, find_issuer(context.market, spec.issuer)) is not None
    flows: list[_Flow] = []
    if context.previous_date is not None and is_repaid(spec, context.valuation_date):
        return []
    for years, amount in remaining_flows(spec, context.valuation_date, context.market.as_of):
        nodes = interpolation_weights(node_years, years)
        flows.append(
            _Flow(
                amount,
                context.rows.factor(keys[nodes.lower]),
                context.rows.factor(keys[nodes.upper]),
                nodes.lower_weight * years,
                nodes.upper_weight * years,
                years if has_spread else 0.0,
            )
        )
    return flows


def _columns(flows: Sequence[_Flow]) -> FlowColumns:
    return FlowColumns(
        amount=frozen([flow.amount for flow in flows]),
        lower_row=frozen_int([flow.lower_row for flow in flows]),
        upper_row=frozen_int([flow.upper_row for flow in flows]),
        lower_weight_years=frozen([flow.lower_weight_years for flow in flows]),
        upper_weight_years=frozen([flow.upper_weight_years for flow in flows]),
        spread_years=frozen([flow.spread_years for flow in flows]),
    )
