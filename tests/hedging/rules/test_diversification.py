import numpy as np
import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state

from stresstest.hedging.inputs.effective_bets import effective_bets, entropy_of_bets, number_of_bets


def test_effective_names_by_hand() -> None:
    rule, found = rule_and_inputs("name: r, min_effective_names: 2, select: {type: equity}")
    value = np.array(
        [
            size * found.unit_value[line(found, name, held=True)]
            for name, size in (("nvda", 4_000), ("msft", 1_000))
        ]
    )
    assert rule.measured(state(found)) == pytest.approx(value.sum() ** 2 / (value**2).sum())
    assert rule.breach(state(found), 2.0) > 0.0
    even = state(found, nvda=-(4_000 - value[1] / found.unit_value[line(found, "nvda", held=True)]))
    assert rule.measured(even) == pytest.approx(2.0)
    assert rule.breach(even, 2.0) == pytest.approx(0.0, abs=1e-12)


def test_bets_are_counted_by_variance_in_the_regime() -> None:
    rule, found = rule_and_inputs("name: r, min_effective_bets: 2, regime: stressed")
    model = found.risk.model
    assert model is not None
    exposure = found.quantity @ found.risk.factors
    assert rule.measured(state(found)) == pytest.approx(
        effective_bets(exposure, model.covariance["stressed"])
    )


def test_the_condition_on_bets_implies_the_rule() -> None:
    rule, found = rule_and_inputs("name: r, min_effective_bets: 2, regime: stressed")
    draw = np.random.default_rng(3)
    kept = 0
    for _ in range(200):
        trades = state(
            found, nvda=-draw.uniform(0, 4_000), msft=-draw.uniform(0, 1_000), gld=draw.uniform(0, 900)
        )
        cone = rule.cones(trades, 2.0)[0]
        if cone.length(cone.vector) <= cone.bound:
            kept += 1
            assert rule.measured(trades) >= 2.0 - 1e-12
        assert (rule.breach(trades, 2.0) > 0.0) <= (rule.measured(trades) < 2.0)
    assert kept > 0 or rule.measured(state(found)) < 2.0


def test_alike_bets_count_as_many_and_one_as_one() -> None:
    assert effective_bets(np.array([2.0, 2.0, 2.0]), np.eye(3)) == pytest.approx(3.0)
    assert effective_bets(np.array([0.0, 5.0, 0.0]), np.eye(3)) == pytest.approx(1.0)
    assert effective_bets(np.zeros(3), np.eye(3)) == 0.0


def test_entropy_counts_small_bets_for_more_and_never_less() -> None:
    assert entropy_of_bets(np.array([2.0, -2.0, 2.0])) == pytest.approx(3.0)
    assert entropy_of_bets(np.array([0.0, 5.0])) == pytest.approx(1.0)
    assert entropy_of_bets(np.zeros(2)) == 0.0
    rng = np.random.default_rng(3)
    for size in (2, 5, 19):
        bets = rng.standard_normal(size) ** 3
        assert number_of_bets(bets) < entropy_of_bets(bets) < size
