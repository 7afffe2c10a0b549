"""What a liability depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.conventions.cash_flows import CashFlow
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.liability.spec import LiabilitySpec
from stresstest.instruments.liability.terms import payments, remaining
from stresstest.market.forward_lookups import find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_curve, find_issuer, nodes_used
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve, MarketSnapshot


def requirements(spec: LiabilitySpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the remaining payments, the credit spread and the inflation rates read.

    Raises
    ------
    InputError
        Nothing is left to pay (ST370), the issuer of the spread is unknown (ST355), there is no inflation
        rate of the currency (ST363), or all of: there is no such curve (ST362), it is of another currency
        (ST372), a level is missing (ST357).
    """
    years = [
        act_365f_years(market.as_of, flow.payment_date) for flow in remaining_or_refuse(spec, market.as_of)
    ]
    problems = ProblemList()
    curve = find_curve(market, spec.currency, spec.curve, problems)
    factors = [] if curve is None else [*nodes_used(curve, years)]
    if spec.credit is not None:
        factors.append(credit_key(spec.credit, market))
    inflation = inflation_curve(spec, market)
    if inflation is not None:
        factors += inflation.keys_used(years)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.currency, tuple(factors))


def remaining_or_refuse(spec: LiabilitySpec, today: date) -> tuple[CashFlow, ...]:
    """Return what is still owed after `today`; raise `InputError` (ST370) where that is nothing."""
    flows = remaining(spec, today)
    if not flows:
        field = "payments" if spec.profile is None else "profile"
        got = f"a liability that paid for the last time on {payments(spec)[-1].payment_date}"
        raise InputError([Problem("ST370", got, f"a payment after {today}", field=field)])
    return flows


def discount_curve(spec: LiabilitySpec, market: MarketSnapshot) -> Curve:
    """Return the curve that discounts the payments; raise `InputError` where there is none that fits."""
    problems = ProblemList()
    curve = find_curve(market, spec.currency, spec.curve, problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve


def credit_key(credit: str, market: MarketSnapshot) -> RiskFactorKey:
    """Return the factor of the spread that discounts the payments."""
    return RiskFactorKey("credit_spread", find_issuer(market, credit, "credit").id)


def inflation_curve(spec: LiabilitySpec, market: MarketSnapshot) -> PriceCurve | None:
    """Return the inflation rates that payments grow by; None where they are fixed."""
    if not spec.inflation_linked:
        return None
    return find_price_curve(market, ("inflation",), spec.currency, "currency")
