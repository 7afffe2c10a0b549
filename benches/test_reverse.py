"""The most plausible move that costs a quarter: our search against scipy's SLSQP on the same objective."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benches.mixed_book import mixed_portfolio
from benches.timings import OURS, Timing, measure
from scipy.optimize import minimize

from stresstest import api
from stresstest.arrays import frozen
from stresstest.reverse.answers import distinct_answers
from stresstest.reverse.question import Question, pose
from stresstest.reverse.search import Search
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable

WORK = "a quarter lost by ai_growth_fund, 81 factors"
BIG = "five answers, 10,000 positions of every type"
LOSS = 0.25
TARGET = 1.0
ANSWERS, FACTORS = 5, 150
DERIVATIVES = ("option", "swap", "future", "forward", "swaption", "cds", "cds_index", "ois")


@pytest.fixture(scope="module")
def posed():
    """Return the question, posed."""
    portfolio = api.load_portfolio("ai_growth_fund")
    book = api.compile_portfolios(portfolio, api.market_of([portfolio]))
    return pose(book, Question(LOSS))


def ours(posed):
    """Return coordinates of the move of least distance."""
    target = posed.target
    return Search(target.loss, target.space, target.amount, target.scale).design_point()


def by_slsqp(posed):
    """Return the same by sequential quadratic programming, with the same losses and gradients."""
    target, space = posed.target, posed.target.space
    start = space.pull(np.zeros(len(space.keys)))

    def excess(z):
        return (float(target.loss([space.move(z)])[0]) - target.amount) / target.scale

    def slope(z):
        return space.pull(target.loss.gradient(space.move(z))[1]) / target.scale

    return minimize(
        lambda z: 0.5 * float(z @ z),
        start,
        jac=lambda z: z,
        constraints=[{"type": "eq", "fun": excess, "jac": slope}],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 200},
    )


def test_search(benchmark, posed):
    found, peer = ours(posed), by_slsqp(posed)
    assert found.reached
    assert peer.success
    assert found.length <= np.sqrt(peer.x @ peer.x) * (1.0 + 1e-6)
    measure(benchmark, Timing(WORK, OURS, 1), lambda: ours(posed), 3)


def test_slsqp(benchmark, posed):
    measure(benchmark, Timing(WORK, "scipy SLSQP", 1, target=TARGET), lambda: by_slsqp(posed), 3)


def evened(portfolio):
    """Return the portfolio with a million in every position, 20,000 in derivatives, every fifth one short."""
    book = api.compile_portfolios(portfolio, api.market_of([portfolio]))
    today = FactorColumns(ColumnTable.instant([]), book.market.levels, {})
    result = api.apply_holdings(book, api.revalue(book, today)).portfolios[0]
    held = portfolio.positions
    size = np.maximum(np.abs(result.position_value[:, 0] / held.quantity), 1e-6)
    derivative = [tag.endswith(DERIVATIVES) for tag in result.position_types]
    worth = np.where(derivative, 2e4, 1e6) * np.where(np.arange(len(size)) % 5 == 0, -1.0, 1.0)
    return replace(portfolio, positions=replace(held, quantity=frozen(worth / size)))


def test_five_answers_of_a_mixed_book(benchmark):
    """10,000 positions over every type, 150 factors: every other one that they depend on."""
    portfolio = evened(mixed_portfolio(10_000))
    book = api.compile_portfolios(portfolio, api.market_of([portfolio]))
    every = pose(book, Question(LOSS)).target.space.keys
    some = tuple(str(key) for key in every[:: len(every) // FACTORS][:FACTORS])
    target = pose(book, Question(LOSS, factors=some)).target
    assert len(target.space.keys) == FACTORS
    answers = distinct_answers(target, ANSWERS)
    assert [answer.point.reached for answer in answers] == [True] * ANSWERS
    measure(benchmark, Timing(BIG, OURS, 1), lambda: distinct_answers(target, ANSWERS), 1)
