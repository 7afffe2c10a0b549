"""Value of cash, and its interest."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.cash.columns import CashColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def _pay_interest(discount: FloatArray, paid: FloatArray) -> None:
    for j in range(paid.shape[0]):
        paid[j] = 1.0 / discount[j] - 1.0


@kernel
def _pay_margin(discount: FloatArray, margin: FloatArray, gap_years: float, paid: FloatArray) -> None:
    """Set the interest on borrowed money, e^{m·t}/D − 1 for a broker's spread m over a gap of t years."""
    for j in range(paid.shape[0]):
        paid[j] = exp(margin[j] * gap_years) / discount[j] - 1.0


@kernel
def revalue(columns: CashColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write 1 for every unit and column, and the interest since the step before, 1/D − 1, into `paid`."""
    for i in range(columns.unit_value.shape[0]):
        unit_value = columns.unit_value[i]
        value = out.value[i]
        for j in range(value.shape[0]):
            value[j] = unit_value
        if columns.discount_row[i] < 0:
            continue
        discount = market.derived[columns.discount_row[i]]
        if columns.margin_row[i] != NO_ROW:
            margin = market.factors[columns.margin_row[i]]
            _pay_margin(discount, margin, columns.gap_years[i], out.paid[i])
        else:
            _pay_interest(discount, out.paid[i])
