"""Term loans as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.conventions.floating_legs import ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.term_loan.columns import TermLoanColumns
from stresstest.instruments.term_loan.spec import TermLoanSpec
from stresstest.instruments.term_loan.terms import loan
from stresstest.market.loan_terms import debtor_of, loan_curve
from stresstest.market.loans import credit_columns, leg_columns


def compile_columns(specs: Sequence[TermLoanSpec], context: CompileContext) -> TermLoanColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a loan that is repaid has no payments left, and is worth 0.
    """
    market = context.market
    dates = ValuationDates(market.as_of, context.previous_date, context.valuation_date)
    loans = [loan(spec, loan_curve(spec, market), market.as_of) for spec in specs]
    return TermLoanColumns(
        leg_columns(loans, market, dates, context.rows),
        credit_columns([debtor_of(spec) for spec in specs], loans, market, dates, context.rows),
    )
