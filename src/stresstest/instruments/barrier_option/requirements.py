"""What a barrier option depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.barrier_option.spec import BarrierOptionSpec
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


def years_to_expiry(spec: BarrierOptionSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"option on {spec.underlying}", "expiry")


def discount_curve_name(spec: BarrierOptionSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payoff; empty where the underlying's currency has none."""
    return curve_name(market, market.issuers[spec.underlying].currency, spec.curve)


def requirements(spec: BarrierOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield, the zero rates around the expiry and the surface's pillars around it.

    On the day of expiry only the spot matters, and nothing but the discount of a rebate to come once the
    option is knocked out, though everything must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), the option has expired (ST360), or all of: a level is missing
        (ST357), the underlying has no surface (ST361), there is no such curve (ST362) or it is of another
        currency (ST372), the barrier has been touched and the terms do not say so (ST365).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    spot = RiskFactorKey("spot", spec.underlying)
    prices = [spot, RiskFactorKey("dividend_yield", spec.underlying)]
    curve = find_curve(market, issuer.currency, spec.curve, problems)
    rates = () if curve is None else nodes_used(curve, [years])
    factors = (*prices, *rates, *find_surface_factors(market, spec.underlying, years, problems))
    check_levels(market, factors, problems)
    _check_barrier(spec, market, problems)
    problems.raise_if_any()
    if spec.knocked and spec.knock.endswith("out"):
        later = spec.rebate > 0.0 and spec.rebate_paid == "at_expiry" and years > 0.0
        return Requirements(issuer.currency, rates if later else ())
    return Requirements(issuer.currency, factors if years > 0.0 else (spot,))


def _check_barrier(spec: BarrierOptionSpec, market: MarketSnapshot, problems: ProblemList) -> None:
    level = market.levels.get(RiskFactorKey("spot", spec.underlying))
    if level is None or spec.knocked:
        return
    if (level <= spec.barrier) if spec.knock.startswith("down") else (level >= spec.barrier):
        side = "at or below" if spec.knock.startswith("down") else "at or above"
        got = f"{spec.underlying} at {level:g}, {side} the barrier {spec.barrier:g}: it has been touched"
        expected = "`knocked: true`, or a barrier on the other side of the price"
        problems.add(Problem("ST365", got, expected, suggestion="knocked: true", field="barrier"))
