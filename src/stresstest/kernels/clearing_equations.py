"""The linear equations of clearing while nobody changes between solvent and in default, solved directly.

References
----------
L. Eisenberg and T. H. Noe, Systemic Risk in Financial Systems, Management Science 47 (2001) 236, section 3.1:
the fictitious default algorithm, which solves them for one set of defaults after another.
"""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.claims import SOLVENCY_TOLERANCE, Claims, DefaultCosts, Lanes

_SMALLEST_PIVOT = 1e-12


@kernel
def take_the_rest_at_once(
    claims: Claims, costs: DefaultCosts, lanes: Lanes, lane: int, system: FloatArray
) -> None:
    """Put a lane where its sweeps would end if nobody changed between solvent and in default any more.

    Sweeps tend to the solution of these equations, from above or from below, wherever no bound cuts it: a
    firm in default pays at most what it owes or may pay, and equity that others hold is not negative. Then it
    lies between the lane and the solution that is sought, also where it shows that a further firm changes.
    Where a bound cuts it, or the equations have no unique solution, the lane stays as it is.

    Parameters
    ----------
    system
        `(n_firms, n_firms + 1)` scratch.
    """
    _write_equations(claims, costs, lanes, lane, system)
    if not _eliminate(system) or not _within_bounds(claims, lanes, lane, system):
        return
    n = system.shape[0]
    for i in range(n):
        if lanes.defaulted[i, lane] == 1.0:
            most = min(claims.obligations[i], lanes.most_paid[i, lane])
            lanes.payments[i, lane] = min(system[i, n], most)
        else:
            lanes.equity[i, lane] = max(system[i, n], 0.0)


@kernel
def _write_equations(
    claims: Claims, costs: DefaultCosts, lanes: Lanes, lane: int, system: FloatArray
) -> None:
    """Fill the matrix and its right-hand side.

    Unknown is the equity of a solvent firm, s = e + Σ shares · payments + Σ stakes · s − b, and the payment
    of one in default, p = α·e + β·(Σ shares · p + Σ stakes · s).
    """
    n = system.shape[0]
    for i in range(n):
        broke = lanes.defaulted[i, lane] == 1.0
        scale = costs.internal if broke else 1.0
        outside = lanes.external[i, lane]
        right = costs.external * outside if broke else outside - claims.obligations[i]
        for j in range(n):
            system[i, j] = 0.0
        for k in range(claims.claim_offsets[i], claims.claim_offsets[i + 1]):
            debtor, share = claims.claim_debtors[k], scale * claims.claim_shares[k]
            if lanes.defaulted[debtor, lane] == 1.0:
                system[i, debtor] -= share
            else:
                right = fma(share, min(claims.obligations[debtor], lanes.most_paid[debtor, lane]), right)
        for k in range(claims.stake_offsets[i], claims.stake_offsets[i + 1]):
            firm = claims.stake_firms[k]
            if lanes.defaulted[firm, lane] == 0.0:
                system[i, firm] -= scale * claims.stake_shares[k]
        system[i, i] += 1.0
        system[i, n] = right


@kernel
def _within_bounds(claims: Claims, lanes: Lanes, lane: int, system: FloatArray) -> bool:
    """Tell whether no payment is above what is owed, and no equity that others hold below nothing."""
    n = system.shape[0]
    held = claims.stake_firms.shape[0] > 0
    for i in range(n):
        owed, found = claims.obligations[i], system[i, n]
        slack = SOLVENCY_TOLERANCE * owed
        if lanes.defaulted[i, lane] == 1.0:
            if not 0.0 <= found <= min(owed, lanes.most_paid[i, lane]) + slack:
                return False
        elif held and not found >= -slack:
            return False
    return True


@kernel
def _eliminate(system: FloatArray) -> bool:
    """Put the solution into the last column of `(n, n + 1)`: Gauss, row pivots; False where singular."""
    n = system.shape[0]
    for step in range(n):
        pivot = step
        for row in range(step + 1, n):
            if abs(system[row, step]) > abs(system[pivot, step]):
                pivot = row
        if abs(system[pivot, step]) < _SMALLEST_PIVOT:
            return False
        if pivot != step:
            for j in range(step, n + 1):
                system[step, j], system[pivot, j] = system[pivot, j], system[step, j]
        for row in range(step + 1, n):
            factor = -system[row, step] / system[step, step]
            # Most firms have nothing to do with one another.
            if factor == 0.0:
                continue
            for j in range(step + 1, n + 1):
                system[row, j] = fma(factor, system[step, j], system[row, j])
    for step in range(n - 1, -1, -1):
        total = system[step, n]
        for j in range(step + 1, n):
            total = fma(-system[step, j], system[j, n], total)
        system[step, n] = total / system[step, step]
    return True
