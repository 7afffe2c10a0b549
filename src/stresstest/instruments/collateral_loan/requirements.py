"""What a loan against GPUs depends on in a market."""

from __future__ import annotations

from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import ValuationDates
from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.collateral_loan.spec import CollateralLoanSpec
from stresstest.instruments.collateral_loan.terms import Point, life_left, loan, points
from stresstest.kernels.collateral import AHEAD
from stresstest.market.forward_lookups import find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loan_terms import check_maturity, find_loan_curve
from stresstest.market.loans import Debtor, loan_nodes
from stresstest.market.lookups import check_levels, default_keys, find_issuer, nodes_used
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve, MarketSnapshot

CUSTOMER_RANK = "senior_unsecured"
"""Rank of a claim for damages."""


def rental_curve(market: MarketSnapshot, gpu: str) -> PriceCurve:
    """Return the forward curve of a rental rate; raise `InputError` (ST363) where there is none."""
    return find_price_curve(market, ("rental_rate",), gpu, "collateral")


def sponsor_of(spec: CollateralLoanSpec) -> Debtor:
    """Return the sponsor, whose name may be private to the loan."""
    return Debtor(spec.issuer, "secured")


def party_factors(spec: CollateralLoanSpec, market: MarketSnapshot) -> list[RiskFactorKey]:
    """Return both spreads, the basis, both default states and the recovery on the customer, where stated."""
    sponsor = sponsor_of(spec)
    found = [sponsor.spread, RiskFactorKey("credit_spread", spec.customer)]
    if sponsor.basis in market.levels:
        found.append(sponsor.basis)
    found += list(default_keys(market, spec.issuer, sponsor.seniority) or ())[:1]
    return [*found, *(default_keys(market, spec.customer, CUSTOMER_RANK) or ())]


def requirements(spec: CollateralLoanSpec, market: MarketSnapshot) -> Requirements:
    """Return zero rates, rental rates, and the credit of sponsor and customer.

    Raises
    ------
    InputError
        Sponsor or customer is unknown (ST355), a GPU has no rental rate (ST363), or all of: the loan is
        repaid (ST370), chips are worth nothing any more (ST375), there is no such curve (ST362), it is of
        another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    find_issuer(market, spec.customer, "customer")
    problems = ProblemList()
    check_maturity(spec, market.as_of, problems)
    _check_chips(spec, market, problems)
    prices = {chips.gpu: rental_curve(market, chips.gpu) for chips in spec.collateral}
    problems.raise_if_any()
    curve = find_loan_curve(spec, market, problems)
    factors = party_factors(spec, market)
    check_levels(market, factors, problems)
    if curve is not None:
        check_levels(market, curve.keys(), problems)
        problems.raise_if_any()
        factors = [*_curve_factors(spec, market, curve, prices), *factors]
    problems.raise_if_any()
    return Requirements(spec.currency or issuer.currency, tuple(dict.fromkeys(factors)))


def _check_chips(spec: CollateralLoanSpec, market: MarketSnapshot, problems: ProblemList) -> None:
    for chips in spec.collateral:
        if life_left(chips, market.as_of) <= 0.0:
            got = (
                f"{chips.gpu} in service since {chips.in_service}, with a life of {chips.life_years:g} years"
            )
            expected = f"chips with hours left on {market.as_of}"
            problems.add(Problem("ST375", got, expected, field="collateral"))


def _curve_factors(
    spec: CollateralLoanSpec, market: MarketSnapshot, curve: Curve, prices: dict[str, PriceCurve]
) -> list[RiskFactorKey]:
    today = market.as_of
    found = loan(spec, curve, today)
    left = points(spec, found, ValuationDates(today, None, today))
    # What the last payment leaves for a sale counts only where it is not made.
    sales = [act_365f_years(today, day) for point in left[:-1] for day in (point.sale_day, point.late_day)]
    factors = [*loan_nodes(found, market), *nodes_used(curve, sales)]
    for gpu, price in prices.items():
        factors += price.keys_used([*_price_times(spec, left, gpu, market), *sales])
    return factors


def _price_times(
    spec: CollateralLoanSpec, left: list[Point], gpu: str, market: MarketSnapshot
) -> list[float]:
    """Return the times at which hours of a GPU are let at the market's rate."""
    kept = spec.contract_kept == 1.0
    return [
        act_365f_years(market.as_of, point.day)
        for point in left
        for lot in point.lots
        if point.kind == AHEAD
        and lot.chips.gpu == gpu
        and (lot.market_hours or (lot.contract_hours and not kept))
    ]
