"""What a European option depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
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


def years_to_expiry(spec: EuropeanOptionSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"option on {spec.underlying}", "expiry")


def discount_curve_name(spec: EuropeanOptionSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payoff; empty where the underlying's currency has none."""
    return curve_name(market, market.issuers[spec.underlying].currency, spec.curve)


def requirements(spec: EuropeanOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield, the zero rates around the expiry and the surface's pillars around it.

    On the day of expiry only the spot matters, though the rest must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), the option has expired (ST360), or all of: a level is missing
        (ST357), the underlying has no surface (ST361), there is no such curve (ST362) or it is of another
        currency (ST372).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    spot = RiskFactorKey("spot", spec.underlying)
    factors = [spot, RiskFactorKey("dividend_yield", spec.underlying)]
    factors += _curve_factors(spec, market, years, problems)
    factors += find_surface_factors(market, spec.underlying, years, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors) if years > 0.0 else (spot,))


def _curve_factors(
    spec: EuropeanOptionSpec, market: MarketSnapshot, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    curve = find_curve(market, market.issuers[spec.underlying].currency, spec.curve, problems)
    return () if curve is None else nodes_used(curve, [years])
