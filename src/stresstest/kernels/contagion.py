"""Distress that spreads before anybody defaults: lenders mark down what weakened borrowers owe.

References
----------
M. Bardoscia, S. Battiston, F. Caccioli and G. Caldarelli, DebtRank: A Microscopic Foundation for Shock
Propagation, PLoS ONE 10 (2015) e0130406 (linear); M. Bardoscia, F. Caccioli, J. I. Perotti, G. Vivaldo and
G. Caldarelli, Distress Propagation in Complex Networks: the Case of Non-Linear DebtRank, PLoS ONE 11 (2016)
e0163825 (its parameter α); P. Barucca, M. Bardoscia, F. Caccioli, M. D'Errico, G. Visentin, G. Caldarelli and
S. Battiston, Network Valuation in Financial Systems, Mathematical Finance 30 (2020) 1181 (valuation with
uncertain external assets).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf

_SETTLED = 1e-15
_MOST_ROUNDS = 20_000


class Exposures(NamedTuple):
    """What each firm is owed: that of firm i is `offsets[i]` to `offsets[i + 1]`.

    Attributes
    ----------
    offsets, debtors
        `(n_firms + 1,)`, `(n_exposures,)`.
    amounts
        `(n_exposures,)` money, or money over the lender's equity where a kernel says so.
    """

    offsets: IntArray
    debtors: IntArray
    amounts: FloatArray


class Uncertainty(NamedTuple):
    """Volatility of external assets a year, years to maturity, part of assets recovered in default."""

    volatility: float
    years: float
    recovered: float


class Sheets(NamedTuple):
    """External assets `(n_columns, n_firms)`, and what each firm owes `(n_firms,)`, in money."""

    external: FloatArray
    owed: FloatArray


@kernel
def default_probability(distress: float, steepness: float) -> float:
    """Return h·e^{α(h − 1)}: linear at α = 0, only a default at α → ∞ (Bardoscia et al. 2016)."""
    return distress * exp(steepness * (distress - 1.0))


@kernel
def _rank_column(
    exposures: Exposures, shock: FloatArray, steepness: float, out: FloatArray, spread: FloatArray
) -> int:
    """Write the losses of one column; return the rounds, −1 where it does not come to rest."""
    n = shock.shape[0]
    for i in range(n):
        if not 0.0 <= shock[i] < np.inf:
            return -1
        out[i] = min(shock[i], 1.0)
        spread[i] = default_probability(out[i], steepness)
    for count in range(_MOST_ROUNDS):
        largest = 0.0
        # In place: what has grown already weighs on those after it, and nothing passes the least solution.
        for i in range(n):
            loss = shock[i]
            for k in range(exposures.offsets[i], exposures.offsets[i + 1]):
                loss = fma(exposures.amounts[k], spread[exposures.debtors[k]], loss)
            loss = min(loss, 1.0)
            if loss > out[i]:
                largest = max(largest, loss - out[i])
                out[i] = loss
                spread[i] = default_probability(loss, steepness)
        if not largest > _SETTLED:
            return count
    return -1


@kernel
def debt_rank(exposures: Exposures, shock: FloatArray, steepness: float, out: FloatArray) -> int:
    """Write the relative loss of equity of every firm in every column, and return the most rounds.

    The least h with h_i = min(1, h_i(1) + Σ_j Λ_ij·p(h_j)), p(h) = h·e^{α(h − 1)}: where the increments of
    the papers, h_i(t + 1) = min(1, h_i(t) + Σ_j Λ_ij·(p(h_j(t)) − p(h_j(t − 1)))), come to rest: they
    telescope.

    Parameters
    ----------
    exposures
        Amounts over the lender's equity, Λ.
    shock
        `(n_columns, n_firms)` loss of equity from outside, as a part of it, at least 0.
    steepness
        α, at least 0; 0 is the linear model.
    out
        `(n_columns, n_firms)`: h in [0, 1]. NaN throughout where a column's shock is not finite or negative,
        or does not come to rest.
    """
    most = 0
    spread = np.empty(shock.shape[1])
    for c in range(shock.shape[0]):
        count = _rank_column(exposures, shock[c], steepness, out[c], spread)
        most = max(most, count)
        if count < 0:
            for i in range(shock.shape[1]):
                out[c, i] = np.nan
    return most


@kernel
def expected_repayment(equity: float, external: float, owed: float, terms: Uncertainty) -> float:
    """Return what one unit of debt of a firm is worth whose external assets are lognormal until maturity.

    The firm fails where its external assets end below K = A − E, what they may fall to before equity is gone.
    V = 1 − PD + R·(PD − put(A, K) / L): Barucca et al. (2020), section 5, with the put of Black at zero rates
    for the loss given default. At zero volatility it is the payment of Rogers and Veraart with α = β = R; of
    a firm alone with R = 1 it is Merton's debt.

    Parameters
    ----------
    equity, external, owed
        E, A and L, in money; equity may be negative.
    """
    threshold = external - equity
    if owed <= 0.0 or threshold <= 0.0:
        return 1.0
    deviation = terms.volatility * sqrt(terms.years)
    if deviation <= 0.0 or external <= 0.0:
        return 1.0 if equity >= 0.0 else terms.recovered * max(1.0 + equity / owed, 0.0)
    moneyness = log(external / threshold)
    failing = normal_cdf(fma(0.5, deviation, -moneyness / deviation))
    put = black_price(-1.0, external, threshold, moneyness, deviation)
    return max(fma(terms.recovered, failing - put / owed, 1.0 - failing), 0.0)


@kernel
def _value_column(
    exposures: Exposures, external: FloatArray, owed: FloatArray, terms: Uncertainty, worth: FloatArray
) -> int:
    """Write what one unit of debt of every firm is worth; return the rounds, −1: it does not come to rest."""
    n = owed.shape[0]
    for i in range(n):
        if not 0.0 <= external[i] < np.inf:
            return -1
        worth[i] = 1.0
    for count in range(_MOST_ROUNDS):
        largest = 0.0
        # In place: what is revalued already serves those after it, and nothing falls below the solution.
        for i in range(n):
            first, last = exposures.offsets[i], exposures.offsets[i + 1]
            # Who is owed nothing in the network is worth in every round what it is in the first.
            if owed[i] <= 0.0 or (count > 0 and first == last):
                continue
            equity = external[i] - owed[i]
            for k in range(first, last):
                equity = fma(exposures.amounts[k], worth[exposures.debtors[k]], equity)
            unit = min(expected_repayment(equity, external[i], owed[i], terms), worth[i])
            largest = max(largest, worth[i] - unit)
            worth[i] = unit
        if not largest > _SETTLED:
            return count
    return -1


@kernel
def network_values(exposures: Exposures, sheets: Sheets, terms: Uncertainty, worth: FloatArray) -> int:
    """Write what one unit of debt of every firm is worth in every column; return the most rounds.

    E_i = A_i − L_i + Σ_j A_ij·V(E_j), down from all debts at par: the greatest solution (Barucca et al. 2020,
    theorem 1).

    Parameters
    ----------
    exposures
        Amounts of money.
    worth
        `(n_columns, n_firms)` in [0, 1]. NaN throughout where a column's external assets are not finite or
        negative, or it does not come to rest.
    """
    most = 0
    for c in range(worth.shape[0]):
        count = _value_column(exposures, sheets.external[c], sheets.owed, terms, worth[c])
        most = max(most, count)
        if count < 0:
            for i in range(worth.shape[1]):
                worth[c, i] = np.nan
    return most
