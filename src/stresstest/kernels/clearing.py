"""Clearing payments of a network of claims and stakes with default costs, many columns side by side.

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

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.claims import SOLVENCY_TOLERANCE, Claims, Cleared, DefaultCosts, Lanes, Means
from stresstest.kernels.clearing_equations import take_the_rest_at_once

N_LANES = 16
"""Columns solved side by side: each claim is read once for all, and the processor's vectors are full."""

_SETTLED = 1e-15
# Sweeps cost a hundredth of a direct solution, whose cost grows with the cube of the firms.
_PATIENCE = 64
_LARGEST_SOLVED = 128
_MOST_SWEEPS = 20_000


@kernel
def _add_owned(claims: Claims, firm: int, lanes: Lanes) -> None:
    """Write what the claims and stakes of a firm are worth in every lane."""
    # Arrays are taken out of their tuples before the loops, which would otherwise not be vectorised.
    payments, equity, owned = lanes.payments, lanes.equity, lanes.owned
    debtors, claim_shares = claims.claim_debtors, claims.claim_shares
    firms, stake_shares = claims.stake_firms, claims.stake_shares
    for j in range(N_LANES):
        owned[j] = 0.0
    for k in range(claims.claim_offsets[firm], claims.claim_offsets[firm + 1]):
        debtor, share = debtors[k], claim_shares[k]
        for j in range(N_LANES):
            owned[j] = fma(share, payments[debtor, j], owned[j])
    for k in range(claims.stake_offsets[firm], claims.stake_offsets[firm + 1]):
        held, share = firms[k], stake_shares[k]
        for j in range(N_LANES):
            owned[j] = fma(share, equity[held, j], owned[j])


@kernel
def _sweep(claims: Claims, costs: DefaultCosts, lanes: Lanes) -> None:
    """Revalue every firm once, in place, in every lane; nobody pays more than the most that it may.

    v = e + Σ shares · payments + Σ stakes · equity; p = b and s = v − b where v ≥ b, else p = α·e + β·(v − e)
    and s = 0 (Rogers and Veraart 2013, section 2, with stakes beside claims).
    """
    external, most_paid, payments, equity, defaulted, all_owned, moved, switched = lanes
    alpha, beta = costs
    for j in range(N_LANES):
        moved[j] = switched[j] = 0.0
    for i in range(claims.obligations.shape[0]):
        _add_owned(claims, i, lanes)
        owed = claims.obligations[i]
        enough = owed * (1.0 - SOLVENCY_TOLERANCE)
        for j in range(N_LANES):
            outside, owned = external[i, j], all_owned[j]
            worth = outside + owned
            solvent = worth >= enough
            rest = min(fma(beta, owned, alpha * outside), owed)
            payment = min(owed if solvent else rest, most_paid[i, j])
            residual = max(worth - owed, 0.0) if solvent else 0.0
            broke = 0.0 if solvent else 1.0
            change = abs(payment - payments[i, j]) + abs(residual - equity[i, j])
            turned = abs(broke - defaulted[i, j])
            stirred = 1.0 if change > _SETTLED * max(owed, worth) else turned
            moved[j] = max(moved[j], stirred)
            switched[j] = max(switched[j], turned)
            payments[i, j] = payment
            equity[i, j] = residual
            defaulted[i, j] = broke


@kernel
def _enter(claims: Claims, means: Means, greatest: bool, lanes: Lanes, way: tuple[int, int]) -> None:
    """Start a lane above every solution: all paid, all stakes worth more than they can be; or below: nothing.

    Parameters
    ----------
    way
        The column, and the lane that it takes.
    """
    total = 0.0
    column, lane = way
    external, most_paid = means.external[column], means.most_paid[min(column, means.most_paid.shape[0] - 1)]
    for i in range(external.shape[0]):
        total += external[i] + claims.obligations[i]
    for i in range(external.shape[0]):
        lanes.external[i, lane] = external[i]
        lanes.most_paid[i, lane] = most_paid[i]
        lanes.payments[i, lane] = min(claims.obligations[i], most_paid[i]) if greatest else 0.0
        lanes.equity[i, lane] = total if greatest and claims.stake_firms.shape[0] > 0 else 0.0
        lanes.defaulted[i, lane] = 0.0 if greatest else 1.0


