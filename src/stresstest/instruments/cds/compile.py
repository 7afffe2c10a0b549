"""Single-name credit default swaps as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.cds.columns import CdsColumns, DefaultColumns
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.instruments.cds.terms import check_alive, swap_terms
from stresstest.market.credit_swaps import SwapDays, accrued_fraction, credit_swap_columns
from stresstest.market.default_rows import default_rows


def compile_columns(specs: Sequence[CdsSpec], context: CompileContext) -> CdsColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a contract that is over has no intervals left, and is worth 0.

    Raises
    ------
    InputError
        A contract is over on the valuation date (ST360), without a step before, or has no curve (ST362).
    ValueError
        A spec still states a basis or upfront, which `override` turns into a private factor.
    """
    if context.previous_date is None:
        check_alive(specs, context.valuation_date)
    for spec in specs:
        if spec.upfront is not None or spec.basis != 0.0:
            raise ValueError(f"swap on {spec.issuer} with a basis or upfront that was not made a factor")
    days = SwapDays(context.valuation_date, context.previous_date)
    swaps = [swap_terms(spec, context.market) for spec in specs]
    return CdsColumns(credit_swap_columns(swaps, days, context.rows), _default_columns(specs, context))


def _default_columns(specs: Sequence[CdsSpec], context: CompileContext) -> DefaultColumns:
    rows = default_rows(specs, context.market, context.rows.factor)
    today, before = context.valuation_date, context.previous_date or context.valuation_date
    return DefaultColumns(
        rows.default,
        rows.recovery,
        frozen([spec.coupon * accrued_fraction(today, spec.last_day) for spec in specs]),
        frozen([spec.coupon * accrued_fraction(before, spec.last_day) for spec in specs]),
        frozen([spec.last_day > today for spec in specs]),
    )
