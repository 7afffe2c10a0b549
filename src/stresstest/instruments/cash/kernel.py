"""Value of cash."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.cash.columns import CashColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out


@kernel
def revalue(columns: CashColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write 1 for every unit and column."""
    for i in range(columns.unit_value.shape[0]):
        unit_value = columns.unit_value[i]
        value = out.value[i]
        for j in range(value.shape[0]):
            value[j] = unit_value
