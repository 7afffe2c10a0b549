"""Columns of variance swaps."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.smiles import SmileColumns

ACCRUED, LAST_RETURN = 0, 1
"""Places in the state: squared log returns since the market's date; log return from it to the last date."""


class VarianceSwapColumns(NamedTuple):
    """Compiled variance swaps; each array `(n_instruments,)`.

    Attributes
    ----------
    smile
        Surfaces of the underlyings around the expiry; `log_forward_row` is a constant where moneyness is
        measured from the forward of the column, so that nothing but the surface matters.
    forward_row
        Row in `market.derived` whose difference from `smile.log_forward_row` shifts the surface.
    log_spot_row, discount_row
        Rows in `market.derived` of the log spot and of the discount factor to the payment.
    base_log_spot
        Log spot of the market itself.
    accrued
        Variance × years realised before the market's date.
    strike_variance, inverse_years
        Square of the strike; 1 ÷ the years over which variance is averaged.
    scale
        Money for one unit of variance: 100 ÷ (2 × strike).
    life
        `ALIVE`, `SETTLED` or `GONE`.
    """

    smile: SmileColumns
    forward_row: IntArray
    log_spot_row: IntArray
    discount_row: IntArray
    base_log_spot: FloatArray
    accrued: FloatArray
    strike_variance: FloatArray
    inverse_years: FloatArray
    scale: FloatArray
    life: IntArray