@kernel
def _refuse(column: int, out: Cleared) -> None:
    """Mark a column that has no solution as NaN throughout."""
    for i in range(out.payments.shape[1]):
        out.payments[column, i] = out.equity[column, i] = out.defaulted[column, i] = np.nan


@kernel
def _leave(lanes: Lanes, lane: int, column: int, out: Cleared) -> None:
    """Write a lane where its column stands: NaN where it has not come to rest."""
    if lanes.moved[lane] > 0.0:
        _refuse(column, out)
        return
    for i in range(lanes.payments.shape[0]):
        out.payments[column, i] = lanes.payments[i, lane]
        out.equity[column, i] = lanes.equity[i, lane]
        out.defaulted[column, i] = lanes.defaulted[i, lane]


@kernel
def _next_column(external: FloatArray, first: int, out: Cleared) -> int:
    """Return the next column that can be solved, from `first`; the others become NaN."""
    for column in range(first, external.shape[0]):
        sound = True
        for i in range(external.shape[1]):
            sound = sound and 0.0 <= external[column, i] < np.inf
        if sound:
            return column
        _refuse(column, out)
    return len(external)


@kernel
def _new_lanes(n_firms: int) -> Lanes:
    """Return lanes in which nothing is owned, owed or paid."""
    shape = (n_firms, N_LANES)
    return Lanes(
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(N_LANES),
        np.zeros(N_LANES),
        np.zeros(N_LANES),
    )


@kernel
def clear(claims: Claims, costs: DefaultCosts, means: Means, greatest: bool, out: Cleared) -> None:
    """Write the greatest or the least solution of every column of external assets.

    Sweeps go down from above, or up from below, and never pass the solution. A column that has come to rest
    leaves, and the next takes its lane; lanes know nothing of one another, so that a column has the same bits
    in any company. Where the firms in default stay the same for long, the linear equations of that set take
    the rest of the way at once. From below sweeps may tend to what is no solution: a firm becomes solvent in
    the limit alone; the tolerance lets it pass, and they go on (Rogers and Veraart 2013, section 3).

    Parameters
    ----------
    means
        C-contiguous. A column of external assets that is not finite, or somewhere negative, is NaN
        throughout, and so is one that does not come to rest.
    greatest
        Whether the greatest solution is sought, or the least.
    """
    external = means.external
    n_columns, n_firms = external.shape
    size = n_firms if n_firms <= _LARGEST_SOLVED else 0
    system = np.empty((size, size + 1))
    lanes = _new_lanes(n_firms)
    columns = np.full(N_LANES, n_columns)
    sweeps, steady = np.zeros(N_LANES, np.int64), np.zeros(N_LANES, np.int64)
    taken, busy = 0, 0
    for j in range(N_LANES):
        columns[j] = taken = _next_column(external, taken, out)
        if taken < n_columns:
            _enter(claims, means, greatest, lanes, (taken, j))
            taken += 1
            busy += 1
    while busy > 0:
        _sweep(claims, costs, lanes)
        for j in range(N_LANES):
            if columns[j] == n_columns:
                continue
            sweeps[j] += 1
            steady[j] = 0 if lanes.switched[j] > 0.0 else steady[j] + 1
            on = lanes.moved[j] > 0.0 and sweeps[j] < _MOST_SWEEPS
            if on and size > 0 and steady[j] == _PATIENCE:
                steady[j] = 0
                take_the_rest_at_once(claims, costs, lanes, j, system)
            if on:
                continue
            _leave(lanes, j, columns[j], out)
            sweeps[j] = steady[j] = 0
            columns[j] = taken = _next_column(external, taken, out)
            if taken < n_columns:
                _enter(claims, means, greatest, lanes, (taken, j))
                taken += 1
            else:
                busy -= 1
