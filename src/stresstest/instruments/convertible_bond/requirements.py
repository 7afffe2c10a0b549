"""What a convertible bond depends on in a market."""

from __future__ import annotations

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.convertible_bond.lattice import knot_years, lattice_steps
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import check_life, has_share
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    curve_name,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors


def requirements(spec: ConvertibleBondSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, yield and vol of the share, spread, and the zero rates around what is paid or decided.

    The share counts while conversion is to come. Where the market states a default state of the issuer, that
    and the recovery of the bond's seniority too.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), or all of: there
        is no such curve (ST362), it is of another currency (ST372), the share has no surface (ST361), a level
        is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    check_life(spec, market.as_of)
    problems = ProblemList()
    curve = find_curve(market, issuer.currency, spec.curve, problems)
    steps = lattice_steps(spec, market.as_of)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += nodes_used(curve, knot_years(steps))
    spread = spread_key(market, issuer)
    factors += () if spread is None else (spread,)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    if has_share(spec, market.as_of):
        factors += _share_factors(share_of(spec), steps[-1].years, market, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors))


def _share_factors(
    share: str, years: float, market: MarketSnapshot, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    spot, dividend_yield = RiskFactorKey("spot", share), RiskFactorKey("dividend_yield", share)
    return (spot, dividend_yield, *find_surface_factors(market, share, years, problems))


def share_of(spec: ConvertibleBondSpec) -> str:
    """Return the issuer whose shares the bond converts into; a private spread does not change them."""
    return spec.issuer.split("#", 1)[0]


def discount_curve_name(spec: ConvertibleBondSpec, market: MarketSnapshot) -> str:
    """Return the curve of payments and forward prices; empty where the currency has none."""
    return curve_name(market, find_issuer(market, spec.issuer).currency, spec.curve)
