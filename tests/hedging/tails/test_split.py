"""Splits of scenarios: around the quantile, each scenario in one part, misplaced ones kept for ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.tail_problems import heavy_tails, stressed

from stresstest.hedging.tails.program import TailTerm
from stresstest.hedging.tails.split import Split


def term(n_scenarios: int, level: float = 0.95, probability: np.ndarray | None = None) -> TailTerm:
    return TailTerm(np.zeros(n_scenarios), heavy_tails(3, n_scenarios), level, probability)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3_000), st.floats(0.01, 1.0), st.booleans(), st.integers(0, 99))
def test_a_guess_puts_nothing_in_a_wrong_place(n: int, level: float, is_stressed: bool, seed: int) -> None:
    made = term(n, level, stressed(n, seed) if is_stressed else None)
    losses = np.random.default_rng(seed).standard_t(2, n)
    split = Split.guess(made, losses)
    assert not (split.inside & split.doubtful).any()
    assert not split.misplaced(made, losses).any()
    assert made.weight_caps[split.inside].sum() <= 1.0 + 1e-9


def test_the_quantile_is_in_doubt() -> None:
    losses = np.arange(10_000.0)
    split = Split.guess(term(10_000), losses)
    assert split.doubtful[9_400:9_600].all()
    assert split.inside[9_800:].all()
    assert not split.doubtful[:9_000].any()


def test_misplaced_scenarios_stay_in_doubt() -> None:
    made, losses = term(10_000), np.arange(10_000.0)
    split = Split.guess(made, losses)
    turned = losses.copy()
    turned[0], turned[9_999] = 20_000.0, -1.0
    assert np.flatnonzero(split.misplaced(made, turned)).tolist() == [0, 9_999]
    moved = split.moved(made, turned)
    assert moved.doubtful[[0, 9_999]].all()
    assert moved.moved(made, losses).doubtful[[0, 9_999]].all()


@pytest.mark.parametrize("level", [0.5, 1.0])
def test_the_whole_doubts_all_that_is_possible(level: float) -> None:
    chance = np.array([0.5, 0.0, 0.5])
    assert Split.whole(term(3, level, chance)).doubtful.tolist() == [True, False, True]
