"""Columns of fund shares."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray

BASKET, NAV, N_STATE = 0, 1, 2
"""State of a path: what the holdings, and the fund, have gained since today, as parts of today's value."""


class FundColumns(NamedTuple):
    """Compiled fund shares; arrays `(n_instruments,)`, offsets `(n_instruments + 1,)`.

    Attributes
    ----------
    spot_row
        Row of the spot price in `market.factors`, of a fund that the market prices; else of one holding.
    kept
        Part of its value that fees have left since the market's date.
    nav
        Net asset value a share today; 0 where the market prices the fund.
    multiple
        Daily multiple.
    offsets
        Fund i has the holdings `offsets[i]` to `offsets[i + 1]`.
    holding_row, base_spot, weight
        Row of the spot of a holding, that spot today, its weight `(n_holdings,)`.
    """

    spot_row: IntArray
    kept: FloatArray
    nav: FloatArray
    multiple: FloatArray
    offsets: IntArray
    holding_row: IntArray
    base_spot: FloatArray
    weight: FloatArray
