"""Clearing by other means: every set of defaults tried, a linear program, the fictitious default algorithm.

Nothing here is shared with the kernels: liabilities are dense matrices `owed[i][j]`, what i owes to j, as in
the papers, and solutions are found by trying every set of defaults in rational numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

Matrix = Sequence[Sequence[Fraction]]


class Firms(NamedTuple):
    """External assets, liabilities `owed[i][j]` of i to j, those to others, stakes `held[i][j]` of i in j."""

    external: Sequence[Fraction]
    owed: Matrix
    outside: Sequence[Fraction]
    held: Matrix
    alpha: Fraction = Fraction(1)
    beta: Fraction = Fraction(1)

    @property
    def total(self) -> list[Fraction]:
        return [sum(row, other) for row, other in zip(self.owed, self.outside, strict=True)]


class Solution(NamedTuple):
    payments: tuple[Fraction, ...]
    equity: tuple[Fraction, ...]
    defaulted: tuple[bool, ...]


def all_solutions(firms: Firms) -> list[Solution]:
    """Return every solution: of each set of defaults the one point where its equations hold, if it agrees.

    A set whose equations are singular is left out: generic networks have none.
    """
    n = len(firms.external)
    subsets = chain.from_iterable(combinations(range(n), size) for size in range(n + 1))
    found = (_solution(firms, frozenset(subset)) for subset in subsets)
    return [solution for solution in found if solution is not None]


def greatest_and_least(firms: Firms) -> tuple[Solution, Solution]:
    """Return the solutions that are above, and below, all others in every component."""
    every = all_solutions(firms)
    top = max(every, key=lambda one: (sum(one.payments), sum(one.equity)))
    bottom = min(every, key=lambda one: (sum(one.payments), sum(one.equity)))
    for one in every:
        for high, middle, low in zip(top, one, bottom, strict=True):
            if not isinstance(middle[0], bool):
                assert all(a >= b >= c for a, b, c in zip(high, middle, low, strict=True))
    return top, bottom


def worth(firms: Firms, firm: int, payments: Sequence[Fraction], equity: Sequence[Fraction]) -> Fraction:
    """Return all assets of a firm before any cost."""
    total = firms.total
    claims = sum(
        (payments[j] * firms.owed[j][firm] / total[j] for j in range(len(total)) if total[j]), Fraction(0)
    )
    return firms.external[firm] + claims + sum(firms.held[firm][j] * equity[j] for j in range(len(total)))


def _solution(firms: Firms, broke: frozenset[int]) -> Solution | None:
    n, total = len(firms.external), firms.total
    rows = []
    for i in range(n):
        cost = firms.beta if i in broke else Fraction(1)
        row = [Fraction(int(i == j)) for j in range(n)]
        right = firms.alpha * firms.external[i] if i in broke else firms.external[i] - total[i]
        for j in range(n):
            part = firms.owed[j][i] / total[j] if total[j] else Fraction(0)
            if j in broke:
                row[j] -= cost * part
            else:
                right += cost * part * total[j]
                row[j] -= cost * firms.held[i][j]
        rows.append([*row, right])
    unknown = solve(rows)
    if unknown is None:
        return None
    payments = tuple(unknown[i] if i in broke else total[i] for i in range(n))
    equity = tuple(Fraction(0) if i in broke else unknown[i] for i in range(n))
    agrees = all((worth(firms, i, payments, equity) < total[i]) == (i in broke) for i in range(n))
    bounded = all(0 <= p <= t for p, t in zip(payments, total, strict=True))
    return Solution(payments, equity, tuple(i in broke for i in range(n))) if agrees and bounded else None


def solve(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """Solve `(n, n + 1)` equations exactly by Gauss and Jordan; None where they are singular."""
    n = len(rows)
    for step in range(n):
        pivot = next((row for row in range(step, n) if rows[row][step]), None)
        if pivot is None:
            return None
        rows[step], rows[pivot] = rows[pivot], rows[step]
        rows[step] = [entry / rows[step][step] for entry in rows[step]]
        for row in range(n):
            if row != step and rows[row][step]:
                factor = rows[row][step]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[step], strict=True)]
    return [row[n] for row in rows]


def clearing_program(external: np.ndarray, owed: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Return the payments of Eisenberg and Noe (2001), lemma 4: maximise their sum within limited means."""
    total = owed.sum(axis=1) + outside
    shares = np.divide(owed, total[:, None], out=np.zeros_like(owed), where=total[:, None] > 0)
    found = linprog(
        -np.ones(len(total)),
        A_ub=np.eye(len(total)) - shares.T,
        b_ub=external,
        bounds=list(zip(np.zeros(len(total)), total, strict=True)),
        method="highs",
    )
    assert found.status == 0
    return np.asarray(found.x)


def fictitious_defaults(
    external: np.ndarray, owed: np.ndarray, outside: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return payments, rounds of the fictitious default algorithm (Eisenberg and Noe 2001, section 3.1)."""
    n = len(external)
    total = owed.sum(axis=1) + outside
    shares = np.divide(owed, total[:, None], out=np.zeros_like(owed), where=total[:, None] > 0)
    broke = np.zeros(n, dtype=bool)
    payments = total.copy()
    for rounds in range(n + 2):
        short = external + shares.T @ payments < total * (1 - 1e-12)
        if not np.any(short & ~broke):
            return payments, rounds
        broke |= short
        system = np.eye(n)[np.ix_(broke, broke)] - shares.T[np.ix_(broke, broke)]
        right = external[broke] + shares.T[np.ix_(broke, ~broke)] @ total[~broke]
        payments = total.copy()
        payments[broke] = np.linalg.solve(system, right)
    raise AssertionError("defaults do not end")
