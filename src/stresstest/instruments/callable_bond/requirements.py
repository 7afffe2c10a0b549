"""What a bond with rights of redemption depends on in a market."""

from __future__ import annotations

from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.callable_bond.lattice import LatticeDate, lattice_dates
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import check_life
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

SWAPTION = "_SWAPTION"
"""What follows a currency in the name of its vols of swap rates."""
VOL_EXPIRY_YEARS = 5.0
"""Expiry whose vol the short rate takes."""


def requirements(spec: CallableBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around payments and redemptions, the issuer's spread, the short rate's vol.

    The vol is the market's unless the terms state one, and counts while rights remain. Where the market
    states a default state of the issuer, that and the recovery of the bond's seniority too.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), or all of: there
        is no such curve (ST362), it is of another currency (ST372), the market has no vols of swap rates
        (ST361), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    check_life(spec, market.as_of)
    problems = ProblemList()
    currency = spec.currency or issuer.currency
    curve = find_curve(market, currency, spec.curve, problems)
    dates = lattice_dates(spec, market.as_of)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += nodes_used(curve, times_that_discount(dates))
    spread = spread_key(market, issuer)
    factors += () if spread is None else (spread,)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    if spec.rate_vol is None and any(day.rights for day in dates):
        factors += _rate_vol(market, currency, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors))


def times_that_discount(dates: list[LatticeDate]) -> list[float]:
    """Return the times of payments and of what rights leave their holder, in years."""
    payments = [day.years for day in dates if day.amount != 0.0]
    return payments + [claim.years for day in dates for right in day.rights for claim in right.claims]


def _rate_vol(market: MarketSnapshot, currency: str, problems: ProblemList) -> tuple[RiskFactorKey, ...]:
    key = rate_vol_key(market, currency)
    if key is None:
        got = f"no normal vols of swap rates, normal_vol/{currency}{SWAPTION}"
        problems.add(Problem("ST361", got, f"some in market {market.name!r}, or a rate_vol in the terms"))
        return ()
    return (key,)


def rate_vol_key(market: MarketSnapshot, currency: str) -> RiskFactorKey | None:
    """Return the vol that the short rate takes: the normal one of swap rates, expiry next to 5 years."""
    curve = market.price_curves.get(("normal_vol", f"{currency}{SWAPTION}"))
    if curve is None:
        return None
    node = min(range(len(curve.years)), key=lambda node: abs(curve.years[node] - VOL_EXPIRY_YEARS))
    return curve.key(node)


def discount_curve(spec: CallableBondSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that discounts the payments; raise `InputError` where there is none that fits."""
    problems = ProblemList()
    currency = currency_of(spec, market)
    curve = find_curve(market, currency, spec.curve, problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve


def currency_of(spec: CallableBondSpec, market: MarketSnapshot) -> str:
    """Return the currency of all payments."""
    return spec.currency or find_issuer(market, spec.issuer).currency
