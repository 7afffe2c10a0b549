"""Value of floating-rate bonds: every payment projected, and discounted with the issuer's spread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.floating_bond.columns import FloatingBondColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.default import Claim, apply_default
from stresstest.kernels.exponential import exp
from stresstest.kernels.floating import fill_log_growth, floating_coupon, keep_standing_rate
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


class Bond(NamedTuple):
    """One bond by column, each `(n_columns,)`: what is written, and scratch."""

    value: FloatArray
    paid: FloatArray
    log_growth: FloatArray
    widened: FloatArray


@kernel
def _add_paid(known: float, log_growth: FloatArray, paid: FloatArray) -> None:
    for j in range(paid.shape[0]):
        paid[j] += floating_coupon(log_growth[j], known)


@kernel
def _add_due(known: float, log_growth: FloatArray, log_discount: FloatArray, value: FloatArray) -> None:
    for j in range(value.shape[0]):
        value[j] = fma(floating_coupon(log_growth[j], known), exp(log_discount[j]), value[j])


@kernel
def _widen(years: float, spread: FloatArray, log_discount: FloatArray, widened: FloatArray) -> None:
    """Write the log discount factor under the spread, ln D − s·t."""
    for j in range(widened.shape[0]):
        widened[j] = fma(-years, spread[j], log_discount[j])


@kernel
def _add_coupons(
    columns: FloatingBondColumns, i: int, market: MarketRows, state: FloatArray, bond: Bond
) -> None:
    coupons, (value, paid, log_growth, widened) = columns.coupons, bond
    for k in range(coupons.offsets[i], coupons.offsets[i + 1]):
        fill_log_growth(coupons.growth, k, market, state, log_growth)
        if not coupons.is_valued[k]:
            continue
        if coupons.log_discount_row[k] == NO_ROW:
            _add_paid(coupons.known[k], log_growth, paid)
            continue
        log_discount = market.derived[coupons.log_discount_row[k]]
        if columns.spread_row[i] == NO_ROW:
            _add_due(coupons.known[k], log_growth, log_discount, value)
        else:
            _widen(coupons.years[k], market.factors[columns.spread_row[i]], log_discount, widened)
            _add_due(coupons.known[k], log_growth, widened, value)


@kernel
def _add_forward(
    terms: tuple[float, float], start: FloatArray, end: FloatArray, spread: FloatArray, value: FloatArray
) -> None:
    known_less_one, years = terms
    for j in range(value.shape[0]):
        amount = fma(known_less_one, end[j], start[j])
        value[j] = fma(amount, exp(-years * spread[j]), value[j])


@kernel
def _add_sure_forward(known_less_one: float, start: FloatArray, end: FloatArray, value: FloatArray) -> None:
    for j in range(value.shape[0]):
        value[j] += fma(known_less_one, end[j], start[j])


@kernel
def _add_forwards(columns: FloatingBondColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    forwards = columns.forwards
    for k in range(forwards.offsets[i], forwards.offsets[i + 1]):
        known_less_one = forwards.known_less_one[k]
        start, end = market.derived[forwards.start_row[k]], market.derived[forwards.end_row[k]]
        if columns.spread_row[i] == NO_ROW:
            _add_sure_forward(known_less_one, start, end, value)
        else:
            spread = market.factors[columns.spread_row[i]]
            _add_forward((known_less_one, forwards.years[k]), start, end, spread, value)


@kernel
def revalue(columns: FloatingBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the dirty value of one unit of face of every bond, in its currency.

    V = Σ (growth_k − 1 + margin·τ_k + face_k) · D(t_k)·e^{−s·t_k}; on one curve (growth − 1)·D(end) is
    D(start) − D(end). What was due since the step before goes into `paid`. Where the issuer's default state
    is 1, recovery takes the place of both. State: the log growth of a period that has begun, in its slot; in
    2 the rate in force.
    """
    log_growth, widened = np.empty(out.value.shape[1]), np.empty(out.value.shape[1])
    for i in range(columns.spread_row.shape[0]):
        value = out.value[i]
        for j in range(value.shape[0]):
            value[j] = 0.0
        _add_coupons(columns, i, market, state[i], Bond(value, out.paid[i], log_growth, widened))
        _add_forwards(columns, i, market, value)
        keep_standing_rate(market.derived[columns.standing_row[i]], columns.standing_years[i], state[i, 2])
        if columns.default_row[i] != NO_ROW:
            claim = Claim(columns.is_open[i], columns.matured[i])
            defaulted = market.factors[columns.default_row[i]]
            recovery = market.factors[columns.recovery_row[i]]
            apply_default(claim, defaulted, recovery, out.value[i], out.paid[i])
