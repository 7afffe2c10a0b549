"""Dates of a lattice: those that must lie on it, and equal steps between them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

# Two dates are days apart: nearer than this they are one.
_SAME_YEARS = 1e-9


def lattice_times(mandatory: Iterable[float], steps: int) -> list[float]:
    """Return 0, the mandatory times and equal steps between them, about `steps` in all, ascending.

    Each stretch between mandatory times has the number of steps nearest to its share, at least one, as in
    QuantLib's `TimeGrid`.

    Parameters
    ----------
    mandatory
        Years from today, not negative, at least one above 0.

    Examples
    --------
    >>> lattice_times([1.0, 0.25], 4)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    ends = sorted({0.0, *mandatory})
    ends = [0.0, *(end for before, end in pairwise(ends) if end - before > _SAME_YEARS)]
    longest = ends[-1] / steps
    times = [0.0]
    for start, end in pairwise(ends):
        count = max(1, int((end - start) / longest + 0.5))
        width = (end - start) / count
        times += [start + number * width for number in range(1, count)] + [end]
    return times
