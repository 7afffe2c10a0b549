"""Pooled probabilities against closed forms, other solvers, and the conditions of an optimum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.entropy_pooling import by_cone_program, by_trust_region

from stresstest.arrays import FloatArray
from stresstest.errors import InputError
from stresstest.scenarios.entropy_pooling import PooledProbabilities, pool_views
from stresstest.scenarios.table import ColumnTable
from stresstest.scenarios.views import View, mean_view, probability_view, rank_view


def sample(count: int, seed: int = 3) -> tuple[FloatArray, FloatArray]:
    """Return five fat-tailed, correlated series and a prior that is not even."""
    rng = np.random.default_rng(seed)
    common = rng.standard_t(4, count)
    series = 0.05 * (0.6 * common + rng.standard_t(4, (5, count)))
    prior = rng.uniform(0.5, 1.5, count)
    return series, prior / prior.sum()


def some_views(x: FloatArray) -> list[View]:
    return [
        mean_view("equities", x[0], "==", -0.01),
        mean_view("credit", x[1], ">=", 0.005),
        mean_view("rates", x[2], "<=", 0.2),
        rank_view("gold over oil", x[3], x[4]),
        probability_view("crash", x[0] < -0.1, "==", 0.08),
        probability_view("slump of credit", x[1] < -0.1, "<=", 0.01),
    ]


def means(views: list[View], pooled: PooledProbabilities) -> list[float]:
    return [math.fsum(pooled.probability * view.values) for view in views]


def assert_optimal(views: list[View], pooled: PooledProbabilities) -> None:
    """Assert that the views hold, multipliers have their signs, and p is the prior tilted by them."""
    assert math.fsum(pooled.probability) == pytest.approx(1.0, rel=1e-13)
    slope = np.zeros(len(pooled.prior))
    for view, mean in zip(views, means(views, pooled), strict=True):
        multiplier, size = pooled.multipliers[view.name], np.abs(view.values - view.target).max() or 1.0
        gap = (mean - view.target) / size
        slope += multiplier * (view.values - view.target)
        if view.relation == "==" or multiplier != 0.0:
            assert abs(gap) < 1e-9, view.text
        if view.relation == ">=":
            assert gap > -1e-9
            assert multiplier >= 0.0
        if view.relation == "<=":
            assert gap < 1e-9
            assert multiplier <= 0.0
    weight = pooled.prior * np.exp(slope - slope.max())
    np.testing.assert_allclose(pooled.probability, weight / weight.sum(), rtol=1e-10, atol=1e-300)


def test_agrees_with_an_exponential_cone_program() -> None:
    x, prior = sample(1_500)
    views = some_views(x)
    pooled = pool_views(views, prior)
    np.testing.assert_allclose(pooled.probability, by_cone_program(views, prior), atol=1e-8)
    assert_optimal(views, pooled)


def test_agrees_with_a_general_solver_on_the_primal_problem() -> None:
    x, prior = sample(60, seed=5)
    views = some_views(x)[:4]
    np.testing.assert_allclose(pool_views(views, prior).probability, by_trust_region(views, prior), atol=1e-8)


@given(st.integers(0, 10_000), st.integers(20, 200))
def test_optimal_whatever_the_sample(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    x, prior = sample(count, seed)
    inside = rng.dirichlet(np.full(count, 0.7))
    # Targets that some probabilities meet, so that the views can hold together.
    relations = rng.choice(["==", ">=", "<="], 4)
    views = [mean_view(f"view {i}", x[i], relations[i], float(inside @ x[i])) for i in range(4)]
    assert_optimal(views, pool_views(views, prior))


def test_normal_returns_shift_as_the_closed_form_says() -> None:
    """For a normal sample the pooled distribution is the normal one with the stated mean."""
    x = np.random.default_rng(1).normal(size=200_000)
    prior = np.full(len(x), 1.0 / len(x))
    pooled = pool_views([mean_view("mean", x, "==", 0.3)], prior)
    assert pooled.relative_entropy == pytest.approx(0.3**2 / 2, rel=0.02)
    assert pooled.effective_number / len(x) == pytest.approx(math.exp(-pooled.relative_entropy), rel=1e-9)
    assert math.fsum(pooled.probability * x**2) - 0.09 == pytest.approx(1.0, abs=0.02)
    assert pooled.multipliers["mean"] == pytest.approx(0.3, rel=0.02)


def test_a_multiplier_is_the_price_of_its_target() -> None:
    x, prior = sample(400)
    views, step = some_views(x), 1e-5
    pooled = pool_views(views, prior)
    for place, view in enumerate(views):
        entropies = []
        for sign in (1.0, -1.0):
            moved = View(view.name, view.values, view.relation, view.target + sign * step)
            entropies.append(pool_views([*views[:place], moved, *views[place + 1 :]], prior).relative_entropy)
        slope = (entropies[0] - entropies[1]) / (2 * step)
        assert slope == pytest.approx(pooled.multipliers[view.name], rel=1e-4, abs=1e-6)


def test_views_that_hold_already_change_nothing() -> None:
    x, prior = sample(300)
    pooled = pool_views([mean_view("slack", x[0], "<=", float(x[0].max()))], prior)
    np.testing.assert_allclose(pooled.probability, prior, rtol=1e-14)
    assert pooled.relative_entropy == pytest.approx(0.0, abs=1e-15)
    assert pooled.multipliers == {"slack": 0.0}
    assert pool_views([], prior).probability.tolist() == prior.tolist()


def test_a_view_said_twice_says_no_more() -> None:
    x, prior = sample(300)
    once = pool_views([mean_view("a", x[0], "==", -0.02)], prior)
    twice = pool_views([mean_view("a", x[0], "==", -0.02), mean_view("b", 3.0 * x[0], "==", -0.06)], prior)
    np.testing.assert_allclose(twice.probability, once.probability, rtol=1e-9)


def test_an_event_that_cannot_happen_loses_its_columns() -> None:
    x, prior = sample(300)
    event = x[0] < 0.0
    pooled = pool_views([probability_view("fall", event, "==", 0.0)], prior)
    assert set(pooled.probability[event].tolist()) == {0.0}
    np.testing.assert_allclose(pooled.probability[~event], prior[~event] / prior[~event].sum(), rtol=1e-13)
    certain = pool_views([probability_view("rise", ~event, ">=", 1.0)], prior)
    np.testing.assert_allclose(certain.probability, pooled.probability, rtol=1e-13)


def test_the_most_likely_column_can_be_singled_out() -> None:
    x, prior = sample(50)
    pooled = pool_views([mean_view("worst", x[0], "==", float(x[0].min()))], prior)
    assert pooled.probability[int(x[0].argmin())] == 1.0
    assert pooled.effective_number == 1.0


def test_views_out_of_reach_are_named() -> None:
    x, prior = sample(300)
    high = float(x[0].max())
    views = [mean_view("too high", x[0], "==", 2 * high), mean_view("fine", x[1], "<=", 2 * high),
             mean_view("too low", x[1], "<=", -2.0)]  # fmt: skip
    with pytest.raises(InputError) as caught:
        pool_views(views, prior)
    texts = [problem.got for problem in caught.value.problems]
    assert [("too high" in text, "too low" in text) for text in texts] == [(True, False), (False, True)]
    assert {problem.code for problem in caught.value.problems} == {"ST347"}


def test_views_that_contradict_one_another_are_named_and_no_others() -> None:
    x, prior = sample(300)
    views = [
        mean_view("harmless", x[2], "==", 0.01),
        mean_view("up", x[0], ">=", 0.05),
        mean_view("harmless too", x[3], "<=", 0.5),
        mean_view("down", 2.0 * x[0] + 0.01 * x[2], "<=", -0.05),
    ]
    with pytest.raises(InputError) as caught:
        pool_views(views, prior)
    (problem,) = caught.value.problems
    assert problem.code == "ST348"
    assert "'up >= 0.05'" in problem.got
    assert "'down <= -0.05'" in problem.got
    assert "harmless" not in problem.got


def test_views_that_hold_only_at_the_edge_are_said_to() -> None:
    """Two views whose only solution puts all weight on two corners of the sample."""
    x = np.array([[0.0, 1.0, 0.5, 0.2], [0.0, 1.0, 0.6, 0.3]])
    prior = np.full(4, 0.25)
    views = [mean_view("first", x[0], "==", 0.5), mean_view("difference", x[1] - x[0], "<=", 0.0)]
    pooled = pool_views(views, prior)
    np.testing.assert_allclose(pooled.probability, [0.5, 0.5, 0.0, 0.0], atol=1e-12)
    corner = [mean_view("a", np.array([0.0, 1.0, 2.0, 1.0]), "==", 1.0),
              mean_view("b", np.array([0.0, 2.0, 0.0, 1.0]), ">=", 2.0 - 1e-17),
              mean_view("c", np.array([1.0, 0.0, 0.0, 1.0]), "<=", 0.0)]  # fmt: skip
    found = pool_views(corner, prior)
    np.testing.assert_allclose(found.probability, [0.0, 1.0, 0.0, 0.0], atol=1e-12)


def test_a_solution_that_no_tilt_reaches_is_approached() -> None:
    """Only the column on the parabola's second point meets both targets; multipliers grow until it does."""
    x = np.array([0.0, 1.0, 2.0, 3.0])
    pooled = pool_views([mean_view("p", x, "==", 1.0), mean_view("q", x * x, "==", 1.0)], np.full(4, 0.25))
    np.testing.assert_allclose(pooled.probability, [0.0, 1.0, 0.0, 0.0], atol=1e-9)
    assert pooled.worst_gap <= 1e-9


