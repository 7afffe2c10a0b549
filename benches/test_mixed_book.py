"""100,000 positions over every instrument type under 1,000 scenarios: time by type and size, and memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from benches.mixed_book import (
    columns_for,
    distinct_portfolio,
    examples,
    first_columns,
    mixed_portfolio,
    one_of_each,
    positions_of,
    times_by_type,
)
from benches.timings import OURS, TIMINGS, Timing, least_processor_seconds, measure

from stresstest import load_market
from stresstest.kernels._jit import enable_caching
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.sampling import sample_scenarios

N_POSITIONS, N_SCENARIOS = 100_000, 1_000
UNITS = N_POSITIONS * N_SCENARIOS
GROWTH = (16, 400)
"""Positions of each type, and scenarios, whose halves and doubles show how cost grows."""
WORK = "100,000 positions of all types x 1,000 scenarios"
ROOT = Path(__file__).parents[1]
REVALUED_BY_GRID = {"american_option", "callable_bond", "convertible_bond"}
"""Types whose oracle is a grid of minutes: their own benches and tests compare them."""

PEAK = """
import resource, sys
from benches.mixed_book import SLOW, examples, mixed_portfolio
from benches.test_mixed_book import draws
from stresstest import load_market
from stresstest.kernels._jit import enable_caching
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.totals import stress_totals
enable_caching()
book = compile_book([mixed_portfolio(4_000, [tag for tag in examples() if tag not in SLOW])], load_market())
stress_totals(book, draws(book.market, int(sys.argv[1])), threads=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@cache
def shipped_market():
    """Return the market of all books."""
    return load_market()


def draws(market, count):
    """Return draws of the shipped outlook as columns."""
    outlook = load_scenarios([str(ROOT / "shocks" / "sets" / "ai_outlook.yaml")])
    return sample_scenarios(replace(outlook, sample=replace(outlook.sample, columns=count)), market)


@pytest.fixture(scope="module")
def mixed():
    """Return the portfolio, its book, and 1,000 draws held."""
    enable_caching()
    portfolio = mixed_portfolio(N_POSITIONS)
    book = compile_book([portfolio], shipped_market())
    return portfolio, book, first_columns(draws(book.market, N_SCENARIOS), N_SCENARIOS + 1, book)


def totals(book, columns, threads=1):
    return stress_totals(book, columns, threads=threads).portfolios[0].value


@pytest.fixture(scope="module")
def whole(mixed):
    """Return the totals of the book in one thread; after it every kernel is compiled."""
    _, book, columns = mixed
    values = totals(book, columns)
    assert values.shape[-1] == N_SCENARIOS + 1
    assert np.all(np.isfinite(values))
    return values


@pytest.mark.parametrize(("threads", "who"), [(1, OURS), (2, "stresstest, two threads")])
def test_whole_book(benchmark, mixed, whole, threads, who):
    _, book, columns = mixed
    found = []
    timing = Timing(WORK, who, UNITS)
    measure(benchmark, timing, lambda: found.append(totals(book, columns, threads)), rounds=1, warmups=0)
    assert all(values.tobytes() == whole.tobytes() for values in found)


@pytest.mark.usefixtures("whole")
def test_position_by_position(benchmark, mixed):
    """Compare two positions of every type with oracles that share no code; time each in a book of its own."""
    portfolio, _, columns = mixed
    singles = one_of_each(portfolio)
    books = [compile_book([one], shipped_market()) for one in singles]
    together = sum(totals(book, columns_for(columns, N_SCENARIOS + 1, book)) for book in books)
    for book in books:
        check_against_oracle(book, columns_for(columns, 2, book))
    rows = [portfolio.positions.quantity.tolist().index(one.positions.quantity[0]) for one in singles]
    whole = compile_book([positions_of(portfolio, rows)], shipped_market())
    found = totals(whole, columns_for(columns, N_SCENARIOS + 1, whole))
    np.testing.assert_allclose(found, together, rtol=1e-12)
    held = [columns_for(columns, N_SCENARIOS + 1, book) for book in books]
    timing = Timing(WORK, "stresstest, a book a position", len(books) * N_SCENARIOS)
    measure(benchmark, timing, lambda: [totals(*pair) for pair in zip(books, held, strict=True)], 1, 0)


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


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("grown", ["positions", "scenarios"])
def test_cost_grows_linearly(benchmark, mixed, grown):
    """Time a book of every type, positions distinct, at half and at double: a ratio of 1 a unit is linear.

    Processor time of all threads, the least of rounds in turn: what else the machine does hardly counts. What
    a run spends once, whatever its scenarios, is left out: growth is that from half to one, and to double.
    """
    _, _, columns = mixed
    n_types = len(examples())
    sizes = [(GROWTH[0], GROWTH[1] * part // 2) for part in (1, 2, 4)]
    if grown == "positions":
        sizes = [(GROWTH[0] * part // 2, GROWTH[1]) for part in (1, 2, 4)]
    portfolios = [distinct_portfolio(each) for each, _ in sizes]
    books = [compile_book([portfolio], shipped_market()) for portfolio in portfolios]
    held = [columns_for(columns, count + 1, book) for book, (_, count) in zip(books, sizes, strict=True)]
    runs = [partial(totals, *pair) for pair in zip(books, held, strict=True)]
    seconds = []
    benchmark.pedantic(lambda: seconds.extend(least_processor_seconds(runs, 3)), rounds=1)
    half, one, double = seconds
    benchmark.extra_info["processor_seconds"] = seconds
    units = sizes[0][0] * n_types * sizes[0][1]
    work = f"a further unit of {grown}, {n_types * GROWTH[0]:,} positions x {GROWTH[1]:,}"
    TIMINGS.append((Timing(work, OURS, units), (one - half) / units))
    TIMINGS.append((Timing(work, "from one to double", target=1.0), (double - one) / (2 * units)))


@pytest.mark.usefixtures("whole")
def test_each_type_in_the_mix_and_alone(benchmark, mixed):
    """Time the blocks of each type in the mixed book, and in one of that type alone: at most three times."""
    _, book, columns = mixed
    rounds = []
    benchmark.pedantic(lambda: rounds.append(times_by_type(book, columns)), rounds=2)
    together = {tag: min((one[tag] for one in rounds), key=lambda found: found.seconds) for tag in rounds[0]}
    assert set(together) == set(examples())
    for tag, found in together.items():
        alone_book = compile_book([mixed_portfolio(found.instruments, [tag])], shipped_market())
        held = columns_for(columns, N_SCENARIOS + 1, alone_book)
        alone = min((times_by_type(alone_book, held)[tag] for _ in range(2)), key=lambda one: one.seconds)
        work, prices = f"{tag}, a price in the mixed book", N_SCENARIOS + 1
        TIMINGS.append((Timing(work, OURS), found.seconds / found.instruments / prices))
        TIMINGS.append((Timing(work, "alone", target=1 / 3), alone.seconds / alone.instruments / prices))


def test_memory_stays_flat(benchmark):
    """Measure the peak of a process of its own, and at four times the scenarios; slow types left out."""
    few, many = 250, 1_000
    peaks = {}
    benchmark.pedantic(lambda: peaks.update({count: _peak(count) for count in (few, many)}), rounds=1)
    benchmark.extra_info["peak_megabytes"] = {count: peak / 1024 for count, peak in peaks.items()}
    work = "peak memory of totals, 1,000 scenarios (bytes)"
    TIMINGS.append((Timing(work, OURS), 1024.0 * peaks[many]))
    TIMINGS.append((Timing(work, "250 scenarios", target=1.0), 1024.0 * peaks[few]))


def _peak(n_scenarios):
    run = subprocess.run(
        [sys.executable, "-c", PEAK, str(n_scenarios)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return int(run.stdout)
