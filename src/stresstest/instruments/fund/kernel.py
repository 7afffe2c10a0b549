"""Value of fund shares: their price, or a net asset value that follows what the fund holds."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.fund.columns import BASKET, NAV, FundColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.market import MarketRows, Out


@kernel
def leveraged_gain(fund_gain: float, basket_before: float, basket: float, multiple: float) -> float:
    """Return what a fund has gained since today after a step in which its holdings moved.

    (1 + g)·max(1 + L·x, 0) − 1 with the step's return x = (1 + b)/(1 + b before) − 1 and the multiple L: the
    fund is set to L times its assets once a step, and cannot lose more than all.

    Parameters
    ----------
    fund_gain, basket_before, basket
        Gains since today, as parts of today's value: of the fund and its holdings before the step, and of
        the holdings after it.
    """
    start = 1.0 + basket_before
    if start <= 0.0:
        return fund_gain
    step = fma(multiple, (basket - basket_before) / start, 1.0)
    kept = 0.0 if step <= 0.0 else step  # noqa: FURB136 - a NaN must pass
    return fma(fund_gain, kept, kept - 1.0)


@kernel
def _fill_gain(columns: FundColumns, i: int, market: MarketRows, gain: FloatArray) -> None:
    """Set the gain of the holdings, Σ weight·(S/S0 − 1): bought today and held."""
    for j in range(gain.shape[0]):
        gain[j] = 0.0
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        spot, base, weight = market.factors[columns.holding_row[k]], columns.base_spot[k], columns.weight[k]
        for j in range(gain.shape[0]):
            gain[j] = fma(weight, (spot[j] - base) / base, gain[j])


@kernel
def revalue(columns: FundColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one share of every fund, in its currency.

    A price where the market has one; else nav·(1 + gain), along a path a product over its steps; of both the
    part that fees have left since today.
    """
    basket = np.empty(out.value.shape[1])
    for i in range(columns.spot_row.shape[0]):
        value, nav, multiple = out.value[i], columns.kept[i] * columns.nav[i], columns.multiple[i]
        if nav == 0.0:
            price = market.factors[columns.spot_row[i]]
            for j in range(value.shape[0]):
                value[j] = columns.kept[i] * price[j]
            continue
        _fill_gain(columns, i, market, basket)
        before, gain = state[i, BASKET], state[i, NAV]
        for j in range(value.shape[0]):
            gain[j] = leveraged_gain(gain[j], before[j], basket[j], multiple)
            before[j] = basket[j]
            value[j] = fma(nav, gain[j], nav)
