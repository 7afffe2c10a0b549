"""Value of credit default swaps on indices: a flat curve for the index as a whole."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.cds_index.columns import CdsIndexColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.credit_swap import fill_swap_values, new_scratch
from stresstest.kernels.market import MarketRows, Out


@kernel
def revalue(columns: CdsIndexColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of protection bought on one unit of original notional, in the contract's currency.

    Accrued premium is part of the value; premium that fell due since the step before goes into `paid`.
    """
    scratch = new_scratch(out.value.shape[1])
    for i in range(columns.coupon.shape[0]):
        fill_swap_values(columns, i, market, scratch, out.value[i])
        premium = columns.paid[i]
        if premium != 0.0:
            for j in range(out.paid.shape[1]):
                out.paid[i, j] = premium
