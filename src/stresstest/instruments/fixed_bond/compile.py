"""Fixed-rate bonds as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.fixed_bond.columns import FixedBondColumns, FlowColumns
from stresstest.instruments.fixed_bond.requirements import discount_curve, spread_key
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import remaining_flows
from stresstest.market.curves import interpolation_weights


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

    Raises
    ------
    InputError
        A bond is repaid before the valuation date (ST370) or not yet issued (ST371).
    ValueError
        A spec still carries an override, which `override` turns into a private spread.
    """
    flows: list[_Flow] = []
    counts, spread_rows = [0], []
    for spec in specs:
        if spec.z_spread is not None or spec.clean_price is not None:
            raise ValueError(f"bond of {spec.issuer} with an override that was not made a private factor")
        bond = _flows(spec, context)
        spread = spread_key(spec, context.market)
        spread_rows.append(bond[0].lower_row if spread is None else context.rows.factor(spread))
        counts.append(len(bond))
        flows += bond
    return FixedBondColumns(frozen_int(list(accumulate(counts))), frozen_int(spread_rows), _columns(flows))


def _flows(spec: FixedBondSpec, context: CompileContext) -> list[_Flow]:
    """Return the payments of one bond, first to last."""
    curve = discount_curve(spec, context.market)
    node_years, keys = curve.years.tolist(), curve.keys()
    has_spread = spread_key(spec, context.market) is not None
    flows = []
    for years, amount in remaining_flows(spec, context.valuation_date):
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
