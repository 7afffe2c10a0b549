"""Columns of shares."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class EquityColumns(NamedTuple):
    """Compiled shares; each array `(n_instruments,)`.

    Attributes
    ----------
    spot_row
        Row in `market.factors` of the spot price.
    fee_row
        Row in `market.factors` of the fee for borrowing it; `NO_ROW` where none is paid.
    gap_years
        Time since the step before.
    """

    spot_row: IntArray
    fee_row: IntArray
    gap_years: FloatArray
