"""Cuts touch the shortfall where they are made and lie nowhere above it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.tail_problems import heavy_tails, stressed

from stresstest.arrays import frozen
from stresstest.hedging.tails.program import TailTerm
from stresstest.hedging.tails.rows import TailRows


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.floats(0.02, 1.0), st.booleans(), st.integers(0, 999))
def test_a_cut_touches_and_supports(n: int, level: float, is_stressed: bool, seed: int) -> None:
    generator = np.random.default_rng(seed)
    term = TailTerm(
        generator.normal(size=n),
        100.0 * heavy_tails(3, n, seed),
        level,
        stressed(n, seed) if is_stressed else None,
    )
    here, there = frozen(generator.normal(size=3)), frozen(generator.normal(size=3))
    cut = TailRows(term).cut(here)
    size = np.abs(term.losses(here)).max() + np.abs(term.losses(there)).max()
    assert cut.value == pytest.approx(term.shortfall(here), abs=1e-11 * size)
    assert cut.intercept + cut.slope @ there <= term.shortfall(there) + 1e-11 * size
    assert cut.share.sum() == pytest.approx(1.0, abs=1e-12)
    assert (cut.share >= -1e-12).all()
    assert (cut.share <= term.weight_caps[cut.rows] + 1e-12).all()
    assert len(set(cut.rows.tolist())) == len(cut.rows)


def test_ties_at_the_border_change_no_value() -> None:
    term = TailTerm(np.repeat([-3.0, -1.0, 0.0], 20), np.zeros((1, 60)), 0.5)
    assert TailRows(term).cut(frozen([0.0])).value == pytest.approx((20 * 3.0 + 10 * 1.0) / 30)
