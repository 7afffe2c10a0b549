"""What an inflation-linked bond depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.inflation_bond.spec import InflationBondSpec
from stresstest.instruments.inflation_bond.terms import IndexedFlow, flows, price_index
from stresstest.market.forward_lookups import find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve, MarketSnapshot


def requirements(spec: InflationBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates and inflation rates around the remaining payments and the issuer's spread.

    Where the market states a default state of the issuer, that and the recovery of the bond's seniority too.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), a print is
        missing (ST376), there is no inflation rate of the currency (ST363), or all of: there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    due = remaining_or_refuse(spec, market.as_of)
    currency = spec.currency or issuer.currency
    inflation = inflation_curve(spec, market)
    problems = ProblemList()
    curve = find_curve(market, currency, spec.curve, problems)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += nodes_used(curve, [act_365f_years(market.as_of, flow.payment_date) for flow in due])
    spread = spread_key(market, issuer)
    if spread is not None:
        factors.append(spread)
    factors += inflation.keys_used(flow.growth_years for flow in due if flow.growth_years > 0.0)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors))


def remaining_or_refuse(spec: InflationBondSpec, today: date) -> tuple[IndexedFlow, ...]:
    """Return the payments after `today`; raise `InputError` (ST370, ST371, ST376) where there can be none."""
    who = f"inflation-linked bond of {spec.issuer} that matures on {spec.maturity}"
    if spec.issue_date > today:
        got = f"{who}, issued on {spec.issue_date}"
        raise InputError([Problem("ST371", got, f"an issue date on {today} or earlier", field="issue_date")])
    missing = price_index(spec).missing(today)
    if missing:
        months = " and ".join(month.isoformat() for month in missing)
        raise InputError([Problem("ST376", who, f"a print of {months}", field="prints")])
    due = flows(spec, today)
    if not due:
        raise InputError([Problem("ST370", who, f"a maturity after {today}", field="maturity")])
    return due


def discount_curve(spec: InflationBondSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that discounts the payments; raise `InputError` where there is none that fits."""
    problems = ProblemList()
    currency = spec.currency or find_issuer(market, spec.issuer).currency
    curve = find_curve(market, currency, spec.curve, problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve


def inflation_curve(spec: InflationBondSpec, market: MarketSnapshot) -> PriceCurve:
    """Return the inflation rates of the bond's currency; raise `InputError` (ST363) where there are none."""
    currency = spec.currency or find_issuer(market, spec.issuer).currency
    return find_price_curve(market, ("inflation",), currency, "currency")
