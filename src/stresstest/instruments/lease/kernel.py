"""Value of leases: rents and guarantees while the lessee pays, re-letting and a claim once it does not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.lease.columns import DEFAULTED, GuaranteeColumns, LeaseColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


class Span(NamedTuple):
    """Payments and ends of one lease: from, to."""

    first: int
    last: int
    first_end: int
    last_end: int


class Scratch(NamedTuple):
    """Rows of one lease by column: years since the default, spread, asset over today's, totals."""

    since: FloatArray
    spread: FloatArray
    price: FloatArray
    total: FloatArray
    defaulted: FloatArray


@kernel
def guarantee_payoff(guaranteed: float, asset: float, cap: float) -> float:
    """Return min(max(guaranteed − asset, 0), cap)."""
    shortfall = guaranteed - asset
    owed = 0.0 if shortfall <= 0.0 else shortfall  # noqa: FURB136 - a NaN must pass
    return cap if owed > cap else owed  # noqa: FURB136 - a NaN must pass


@kernel
def guarantee_value(terms: GuaranteeColumns, k: int, asset: float) -> float:
    """Return what end `k` is expected to pay: two puts by Black on the asset's forward value, or intrinsic.

    E[min(max(G − A, 0), cap)] = put(G) − put(G − cap).
    """
    guaranteed, cap, std_dev = terms.guaranteed[k], terms.cap[k], terms.std_dev[k]
    if std_dev == 0.0 or asset <= 0.0:
        return guarantee_payoff(guaranteed, asset, cap)
    whole: float = black_price(-1.0, asset, guaranteed, log(asset / guaranteed), std_dev)
    if cap >= guaranteed:
        return whole
    rest = guaranteed - cap
    beyond: float = black_price(-1.0, asset, rest, log(asset / rest), std_dev)
    return whole - beyond


@kernel
def after_default(let: float, recovery: float, lessor: float) -> float:
    """Return what a unit of rent is worth after a default: λ + R·(1 − λ), the claim never below 0.

    Parameters
    ----------
    let
        λ, what the next tenant pays of it.
    lessor
        1 for the lessor, who gets both; 0 for the lessee, who owes the claim alone.
    """
    lost = 0.0 if let >= 1.0 else 1.0 - let
    return fma(recovery, lost, lessor * let)


@kernel
def _fill_price(columns: LeaseColumns, i: int, row: int, market: MarketRows, price: FloatArray) -> None:
    """Set `price` to what the asset is worth over today's worth: by a spot, or by row `row` of a curve."""
    scale = columns.price_scale[i]
    if columns.spot_row[i] != NO_ROW:
        spot = market.factors[columns.spot_row[i]]
        for j in range(price.shape[0]):
            price[j] = scale * spot[j]
    else:
        forward = market.derived[row]
        for j in range(price.shape[0]):
            price[j] = scale * forward[j]


@kernel
def _add_paying(columns: LeaseColumns, i: int, span: Span, market: MarketRows, scratch: Scratch) -> None:
    """Add rents and guarantees of a lessee that pays, at its rate; what is past is not discounted."""
    rents, ends, total = columns.rents, columns.guarantees, scratch.total
    spread, price = scratch.spread, scratch.price
    for k in range(span.first, span.last):
        discount, amount = market.derived[rents.discount_row[k]], rents.amount[k]
        years = max(rents.years[k], 0.0)
        for j in range(total.shape[0]):
            total[j] = fma(amount, discount[j] * exp(-years * spread[j]), total[j])
    for k in range(span.first_end, span.last_end):
        discount, years = market.derived[ends.discount_row[k]], max(ends.years[k], 0.0)
        _fill_price(columns, i, ends.price_row[k], market, price)
        for j in range(total.shape[0]):
            owed = guarantee_value(ends, k, ends.asset[k] * price[j])
            total[j] = fma(ends.chance[k] * owed, discount[j] * exp(-years * spread[j]), total[j])


