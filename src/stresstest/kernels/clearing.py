"""Clearing payments of a network of claims and stakes with default costs, column by column.

Every firm owes `obligations` and owns external assets, shares of other firms' debts, and stakes in their
equity. Who can pay, pays in full; who cannot, pays what its assets bring after the costs of default, all
creditors alike, and its equity is worth nothing.

References
----------
L. Eisenberg and T. H. Noe, Systemic Risk in Financial Systems, Management Science 47 (2001) 236: clearing
payment vector. L. C. G. Rogers and L. A. M. Veraart, Failure and Rescue in an Interbank Network, Management
Science 59 (2013) 882: costs of default, greatest and least solution. T. Suzuki, Valuing Corporate Debt: the
Effect of Cross-Holdings of Stock and Debt, Journal of the Operations Research Society of Japan 45 (2002) 123;
H. Elsinger, Financial Networks, Cross Holdings, and Limited Liability, Oesterreichische Nationalbank Working
Paper 156 (2009): stakes beside claims.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel

SOLVENCY_TOLERANCE = 1e-12
"""A firm that lacks no more than this part of its obligations is solvent: it is rounding that it lacks."""

_SETTLED = 1e-15
_STEADY_SWEEPS = 6
_LARGEST_SOLVED = 128
_MOST_SWEEPS = 10_000


class Claims(NamedTuple):
    """Who owns what of whom; firm i's claims are those from `claim_offsets[i]` to `claim_offsets[i + 1]`.

    Attributes
    ----------
    obligations
        `(n_firms,)` what each owes in all, at least 0.
    claim_offsets, claim_debtors, claim_shares
        `(n_firms + 1,)`, `(n_claims,)`, `(n_claims,)`: share of the debtor's obligations owed to the owner.
    stake_offsets, stake_firms, stake_shares
        The same of equity: share of the firm that the owner holds. Those of one firm add up to under 1.
    """

    obligations: FloatArray
    claim_offsets: IntArray
    claim_debtors: IntArray
    claim_shares: FloatArray
    stake_offsets: IntArray
    stake_firms: IntArray
    stake_shares: FloatArray


class DefaultCosts(NamedTuple):
    """Parts of external assets (α) and of claims and stakes (β) that a firm in default realises, in [0, 1]."""

    external: float
    internal: float


class Column(NamedTuple):
    """One column of a solution; each `(n_firms,)`, written in place.

    `defaulted` is 1.0 where a firm does not pay in full, else 0.0.
    """

    payments: FloatArray
    equity: FloatArray
    defaulted: FloatArray


@kernel
def _owned(claims: Claims, firm: int, column: Column) -> float:
    """Return the value of the claims and stakes of a firm."""
    total = 0.0
    for k in range(claims.claim_offsets[firm], claims.claim_offsets[firm + 1]):
        total = fma(claims.claim_shares[k], column.payments[claims.claim_debtors[k]], total)
    for k in range(claims.stake_offsets[firm], claims.stake_offsets[firm + 1]):
        total = fma(claims.stake_shares[k], column.equity[claims.stake_firms[k]], total)
    return total


@kernel
def _sweep(claims: Claims, costs: DefaultCosts, external: FloatArray, column: Column) -> float:
    """Revalue every firm once in place; return the largest change relative to what is at stake.

    v = e + Σ shares · payments + Σ stakes · equity; p = b and s = v − b where v ≥ b, else
    p = α·e + β·(v − e) and s = 0 (Rogers and Veraart, equation 2.1).
    """
    largest = 0.0
    for i in range(external.shape[0]):
        owed, owned = claims.obligations[i], _owned(claims, i, column)
        worth = external[i] + owned
        if worth >= owed * (1.0 - SOLVENCY_TOLERANCE):
            payment, equity, defaulted = owed, max(worth - owed, 0.0), 0.0
        else:
            payment = min(fma(costs.internal, owned, costs.external * external[i]), owed)
            equity, defaulted = 0.0, 1.0
        change = abs(payment - column.payments[i]) + abs(equity - column.equity[i])
        size = max(owed, worth)
        if change > largest * size:
            largest = change / size
        if defaulted != column.defaulted[i]:
            largest = max(largest, 1.0)
        column.payments[i], column.equity[i], column.defaulted[i] = payment, equity, defaulted
    return largest


@kernel
def _solve(
    claims: Claims, costs: DefaultCosts, external: FloatArray, column: Column, system: FloatArray
) -> bool:
    """Solve the linear equations that hold while no firm changes between solvent and in default.

    Unknown is the equity of a solvent firm, the payment of one in default. Nothing is changed and False
    returned where they have no unique solution, or one with negative equity.

    Parameters
    ----------
    system
        `(n_firms, n_firms + 1)` scratch.
    """
    n = external.shape[0]
    for i in range(n):
        broke = column.defaulted[i] == 1.0
        scale = costs.internal if broke else 1.0
        right = costs.external * external[i] if broke else external[i] - claims.obligations[i]
        for j in range(n):
            system[i, j] = 0.0
        for k in range(claims.claim_offsets[i], claims.claim_offsets[i + 1]):
            j, share = claims.claim_debtors[k], scale * claims.claim_shares[k]
            if column.defaulted[j] == 1.0:
                system[i, j] -= share
            else:
                right = fma(share, claims.obligations[j], right)
        for k in range(claims.stake_offsets[i], claims.stake_offsets[i + 1]):
            j = claims.stake_firms[k]
            if column.defaulted[j] == 0.0:
                system[i, j] -= scale * claims.stake_shares[k]
        system[i, i] += 1.0
        system[i, n] = right
    if not _eliminate(system):
        return False
    for i in range(n):
        if not system[i, n] >= 0.0:
            return False
    for i in range(n):
        if column.defaulted[i] == 1.0:
            column.payments[i] = min(system[i, n], claims.obligations[i])
        else:
            column.equity[i] = system[i, n]
    return True


@kernel
def _eliminate(system: FloatArray) -> bool:
    """Replace the last column of `(n, n + 1)` by the solution: Gauss with row pivots; False where singular."""
    n = system.shape[0]
    for step in range(n):
        pivot = step
        for row in range(step + 1, n):
            if abs(system[row, step]) > abs(system[pivot, step]):
                pivot = row
        if abs(system[pivot, step]) < SOLVENCY_TOLERANCE:
            return False
        if pivot != step:
            for j in range(step, n + 1):
                system[step, j], system[pivot, j] = system[pivot, j], system[step, j]
        for row in range(step + 1, n):
            factor = -system[row, step] / system[step, step]
            if factor != 0.0:
                for j in range(step + 1, n + 1):
                    system[row, j] = fma(factor, system[step, j], system[row, j])
    for step in range(n - 1, -1, -1):
        total = system[step, n]
        for j in range(step + 1, n):
            total = fma(-system[step, j], system[j, n], total)
        system[step, n] = total / system[step, step]
    return True


@kernel
def _start(claims: Claims, external: FloatArray, column: Column, greatest: bool) -> None:
    """Start above every solution: all paid, all stakes worth more than they can be; or below: nothing."""
    total = 0.0
    for i in range(external.shape[0]):
        total += external[i] + claims.obligations[i]
    for i in range(external.shape[0]):
        column.payments[i] = claims.obligations[i] if greatest else 0.0
        column.equity[i] = total if greatest and claims.stake_firms.shape[0] else 0.0
        column.defaulted[i] = 0.0 if greatest else 1.0


@kernel
def clear_column(
    claims: Claims,
    costs: DefaultCosts,
    external: FloatArray,
    greatest: bool,
    column: Column,
    system: FloatArray,
) -> float:
    """Find the greatest or the least solution of one column; return the last change, 0 where it is exact.

    Sweeps go down from above, or up from below, and never pass the solution; where the firms in default have
    stayed the same for a while, the linear equations of that set take the rest of the way at once. From below
    the sweeps may tend to what is none: a firm becomes solvent in the limit alone. Its tolerance lets it pass,
    and they go on (Rogers and Veraart, example 3.3).
    """
    _start(claims, external, column, greatest)
    steady = 0
    change = 1.0
    for _ in range(_MOST_SWEEPS):
        change = _sweep(claims, costs, external, column)
        if change <= _SETTLED:
            return 0.0
        steady = 0 if change >= 1.0 else steady + 1
        if steady == _STEADY_SWEEPS and external.shape[0] <= _LARGEST_SOLVED:
            steady = 0
            _solve(claims, costs, external, column, system)
    return change


@kernel
def clear(claims: Claims, costs: DefaultCosts, external: FloatArray, greatest: bool, out: Column) -> None:
    """Write the solution of every column of external assets.

    Parameters
    ----------
    external
        `(n_columns, n_firms)`, at least 0; C-contiguous. A column with a NaN gets NaN throughout.
    greatest
        Whether the greatest solution is sought, or the least.
    out
        Each `(n_columns, n_firms)`.
    """
    n = external.shape[1]
    size = n if n <= _LARGEST_SOLVED else 0
    system = np.empty((size, size + 1))
    for c in range(external.shape[0]):
        column = Column(out.payments[c], out.equity[c], out.defaulted[c])
        left = clear_column(claims, costs, external[c], greatest, column, system)
        if not left == 0.0:
            for i in range(n):
                column.payments[i] = column.equity[i] = column.defaulted[i] = np.nan
