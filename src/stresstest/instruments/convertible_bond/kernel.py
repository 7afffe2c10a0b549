"""Value of convertible bonds, one lattice after the other over all columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.convertible_bond.columns import ConvertibleBondColumns, ElapsedColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.convertible_columns import ShareRows, make_convertible_scratch
from stresstest.kernels.convertible_lattice import fill_convertible_values
from stresstest.kernels.convertible_nodes import called, put_back
from stresstest.kernels.dated_flows import DiscountColumns, spread_discount
from stresstest.kernels.default import Claim
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.redemption import EarlyEnd, Settled, Settling, default_what_is_open, end_early
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.smiles import fill_std_devs


class PathRows(NamedTuple):
    """Scratch by column.

    Attributes
    ----------
    value
        Value of the bond, going back over rights that have passed.
    discount
        Of one right, with the spread.
    used, paid
        1 where one of the rights was used, else 0, and what was paid then since the step before.
    conversion
        Value of the shares for one unit of face.
    std_dev
        Standard deviation of the share to maturity.
    """

    value: FloatArray
    discount: FloatArray
    used: FloatArray
    paid: FloatArray
    conversion: FloatArray
    std_dev: FloatArray


@kernel
def _share_rows(columns: ConvertibleBondColumns, i: int, market: MarketRows, rows: PathRows) -> ShareRows:
    """Return what the lattice of bond i reads; nothing of a share where it has none."""
    spread = market.factors[columns.spread_row[i]]
    log_spot, dividend_yield = np.zeros(spread.shape[0]), np.zeros(spread.shape[0])
    rows.std_dev[:] = 0.0
    rows.conversion[:] = 0.0
    if columns.has_share[i] == 1:
        log_spot[:] = market.derived[columns.log_spot_row[i]]
        dividend_yield[:] = market.factors[columns.yield_row[i]]
        fill_std_devs(columns.smile, i, columns.log_strike[i], market, rows.std_dev)
        spot, shares = market.factors[columns.spot_row[i]], columns.shares[i]
        for j in range(spread.shape[0]):
            rows.conversion[j] = shares * spot[j]
            rows.std_dev[j] = columns.vol_factor[i] * rows.std_dev[j]
    return ShareRows(market.factors, spread, log_spot, dividend_yield, rows.std_dev)


@kernel
def decided(elapsed: ElapsedColumns, right: int, kept: float, conversion: float) -> float:
    """Return what a right that has passed left of what came after it."""
    is_allowed = conversion >= elapsed.call_trigger[right]
    left = called(kept, conversion, elapsed.call_price[right]) if is_allowed else kept
    left = put_back(left, elapsed.put_price[right])
    return conversion if (elapsed.converts[right] == 1) & (conversion > left) else left


@kernel
def _fill_wait(columns: DiscountColumns, right: int, share: ShareRows, discount: FloatArray) -> None:
    """Write the discount factors, with the spread, that a right waits for."""
    lower, upper = share.factors[columns.lower_row[right]], share.factors[columns.upper_row[right]]
    weights = columns.lower_weight_years[right], columns.upper_weight_years[right]
    years, spread = columns.spread_years[right], share.spread
    for j in range(discount.shape[0]):
        log_factor = log_discount(lower[j], upper[j], weights[0], weights[1])
        discount[j] = spread_discount(log_factor, spread[j], years)


@kernel
def _decide_elapsed(elapsed: ElapsedColumns, i: int, share: ShareRows, rows: PathRows) -> None:
    """Decide the rights that have passed since the step before, last to first, at the levels of the chunk.

    Each compares its price, or the shares, with what came after it, discounted to its day: the earliest that
    was used counts.
    """
    value, used, paid, conversion = rows.value, rows.used, rows.paid, rows.conversion
    used[:] = 0.0
    for back in range(elapsed.offsets[i + 1] - elapsed.offsets[i]):
        right = elapsed.offsets[i + 1] - 1 - back
        _fill_wait(elapsed.wait, right, share, rows.discount)
        before, after = elapsed.paid_before[right], elapsed.paid_after[right]
        for j in range(value.shape[0]):
            kept = (value[j] + after) * rows.discount[j]
            left = decided(elapsed, right, kept, conversion[j])
            is_used = (left < kept) | (left > kept)
            used[j] = 1.0 if is_used else used[j]
            paid[j] = before + left if is_used else paid[j]
            value[j] = left


@kernel
def _settle(
    columns: ConvertibleBondColumns, i: int, market: MarketRows, rows: PathRows, end: Settling
) -> None:
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
def revalue(columns: ConvertibleBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of face of every bond, in its currency, accrued interest included.

    State: whether the bond has been redeemed or converted, and whether its issuer was in default. Where a
    right was used since the step before, what it gave and the coupons until then are paid in this step, and
    the bond is gone.
    """
    scratch, width = make_convertible_scratch(columns.lattice), out.value.shape[1]
    numbers = np.zeros((6, width))
    rows = PathRows(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
    for i in range(columns.is_open.shape[0]):
        value, share = out.value[i], _share_rows(columns, i, market, rows)
        if columns.is_open[i] == 1.0:
            fill_convertible_values(columns.lattice, i, share, scratch, value)
        else:
            value[:] = 0.0
        rows.value[:] = value
        _decide_elapsed(columns.elapsed, i, share, rows)
        _settle(columns, i, market, rows, Settling(state[i], Settled(value, out.paid[i])))
