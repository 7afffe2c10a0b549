"""Columns of term loans."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.loans import CreditColumns, LegColumns


class TermLoanColumns(NamedTuple):
    """Compiled term loans: what they pay, and who owes it."""

    legs: LegColumns
    credit: CreditColumns
