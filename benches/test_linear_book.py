"""A linear book of 1,000,000 positions under 1,000 scenarios, portfolio totals only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benches.timings import OURS, Timing, measure
from tests.fixtures.books import small_market

from stresstest.arrays import frozen, frozen_int
from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Instrument, Portfolio, Positions
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable

N_POSITIONS, N_SCENARIOS, N_NAMES = 1_000_000, 1_000, 1_000
WORK = "1 M linear positions x 1,000 scenarios, totals"


@pytest.fixture(scope="module")
def job():
    """Return book and columns, and the same as arrays: name of each position, quantity, price paths."""
    generator = np.random.default_rng(3)
    market = small_market()
    acme = market.issuers["ACME"]
    names = [f"N{number}" for number in range(N_NAMES)]
    prices = generator.uniform(5.0, 500.0, N_NAMES)
    levels = {
        **market.levels,
        **{RiskFactorKey("spot", n): float(p) for n, p in zip(names, prices, strict=True)},
    }
    issuers = {**market.issuers, **{n: type(acme)(n, n, "equity", "USD") for n in names}}
    market = replace(market, levels=levels, issuers=issuers)
    row = generator.integers(0, N_NAMES, N_POSITIONS)
    quantity = generator.normal(0.0, 100.0, N_POSITIONS)
    spec = instrument_type("equity").spec
    positions = Positions(
        tuple(map(str, range(N_POSITIONS))),
        frozen_int(row),
        frozen(quantity),
        frozen(np.full(N_POSITIONS, np.nan)),
    )
    instruments = tuple(Instrument("equity", spec(issuer=name)) for name in names)
    book = compile_book([Portfolio("big", "USD", instruments, positions)], market)
    paths = prices[:, np.newaxis] * np.exp(generator.normal(0.0, 0.2, (N_NAMES, N_SCENARIOS + 1)))
    paths[:, 0] = prices
    moved = {RiskFactorKey("spot", name): path for name, path in zip(names, paths, strict=True)}
    table = ColumnTable.instant([f"s{number}" for number in range(N_SCENARIOS)])
    return book, FactorColumns(table, market.levels, moved), (row, quantity, paths)


def per_position(row, quantity, paths):
    """Value every position in every scenario, a block of positions at a time so that memory holds."""
    total = np.zeros(paths.shape[1])
    for low in range(0, len(row), 20_000):
        high = low + 20_000
        total += (quantity[low:high, np.newaxis] * paths[row[low:high]]).sum(axis=0)
    return total


def collapsed(row, quantity, paths):
    """Add quantities by name first, then one product."""
    return np.bincount(row, quantity, N_NAMES) @ paths


def test_stresstest(benchmark, job):
    book, columns, arrays = job
    total = stress_totals(book, columns, threads=1).portfolios[0].value
    np.testing.assert_allclose(total, per_position(*arrays), rtol=1e-9)
    units = N_POSITIONS * N_SCENARIOS
    measure(benchmark, Timing(WORK, OURS, units), lambda: stress_totals(book, columns, threads=1))


def test_numpy_a_position(benchmark, job):
    units = N_POSITIONS * N_SCENARIOS
    measure(
        benchmark, Timing(WORK, "numpy, position by position", units), lambda: per_position(*job[2]), rounds=2
    )


def test_numpy_collapsed(benchmark, job):
    units = N_POSITIONS * N_SCENARIOS
    measure(benchmark, Timing(WORK, "numpy, collapsed by name first", units), lambda: collapsed(*job[2]))
