"""Array aliases: every array of the project is one of these, C-contiguous and, once built, read-only."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


def frozen(array: npt.ArrayLike) -> FloatArray:
    """Return `array` as a C-contiguous read-only float64 array.

    Compiled kernels have one signature each: a writable, a read-only and a sliced argument would be three
    types and three compilations, the sliced one several times slower.
    """
    result = np.ascontiguousarray(array, dtype=np.float64)
    if result is array or result.base is not None:
        result = result.copy()
    result.flags.writeable = False
    return result


def frozen_int(array: npt.ArrayLike) -> IntArray:
    """Return `array` as a C-contiguous read-only int64 array."""
    result = np.ascontiguousarray(array, dtype=np.int64)
    if result is array or result.base is not None:
        result = result.copy()
    result.flags.writeable = False
    return result


def freeze_again(found: Any) -> Any:
    """Make the arrays of nested tuples read-only in place and return them: pickling made them writable."""
    if isinstance(found, np.ndarray):
        found.flags.writeable = False
    elif isinstance(found, tuple):
        for item in found:
            freeze_again(item)
    return found


def offsets(lengths: Iterable[int]) -> IntArray:
    """Return where each of several ragged parts begins in the flat array, and the end `(n_parts + 1,)`.

    Examples
    --------
    >>> offsets([2, 0, 3]).tolist()
    [0, 2, 2, 5]
    """
    return frozen_int(list(accumulate(lengths, initial=0)))
