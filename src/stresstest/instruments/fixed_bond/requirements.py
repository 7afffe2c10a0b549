"""What a fixed-rate bond depends on in a market."""

from __future__ import annotations

from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import Requirements
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import remaining_flows
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot


def requirements(spec: FixedBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the remaining payments and the issuer's credit spread.

    A sovereign has a spread where the market states one; everybody else must have one.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), or all of: there
        is no such curve (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = issuer_of(spec, market)
    flows = remaining_flows(spec, market.as_of)
    problems = ProblemList()
    curve = _checked_curve(spec, market, problems)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += _nodes_used(curve, [flow.years for flow in flows])
    spread = spread_key(spec, market)
    if spread is not None:
        factors.append(spread)
    for key in factors:
        if key not in market.levels:
            problems.add(Problem("ST357", f"no level for {key}", f"one in market {market.name!r}"))
    problems.raise_if_any()
    return Requirements(spec.currency or issuer.currency, tuple(factors))


def issuer_of(spec: FixedBondSpec, market: MarketSnapshot) -> Issuer:
    """Return the issuer of the bond; raise `InputError` (ST355) where the market does not know it."""
    issuer = market.issuers.get(spec.issuer)
    if issuer is None:
        expected, suggestion = f"an issuer of market {market.name!r}", nearest(spec.issuer, market.issuers)
        raise InputError([Problem("ST355", f"issuer {spec.issuer!r}", expected, suggestion=suggestion)])
    return issuer


def curve_name(spec: FixedBondSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payments; empty where the currency has none."""
    return spec.curve or market.discount_curves.get(spec.currency or issuer_of(spec, market).currency, "")


def discount_curve(spec: FixedBondSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that discounts the payments; raise `InputError` where there is none that fits."""
    problems = ProblemList()
    curve = _checked_curve(spec, market, problems)
    problems.raise_if_any()
    return market.curves[curve_name(spec, market)] if curve is None else curve


def spread_key(spec: FixedBondSpec, market: MarketSnapshot) -> RiskFactorKey | None:
    """Return the credit-spread factor of the bond; None for a sovereign without one."""
    key = RiskFactorKey("credit_spread", spec.issuer)
    return None if issuer_of(spec, market).kind == "sovereign" and key not in market.levels else key


def _checked_curve(spec: FixedBondSpec, market: MarketSnapshot, problems: ProblemList) -> Curve | None:
    currency = spec.currency or issuer_of(spec, market).currency
    name = curve_name(spec, market)
    curve = market.curves.get(name)
    if curve is None:
        got = f"curve {name!r}" if name else f"no discount curve of {currency}"
        expected = f"a curve of market {market.name!r}"
        problems.add(Problem("ST362", got, expected, suggestion=nearest(name, market.curves)))
    elif curve.currency != currency:
        got = f"curve {name!r} of {curve.currency} for a bond in {currency}"
        problems.add(Problem("ST372", got, f"a curve of {currency}"))
    return curve


def _nodes_used(curve: Curve, times: list[float]) -> list[RiskFactorKey]:
    """Return the factors of the nodes that carry weight at one of `times`, shortest first."""
    used: set[int] = set()
    node_years = curve.years.tolist()
    for years in times:
        nodes = interpolation_weights(node_years, years)
        used.update((nodes.lower, nodes.upper))
    return [key for node, key in enumerate(curve.keys()) if node in used]
