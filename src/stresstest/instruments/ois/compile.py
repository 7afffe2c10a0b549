"""Overnight index swaps as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.conventions.floating_legs import ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.ois.columns import OisColumns
from stresstest.instruments.ois.requirements import rate_curves
from stresstest.instruments.ois.spec import OisSpec
from stresstest.instruments.ois.terms import swap_terms
from stresstest.market.swap_flows import swap_flows
from stresstest.market.swap_rows import swap_columns


def compile_columns(specs: Sequence[OisSpec], context: CompileContext) -> OisColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a swap that has run out has no payments left, and is worth 0.

    Raises
    ------
    InputError
        The market has no curve for a swap (ST362), or one of another currency (ST372).
    """
    market = context.market
    dates = ValuationDates(market.as_of, context.previous_date, context.valuation_date)
    swaps = [swap_flows(swap_terms(spec), rate_curves(spec, market), market, dates) for spec in specs]
    return OisColumns(swap_columns(swaps, context.rows))
