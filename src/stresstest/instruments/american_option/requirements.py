"""What an American option depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.american_option.spec import AmericanOptionSpec, DividendSpec
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
from stresstest.market.vol_pillars import find_surface_factors, has_no_skew


def years_to_expiry(spec: AmericanOptionSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"option on {spec.underlying}", "expiry")


def discount_curve_name(spec: AmericanOptionSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payoff; empty where the underlying's currency has none."""
    return curve_name(market, market.issuers[spec.underlying].currency, spec.curve)


def dividends_to_come(spec: AmericanOptionSpec, valuation_date: date) -> list[DividendSpec]:
    """Return the dividends within the option's life: after `valuation_date` and before expiry."""
    return [dividend for dividend in spec.dividends if valuation_date < dividend.date < spec.expiry]


def market_yield(spec: AmericanOptionSpec, market: MarketSnapshot) -> float:
    """Return the yield that amounts on dates are in proportion to; not positive, they never change."""
    return market.levels[RiskFactorKey("dividend_yield", spec.underlying)]


def requirements(spec: AmericanOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield, the zero rates around the expiry and the surface's pillars around it.

    With dividends on dates the yield counts where it scales them, or where moneyness, measured on the
    market's own forward, decides the vol. On the day of expiry only the spot matters, though the rest must be
    there.

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
    dividend_yield = RiskFactorKey("dividend_yield", spec.underlying)
    factors = [spot, dividend_yield]
    curve = find_curve(market, issuer.currency, spec.curve, problems)
    factors += () if curve is None else nodes_used(curve, [years])
    factors += find_surface_factors(market, spec.underlying, years, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    if not _reads_yield(spec, market):
        factors.remove(dividend_yield)
    return Requirements(issuer.currency, tuple(factors) if years > 0.0 else (spot,))


def _reads_yield(spec: AmericanOptionSpec, market: MarketSnapshot) -> bool:
    """Tell whether the dividend yield can move the value."""
    smile = market.smiles[spec.underlying]
    if not spec.dividends or (smile.stickiness == "moneyness" and not has_no_skew(smile)):
        return True
    return market_yield(spec, market) > 0.0 and bool(dividends_to_come(spec, market.as_of))
