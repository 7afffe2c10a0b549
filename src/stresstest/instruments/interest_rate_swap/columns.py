"""Columns of interest-rate swaps."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.swaps import SwapColumns


class InterestRateSwapColumns(NamedTuple):
    """Compiled interest-rate swaps."""

    swaps: SwapColumns
