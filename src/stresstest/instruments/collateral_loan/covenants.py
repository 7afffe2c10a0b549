"""How far loans against GPUs go beyond their covenants and their payments, column by column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.instruments.collateral_loan.columns import CollateralLoanColumns
from stresstest.instruments.collateral_loan.kernel import (
    fill_loan_levels,
    level_rows,
    loan_deal,
    loan_schedule,
)
from stresstest.kernels._jit import kernel
from stresstest.kernels.collateral import fill_strains
from stresstest.kernels.floating import fill_log_growth
from stresstest.kernels.market import MarketRows

_N_STRAINS = 4
_N_STATE = 7


class StrainColumns(NamedTuple):
    """Loans, and which of their strains are read: each `(n_gauges,)`, as strain and point of all loans."""

    loans: CollateralLoanColumns
    strain: IntArray
    point: IntArray


@kernel
def fill_all(columns: CollateralLoanColumns, market: MarketRows, strains: FloatArray) -> None:
    """Write the strains of all loans, `(4, n_points, n_columns)`."""
    width, most = strains.shape[2], 1
    for i in range(columns.offsets.shape[0] - 1):
        most = max(most, columns.offsets[i + 1] - columns.offsets[i])
    growth, room, out = np.zeros((most, width)), np.zeros((10, most)), np.zeros((_N_STRAINS, most))
    state = np.zeros((_N_STATE, width))
    for i in range(columns.offsets.shape[0] - 1):
        first, count = columns.offsets[i], columns.offsets[i + 1] - columns.offsets[i]
        for k in range(count):
            fill_log_growth(columns.points.growth, first + k, market, state, growth[k])
        schedule, deal = loan_schedule(columns, i), loan_deal(columns.terms, i)
        levels = level_rows(room, count)
        for j in range(width):
            fill_loan_levels(columns, (i, j), market, growth, levels)
            fill_strains(schedule, levels, deal, out)
            for k in range(count):
                strains[:, first + k, j] = out[:, k]


def measure_strains(columns: StrainColumns, market: MarketRows, value: FloatArray) -> FloatArray:
    """Return `(n_gauges, n_columns)` strains in parts of the balance, above 0 where something breaks."""
    del value
    strains = np.empty((_N_STRAINS, len(columns.loans.points.discount_row), market.factors.shape[1]))
    fill_all(columns.loans, market, strains)
    gauges: FloatArray = strains[columns.strain, columns.point]
    return gauges
