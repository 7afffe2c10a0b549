"""Interest-rate swaps as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.conventions.floating_legs import ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.interest_rate_swap.columns import InterestRateSwapColumns
from stresstest.instruments.interest_rate_swap.requirements import rate_curves
from stresstest.instruments.interest_rate_swap.spec import InterestRateSwapSpec
from stresstest.instruments.interest_rate_swap.terms import swap_terms
from stresstest.market.swap_flows import swap_flows
from stresstest.market.swap_rows import swap_columns


def compile_columns(
    specs: Sequence[InterestRateSwapSpec], context: CompileContext
) -> InterestRateSwapColumns:
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
    return InterestRateSwapColumns(swap_columns(swaps, context.rows))
