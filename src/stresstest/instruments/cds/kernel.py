"""Value of single-name credit default swaps, and what a default makes of them."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.cds.columns import ALIVE, DEFAULTED, SETTLED, CdsColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.credit_swap import fill_swap_values, new_scratch
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def settlement(recovery: float, accrued_premium: float) -> float:
    """Return what a default pays to the buyer on one unit of notional: the loss less premium accrued."""
    return 1.0 - recovery - accrued_premium


@kernel
def _settle(columns: CdsColumns, i: int, market: MarketRows, status: FloatArray, out: Out) -> None:
    """Let a default take the place of the value, pay it out at the next date, and end the contract."""
    default = columns.default
    defaulted, recovery = market.factors[default.state_row[i]], market.factors[default.recovery_row[i]]
    now, before, is_open = default.accrued_premium[i], default.accrued_before[i], default.is_open[i]
    value, paid = out.value[i], out.paid[i]
    for j in range(value.shape[0]):
        earlier, state = status[j], defaulted[j]
        claim = is_open * settlement(recovery[j], now)
        current = claim if state == 1.0 else value[j] if state == 0.0 else np.nan
        due = settlement(recovery[j], before) if earlier == DEFAULTED else 0.0
        value[j] = current if earlier == ALIVE else 0.0
        paid[j] = paid[j] if earlier == ALIVE else due
        fresh = DEFAULTED if (state == 1.0) & (is_open == 1.0) else ALIVE
        status[j] = fresh if earlier == ALIVE else SETTLED


@kernel
def revalue(columns: CdsColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of protection bought on one unit of notional, in the contract's currency.

    Accrued premium is part of the value; premium that fell due since the step before goes into `paid`. State:
    whether the issuer has defaulted. In the column that defaults the contract is worth what it will be
    settled for; at the next date that is paid, and the contract is over.
    """
    scratch = new_scratch(out.value.shape[1])
    for i in range(columns.swap.coupon.shape[0]):
        fill_swap_values(columns.swap, i, market, scratch, out.value[i])
        premium = columns.swap.paid[i]
        if premium != 0.0:
            for j in range(out.paid.shape[1]):
                out.paid[i, j] = premium
        if columns.default.state_row[i] != NO_ROW:
            _settle(columns, i, market, state[i, 0], out)
