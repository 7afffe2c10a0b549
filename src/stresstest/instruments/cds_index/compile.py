"""Credit default swaps on indices as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.instrument_type import CompileContext
from stresstest.instruments.cds_index.columns import CdsIndexColumns
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.instruments.cds_index.terms import check_alive, swap_terms
from stresstest.market.credit_swaps import SwapDays, credit_swap_columns


def compile_columns(specs: Sequence[CdsIndexSpec], context: CompileContext) -> CdsIndexColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a contract that is over has no intervals left, and is worth 0.

    Raises
    ------
    InputError
        A contract is over on the valuation date (ST360), without a step before, or has no curve (ST362).
    ValueError
        A spec still states a basis or price, which `override` turns into a private factor.
    """
    if context.previous_date is None:
        check_alive(specs, context.valuation_date)
    for spec in specs:
        if spec.price is not None or spec.basis != 0.0:
            raise ValueError(f"swap on {spec.index} with a basis or price that was not made a factor")
    days = SwapDays(context.valuation_date, context.previous_date)
    return credit_swap_columns([swap_terms(spec, context.market) for spec in specs], days, context.rows)
