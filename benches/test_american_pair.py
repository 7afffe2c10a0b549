"""American options with two exercise boundaries, one after the other: a unit is one price.

The peer is the package's own finite differences, which served these cells before and serves what the integral
equations leave. Before it is timed, 1,200 random prices are held against both boundaries in one equation.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from benches.timings import OURS, Timing, measure
from tests.kernels.test_american import values
from tests.kernels.test_american_pair import TOLERANCE, agreeing, random_puts

from stresstest.arrays import FloatArray
from stresstest.kernels.american_grid import MOST_NODES, N_ROWS, Payments, PutCell, grid_value

N_PUTS, N_PEER, N_COMPARED = 2000, 20, 1200
WORK = "American options, two boundaries, a price"


@cache
def puts() -> list[tuple[float, float, float, float]]:
    return random_puts(N_PUTS, seed=75)


def on_the_grid() -> FloatArray:
    none, grid = Payments(np.zeros(0), np.zeros(0), 1.0), np.empty((N_ROWS, MOST_NODES))
    return np.array([grid_value(PutCell(*put), none, grid) for put in puts()[:N_PEER]])


def test_stresstest(benchmark: Any) -> None:
    error = agreeing(random_puts(N_COMPARED, seed=76))
    benchmark.extra_info["largest_error"] = error
    assert error <= TOLERANCE
    measure(benchmark, Timing(WORK, OURS, N_PUTS), lambda: values(puts()))


def test_grid(benchmark: Any) -> None:
    measure(benchmark, Timing(WORK, "grid of policy iteration", N_PEER), on_the_grid, rounds=3)
