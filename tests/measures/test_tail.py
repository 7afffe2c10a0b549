"""Tail measures against their definitions as linear programs, and the properties of a coherent measure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog
from tests.fixtures import books

from stresstest.measures.tail import expected_shortfall, tail_measures, value_at_risk, worst_loss
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

losses = arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6, width=32))
levels = st.floats(0.01, 0.99)


def weights(count: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).uniform(0.0, 1.0, count)
    drawn[drawn < 0.2] = 0.0
    drawn[0] = 1.0
    return drawn / drawn.sum()


def dual_shortfall(loss: np.ndarray, level: float, probability: np.ndarray) -> float:
    """Return max Σ w·loss with 0 <= w <= p ÷ (1 − level) and Σ w = 1: the shortfall as a linear program."""
    answer = linprog(
        -loss, A_eq=np.ones((1, len(loss))), b_eq=[1.0],
        bounds=np.column_stack([np.zeros(len(loss)), probability / (1.0 - level)]), method="highs",
    )  # fmt: skip
    return -float(answer.fun)


@given(losses, levels, st.integers(0, 99))
def test_expected_shortfall_is_the_value_of_its_linear_program(
    loss: np.ndarray, level: float, seed: int
) -> None:
    probability = weights(len(loss), seed)
    expected = dual_shortfall(loss, level, probability)
    found = expected_shortfall(loss, level, probability)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(losses, levels, st.integers(0, 99))
def test_value_at_risk_is_the_smallest_loss_that_is_likely_enough_not_exceeded(
    loss: np.ndarray, level: float, seed: int
) -> None:
    probability = weights(len(loss), seed)
    possible = sorted({float(x) for x, p in zip(loss, probability, strict=True) if p > 0.0})
    reached = [x for x in possible if math.fsum(probability[loss <= x]) >= level - 1e-12]
    assert value_at_risk(loss, level, probability) == reached[0]
    assert worst_loss(loss, probability) == possible[-1]


@given(losses, levels, st.integers(0, 99))
def test_order_scale_and_shift(loss: np.ndarray, level: float, seed: int) -> None:
    probability = weights(len(loss), seed)
    measured = expected_shortfall(loss, level, probability)
    close = 1e-12 * float(np.abs(loss).max()) + 1e-6  # gains and losses of this size cancel in the mean
    order = np.random.default_rng(seed).permutation(len(loss))
    assert expected_shortfall(loss[order], level, probability[order]) == pytest.approx(
        measured, rel=1e-12, abs=close
    )
    assert expected_shortfall(4.0 * loss, level, probability) == pytest.approx(
        4.0 * measured, rel=1e-12, abs=4.0 * close
    )
    shifted = expected_shortfall(loss + 1e6, level, probability)
    assert shifted == pytest.approx(measured + 1e6, rel=1e-9)
    assert value_at_risk(loss, level, probability) - 1e-6 <= measured <= loss.max() + 1e-6


@given(st.integers(1, 40), levels, st.integers(0, 99))
def test_subadditive(count: int, level: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second, probability = rng.normal(size=count), rng.standard_t(3, count), weights(count, seed)
    together = expected_shortfall(first + second, level, probability)
    apart = sum(expected_shortfall(part, level, probability) for part in (first, second))
    assert together <= apart + 1e-9


def test_a_border_that_cuts_a_column_counts_the_fraction() -> None:
    loss = np.arange(10.0)
    assert expected_shortfall(loss, 0.8) == pytest.approx(8.5, rel=1e-14)
    assert expected_shortfall(loss, 0.85) == pytest.approx((9.0 * 0.1 + 8.0 * 0.05) / 0.15, rel=1e-14)
    assert expected_shortfall(loss, 0.95) == pytest.approx(9.0)
    assert value_at_risk(loss, 0.8) == 7.0
    assert value_at_risk(loss, 0.9) == 8.0
    assert value_at_risk(loss, 0.85) == 8.0
    assert value_at_risk(loss, 0.95) == 9.0


def test_continuous_in_the_confidence_level() -> None:
    loss = np.random.default_rng(1).normal(size=50)
    measured = [expected_shortfall(loss, level) for level in np.linspace(0.5, 0.97, 4_000)]
    assert np.diff(measured).min() >= -1e-12
    assert np.diff(measured).max() < 4e-3


@pytest.mark.parametrize(
    ("loss", "level", "probability"),
    [
        ([1.0], 0.0, None),
        ([1.0], 1.0, None),
        ([math.nan], 0.5, None),
        ([math.inf], 0.5, None),
        ([], 0.5, None),
        ([1.0, 2.0], 0.5, [0.5]),
        ([1.0, 2.0], 0.5, [0.4, 0.5]),
        ([1.0, 2.0], 0.5, [1.5, -0.5]),
        ([1.0, 2.0], 0.5, [math.nan, 1.0]),
    ],
)
def test_what_cannot_be_measured_is_refused(
    loss: list[float], level: float, probability: list[float]
) -> None:
    given_probability = None if probability is None else np.array(probability)
    for measure in (value_at_risk, expected_shortfall):
        with pytest.raises(ValueError, match=r"confidence|finite|probabilities"):
            measure(np.array(loss), level, given_probability)


def test_tail_of_a_portfolio() -> None:
    market = books.small_market()
    book = compile_book([books.portfolio(books.every_type())], market)
    result = apply_holdings(book, revalue(book, books.random_columns(market, 200)))
    (portfolio,) = result.portfolios
    tail = tail_measures(portfolio, 0.95)
    loss = -portfolio.pnl[1:]
    assert tail.equal_probabilities
    assert tail.expected_shortfall == pytest.approx(np.sort(loss)[-10:].mean(), rel=1e-12)
    assert tail.value_at_risk == np.sort(loss)[-11]
    assert tail.worst_loss == loss.max()
    assert loss[tail.tail_columns[0] - 1] == loss.max()
    assert math.fsum(tail.tail_share) == pytest.approx(1.0)
    contributions = tail.tail_share @ -portfolio.position_pnl[:, tail.tail_columns].T
    assert contributions.sum() == pytest.approx(tail.expected_shortfall, rel=1e-12)
    assert tail.effective_columns == pytest.approx(10.0)
