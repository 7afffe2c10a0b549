"""Scores from hand-made predictions, against independent formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from stresstest.measures.scorecard import Scorecard, ScoredName, ranks, score

MOVES = st.lists(
    st.tuples(st.floats(-0.9, 2.0, allow_subnormal=False), st.floats(-0.9, 2.0, allow_subnormal=False)),
    min_size=3,
    max_size=40,
)


@given(MOVES)
def test_a_score_agrees_with_independent_formulas(pairs):
    found = score(pairs)
    predicted, realised = np.array(pairs).T
    assert found.n_names == len(pairs)
    assert found.directions == pytest.approx(
        sum((p > 0) - (p < 0) == (r > 0) - (r < 0) for p, r in pairs) / len(pairs)
    )
    assert found.median_error == pytest.approx(float(np.median(np.abs(predicted - realised))))
    if len(set(predicted)) == 1 or len(set(realised)) == 1:
        assert found.rank_correlation is None
    else:
        expected = float(stats.spearmanr(predicted, realised).statistic)
        assert found.rank_correlation == pytest.approx(expected, abs=1e-12)


def test_equal_values_share_their_rank():
    assert ranks([3.0, 1.0, 3.0, 2.0]).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_two_names_are_no_score():
    assert score([(0.1, 0.1), (0.2, 0.2)]) is None


def name(number, predicted, realised, *, stated=False, left_out=None, baseline=None):
    return ScoredName(f"N{number}", "g", predicted, realised, stated, left_out, baseline)


def test_stated_names_are_scored_apart():
    names = [name(n, 0.1, 0.1, stated=True) for n in range(3)]
    names += [name(n, -0.1, 0.1) for n in range(3, 7)]
    card = Scorecard("s", tuple(names))
    assert (card.stated.n_names, card.stated.directions) == (3, 1.0)
    assert (card.unstated.n_names, card.unstated.directions) == (4, 0.0)
    assert card.left_out is None
    assert card.skill is None


def test_skill_is_over_the_same_names():
    """A name that the baseline lacks counts for neither."""
    names = [name(n, 0.0, 0.1 * n, left_out=0.1 * n + 0.01, baseline=0.1 * n - 0.04) for n in range(1, 6)]
    names.append(name(9, 0.0, 0.5, left_out=-0.5))
    card = Scorecard("s", tuple(names))
    assert card.left_out.n_names == card.baseline.n_names == 5
    assert card.skill == pytest.approx(0.75)


def test_the_worst_misses_come_first():
    card = Scorecard("s", (name(1, 0.1, 0.2), name(2, -0.4, 0.2), name(3, 0.0, -0.3)))
    assert [item.name for item in card.worst(2)] == ["N2", "N3"]
