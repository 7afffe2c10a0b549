"""From the terms of a delayed-draw loan to its balances, its requirements and its basis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import fsum

from stresstest.conventions.floating_legs import FloatingPeriod
from stresstest.conventions.loan_balances import Commitment, Draw, LoanBalances
from stresstest.errors import ProblemList
from stresstest.instrument_type import Override, Requirements
from stresstest.instruments.delayed_draw_loan.spec import DelayedDrawLoanSpec
from stresstest.market.loan_terms import (
    PUBLIC_TERMS,
    check_amortisation,
    check_days,
    check_maturity,
    floating_leg,
    has_levels,
    kept_under,
    loan_curve,
    loan_factors,
    private_basis,
    solved_basis,
)
from stresstest.market.loans import Loan, floor_of
from stresstest.market.snapshot import Curve, MarketSnapshot


def loan(spec: DelayedDrawLoanSpec, curve: Curve, origin: date) -> Loan:
    """Return the loan as it stands on `origin`, the draws to come with it."""
    until = _available_until(spec)
    balances = LoanBalances(
        floating_leg(spec, origin),
        origin,
        spec.drawn,
        _scheduled(spec, until),
        tuple(Draw(item.date, item.part, item.part * (1.0 - spec.oid)) for item in spec.draws),
        Commitment(0.0 if until is None else 1.0 - spec.drawn, spec.commitment_fee, until),
        kept_under(spec.prepayment),
    )
    return Loan(balances, spec.margin, floor_of(spec.floor), spec.rate_setting, spec.current_rate, curve)


def _available_until(spec: DelayedDrawLoanSpec) -> date | None:
    """Return the last day of the draw period, None where there is none."""
    return spec.available_until or (spec.draws[-1].date if spec.draws else None)


def _scheduled(spec: DelayedDrawLoanSpec, until: date | None) -> Callable[[FloatingPeriod, float], float]:
    drawn = spec.drawn + fsum(item.part for item in spec.draws)
    each = drawn * spec.amortisation / spec.frequency
    return lambda period, _balance: each if until is None or period.start >= until else 0.0


def requirements(spec: DelayedDrawLoanSpec, market: MarketSnapshot) -> Requirements:
    """Return the factors of what is left: zero rates, spread, basis, and default state where stated.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the loan is repaid (ST370), a draw lies outside its life
        (ST374), instalments repay it before its maturity (ST377), there is no such curve (ST362), it is of
        another currency (ST372), a level is missing (ST357).
    """
    problems = ProblemList()
    check_maturity(spec, market.as_of, problems)
    check_days(("draws", [item.date for item in spec.draws]), spec, market.as_of, problems)
    problems.raise_if_any()
    check_amortisation(spec, max(_available_until(spec) or market.as_of, market.as_of), problems)
    currency, factors = loan_factors(spec, market, lambda curve: loan(spec, curve, market.as_of), problems)
    problems.raise_if_any()
    return Requirements(currency, factors)


def override(
    spec: DelayedDrawLoanSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the loan with its basis or that of the price of what is drawn; None without either.

    Raises
    ------
    InputError
        As `solved_basis` and `loan_curve` do.
    """
    found = spec.basis
    if spec.price is not None and has_levels(spec, market):
        drawn = spec.model_copy(update={"draws": (), "available_until": None, "commitment_fee": 0.0})
        clean = spec.drawn * spec.price / 100.0
        found = solved_basis(spec, loan(drawn, loan_curve(spec, market), valuation_date), market, clean)
    if found is None:
        return None
    terms = spec.model_copy(update={**PUBLIC_TERMS, "issuer": private_issuer})
    return Override(terms, private_basis(private_issuer, found))
