"""Columns of credit default swaps on indices: those of any credit default swap."""

from __future__ import annotations

from stresstest.kernels.credit_swap import CreditSwapColumns

CdsIndexColumns = CreditSwapColumns
"""Compiled contracts; `notional` is the part of the original notional that is still protected."""
