"""What a currency option depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import CurrencyCarry, Requirements
from stresstest.instruments.fx_option.spec import FxOptionSpec
from stresstest.market.forward_lookups import currency_curve_name, find_currency_curve, rate_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, nodes_used, years_until
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors


def years_to_expiry(spec: FxOptionSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"option on {spec.pair}", "expiry")


def carry(spec: FxOptionSpec, market: MarketSnapshot, years: float) -> CurrencyCarry:
    """Return the exchange rate with both curves to the expiry; a curve that is missing has no name."""
    base, quote = spec.pair[:3], spec.pair[3:]
    base_curve = currency_curve_name(market, base, spec.base_curve)
    return CurrencyCarry(base, quote, base_curve, currency_curve_name(market, quote, spec.quote_curve), years)


def requirements(spec: FxOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return the exchange rate, both currencies' zero rates and the surface's pillars around the expiry.

    On the day of expiry only the exchange rate matters, though the rest must be there.

    Raises
    ------
    InputError
        The option has expired (ST360), or all of: both currencies are one, or the surface is quoted the
        other way round (ST364), the market cannot convert them (ST218), it has no surface (ST361), a currency
        has no curve (ST362) or one of another currency (ST372), a level is missing (ST357).
    """
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    rate = rate_factors(market, spec.pair, problems)
    factors = list(rate)
    sides = ((spec.pair[:3], spec.base_curve, "base_curve"), (spec.pair[3:], spec.quote_curve, "quote_curve"))
    for currency, stated, field in sides:
        curve = find_currency_curve(market, currency, stated, field, problems)
        if curve is not None:
            factors += nodes_used(curve, [years])
    factors += _surface(spec, market, years, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.pair[3:], tuple(factors) if years > 0.0 else rate)


def _surface(
    spec: FxOptionSpec, market: MarketSnapshot, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    turned = spec.pair[3:] + spec.pair[:3]
    if spec.pair not in market.smiles and turned in market.smiles:
        expected = f"{turned}, as its surface is quoted: a call becomes a put at 1/strike, per unit of strike"
        problems.add(Problem("ST364", f"pair {spec.pair}", expected, suggestion=turned, field="pair"))
        return ()
    return find_surface_factors(market, spec.pair, years, problems)
