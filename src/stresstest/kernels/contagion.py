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
from stresstest.kernels.clearing import N_LANES
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


class Terms(NamedTuple):
    """Years to maturity, part of assets recovered in default: of all firms."""

    years: float
    recovered: float


class Sheets(NamedTuple):
    """Firms' balance sheets, in money.

    Attributes
    ----------
    external
        `(n_columns, n_firms)` external assets.
    owed, volatility
        `(n_firms,)`: what each firm owes, and the volatility of its external assets, a year.
    """

    external: FloatArray
    owed: FloatArray
    volatility: FloatArray


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
    V = 1 − PD + R·(PD − put(A, K) / L): Barucca et al. (2020) with the put of Black at zero rates
    for the loss given default. At zero volatility it is the payment of Rogers and Veraart with α = β = R; of
    a firm alone with R = 1 it is Merton's debt.

    Parameters
    ----------
    equity, external, owed
        E, A and L, in money; equity may be negative.
    """
    threshold = external - equity
    deviation = terms.volatility * sqrt(terms.years)
    # Selections instead of branches: lanes of columns go through together.
    barrier = threshold if threshold > 0.0 else 1.0
    assets = external if external > 0.0 else 1.0
    spread = deviation if deviation > 0.0 else 1.0
    face = owed if owed > 0.0 else 1.0
    moneyness = log(assets / barrier)
    failing = normal_cdf(fma(0.5, spread, -moneyness / spread))
    put = black_price(-1.0, assets, barrier, moneyness, spread)
    uncertain = max(fma(terms.recovered, failing - put / face, 1.0 - failing), 0.0)
    certain = 1.0 if equity >= 0.0 else terms.recovered * max(1.0 + equity / face, 0.0)
    unit = certain if (deviation <= 0.0) | (external <= 0.0) else uncertain
    return 1.0 if (owed <= 0.0) | (threshold <= 0.0) else unit


class _Lanes(NamedTuple):
    """Columns valued side by side, one a lane.

    Attributes
    ----------
    external, worth
        `(n_firms, n_lanes)`.
    equity, moved, active
        `(n_lanes,)`: equity of one firm; the largest change of the last sweep; 1.0 while it is not at rest.
    """

    external: FloatArray
    worth: FloatArray
    equity: FloatArray
    moved: FloatArray
    active: FloatArray


@kernel
def _load(lanes: _Lanes, external: FloatArray, first: int) -> int:
    """Start lanes at par with the columns from `first`; return how many are active: finite, not negative."""
    busy = 0
    for j in range(N_LANES):
        sound = first + j < external.shape[0]
        for i in range(external.shape[1]):
            assets = external[first + j, i] if sound else 0.0
            sound = sound and 0.0 <= assets < np.inf
            lanes.external[i, j] = assets if sound else 0.0
            lanes.worth[i, j] = 1.0
        lanes.active[j] = 1.0 if sound else 0.0
        busy += 1 if sound else 0
    return busy


@kernel
def _sweep(exposures: Exposures, sheets: Sheets, terms: Terms, lanes: _Lanes, again: bool) -> None:
    """Revalue every debt once, in place, in every active lane.

    In place: what is revalued already serves those after it, and nothing falls below the solution. Who is
    owed nothing in the network is worth `again` what it was in the first sweep.
    """
    external, worth, equity, moved, active = lanes
    offsets, debtors, amounts = exposures
    owed, volatility = sheets.owed, sheets.volatility
    for j in range(N_LANES):
        moved[j] = 0.0
    for i in range(owed.shape[0]):
        if owed[i] <= 0.0 or (again and offsets[i] == offsets[i + 1]):
            continue
        face = owed[i]
        own = Uncertainty(volatility[i], terms.years, terms.recovered)
        for j in range(N_LANES):
            equity[j] = external[i, j] - face
        for k in range(offsets[i], offsets[i + 1]):
            debtor, amount = debtors[k], amounts[k]
            for j in range(N_LANES):
                equity[j] = fma(amount, worth[debtor, j], equity[j])
        for j in range(N_LANES):
            unit = expected_repayment(equity[j], external[i, j], face, own)
            now = worth[i, j]
            unit = unit if (unit < now) & (active[j] > 0.0) else now
            moved[j] = max(moved[j], now - unit)
            worth[i, j] = unit


@kernel
def _settle(exposures: Exposures, sheets: Sheets, terms: Terms, lanes: _Lanes, busy: int) -> int:
    """Sweep until no lane is active; return the sweeps after the first. Lanes know nothing of one another."""
    for count in range(_MOST_ROUNDS):
        if busy == 0:
            return count - 1
        _sweep(exposures, sheets, terms, lanes, count > 0)
        for j in range(N_LANES):
            if lanes.active[j] > 0.0 and lanes.moved[j] <= _SETTLED:
                lanes.active[j] = 0.0
                busy -= 1
    return _MOST_ROUNDS


@kernel
def network_values(exposures: Exposures, sheets: Sheets, terms: Terms, worth: FloatArray) -> int:
    """Write what one unit of debt of every firm is worth in every column; return the most rounds.

    E_i = A_i − L_i + Σ_j A_ij·V(E_j), down from all debts at par: the greatest solution.

    Parameters
    ----------
    exposures
        Amounts of money.
    worth
        `(n_columns, n_firms)` in [0, 1]. NaN throughout where a column's external assets are not finite or
        negative, or it does not come to rest.
    """
    n_columns, n_firms = worth.shape
    lanes = _Lanes(
        np.zeros((n_firms, N_LANES)),
        np.ones((n_firms, N_LANES)),
        np.zeros(N_LANES),
        np.zeros(N_LANES),
        np.zeros(N_LANES),
    )
    most = 0
    for first in range(0, n_columns, N_LANES):
        busy = _load(lanes, sheets.external, first)
        sound = lanes.active.copy()
        most = max(most, _settle(exposures, sheets, terms, lanes, busy))
        for j in range(min(N_LANES, n_columns - first)):
            known = sound[j] > 0.0 and lanes.active[j] == 0.0
            for i in range(n_firms):
                worth[first + j, i] = lanes.worth[i, j] if known else np.nan
    return most
