"""Thinned terms keep the probability and the level; where scenarios weigh much they stay."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.tail_problems import heavy_tails, stressed

from stresstest.hedging.tails.program import TailTerm
from stresstest.hedging.tails.thinning import thinned


def test_every_so_many_where_all_are_alike() -> None:
    term = TailTerm(np.arange(1_000.0), heavy_tails(2, 1_000), 0.9)
    few = thinned(term, 100)
    assert set(np.diff(few.base_pnl)) == {10.0}
    assert few.n_scenarios == 100
    np.testing.assert_allclose(few.probability, 0.01)
    assert few.confidence_level == 0.9


def test_a_heavy_scenario_stays_with_its_weight() -> None:
    chance = stressed(2_000, 3)
    few = thinned(TailTerm(np.arange(2_000.0), heavy_tails(2, 2_000), 0.9, chance), 500)
    assert few.probability.sum() == pytest.approx(1.0)
    heaviest = int(np.argmax(chance))
    kept = few.base_pnl.tolist().index(float(heaviest))
    assert few.probability[kept] == pytest.approx(chance[heaviest], abs=1 / 500)
