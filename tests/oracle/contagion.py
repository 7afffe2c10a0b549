"""DebtRank by its increments, and network values by numerical integration, both on dense matrices."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad


def debt_rank_increments(leverage: np.ndarray, shock: np.ndarray, steepness: float) -> np.ndarray:
    """Return relative losses of equity by the recursion as published (Bardoscia et al. 2015, 2016).

    h(t + 1) = min(1, h(t) + Λ·(p(h(t)) − p(h(t − 1)))), p(h) = h·e^{α(h − 1)}, h(0) = 0, h(1) the shock.
    """
    before, now = np.zeros(len(shock)), np.minimum(shock, 1.0)
    for _ in range(100_000):
        rise = _probability(now, steepness) - _probability(before, steepness)
        before, now = now, np.minimum(1.0, now + leverage @ rise)
        if np.max(now - before) < 1e-16:
            return now
    raise AssertionError("no end")


def _probability(distress: np.ndarray, steepness: float) -> np.ndarray:
    return distress * np.exp(steepness * (distress - 1.0))


def integrated_repayment(
    equity: float, external: float, owed: float, terms: tuple[float, float, float]
) -> float:
    """Return E[1{A' ≥ K} + R·(1 − (K − A')/L)·1{A' < K}], K = A − E, A' lognormal with mean A, by quadrature.

    Parameters
    ----------
    terms
        Volatility, years, part recovered.
    """
    volatility, years, recovered = terms
    barrier, deviation = external - equity, volatility * math.sqrt(years)

    def density(z: float) -> float:
        return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)

    def assets(z: float) -> float:
        return external * math.exp(deviation * z - 0.5 * deviation**2)

    edge = (math.log(barrier / external) + 0.5 * deviation**2) / deviation
    lost, _ = quad(
        lambda z: density(z) * (1.0 - (barrier - assets(z)) / owed), -40.0, edge, epsabs=1e-13, limit=200
    )
    return 0.5 * math.erfc(edge / math.sqrt(2.0)) + recovered * lost


def network_values(
    external: np.ndarray, lent: np.ndarray, owed: np.ndarray, terms: tuple[float, float, float]
) -> np.ndarray:
    """Return the worth of a unit of every debt, all at once from par; `lent[i, j]` is owed to i by j."""
    worth = np.ones(len(owed))
    for _ in range(2_000):
        equity = external - owed + lent @ worth
        following = np.array(
            [
                integrated_repayment(e, a, o, terms) if o > 0.0 and a - e > 0.0 else 1.0
                for e, a, o in zip(equity, external, owed, strict=True)
            ]
        )
        if np.max(np.abs(following - worth)) < 1e-13:
            return following
        worth = following
    raise AssertionError("no end")
