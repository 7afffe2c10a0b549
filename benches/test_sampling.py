"""Sampled columns, entropy pooling and tail measures against numpy, scipy and cvxpy."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest
from benches.timings import OURS, Timing, measure
from tests.fixtures import books
from tests.fixtures.modelled_markets import made_up_model, with_model
from tests.scenarios.markets import large_market

from stresstest.kernels.inverse_normal import fill_normals
from stresstest.measures.tail import expected_shortfall
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.entropy_pooling import pool_views
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import sample_scenarios
from stresstest.scenarios.scenario import Scenario, Shock
from stresstest.scenarios.views import mean_view, probability_view, rank_view

N_DRAWS, N_ROWS, N_FACTORS = 50_000, 150, 19
NORMALS = "150 x 50,000 standard normal variates"
SAMPLE = "50,000 draws x 150 moving of 3,000 factors"
VALUED = "50,000 draws through a book of eight types"
POOLED = "entropy pooling, 10,000 columns, ten views"
TAIL = "expected shortfall of 50,000 weighted losses"
CHUNK = 512


def test_normals(benchmark):
    out, streams = np.empty((N_ROWS, CHUNK)), np.arange(N_ROWS)

    def fill():
        for first in range(0, N_DRAWS, CHUNK):
            fill_normals(7, streams, first, out)

    fill()
    assert abs(out.mean()) < 0.02
    assert abs(out.std() - 1.0) < 0.02
    measure(benchmark, Timing(NORMALS, OURS, N_ROWS * N_DRAWS), fill)


def test_normals_of_numpy_philox(benchmark):
    generator = np.random.Generator(np.random.Philox(7))
    out = np.empty((N_ROWS, CHUNK))

    def fill():
        for _ in range(0, N_DRAWS, CHUNK):
            generator.standard_normal(out=out)

    measure(benchmark, Timing(NORMALS, "numpy Philox, ziggurat", N_ROWS * N_DRAWS), fill)


@pytest.fixture(scope="module")
def drawn():
    """Return a market of 3,000 factors with its model, a sampled scenario, and 150 keys that move."""
    market = with_model(large_market(), made_up_model(large_market(), n_factors=N_FACTORS))
    crash = Scenario("crash", (Shock.of("spot", "-20%", theme="ai_accelerators"),), horizon="1m")
    terms = SampleTerms(N_DRAWS, 7, "stressed", 5)
    members = MemberSet((crash,), severities={"crash": SeverityRange(0.5, 1.0, 1.5)}, sample=terms)
    assert len(market.levels) == 3_000
    return market, members, [key for key in market.levels if key.kind == "spot"][:N_ROWS]


def test_sampled_columns(benchmark, drawn):
    market, members, keys = drawn

    def sample():
        bound = sample_scenarios(members, market).bind(keys)
        assert bound.moving.all()
        for low in range(0, N_DRAWS + 1, CHUNK):
            chunk = bound.chunk(0, low, min(low + CHUNK, N_DRAWS + 1))
        return chunk

    assert sample().shape == (N_ROWS, (N_DRAWS + 1) % CHUNK)
    measure(benchmark, Timing(SAMPLE, OURS, N_ROWS * N_DRAWS, target=1.0), sample)


def test_sampled_columns_by_numpy(benchmark, drawn):
    """The same distribution by BLAS and numpy's functions, without links, domains or stated moves."""
    market, _, keys = drawn
    model = market.factor_model
    rows = [model.rows[key] for key in keys]
    root = np.linalg.cholesky(model.covariance["stressed"])
    exposures, own = model.exposures[rows] @ root, model.idiosyncratic_vol["stressed"][rows]
    base = np.array([market.levels[key] for key in keys])
    generator = np.random.Generator(np.random.Philox(7))

    def sample():
        for low in range(0, N_DRAWS, CHUNK):
            width = min(CHUNK, N_DRAWS - low)
            moves = exposures @ generator.standard_normal((N_FACTORS, width))
            moves += own[:, np.newaxis] * generator.standard_normal((N_ROWS, width))
            moves *= np.sqrt(3.0 / generator.chisquare(5, width) / 12.0)
            levels = base[:, np.newaxis] * np.exp(moves)
        return levels

    measure(benchmark, Timing(SAMPLE, "numpy, BLAS, no bits kept", N_ROWS * N_DRAWS), sample)


