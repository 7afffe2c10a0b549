"""Value of barrier options, one option after the other over all columns, and what they remember."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.barrier_option.columns import OVER, REBATE_DUE, UNTOUCHED, BarrierOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.barrier import BarrierTerms, is_beyond, touched_value
from stresstest.kernels.barrier_rows import (
    BarrierRows,
    add_rebate,
    fill_untouched,
    fill_vanilla,
    settle_certain,
)
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import fill_std_devs


class Scratch(NamedTuple):
    """Values of one option by column: without a barrier, and with one."""

    vanilla: FloatArray
    value: FloatArray


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
def _rows(columns: BarrierOptionColumns, i: int, market: MarketRows, std_dev: FloatArray) -> BarrierRows:
    contract, barrier = columns.contract, columns.barrier
    return BarrierRows(
        market.derived[contract.discounted_forward_row[i]],
        market.derived[contract.discount_row[i]],
        market.derived[barrier.log_discount_row[i]],
        market.derived[barrier.log_spot_row[i]],
        market.derived[contract.log_forward_row[i]],
        std_dev,
    )


@kernel
def _choose(
    columns: BarrierOptionColumns, i: int, rows: BarrierRows, scratch: Scratch, status: FloatArray
) -> None:
    """Take the touched or the untouched value by column, rebates due at once included."""
    terms, knocked, value = _terms(columns, i), columns.barrier.knocked[i], scratch.value
    multiplier, ended = columns.contract.multiplier[i], columns.barrier.knocks_in[i] == 0.0
    due = terms.rebate if ended and terms.at_expiry == 0.0 else 0.0
    for j in range(value.shape[0]):
        before = (knocked != 0) | (status[j] != UNTOUCHED)
        now = is_beyond(terms.direction, rows.log_spot[j], terms.log_barrier)
        touched = touched_value(terms, rows.discount[j], scratch.vanilla[j]) + (0.0 if before else due)
        value[j] = multiplier * (touched if before | now else value[j])


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
    std_dev, vanilla = np.empty(out.value.shape[1]), np.empty(out.value.shape[1])
    for i in range(columns.contract.sign.shape[0]):
        life, status = columns.contract.life[i], state[i, 0]
        value = out.value[i]
        if life == GONE:
            for j in range(value.shape[0]):
                value[j] = 0.0
            continue
        fill_std_devs(columns.smile, i, columns.contract.log_strike[i], market, std_dev)
        rows, terms = _rows(columns, i, market, std_dev), _terms(columns, i)
        fill_vanilla(terms, rows, vanilla)
        fill_untouched(terms, rows, vanilla, value)
        if terms.rebate != 0.0:
            add_rebate(terms, rows, value)
        settle_certain(terms, rows, value)
        _choose(columns, i, rows, Scratch(vanilla, value), status)
        if life != ALIVE:
            for j in range(value.shape[0]):
                out.paid[i, j] = value[j]
                value[j] = 0.0
        if columns.barrier.knocked[i] == 0:
            _remember(columns, i, market, status, out.paid[i])
