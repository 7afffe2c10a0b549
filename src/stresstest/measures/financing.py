"""What a portfolio lacks to stay financed: equity under a margin requirement, assets under liabilities."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.measures.funding import funding
from stresstest.measures.margin import margin
from stresstest.revaluation.result import PortfolioResult

MARGIN, FUNDING = 0, 1
"""Rows of gaps."""


def financing_gaps(result: PortfolioResult) -> FloatArray:
    """Return `(2, n_columns)` gaps in the portfolio's currency, above 0 where something is lacking.

    Maintenance margin less equity; liabilities less assets. NaN where the portfolio states no margin, or owes
    nothing.
    """
    gaps = np.full((2, result.table.n_columns), np.nan)
    account, owed = margin(result), funding(result)
    if account is not None:
        gaps[MARGIN] = account.required - account.equity
    if owed is not None:
        gaps[FUNDING] = owed.liabilities - owed.assets
    return frozen(gaps)
