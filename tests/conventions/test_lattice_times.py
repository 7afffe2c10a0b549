"""Grids of lattices."""

from __future__ import annotations

import QuantLib
from hypothesis import given
from hypothesis import strategies as st

from stresstest.conventions.lattice_times import lattice_times


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=30, unique=True), st.integers(1, 400))
def test_it_is_quantlibs_grid(days: list[int], steps: int) -> None:
    times = [day / 365 for day in days]
    twin = list(QuantLib.TimeGrid(sorted(times), steps))
    found = lattice_times(times, steps)
    assert len(found) == len(twin)
    assert max(abs(ours - theirs) for ours, theirs in zip(found, twin, strict=True)) < 1e-12
    assert set(times) <= set(found)


def test_a_date_named_twice_is_one() -> None:
    assert lattice_times([0.0, 0.5, 0.5, 1.0], 2) == [0.0, 0.5, 1.0]
