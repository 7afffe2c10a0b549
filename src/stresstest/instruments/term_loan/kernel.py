"""Value of term loans: interest at the projected rate, repayments, and what a default leaves."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.term_loan.columns import TermLoanColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.loans import value_loans
from stresstest.kernels.market import MarketRows, Out


@kernel
def revalue(columns: TermLoanColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of face of every loan, with accrued interest, and its cash."""
    value_loans(columns.legs, columns.credit, market, state, out)
