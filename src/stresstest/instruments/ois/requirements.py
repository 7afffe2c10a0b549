"""What overnight index swaps depend on in a market."""

from __future__ import annotations

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.ois.spec import OisSpec
from stresstest.instruments.ois.terms import swap_terms
from stresstest.market.floating_lookups import RateCurves, find_rate_curves
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.swap_flows import swap_factors


def rate_curves(spec: OisSpec, market: MarketSnapshot) -> RateCurves:
    """Return the curves that project and discount a swap; raise `InputError` where none fits."""
    problems = ProblemList()
    curves = find_rate_curves(market, spec.currency, (spec.curve, None), problems)
    problems.raise_if_any()
    if curves is None:
        raise ValueError(f"no curves for {spec!r}")
    return curves


def requirements(spec: OisSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the payments that are left.

    Raises
    ------
    InputError
        The last payment is made (ST360), or all of: there is no such curve (ST362), it is of another currency
        (ST372), it lacks a level (ST357).
    """
    return Requirements(spec.currency, swap_factors(swap_terms(spec), rate_curves(spec, market), market))