@kernel
def _add_defaulted(columns: LeaseColumns, i: int, span: Span, market: MarketRows, scratch: Scratch) -> None:
    """Add what a lessee that does not pay leaves."""
    rents, ends, price = columns.rents, columns.guarantees, scratch.price
    recovery, since, total = market.factors[columns.recovery_row[i]], scratch.since, scratch.defaulted
    lessor = 1.0 if columns.sign[i] > 0.0 else 0.0
    for k in range(span.first, span.last):
        discount, years, begins = market.derived[rents.discount_row[k]], rents.years[k], rents.begins_years[k]
        _fill_price(columns, i, rents.price_row[k], market, price)
        for j in range(total.shape[0]):
            vacant = since[j] + years < columns.vacancy_years[i]
            let = 0.0 if vacant else columns.reletting[i] * price[j]
            firm = rents.amount[k] if begins <= -since[j] else 0.0
            total[j] = fma(firm * discount[j], after_default(let, recovery[j], lessor), total[j])
    for k in range(span.first_end, span.last_end):
        discount = market.derived[ends.discount_row[k]]
        _fill_price(columns, i, ends.price_row[k], market, price)
        for j in range(total.shape[0]):
            owed = guarantee_value(ends, k, ends.asset[k] * price[j])
            runs = (ends.begins_years[k] <= -since[j]) & (-since[j] < ends.years[k])
            total[j] = fma((ends.reached[k] if runs else 0.0) * owed * recovery[j], discount[j], total[j])


@kernel
def _fill_total(columns: LeaseColumns, i: int, span: Span, market: MarketRows, scratch: Scratch) -> None:
    """Set the total of a span, by the lessee's default state."""
    total, sign = scratch.total, columns.sign[i]
    for j in range(total.shape[0]):
        total[j] = 0.0
    _add_paying(columns, i, span, market, scratch)
    if columns.default_row[i] != NO_ROW:
        defaulted, default_state = scratch.defaulted, market.factors[columns.default_row[i]]
        for j in range(total.shape[0]):
            defaulted[j] = 0.0
        _add_defaulted(columns, i, span, market, scratch)
        for j in range(total.shape[0]):
            total[j] = fma(default_state[j], defaulted[j] - total[j], total[j])
    for j in range(total.shape[0]):
        total[j] = sign * total[j]


@kernel
def _fill_spread(columns: LeaseColumns, i: int, market: MarketRows, spread: FloatArray) -> None:
    for j in range(spread.shape[0]):
        spread[j] = 0.0
    if columns.spread_row[i] != NO_ROW:
        credit_spread = market.factors[columns.spread_row[i]]
        for j in range(spread.shape[0]):
            spread[j] = credit_spread[j]


@kernel
def _remember(default_state: FloatArray, gap_years: float, status: FloatArray, since: FloatArray) -> None:
    """Count the years since the default, 0 on the date that shows it."""
    for j in range(since.shape[0]):
        if status[j] != 0.0:
            status[j] = status[j] + gap_years
        elif default_state[j] != 0.0:
            status[j] = 1.0
        since[j] = status[j] - 1.0 if status[j] != 0.0 else 0.0


@kernel
def revalue(columns: LeaseColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of every lease, in its currency, and what was due since the step before.

    V = ±(Σ a·D(t)·e^{−s·t} + Σ chance·E[min(max(G − A, 0), cap)]·D(T)·e^{−s·T}); after a default a rent a is
    worth a·D·(λ + R·(1 − λ)).
    """
    rows = np.zeros((5, out.value.shape[1]))
    scratch = Scratch(rows[0], rows[1], rows[2], rows[3], rows[4])
    for i in range(columns.sign.shape[0]):
        if columns.default_row[i] != NO_ROW:
            default_state = market.factors[columns.default_row[i]]
            _remember(default_state, columns.gap_years[i], state[i, DEFAULTED], scratch.since)
        _fill_spread(columns, i, market, scratch.spread)
        span = Span(
            columns.offsets[i], columns.offsets[i + 1], columns.end_offsets[i], columns.end_offsets[i + 1]
        )
        _fill_total(columns, i, span, market, scratch)
        for j in range(out.value.shape[1]):
            out.value[i, j] = scratch.total[j]
        past = Span(
            columns.paid_offsets[i],
            columns.paid_offsets[i + 1],
            columns.paid_end_offsets[i],
            columns.paid_end_offsets[i + 1],
        )
        if (past.last > past.first) | (past.last_end > past.first_end):
            _fill_total(columns, i, past, market, scratch)
            for j in range(out.paid.shape[1]):
                out.paid[i, j] = scratch.total[j]
