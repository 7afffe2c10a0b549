"""Value of bonds with rights of redemption, one lattice after the other over all columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.callable_bond.columns import CallableBondColumns, ElapsedColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.default import Claim
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.redemption import EarlyEnd, Settled, Settling, default_what_is_open, end_early
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.short_rate_lattice import (
    Lanes,
    RateRows,
    fill_discount,
    fill_lattice_values,
    make_lattice_scratch,
    redeemed,
)


class PathRows(NamedTuple):
    """Scratch by column.

    Attributes
    ----------
    value
        Value of the bond, going back over rights that have passed.
    discount, strike
        Of one right.
    used, paid
        1 where one of the rights was used, else 0, and what was paid then since the step before.
    vol
        Of the short rate.
    """

    value: FloatArray
    discount: FloatArray
    strike: FloatArray
    used: FloatArray
    paid: FloatArray
    vol: FloatArray


@kernel
def _fill_strike(elapsed: ElapsedColumns, right: int, rates: Lanes, rows: PathRows) -> None:
    """Write what a right that has passed left its holder with, on its day."""
    rows.strike[:] = 0.0
    for claim in range(elapsed.claim_offsets[right], elapsed.claim_offsets[right + 1]):
        fill_discount(elapsed.claims.discount, claim, rates, rows.discount)
        amount, strike, discount = elapsed.claims.amount[claim], rows.strike, rows.discount
        for j in range(strike.shape[0]):
            strike[j] = fma(amount, discount[j], strike[j])


@kernel
def _decide_elapsed(elapsed: ElapsedColumns, i: int, rates: Lanes, rows: PathRows) -> None:
    """Decide the rights that have passed since the step before, last to first, at the levels of the chunk.

    Each compares its price with what came after it, discounted to its day: the earliest that was used counts.
    """
    value, used, paid = rows.value, rows.used, rows.paid
    used[:] = 0.0
    for back in range(elapsed.offsets[i + 1] - elapsed.offsets[i]):
        right = elapsed.offsets[i + 1] - 1 - back
        _fill_strike(elapsed, right, rates, rows)
        fill_discount(elapsed.wait, right, rates, rows.discount)
        sign, before, after = elapsed.sign[right], elapsed.paid_before[right], elapsed.paid_after[right]
        for j in range(value.shape[0]):
            kept = (value[j] + after) * rows.discount[j]
            is_used = sign * (kept - rows.strike[j]) > 0.0
            used[j] = 1.0 if is_used else used[j]
            paid[j] = before + rows.strike[j] if is_used else paid[j]
            value[j] = redeemed(sign, kept, rows.strike[j])


@kernel
def _settle(columns: CallableBondColumns, i: int, market: MarketRows, rows: PathRows, end: Settling) -> None:
    """Write payments, what a default leaves and what rights that were used gave."""
    state, out = end.state, end.out
    used = EarlyEnd(rows.used, rows.paid)
    for j in range(out.paid.shape[0]):
        out.paid[j] = columns.paid[i]
    if columns.default_row[i] != NO_ROW:
        claim = Claim(columns.is_open[i], columns.matured[i])
        levels = market.factors[columns.default_row[i]], market.factors[columns.recovery_row[i]]
        default_what_is_open(claim, levels, state[1], used, out)
    end_early(state[0], used, out)


@kernel
def revalue(columns: CallableBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the dirty value of one unit of face of every bond, in its currency.

    State: whether the bond has been redeemed early, and whether its issuer was in default. Where a right was
    used since the step before, the price on its day, and the coupons until then, are paid in this step and
    the bond is gone.
    """
    scratch, width = make_lattice_scratch(columns.lattice), out.value.shape[1]
    numbers = np.empty((6, width))
    rows = PathRows(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
    for i in range(columns.is_open.shape[0]):
        value, spread = out.value[i], market.factors[columns.spread_row[i]]
        if columns.vol_row[i] < 0:
            rows.vol[:] = columns.vol[i]
        else:
            rows.vol[:] = market.factors[columns.vol_row[i]]
        if columns.is_open[i] == 1.0:
            fill_lattice_values(
                columns.lattice, i, RateRows(market.factors, spread, rows.vol), scratch, value
            )
        else:
            value[:] = 0.0
        rows.value[:] = value
        _decide_elapsed(columns.elapsed, i, Lanes(market.factors, 0, spread, rows.vol), rows)
        _settle(columns, i, market, rows, Settling(state[i], Settled(value, out.paid[i])))
