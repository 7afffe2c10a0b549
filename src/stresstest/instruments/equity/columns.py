"""Columns of shares."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import IntArray


class EquityColumns(NamedTuple):
    """Compiled shares: `spot_row (n_instruments,)` is the row of the spot price in `market.factors`."""

    spot_row: IntArray
