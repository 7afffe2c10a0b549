"""Returns and moments of price histories with gaps, in a fixed order of sums."""

from __future__ import annotations

from math import nan

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.logarithm import log


@kernel
def fill_logarithms(prices: FloatArray, out: FloatArray) -> None:
    """Fill `out` `(n_days, n_names)` with the natural logarithm of positive prices, NaN elsewhere."""
    for day in range(prices.shape[0]):
        for name in range(prices.shape[1]):
            price = prices[day, name]
            out[day, name] = log(price) if price > 0.0 else nan


@kernel
def pair_moments(values: FloatArray, count: FloatArray, mean: FloatArray, square: FloatArray) -> None:
    """Fill the moments of products v_i · v_j over the rows in which neither is missing.

    Parameters
    ----------
    values
        `(n_rows, n)`, NaN where missing.
    count, mean, square
        `(n, n)`: number of rows, mean of v_i · v_j, mean of its square; means are NaN without rows.
    """
    n = values.shape[1]
    for i in range(n):
        for j in range(i + 1):
            rows, total, total_square = 0.0, 0.0, 0.0
            for row in range(values.shape[0]):
                pair = values[row, i] * values[row, j]
                if pair == pair:  # noqa: PLR0124 - NaN is the only number unlike itself
                    rows += 1.0
                    total += pair
                    total_square = fma(pair, pair, total_square)
            count[i, j] = rows
            count[j, i] = rows
            mean[i, j] = total / rows if rows > 0.0 else nan
            square[i, j] = total_square / rows if rows > 0.0 else nan
            mean[j, i] = mean[i, j]
            square[j, i] = square[i, j]


@kernel
def largest_moves(levels: FloatArray, lag: int, out: FloatArray) -> None:
    """Fill `out` `(n,)` with the largest |change| over `lag` rows of `levels` `(n_rows, n)`, NaN without."""
    for name in range(levels.shape[1]):
        out[name] = nan
    for row in range(lag, levels.shape[0]):
        for name in range(levels.shape[1]):
            change = abs(levels[row, name] - levels[row - lag, name])
            if not change <= out[name] and change >= 0.0:
                out[name] = change
