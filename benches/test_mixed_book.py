"""100,000 positions over every instrument type under 1,000 scenarios: time by type and size, and memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from benches.mixed_book import (
    columns_for,
    examples,
    first_columns,
    mixed_portfolio,
    one_of_each,
    positions_of,
    times_by_type,
)
from benches.timings import OURS, TIMINGS, Timing, measure

from stresstest import load_market
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.sampling import sample_scenarios

N_POSITIONS, N_SCENARIOS = 100_000, 1_000
UNITS = N_POSITIONS * N_SCENARIOS
WORK = "100,000 positions of all types x 1,000 scenarios"
ROOT = Path(__file__).parents[1]
REVALUED_BY_GRID = {"american_option", "callable_bond", "convertible_bond"}
"""Types whose oracle is a grid of minutes: their own benches and tests compare them."""

PEAK = """
import resource, sys
from benches.mixed_book import SLOW, examples, mixed_portfolio
from benches.test_mixed_book import draws
from stresstest import load_market
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.totals import stress_totals
book = compile_book([mixed_portfolio(10_000, [tag for tag in examples() if tag not in SLOW])], load_market())
stress_totals(book, draws(book.market, int(sys.argv[1])), threads=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def draws(market, count):
    """Return draws of the shipped outlook as columns."""
    outlook = load_scenarios([str(ROOT / "shocks" / "sets" / "ai_outlook.yaml")])
    return sample_scenarios(replace(outlook, sample=replace(outlook.sample, columns=count)), market)


@pytest.fixture(scope="module")
def mixed():
    """Return the portfolio, its book, and 1,000 draws held."""
    portfolio = mixed_portfolio(N_POSITIONS)
    book = compile_book([portfolio], load_market())
    return portfolio, book, first_columns(draws(book.market, N_SCENARIOS), N_SCENARIOS + 1, book)


def totals(book, columns, threads=1):
    return stress_totals(book, columns, threads=threads).portfolios[0].value


def test_whole_book(benchmark, mixed):
    _, book, columns = mixed
    values = totals(book, columns)
    assert values.shape[-1] == N_SCENARIOS + 1
    assert np.all(np.isfinite(values))
    measure(benchmark, Timing(WORK, OURS, UNITS), lambda: totals(book, columns), rounds=1)


def test_two_threads(benchmark, mixed):
    _, book, columns = mixed
    assert totals(book, columns, 2).tobytes() == totals(book, columns).tobytes()
    timing = Timing(WORK, "stresstest, two threads", UNITS)
    measure(benchmark, timing, lambda: totals(book, columns, 2), rounds=1)


def test_position_by_position(benchmark, mixed):
    """Compare two positions of every type with oracles that share no code; time each in a book of its own."""
    portfolio, _, columns = mixed
    singles = one_of_each(portfolio)
    books = [compile_book([one], load_market()) for one in singles]
    together = sum(totals(book, columns_for(columns, N_SCENARIOS + 1, book)) for book in books)
    for book in books:
        check_against_oracle(book, columns_for(columns, 2, book))
    rows = [portfolio.positions.quantity.tolist().index(one.positions.quantity[0]) for one in singles]
    whole = compile_book([positions_of(portfolio, rows)], load_market())
    found = totals(whole, columns_for(columns, N_SCENARIOS + 1, whole))
    np.testing.assert_allclose(found, together, rtol=1e-12)
    held = [columns_for(columns, N_SCENARIOS + 1, book) for book in books]
    timing = Timing(WORK, "stresstest, a book a position", len(books) * N_SCENARIOS)
    measure(benchmark, timing, lambda: [totals(*pair) for pair in zip(books, held, strict=True)], rounds=1)


def check_against_oracle(book, columns):
    """Compare the unit values of a book with those of the types' oracles, in every column."""
    units = revalue(book, columns)
    for row, item in enumerate(book.instruments):
        oracle = import_module(f"tests.oracle.{item.tag}")
        for column in range(columns.table.n_columns):
            if item.tag in REVALUED_BY_GRID:
                continue

            def level(kind, name, tenor="", column=column):
                key = RiskFactorKey(kind, name, tenor)
                return columns.moved[key][column] if key in columns.moved else book.market.levels[key]

            expected, size = oracle.unit_value(item.spec, book.market, level)
            error = abs(units.value[row, column] - float(expected))
            assert error <= oracle.SIZE_TOLERANCE * size, (item.tag, expected, units.value[row, column])


@pytest.mark.parametrize(("positions", "scenarios"), [(50_000, 1_000), (100_000, 500)])
def test_half_the_work(benchmark, mixed, positions, scenarios):
    """Time half of the positions and half of the scenarios: a ratio of 1 a unit is linear growth."""
    portfolio, book, columns = mixed
    if positions < N_POSITIONS:
        book = compile_book([positions_of(portfolio, range(0, N_POSITIONS, 2))], load_market())
    held = columns_for(columns, scenarios + 1, book)
    timing = Timing(WORK, f"the same, {positions:,} x {scenarios:,}", positions * scenarios)
    measure(benchmark, timing, lambda: totals(book, held), rounds=1)


def test_each_type_in_the_mix_and_alone(benchmark, mixed):
    """Time the blocks of each type in the mixed book, and in one of that type alone: at most three times."""
    _, book, columns = mixed
    together = {}
    benchmark.pedantic(lambda: together.update(times_by_type(book, columns)), rounds=1, warmup_rounds=1)
    assert set(together) == set(examples())
    for tag, found in together.items():
        alone_book = compile_book([mixed_portfolio(found.instruments, [tag])], load_market())
        held = columns_for(columns, N_SCENARIOS + 1, alone_book)
        alone = times_by_type(alone_book, held)[tag]
        work, prices = f"{tag}, a price in the mixed book", N_SCENARIOS + 1
        TIMINGS.append((Timing(work, OURS), found.seconds / found.instruments / prices))
        TIMINGS.append((Timing(work, "alone", target=1 / 3), alone.seconds / alone.instruments / prices))


def test_memory_stays_flat(benchmark):
    """Measure the peak of a process of its own, and at four times the scenarios; slow types left out."""
    few, many = 500, 2_000
    peaks = {}
    benchmark.pedantic(lambda: peaks.update({count: _peak(count) for count in (few, many)}), rounds=1)
    benchmark.extra_info["peak_megabytes"] = {count: peak / 1024 for count, peak in peaks.items()}
    work = "peak memory of totals, 2,000 scenarios (bytes)"
    TIMINGS.append((Timing(work, OURS), 1024.0 * peaks[many]))
    TIMINGS.append((Timing(work, "500 scenarios", target=1.0), 1024.0 * peaks[few]))


def _peak(n_scenarios):
    run = subprocess.run(
        [sys.executable, "-c", PEAK, str(n_scenarios)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return int(run.stdout)
