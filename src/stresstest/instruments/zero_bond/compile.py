"""A zero-coupon bond against a market: the rates and the spread that it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.zero_bond.columns import NO_SPREAD, ZeroBondColumns
from stresstest.instruments.zero_bond.spec import ZeroBondSpec
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot


def requirements(spec: ZeroBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the maturity and the issuer's credit spread.

    A sovereign has a spread where the market states one; everybody else must have one.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the bond is repaid (ST370), there is no such curve (ST362),
        it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = _issuer_of(spec, market)
    problems = ProblemList()
    if spec.maturity <= market.as_of:
        problems.add(_repaid(spec, market.as_of))
    curve = _checked_curve(spec, market, problems)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += _nodes_around(curve, act_365f_years(market.as_of, spec.maturity))
    spread = _spread_key(issuer, market)
    if spread is not None:
        factors.append(spread)
    for key in factors:
        if key not in market.levels:
            problems.add(Problem("ST357", f"no level for {key}", f"one in market {market.name!r}"))
    problems.raise_if_any()
    return Requirements(spec.currency or issuer.currency, tuple(factors))


def compile_columns(specs: Sequence[ZeroBondSpec], context: CompileContext) -> ZeroBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    Raises
    ------
    InputError
        Bonds are repaid by the valuation date (ST370), or `requirements` refuses them.
    """
    today, market, rows = context.valuation_date, context.market, context.rows
    problems = ProblemList()
    problems.extend(_repaid(spec, today) for spec in specs if spec.maturity <= today)
    problems.raise_if_any()
    years = [act_365f_years(today, spec.maturity) for spec in specs]
    discounts = [
        rows.discount(_curve_name(spec, market), time) for spec, time in zip(specs, years, strict=True)
    ]
    spreads = [_spread_key(_issuer_of(spec, market), market) for spec in specs]
    spread_rows = [NO_SPREAD if key is None else rows.factor(key) for key in spreads]
    return ZeroBondColumns(frozen_int(discounts), frozen_int(spread_rows), frozen(years))


def _issuer_of(spec: ZeroBondSpec, market: MarketSnapshot) -> Issuer:
    issuer = market.issuers.get(spec.issuer)
    if issuer is None:
        expected, suggestion = f"an issuer of market {market.name!r}", nearest(spec.issuer, market.issuers)
        raise InputError([Problem("ST355", f"issuer {spec.issuer!r}", expected, suggestion=suggestion)])
    return issuer


def _repaid(spec: ZeroBondSpec, today: date) -> Problem:
    who = f"zero-coupon bond of {spec.issuer} that matures on {spec.maturity}"
    return Problem("ST370", who, f"a maturity after {today}")


def _curve_name(spec: ZeroBondSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the face; empty where the currency has none."""
    return spec.curve or market.discount_curves.get(spec.currency or _issuer_of(spec, market).currency, "")


def _checked_curve(spec: ZeroBondSpec, market: MarketSnapshot, problems: ProblemList) -> Curve | None:
    currency = spec.currency or _issuer_of(spec, market).currency
    name = _curve_name(spec, market)
    curve = market.curves.get(name)
    if curve is None:
        got = f"curve {name!r}" if name else f"no discount curve of {currency}"
        expected = f"a curve of market {market.name!r}"
        problems.add(Problem("ST362", got, expected, suggestion=nearest(name, market.curves)))
    elif curve.currency != currency:
        got = f"curve {name!r} of {curve.currency} for a bond in {currency}"
        problems.add(Problem("ST372", got, f"a curve of {currency}"))
    return curve


def _nodes_around(curve: Curve, years: float) -> list[RiskFactorKey]:
    """Return the factors of the nodes that carry weight at `years`, the shorter first."""
    nodes, keys = interpolation_weights(curve.years, years), curve.keys()
    return [keys[node] for node in sorted({nodes.lower, nodes.upper})]


def _spread_key(issuer: Issuer, market: MarketSnapshot) -> RiskFactorKey | None:
    """Return the credit-spread factor of the issuer; None for a sovereign without one."""
    key = RiskFactorKey("credit_spread", issuer.id)
    return None if issuer.kind == "sovereign" and key not in market.levels else key
