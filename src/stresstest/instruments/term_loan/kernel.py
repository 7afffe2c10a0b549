"""Value of term loans: interest at the projected rate, repayments, and what a default leaves."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.term_loan.columns import TermLoanColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.loans import (
    LegRows,
    Scratch,
    apply_loan_default,
    fill_hazard,
    fill_leg,
    find_recovery,
)
from stresstest.kernels.market import MarketRows, Out

_MEMORY = 3
"""First place in the state of default and claim, after what the rates of a path need."""


@kernel
def revalue(columns: TermLoanColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of face of every loan, with accrued interest, and its cash."""
    credit, width = columns.credit, out.value.shape[1]
    scratch = Scratch(np.empty(width), np.empty(width), np.empty(width), np.empty(width))
    for i in range(credit.spread_row.shape[0]):
        rows = LegRows(find_recovery(credit, i, market), out.value[i], out.paid[i])
        fill_hazard(credit, i, market, scratch)
        fill_leg(columns.legs, i, market, state[i], (scratch, rows))
        apply_loan_default(credit, i, market, state[i, _MEMORY:], rows)
