"""Powers of many ratios: a severity in log space, for all factors and severities at once."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log


@kernel
def fill_powers(ratio: FloatArray, exponent: FloatArray, out: FloatArray) -> None:
    """Fill `out` with ratio^exponent, the bits of e^(exponent · ln ratio); NaN where a ratio is not above 0.

    Parameters
    ----------
    ratio, exponent, out
        `(n_rows, n_columns)`.
    """
    n_rows, n_columns = out.shape
    for i in range(n_rows):
        row, powers, result = ratio[i], exponent[i], out[i]
        for j in range(n_columns):
            result[j] = exp(powers[j] * log(row[j])) if row[j] > 0.0 else np.nan
