"""What a fixed-rate bond depends on in a market."""

from __future__ import annotations

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import remaining_flows
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.snapshot import Curve, MarketSnapshot


def requirements(spec: FixedBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the remaining payments and the issuer's credit spread.

    Where the market states a default state of the issuer, that and the recovery of the bond's seniority too.

    A sovereign has a spread where the market states one; everybody else must have one.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), or all of: there
        is no such curve (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    flows = remaining_flows(spec, market.as_of)
    problems = ProblemList()
    currency = spec.currency or issuer.currency
    curve = find_curve(market, currency, spec.curve, problems)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += nodes_used(curve, [flow.years for flow in flows])
    spread = spread_key(market, issuer)
    if spread is not None:
        factors.append(spread)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors))


def discount_curve(spec: FixedBondSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that discounts the payments; raise `InputError` where there is none that fits."""
    problems = ProblemList()
    currency = spec.currency or find_issuer(market, spec.issuer).currency
    curve = find_curve(market, currency, spec.curve, problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve
