"""Value of swaptions, one after the other over all columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.swaption.columns import SwaptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.bachelier import bachelier_price
from stresstest.kernels.black import black_price
from stresstest.kernels.derived import log_level
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import fill_std_devs
from stresstest.kernels.swaps import fill_strip


class Terms(NamedTuple):
    """One swaption: 1 for a payer or −1, its strike, the log of that."""

    sign: float
    strike: float
    log_strike: float


class Legs(NamedTuple):
    """Both legs of the swap by column `(n_columns,)`, and the log of the forward rate `(1, n_columns)`."""

    annuity: FloatArray
    floating: FloatArray
    log_forward: FloatArray


@kernel
def _fill_log_forward(legs: Legs, sticks: int, base: float) -> None:
    """Write the log forward that moneyness is measured from, the column's or one for all."""
    log_forward = legs.log_forward[0]
    if sticks:
        for j in range(log_forward.shape[0]):
            log_forward[j] = base
    else:
        for j in range(log_forward.shape[0]):
            log_forward[j] = log_level(legs.floating[j] / legs.annuity[j])


@kernel
def _price_normal(terms: Terms, legs: Legs, value: FloatArray) -> None:
    """Turn the standard deviations in `value` into prices under a normal rate."""
    sign, strike, _ = terms
    annuity, floating = legs.annuity, legs.floating
    for j in range(value.shape[0]):
        difference = floating[j] - strike * annuity[j]
        value[j] = bachelier_price(sign, difference, annuity[j] * value[j])


@kernel
def _price_lognormal(terms: Terms, legs: Legs, value: FloatArray) -> None:
    """Turn the standard deviations in `value` into prices under a lognormal rate, NaN below 0."""
    sign, strike, log_strike = terms
    annuity, floating = legs.annuity, legs.floating
    for j in range(value.shape[0]):
        moneyness = log_level(floating[j] / annuity[j]) - log_strike
        value[j] = black_price(sign, floating[j], strike * annuity[j], moneyness, value[j])


@kernel
def revalue(columns: SwaptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of a swaption on one unit of notional, in its currency.

    Under the measure of the annuity A the forward swap rate F is a martingale (F. Jamshidian, LIBOR and swap
    market models and measures, Finance and Stochastics 1 (1997) 293): A·E[max(±(F − K), 0)] by Bachelier's or
    Black's formula. A swaption that expired since the step before is worth 0 and pays its intrinsic value.
    """
    width = out.value.shape[1]
    legs = Legs(np.empty(width), np.empty(width), np.empty((1, width)))
    for i in range(columns.sign.shape[0]):
        life = columns.life[i]
        if life != ALIVE:
            for j in range(width):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        fill_strip(columns.annuity, i, market, legs.annuity)
        fill_strip(columns.floating, i, market, legs.floating)
        _fill_log_forward(legs, columns.sticks[i], columns.base_log_forward[i])
        vols = MarketRows(market.factors, legs.log_forward)
        fill_std_devs(columns.smile, i, columns.log_strike[i], vols, value)
        terms = Terms(columns.sign[i], columns.strike[i], columns.log_strike[i])
        if columns.is_normal[i]:
            _price_normal(terms, legs, value)
        else:
            _price_lognormal(terms, legs, value)
