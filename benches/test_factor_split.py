"""P&L by factors of a large mixed book, against a run for each factor, and one run of a column for each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from benches.mixed_book import mixed_portfolio
from benches.timings import OURS, Timing, measure

from stresstest import load_market
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.factor_splits.delta_gamma import delta_gamma
from stresstest.measures.factor_splits.groups import FACTOR, FACTOR_GROUP
from stresstest.measures.factor_splits.split import SHAPLEY, factor_splits
from stresstest.portfolio.book import Book, compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import StressResult
from stresstest.revaluation.totals import apply_holdings, stress_totals
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.implied import follow_links
from stresstest.scenarios.table import ColumnTable

N_POSITIONS, N_FACTORS = 10_000, 150
WORK = f"P&L of {N_POSITIONS:,} mixed positions by {N_FACTORS} factors"
SHAPLEY_WORK = f"Shapley values of {N_POSITIONS:,} positions by group"
DERIVATIVES_WORK = f"delta and gamma of {N_POSITIONS:,} positions by {N_FACTORS} factors"
TARGET = 10.0


class Moved(NamedTuple):
    """A book, where its factors go, and a run in which all of them do."""

    book: Book
    levels: dict[RiskFactorKey, float]
    columns: FactorColumns
    result: StressResult


@pytest.fixture(scope="module")
def moved():
    """Return a book in which 150 factors move: prices fall by a fifth, all else rises by a point."""
    book = compile_book([mixed_portfolio(N_POSITIONS)], load_market())
    base, linked = book.market.levels, {link.target for link in FactorDirectory(book.market).links}
    keys = [key for key in book.factor_keys if key not in linked and "#" not in key.name]
    kinds = [key for key in keys if FACTOR_KINDS[key.kind].change_space is not ChangeSpace.LOGIT]
    spread = [kinds[row] for row in np.linspace(0, len(kinds) - 1, N_FACTORS).astype(int)]
    levels = {key: _moved(key, base[key]) for key in spread if key.kind != "default_state"}
    columns = columns_of(book, [levels])
    return Moved(book, levels, columns, apply_holdings(book, revalue(book, columns)))


def _moved(key, level):
    in_ratios = FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG
    return 0.8 * level if in_ratios else level + 0.01


def columns_of(book, several):
    """Return a column for each mapping of factor to level, links followed."""
    base, width = book.market.levels, 1 + len(several)
    keys = dict.fromkeys(key for levels in several for key in levels)
    rows = {key: np.array([base[key], *(levels.get(key, base[key]) for levels in several)]) for key in keys}
    every = follow_links(FactorDirectory(book.market), rows, {}, width).moved
    names = [f"s{number}" for number in range(len(several))]
    return FactorColumns(ColumnTable.instant(names), base, every)


def split(moved):
    return factor_splits(moved.result, moved.columns, FACTOR, threads=1)[0]


def one_run_a_factor(moved, levels):
    """Return the P&L of a full run of the book for each factor, as anyone would write it."""
    runs = (
        stress_totals(moved.book, columns_of(moved.book, [{key: level}]), threads=1)
        for key, level in levels.items()
    )
    return np.array([run.portfolios[0].pnl[1] for run in runs])


def one_column_a_factor(moved):
    """Return the same from one run."""
    alone = [{key: level} for key, level in moved.levels.items()]
    return stress_totals(moved.book, columns_of(moved.book, alone), threads=1).portfolios[0].pnl[1:]


def test_split(benchmark, moved):
    found = split(moved)
    pnl = dict(zip(found.parts, found.pnl.tolist(), strict=True))
    expected = one_column_a_factor(moved)
    gross = moved.result.portfolios[0].gross_value
    got = np.array([pnl.get(str(key), 0.0) for key in moved.levels])
    assert np.abs(got - expected).max() <= 1e-12 * gross
    assert abs(found.pnl.sum() - found.total) <= 1e-12 * gross
    measure(benchmark, Timing(WORK, OURS, len(moved.levels)), lambda: split(moved), rounds=3)


def test_one_run_a_factor(benchmark, moved):
    some = dict(list(moved.levels.items())[::15])
    timing = Timing(WORK, "one full run a factor", len(some), target=TARGET)
    measure(benchmark, timing, lambda: one_run_a_factor(moved, some), rounds=1)


def test_one_column_a_factor(benchmark, moved):
    timing = Timing(WORK, "one run, a column a factor", len(moved.levels))
    measure(benchmark, timing, lambda: one_column_a_factor(moved), rounds=1)


def test_derivatives(benchmark, moved):
    timing = Timing(DERIVATIVES_WORK, OURS, len(moved.levels))
    measure(benchmark, timing, lambda: delta_gamma(moved.result, moved.columns, FACTOR, 1), rounds=1)


def test_shapley(benchmark, moved):
    def values():
        return factor_splits(moved.result, moved.columns, FACTOR_GROUP, SHAPLEY, threads=1)[0]

    found = values()
    assert abs(found.pnl.sum() - found.total) <= 1e-12 * moved.result.portfolios[0].gross_value
    measure(benchmark, Timing(SHAPLEY_WORK, OURS, len(found.groups)), values, rounds=1)
