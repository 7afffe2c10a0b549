"""What a variance swap depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.variance_swap.spec import VarianceSwapSpec
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    curve_name,
    find_curve,
    find_issuer,
    nodes_used,
    years_until,
)
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors


def years_to_expiry(spec: VarianceSwapSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"variance swap on {spec.underlying}", "expiry")


def discount_curve_name(spec: VarianceSwapSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payment; empty where the underlying's currency has none."""
    return curve_name(market, market.issuers[spec.underlying].currency, spec.curve)


def is_sticky_in_strike(spec: VarianceSwapSpec, market: MarketSnapshot) -> bool:
    """Tell whether the surface stays with strikes, so that the forward moves the vols that count."""
    smile = market.smiles.get(spec.underlying)
    return smile is not None and smile.stickiness == "strike"


def requirements(spec: VarianceSwapSpec, market: MarketSnapshot) -> Requirements:
    """Return the spot, whose jumps count, the surface's pillars and the zero rates around the expiry.

    The dividend yield counts only where the surface stays with strikes. On the day of expiry only the spot
    matters, though the rest must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), the swap is over (ST360), or all of: it begins later, or began
        without its realised vol (ST366), a level is missing (ST357), the underlying has no surface (ST361),
        there is no such curve (ST362) or it is of another currency (ST372).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    _check_start(spec, market.as_of, problems)
    spot = RiskFactorKey("spot", spec.underlying)
    factors = [spot]
    if is_sticky_in_strike(spec, market):
        factors.append(RiskFactorKey("dividend_yield", spec.underlying))
    curve = find_curve(market, issuer.currency, spec.curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [years])
    factors += find_surface_factors(market, spec.underlying, years, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors) if years > 0.0 else (spot,))


def _check_start(spec: VarianceSwapSpec, today: date, problems: ProblemList) -> None:
    if spec.start is None:
        if spec.expiry == today:
            got = f"variance swap on {spec.underlying} that begins and ends on {today}"
            problems.add(Problem("ST366", got, "a `start` before its expiry", field="start"))
    elif spec.start > today:
        got = f"variance swap on {spec.underlying} that begins on {spec.start}"
        problems.add(Problem("ST366", got, f"a start on {today} or before", field="start"))
    elif spec.start < today and spec.realised_vol is None:
        got = f"variance swap on {spec.underlying} that began on {spec.start}"
        expected = f"its `realised_vol` from then to {today}, like 14.2%"
        problems.add(Problem("ST366", got, expected, field="start"))
