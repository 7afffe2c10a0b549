"""Break-points of a mixed book, and closing in upon them together against one by one."""

from __future__ import annotations

import pytest
from benches.mixed_book import mixed_portfolio
from benches.timings import OURS, Timing, measure

from stresstest import api
from stresstest.measures.break_points.contracts import ContractFlips
from stresstest.measures.break_points.record import Flips, GridRun, close_in_together
from stresstest.measures.sweep import SEVERITY, Axis, Sweeper
from stresstest.measures.turning_points import sweep
from stresstest.scenarios.scenario import ScenarioSet

N_POSITIONS, STEPS = 10_000, 40
WHOLE = "break-point sweep of 10,000 positions of all types, 41 severities"
CLOSING = "contracts of 10,000 positions that flip, closed in upon"
TARGET = 10.0


@pytest.fixture(scope="module")
def inputs():
    """Return a book of all types, one scenario, and the severities."""
    (scenario,) = api.load_scenarios("ai_capex_collapse")
    portfolio = mixed_portfolio(N_POSITIONS)
    book = api.compile_portfolios([portfolio], api.load_market(), ScenarioSet((scenario,)))
    return book, scenario, tuple(2.0 * step / STEPS for step in range(STEPS + 1))


def flips_of(inputs):
    """Return a sweeper and what flips in contracts, not closed in upon yet."""
    book, scenario, grid = inputs
    sweeper = Sweeper(book, scenario, Axis(SEVERITY, 0.0, 2.0))
    return sweeper, ContractFlips(GridRun(sweeper, grid, *sweeper.results(grid))).flips


def found(flips):
    return [border.high[0] for border in flips.borders]


def one_by_one(inputs):
    """Return the borders, each bisected by itself."""
    sweeper, flips = flips_of(inputs)
    for border in flips.borders:
        close_in_together(sweeper, [Flips(flips.reading, [border])])
    return found(flips)


def together(inputs):
    sweeper, flips = flips_of(inputs)
    close_in_together(sweeper, [flips])
    return found(flips)


def test_whole_sweep(benchmark, inputs):
    book, scenario, _ = inputs
    swept = sweep(Sweeper(book, scenario, Axis(SEVERITY, 0.0, 2.0)), STEPS)
    assert swept.break_points
    assert sum(item.count for item in swept.unlisted) > 100
    measure(
        benchmark,
        Timing(WHOLE, OURS),
        lambda: sweep(Sweeper(book, scenario, Axis(SEVERITY, 0.0, 2.0)), STEPS),
        rounds=3,
    )


def test_together(benchmark, inputs):
    assert together(inputs) == pytest.approx(one_by_one(inputs), abs=1e-7)
    measure(benchmark, Timing(CLOSING, OURS), lambda: together(inputs), rounds=3)


def test_one_by_one(benchmark, inputs):
    measure(benchmark, Timing(CLOSING, "one by one", target=TARGET), lambda: one_by_one(inputs), rounds=1)
