"""Columns of overnight index swaps."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.swaps import SwapColumns


class OisColumns(NamedTuple):
    """Compiled overnight index swaps."""

    swaps: SwapColumns
