"""Value of stakes in private companies: equity, its reported value, the runway, the waterfall."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.private_stake.columns import (
    COMPARABLE,
    ENDED,
    GAP,
    LAST_ROUND,
    LOG_REPORTED,
    SPENT,
    PrivateStakeColumns,
)
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.derived import log_level
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def comparable_equity(base: float, log_spot: float, base_log_spot: float, beta: float) -> float:
    """Return E·(S/S0)^β: the equity of today moved as a listed comparable."""
    return base * exp(beta * (log_spot - base_log_spot))


@kernel
def multiple_equity(revenue: float, multiple: float, net_debt: float) -> float:
    """Return max(revenue·multiple − net debt, 0)."""
    equity = fma(revenue, multiple, -net_debt)
    return 0.0 if equity <= 0.0 else equity  # noqa: FURB136 - a NaN must pass


@kernel
def end_probability(gap: float, burn: float, cash_left: float, reopening_years: float) -> float:
    """Return the chance that the cash is gone before anybody gives more: τ ÷ (τ + R).

    R = cash ÷ (gap·burn) is the runway. The time until investors return has the tail τ/(τ + t) of a Lomax
    distribution with shape 1 (K. S. Lomax, Journal of the American Statistical Association 49 (1954) 847),
    whose median is τ. No gap: 0; no cash: 1.
    """
    unfunded = gap * burn
    if unfunded <= 0.0:
        return 0.0
    needed = reopening_years * unfunded
    left = 0.0 if cash_left <= 0.0 else cash_left  # noqa: FURB136 - a NaN must pass
    return needed / (needed + left)


@kernel
def tranche_value(
    equity: float, discounted_strike: float, log_discounted_strike: float, std_dev: float
) -> float:
    """Return a call on the equity: Black's price until an exit, max(E − K, 0) in a sale today (s = 0)."""
    if discounted_strike == 0.0:
        return equity
    if std_dev == 0.0:
        return 0.0 if equity <= discounted_strike else equity - discounted_strike
    if equity <= 0.0:
        return 0.0
    return black_price(1.0, equity, discounted_strike, log(equity) - log_discounted_strike, std_dev)


@kernel
def _fill_equity(columns: PrivateStakeColumns, i: int, market: MarketRows, equity: FloatArray) -> None:
    terms = columns.equity
    if terms.method[i] == COMPARABLE:
        log_spot = market.derived[terms.source_row[i]]
        for j in range(equity.shape[0]):
            equity[j] = comparable_equity(terms.base[i], log_spot[j], terms.base_log_spot[i], terms.beta[i])
    elif terms.method[i] == LAST_ROUND:
        mark = market.factors[terms.source_row[i]]
        for j in range(equity.shape[0]):
            equity[j] = mark[j]
    else:
        multiple = market.factors[terms.source_row[i]]
        for j in range(equity.shape[0]):
            equity[j] = multiple_equity(terms.revenue[i], multiple[j], terms.net_debt[i])


@kernel
def _report(base: float, catch_up: float, log_reported: FloatArray, equity: FloatArray) -> None:
    """Let the reported equity follow: ln closes the part `catch_up` of its distance in this step."""
    for j in range(equity.shape[0]):
        distance = log_level(equity[j] / base) - log_reported[j] if base > 0.0 else 0.0
        log_reported[j] = fma(catch_up, distance, log_reported[j])
        if catch_up != 1.0:
            equity[j] = base * exp(log_reported[j])


@kernel
def _fill_ended(
    columns: PrivateStakeColumns, i: int, market: MarketRows, state: FloatArray, ended: FloatArray
) -> None:
    """Burn what nobody funded since the last date, and weigh the end of the cash, which stays."""
    terms = columns.runway
    gap = market.factors[terms.gap_row[i]]
    for j in range(ended.shape[0]):
        state[SPENT, j] = fma(state[GAP, j], terms.step_burn[i], state[SPENT, j])
        cash_left = terms.cash[i] - state[SPENT, j]
        if cash_left <= 0.0:
            state[ENDED, j] = 1.0
        chance = end_probability(gap[j], terms.burn[i], cash_left, terms.reopening_years[i])
        ended[j] = fma(state[ENDED, j], 1.0 - chance, chance)
        state[GAP, j] = 0.0 if gap[j] <= 0.0 else gap[j]  # noqa: FURB136 - a NaN must pass


