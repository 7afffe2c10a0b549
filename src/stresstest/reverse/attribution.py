"""What each factor has of a loss: its slope averaged along the way, times its move."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.reverse.search import SmoothLoss

N_PLACES = 4
"""Places along the way: exact for losses that are polynomials of degree 8 in the length of the move."""


def average_gradient(loss: SmoothLoss, move: FloatArray) -> FloatArray:
    """Return `(n,)` the mean of the gradient along the ray from nothing to `move`; times the move it adds up.

    The attribution of Aumann and Shapley, ∫₀¹ ∂L(t x) ÷ ∂xᵢ dt · xᵢ, by Gauss and Legendre. A loss that jumps
    or bends on the way leaves a rest.

    References
    ----------
    R. J. Aumann and L. S. Shapley, Values of Non-Atomic Games (Princeton University Press, 1974).
    """
    places, weights = np.polynomial.legendre.leggauss(N_PLACES)
    gradients = [loss.gradient(0.5 * (1.0 + place) * move)[1] for place in places.tolist()]
    return frozen(0.5 * (weights @ np.array(gradients)))
