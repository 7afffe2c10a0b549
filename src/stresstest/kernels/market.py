"""What an instrument kernel reads and writes: `revalue(columns, market, state, out)`."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel


class MarketRows(NamedTuple):
    """One chunk of columns of the market; a kernel only reads it.

    Attributes
    ----------
    factors
        Factor levels `(n_factors, n_columns)`, read-only.
    derived
        Rows that the engine computed from them `(n_derived, n_columns)`, in scratch of its own.
    """

    factors: FloatArray
    derived: FloatArray


class Out(NamedTuple):
    """What a kernel writes for one chunk, both `(n_instruments, n_columns)`.

    Attributes
    ----------
    value
        Value of one unit in the instrument's own currency; every cell is written, NaN where none exists.
    paid
        Cash paid by one unit since the step before, in the same currency; zero on entry, left alone by what
        pays nothing.
    """

    value: FloatArray
    paid: FloatArray


@kernel
def copy_rows(rows: IntArray, factors: FloatArray, values: FloatArray) -> None:
    """Set row i of `values` to row `rows[i]` of `factors`: the value is the level of one factor."""
    for i in range(rows.shape[0]):
        source = factors[rows[i]]
        target = values[i]
        for j in range(target.shape[0]):
            target[j] = source[j]
