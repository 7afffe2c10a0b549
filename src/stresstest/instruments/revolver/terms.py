"""From the terms of a revolver to its two legs, its requirements and its basis."""

from __future__ import annotations

from datetime import date

from stresstest.conventions.loan_balances import Commitment, LoanBalances
from stresstest.errors import ProblemList
from stresstest.instrument_type import Override, Requirements
from stresstest.instruments.revolver.spec import RevolverSpec
from stresstest.market.floating_lookups import RATE_STATE
from stresstest.market.loan_terms import (
    PUBLIC_TERMS,
    check_maturity,
    floating_leg,
    has_levels,
    loan_curve,
    loan_factors,
    private_basis,
    solved_basis,
)
from stresstest.market.loans import Loan, floor_of
from stresstest.market.snapshot import Curve, MarketSnapshot


def loan(spec: RevolverSpec, curve: Curve, origin: date) -> Loan:
    """Return the leg of what is drawn on `origin`, with the fee on the rest."""
    return _leg(
        spec,
        curve,
        LoanBalances(
            floating_leg(spec, origin),
            origin,
            spec.drawn,
            _nothing_due,
            commitment=Commitment(1.0 - spec.drawn, spec.commitment_fee),
        ),
    )


def further_loan(spec: RevolverSpec, curve: Curve, origin: date) -> Loan:
    """Return the leg of one unit drawn beyond it, less the fee that it no longer earns."""
    balances = LoanBalances(
        floating_leg(spec, origin),
        origin,
        1.0,
        _nothing_due,
        commitment=Commitment(-1.0, spec.commitment_fee),
    )
    return _leg(spec, curve, balances)._replace(first_slot=RATE_STATE)


def _leg(spec: RevolverSpec, curve: Curve, balances: LoanBalances) -> Loan:
    return Loan(balances, spec.margin, floor_of(spec.floor), spec.rate_setting, spec.current_rate, curve)


def _nothing_due(_period: object, _balance: float) -> float:
    """Return what is due before maturity."""
    return 0.0


def requirements(spec: RevolverSpec, market: MarketSnapshot) -> Requirements:
    """Return the factors of what is left: zero rates, spread, basis, and default state where stated.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the facility has ended (ST370), there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    problems = ProblemList()
    check_maturity(spec, market.as_of, problems)
    problems.raise_if_any()
    currency, factors = loan_factors(
        spec, market, lambda curve: further_loan(spec, curve, market.as_of), problems
    )
    problems.raise_if_any()
    return Requirements(currency, factors)


def override(
    spec: RevolverSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the facility with its basis or that of the price of one unit drawn; None without either.

    Raises
    ------
    InputError
        As `solved_basis` and `loan_curve` do.
    """
    found = spec.basis
    if spec.price is not None and has_levels(spec, market):
        drawn = spec.model_copy(update={"drawn": 1.0, "commitment_fee": 0.0})
        clean = spec.price / 100.0
        found = solved_basis(spec, loan(drawn, loan_curve(spec, market), valuation_date), market, clean)
    if found is None:
        return None
    terms = spec.model_copy(update={**PUBLIC_TERMS, "issuer": private_issuer})
    return Override(terms, private_basis(private_issuer, found))
