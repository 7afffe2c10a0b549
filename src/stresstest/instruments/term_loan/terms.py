"""From the terms of a term loan to its balances, its requirements and its basis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from stresstest.conventions.floating_legs import FloatingPeriod
from stresstest.conventions.loan_balances import Draw, LoanBalances, dated_repayments
from stresstest.errors import ProblemList
from stresstest.instrument_type import Override, Requirements
from stresstest.instruments.term_loan.spec import TermLoanSpec
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

_Schedule = Callable[[FloatingPeriod, float], float]


def loan(spec: TermLoanSpec, curve: Curve, origin: date) -> Loan:
    """Return the loan as it stands on `origin`: paid out, or to be paid out on a later `start`."""
    later = spec.start is not None and spec.start > origin
    draws = (Draw(spec.start, 1.0, 1.0 - spec.oid),) if later and spec.start is not None else ()
    balances = LoanBalances(
        floating_leg(spec, origin, spec.start),
        origin,
        0.0 if later else 1.0,
        _scheduled(spec, origin),
        draws,
        kept=kept_under(spec.prepayment),
    )
    return Loan(balances, spec.margin, floor_of(spec.floor), spec.rate_setting, spec.current_rate, curve)


def _scheduled(spec: TermLoanSpec, origin: date) -> _Schedule:
    if spec.repayments:
        return dated_repayments(tuple((item.date, item.part) for item in spec.repayments), origin)
    return lambda _period, _balance: spec.amortisation / spec.frequency


def requirements(spec: TermLoanSpec, market: MarketSnapshot) -> Requirements:
    """Return the factors of what is left: zero rates, spread, basis, and default state where stated.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the loan is repaid (ST370), a repayment lies outside its
        life (ST374), instalments repay it before its maturity (ST377), there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    problems = ProblemList()
    check_maturity(spec, market.as_of, problems)
    check_days(("repayments", [item.date for item in spec.repayments]), spec, market.as_of, problems)
    problems.raise_if_any()
    check_amortisation(spec, max(spec.start or market.as_of, market.as_of), problems)
    currency, factors = loan_factors(spec, market, lambda curve: loan(spec, curve, market.as_of), problems)
    problems.raise_if_any()
    return Requirements(currency, factors)


def override(
    spec: TermLoanSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the loan with the basis that its price implies, or that its issue at a discount did.

    At issue the curve is today's, which interest that follows it hardly depends on.

    Raises
    ------
    InputError
        As `solved_basis` and `loan_curve` do.
    """
    at_issue = spec.price is None and spec.basis is None and spec.oid > 0.0 and spec.start is not None
    found = spec.basis
    if (spec.price is not None or at_issue) and has_levels(spec, market):
        origin = spec.start if at_issue and spec.start is not None else valuation_date
        clean = 1.0 - spec.oid if spec.price is None else spec.price / 100.0
        found = solved_basis(spec, loan(spec, loan_curve(spec, market), origin), market, clean)
    if found is None:
        return None
    terms = spec.model_copy(update={**PUBLIC_TERMS, "issuer": private_issuer})
    return Override(terms, private_basis(private_issuer, found))