def test_sample_through_a_book(benchmark):
    market = with_model(books.small_market())
    book = compile_book([books.portfolio(books.every_type())], market)
    crash = Scenario("crash", (Shock.of("spot", "-30%", issuer="ACME"),), "1m")
    members = MemberSet((crash,), sample=SampleTerms(N_DRAWS, 5, "calm", 4))
    columns = sample_scenarios(members, book.market)
    total = stress_totals(book, columns, threads=1).total
    assert np.isfinite(total).all()
    units = N_DRAWS * len(book.instruments)
    measure(benchmark, Timing(VALUED, OURS, units), lambda: stress_totals(book, columns, threads=1))


@pytest.fixture(scope="module")
def views():
    generator = np.random.default_rng(3)
    x = 0.05 * generator.standard_t(4, size=(10, 10_000))
    x[1:] += 0.5 * x[0]
    return [
        *(mean_view(f"mean {i}", x[i], "==", 0.003 * (i - 2)) for i in range(4)),
        mean_view("at least", x[4], ">=", 0.01),
        mean_view("at most", x[5], "<=", 0.05),
        rank_view("rank", x[6], x[7]),
        probability_view("event", x[8] < -0.1, "==", 0.1),
        probability_view("rare", x[9] > 0.1, "<=", 0.02),
        probability_view("crash", x[0] < -0.2, ">=", 0.01),
    ]


def by_cone_program(views, prior):
    ratio = cp.Variable(len(prior))
    constraints = [prior @ ratio == 1.0]
    for view in views:
        mean = (prior * (view.values - view.target)) @ ratio
        constraints.append({"==": mean == 0, ">=": mean >= 0, "<=": mean <= 0}[view.relation])
    objective = cp.Minimize(prior @ cp.kl_div(ratio, np.ones(len(prior))))
    cp.Problem(objective, constraints).solve(solver=cp.CLARABEL)
    return prior * ratio.value


def test_entropy_pooling(benchmark, views):
    prior = np.full(10_000, 1e-4)
    pooled = pool_views(views, prior)
    assert pooled.worst_gap < 1e-11
    np.testing.assert_allclose(pooled.probability, by_cone_program(views, prior), atol=1e-6)
    measure(benchmark, Timing(POOLED, OURS, target=1.0), lambda: pool_views(views, prior))


def test_entropy_pooling_by_cvxpy(benchmark, views):
    prior = np.full(10_000, 1e-4)
    measure(
        benchmark, Timing(POOLED, "cvxpy, Clarabel", 1.0), lambda: by_cone_program(views, prior), rounds=2
    )


@pytest.fixture(scope="module")
def losses():
    generator = np.random.default_rng(4)
    probability = generator.uniform(0.5, 1.5, N_DRAWS)
    return generator.standard_t(4, N_DRAWS), probability / probability.sum()


def test_expected_shortfall(benchmark, losses):
    loss, probability = losses
    assert expected_shortfall(loss, 0.95, probability) == pytest.approx(
        by_sorting(loss, probability), rel=1e-3
    )
    measure(benchmark, Timing(TAIL, OURS, N_DRAWS), lambda: expected_shortfall(loss, 0.95, probability))


def by_sorting(loss, probability):
    """Sort, accumulate, and average what lies beyond: without the fraction at the border."""
    order = np.argsort(-loss)
    reached = np.cumsum(probability[order])
    tail = order[reached <= 0.05]
    return float(np.average(loss[tail], weights=probability[tail]))


def test_expected_shortfall_by_numpy(benchmark, losses):
    measure(benchmark, Timing(TAIL, "numpy, no fraction", N_DRAWS), lambda: by_sorting(*losses))
