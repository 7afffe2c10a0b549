"""Value of barrier options, one option after the other over all columns, and what they remember."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.barrier_option.columns import OVER, REBATE_DUE, UNTOUCHED, BarrierOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.barrier import (
    BarrierMarket,
    BarrierTerms,
    is_beyond,
    touched_value,
    untouched_value,
)
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import fill_std_devs


@kernel
def _terms(columns: BarrierOptionColumns, i: int) -> BarrierTerms:
    contract, barrier = columns.contract, columns.barrier
    return BarrierTerms(
        contract.sign[i],
        barrier.direction[i],
        barrier.knocks_in[i],
        contract.strike[i],
        contract.log_strike[i],
        barrier.log_barrier[i],
        barrier.rebate[i],
        barrier.at_expiry[i],
        barrier.vanilla[i],
        barrier.at_barrier[i],
        barrier.reflected[i],
        barrier.reflected_at_barrier[i],
    )


@kernel
def _price(
    columns: BarrierOptionColumns, i: int, market: MarketRows, status: FloatArray, value: FloatArray
) -> None:
    """Turn the standard deviations in `value` into values, rebates due at once included."""
    terms, multiplier, knocked = (
        _terms(columns, i),
        columns.contract.multiplier[i],
        columns.barrier.knocked[i],
    )
    discounted_forward = market.derived[columns.contract.discounted_forward_row[i]]
    discount = market.derived[columns.contract.discount_row[i]]
    log_discount = market.derived[columns.barrier.log_discount_row[i]]
    log_spot = market.derived[columns.barrier.log_spot_row[i]]
    log_forward = market.derived[columns.contract.log_forward_row[i]]
    ended = terms.knocks_in == 0.0
    due = terms.rebate if ended and terms.at_expiry == 0.0 else 0.0
    for j in range(value.shape[0]):
        of_column = BarrierMarket(
            discounted_forward[j], discount[j], log_discount[j], log_spot[j], log_forward[j], value[j]
        )
        before = knocked != 0 or status[j] != UNTOUCHED
        now = is_beyond(terms.direction, log_spot[j], terms.log_barrier)
        if before:
            price = touched_value(terms, of_column)
        elif now:
            price = touched_value(terms, of_column) + due
        else:
            price = untouched_value(terms, of_column)
        value[j] = multiplier * price


@kernel
def _remember(
    columns: BarrierOptionColumns, i: int, market: MarketRows, status: FloatArray, paid: FloatArray
) -> None:
    """Pay a rebate of the last date's touch, and bring the state up to this date."""
    barrier = columns.barrier
    log_spot, log_barrier = market.derived[barrier.log_spot_row[i]], barrier.log_barrier[i]
    at_touch = barrier.knocks_in[i] == 0.0 and barrier.at_expiry[i] == 0.0
    rebate = columns.contract.multiplier[i] * barrier.rebate[i] if at_touch else 0.0
    for j in range(status.shape[0]):
        touched = status[j]
        paid[j] += rebate if touched == REBATE_DUE else 0.0
        now = is_beyond(barrier.direction[i], log_spot[j], log_barrier)
        fresh = REBATE_DUE if now else UNTOUCHED
        status[j] = fresh if touched == UNTOUCHED else OVER


@kernel
def revalue(columns: BarrierOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one contract of every option, in the underlying's currency.

    State: whether the barrier has been touched. A rebate due at the touch is part of the value in the column
    that touches, and cash from the next date on. An option that expired since the step before is worth 0 and
    pays what its barrier has left of it.
    """
    for i in range(columns.contract.sign.shape[0]):
        life, status = columns.contract.life[i], state[i, 0]
        value = out.value[i]
        if life == GONE:
            for j in range(value.shape[0]):
                value[j] = 0.0
            continue
        fill_std_devs(columns.smile, i, columns.contract.log_strike[i], market, value)
        _price(columns, i, market, status, value)
        if life != ALIVE:
            for j in range(value.shape[0]):
                out.paid[i, j] = value[j]
                value[j] = 0.0
        if columns.barrier.knocked[i] == 0:
            _remember(columns, i, market, status, out.paid[i])
