"""What a European option depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import Requirements
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
from stresstest.instruments.european_option.surface import surface_factors
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

DAYS_PER_YEAR = 365


def years_to_expiry(spec: EuropeanOptionSpec, valuation_date: date) -> float:
    """Return the time to expiry in years of 365 days (ACT/365F).

    Raises
    ------
    InputError
        The option expired before `valuation_date` (ST360).
    """
    days = (spec.expiry - valuation_date).days
    if days < 0:
        got = f"option on {spec.underlying} that expired on {spec.expiry}"
        raise InputError([Problem("ST360", got, f"an expiry on {valuation_date} or later")])
    return days / DAYS_PER_YEAR


def curve_name(spec: EuropeanOptionSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payoff; empty where the underlying's currency has none."""
    return spec.curve or market.discount_curves.get(market.issuers[spec.underlying].currency, "")


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
    issuer = market.issuers.get(spec.underlying)
    if issuer is None:
        expected, suggestion = (
            f"an issuer of market {market.name!r}",
            nearest(spec.underlying, market.issuers),
        )
        raise InputError(
            [Problem("ST355", f"underlying {spec.underlying!r}", expected, suggestion=suggestion)]
        )
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    spot = RiskFactorKey("spot", spec.underlying)
    factors = [spot, RiskFactorKey("dividend_yield", spec.underlying)]
    factors += _curve_factors(spec, market, years, problems)
    factors += _surface_factors(spec, market, years, problems)
    for key in factors:
        if key not in market.levels:
            problems.add(Problem("ST357", f"no level for {key}", f"one in market {market.name!r}"))
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors) if years > 0.0 else (spot,))


def _curve_factors(
    spec: EuropeanOptionSpec, market: MarketSnapshot, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    name = curve_name(spec, market)
    curve = market.curves.get(name)
    if curve is None:
        got = (
            f"curve {name!r}" if name else f"no discount curve of {market.issuers[spec.underlying].currency}"
        )
        expected = f"a curve of market {market.name!r}"
        problems.add(Problem("ST362", got, expected, suggestion=nearest(name, market.curves)))
        return ()
    currency = market.issuers[spec.underlying].currency
    if curve.currency != currency:
        got = f"curve {name!r} of {curve.currency} for an option in {currency}"
        problems.add(Problem("ST372", got, f"a curve of {currency}"))
    weights = interpolation_weights(curve.years, years)
    keys = curve.keys()
    return tuple(dict.fromkeys((keys[weights.lower], keys[weights.upper])))


def _surface_factors(
    spec: EuropeanOptionSpec, market: MarketSnapshot, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    smile = market.smiles.get(spec.underlying)
    if smile is None:
        got = f"no implied-vol surface of {spec.underlying!r}"
        problems.add(Problem("ST361", got, f"one in market {market.name!r}"))
        return ()
    return surface_factors(smile, years)
