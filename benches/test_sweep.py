"""A sweep of the severity against one run a point, on the same points."""

from __future__ import annotations

import numpy as np
import pytest
from benches.timings import OURS, Timing, measure

from stresstest import api
from stresstest.measures.sweep import SEVERITY, Axis, Sweeper
from stresstest.scenarios.scenario import ScenarioSet

WORK = "time_bomb on ai_growth_fund at 21 severities"
STEPS = 20
TARGET = 10.0


@pytest.fixture(scope="module")
def inputs():
    """Return a book, the scenario, and the severities."""
    portfolios = api.load_portfolios("ai_growth_fund")
    (scenario,) = api.load_scenarios("time_bomb")
    book = api.compile_portfolios(portfolios, api.market_of(portfolios), ScenarioSet((scenario,)))
    return portfolios, book, scenario, [2.0 * step / STEPS for step in range(STEPS + 1)]


def swept(book, scenario, severities):
    points = Sweeper(book, scenario, Axis(SEVERITY, 0.0, 2.0)).points(severities)
    return np.array([point.pnl[0] for point in points])


def one_by_one(portfolios, scenario, severities):
    """Return the P&L of one run a point, as anyone would write it."""
    market, some = api.market_of(portfolios), ScenarioSet((scenario,))
    runs = (api.stress(portfolios, some, market, severity=severity) for severity in severities)
    return np.array([run.to_numpy()[0, 0] for run in runs])


def test_sweep(benchmark, inputs):
    portfolios, book, scenario, severities = inputs
    some = severities[::5]
    expected = one_by_one(portfolios, scenario, some)
    assert np.abs(swept(book, scenario, some) - expected).max() <= 1e-12 * np.abs(expected).max()
    measure(benchmark, Timing(WORK, OURS, len(severities)), lambda: swept(book, scenario, severities), 3)


def test_one_run_a_point(benchmark, inputs):
    portfolios, _, scenario, severities = inputs
    some = severities[::5]
    timing = Timing(WORK, "one run a point", len(some), target=TARGET)
    measure(benchmark, timing, lambda: one_by_one(portfolios, scenario, some), 3)