@kernel
def _add_payoff(
    columns: PrivateStakeColumns, place: tuple[int, int, int], market: MarketRows, equity: FloatArray,
    value: FloatArray,
) -> None:  # fmt: skip
    """Add the payoff of the class on `equity`, billions; `place`: stake, first tranche, last tranche."""
    i, first, last = place
    std_dev = columns.std_dev[i] if first == columns.offsets[i] else columns.after_std_dev[i]
    discount = market.derived[columns.discount_row[i]]
    log_discount = market.derived[columns.log_discount_row[i]]
    for k in range(first, last):
        strike, log_strike = columns.tranches.strike[k], columns.tranches.log_strike[k]
        slope = columns.tranches.slope[k]
        for j in range(value.shape[0]):
            due = strike * discount[j] if std_dev > 0.0 else strike
            price = tranche_value(equity[j], due, log_strike + log_discount[j], std_dev)
            value[j] = fma(slope, price, value[j])


@kernel
def _liquidate(columns: PrivateStakeColumns, i: int, equity: float) -> float:
    """Return what shareholders of the class get of `equity` in a sale today."""
    payoff = 0.0
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        price = tranche_value(equity, columns.tranches.strike[k], 0.0, 0.0)
        payoff = fma(columns.tranches.slope[k], price, payoff)
    return payoff


@kernel
def _blend_end(
    columns: PrivateStakeColumns, i: int, market: MarketRows, scratch: FloatArray, value: FloatArray
) -> None:
    """Weigh the value with what is left once the cash is gone; `scratch`: equity, chance, payoff."""
    equity, ended, after = scratch[0], scratch[1], scratch[2]
    scale, share = columns.runway.after_scale[i], columns.runway.after_share[i]
    for j in range(value.shape[0]):
        after[j] = 0.0
        equity[j] = equity[j] * scale
    _add_payoff(columns, (i, columns.after_offsets[i], columns.after_offsets[i + 1]), market, equity, after)
    for j in range(value.shape[0]):
        value[j] = fma(ended[j], fma(share, after[j], -value[j]), value[j])


@kernel
def revalue(columns: PrivateStakeColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of every stake, in the mark's currency.

    V = unit·((1 − q)·W(E) + q·share·W'(scale·E)) with the reported equity E, the chance q that the cash runs
    out, the waterfall W of the class and W' of what follows. After a default: unit·W(recovery·E), as in a
    sale today.
    """
    scratch = np.empty((4, out.value.shape[1]))
    for i in range(columns.unit.shape[0]):
        value, equity, unit = out.value[i], scratch[0], columns.unit[i]
        _fill_equity(columns, i, market, equity)
        _report(columns.equity.base[i], columns.equity.catch_up[i], state[i, LOG_REPORTED], equity)
        for j in range(value.shape[0]):
            value[j] = 0.0
        _add_payoff(columns, (i, columns.offsets[i], columns.offsets[i + 1]), market, equity, value)
        if columns.default_row[i] != NO_ROW:
            for j in range(value.shape[0]):
                scratch[3, j] = _liquidate(columns, i, equity[j] * columns.default_recovery[i])
        if columns.runway.gap_row[i] != NO_ROW:
            _fill_ended(columns, i, market, state[i], scratch[1])
            _blend_end(columns, i, market, scratch, value)
        if columns.default_row[i] != NO_ROW:
            default_state = market.factors[columns.default_row[i]]
            for j in range(value.shape[0]):
                value[j] = fma(default_state[j], scratch[3, j] - value[j], value[j])
        for j in range(value.shape[0]):
            value[j] = unit * value[j]