@pytest.mark.parametrize(
    "views",
    [
        [mean_view("short", np.zeros(3), "==", 0.0)],
        [mean_view("missing", np.array([0.0, math.nan, 1.0, 2.0]), "==", 0.5)],
        [mean_view("endless", np.arange(4.0), "<=", math.inf)],
        [mean_view("same", np.arange(4.0), "<=", 2.0), mean_view("same", np.arange(4.0), ">=", 1.0)],
    ],
)
def test_views_that_do_not_fit_are_problems(views: list[View]) -> None:
    with pytest.raises(InputError, match="ST346"):
        pool_views(views, np.full(4, 0.25))


def test_a_relation_and_a_prior_must_be_one() -> None:
    with pytest.raises(ValueError, match="relation"):
        mean_view("odd", np.zeros(2), "<", 0.0)  # type: ignore[arg-type]
    for prior in ([0.5, 0.6], [1.5, -0.5], [], [math.nan, 1.0]):
        with pytest.raises(ValueError, match="prior"):
            pool_views([], np.array(prior))


def test_a_column_without_prior_gets_none() -> None:
    x, prior = sample(200)
    prior[:50] = 0.0
    prior /= prior.sum()
    pooled = pool_views([mean_view("a", x[0], "==", -0.02)], prior)
    assert set(pooled.probability[:50].tolist()) == {0.0}
    assert pooled.effective_number < 150.0


def test_a_table_takes_the_probabilities() -> None:
    x, prior = sample(20)
    table = ColumnTable.instant([f"s{n}" for n in range(20)])
    pooled = pool_views([mean_view("a", x[0], "==", 0.0)], prior)
    found = pooled.reweighted(table).probability
    assert math.isnan(found[0])
    assert found[1:].tolist() == pooled.probability.tolist()
    with pytest.raises(ValueError, match="20 probabilities for 3 columns"):
        pooled.reweighted(ColumnTable.instant(["a", "b", "c"]))
