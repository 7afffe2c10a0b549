"""Columns of single-name credit default swaps."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.credit_swap import CreditSwapColumns

ALIVE, DEFAULTED, SETTLED = 0.0, 1.0, 2.0
"""State of a contract: no default; one at the last date, not yet settled; settled before that."""


class DefaultColumns(NamedTuple):
    """What a default makes of contracts; each array `(n_instruments,)`.

    Attributes
    ----------
    state_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, or `NO_ROW`.
    accrued_premium, accrued_before
        Premium accrued of the current period today and at the step before, for one unit of notional.
    is_open
        1 while protection lasts.
    """

    state_row: IntArray
    recovery_row: IntArray
    accrued_premium: FloatArray
    accrued_before: FloatArray
    is_open: FloatArray


class CdsColumns(NamedTuple):
    """Compiled credit default swaps."""

    swap: CreditSwapColumns
    default: DefaultColumns
