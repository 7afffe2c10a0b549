"""Returns and moments of price histories with gaps, in a fixed order of sums."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

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


class ProductMoments(NamedTuple):
    """Moments of v_i · v_j over the rows in which neither is missing.

    Attributes
    ----------
    n_rows, mean, square
        `(n, n)`: number of rows, mean of v_i · v_j, mean of its square; means are NaN without rows.
    """

    n_rows: FloatArray
    mean: FloatArray
    square: FloatArray


@kernel
def _fill_pair(values: FloatArray, i: int, j: int, out: ProductMoments) -> None:
    """Fill the cells (i, j) and (j, i) of `out`."""
    rows, total, total_square = 0.0, 0.0, 0.0
    for row in range(values.shape[0]):
        pair = values[row, i] * values[row, j]
        if pair == pair:  # noqa: PLR0124 - NaN is the only number unlike itself
            rows += 1.0
            total += pair
            total_square = fma(pair, pair, total_square)
    mean = total / rows if rows > 0.0 else nan
    square = total_square / rows if rows > 0.0 else nan
    out.n_rows[i, j], out.n_rows[j, i] = rows, rows
    out.mean[i, j], out.mean[j, i] = mean, mean
    out.square[i, j], out.square[j, i] = square, square


@kernel
def pair_moments(values: FloatArray, out: ProductMoments) -> None:
    """Fill the moments of all pairs of columns of `values` `(n_rows, n)`, NaN where missing."""
    for i in range(values.shape[1]):
        for j in range(i + 1):
            _fill_pair(values, i, j, out)


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
