"""Probability that what is left is used up on the way, and not only that it is at the end.

References
----------
F. Black and J. C. Cox, Valuing Corporate Securities: Some Effects of Bond Indenture Provisions, Journal of
Finance 31 (1976) 351: the firm ends when what it has first meets a barrier; here money, which moves by sums,
so that of their formula the reflection principle leaves 2·N(−d), without drift.
"""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.normal import normal_cdf


@kernel
def first_passages(distances: FloatArray, out: FloatArray) -> None:
    """Write the probability that each distance is used up, beyond that of the first, which counts as none.

    p = (F(d) − F(d₀)) / (1 − F(d₀)), F(d) = 2·N(−d) for d > 0 and 1 from there on: rises continuously to 1 as
    the distance goes to 0. Where d₀ is not above 0 only what is used up already counts.

    Parameters
    ----------
    distances
        `(n,)` in standard deviations of what the way may use; infinite where nothing is uncertain.
    out
        `(n,)` in [0, 1]; NaN where the distance is.
    """
    start = 2.0 * normal_cdf(-distances[0]) if distances[0] > 0.0 else 1.0
    for i in range(distances.shape[0]):
        used = 2.0 * normal_cdf(-distances[i]) if distances[i] > 0.0 else 1.0
        beyond = max(used - start, 0.0) / (1.0 - start) if start < 1.0 else 0.0
        out[i] = beyond if distances[i] > 0.0 else 1.0
        if np.isnan(distances[i]):
            out[i] = np.nan
