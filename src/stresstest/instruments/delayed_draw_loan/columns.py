"""Columns of delayed-draw loans."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.loans import CreditColumns, LegColumns


class DelayedDrawLoanColumns(NamedTuple):
    """Compiled delayed-draw loans: what they pay, and who owes it."""

    legs: LegColumns
    credit: CreditColumns
