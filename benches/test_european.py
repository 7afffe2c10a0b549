"""European options, 2,000 in 5,000 columns with every spot, vol and rate moved, summed: a unit is one price.

The book is compiled before, and peers hold their inputs as they like; timed is the way from factor levels to
the total in every column. Everybody shares what options share: logs of spots, discount factors, forwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import QuantLib
from benches.european_book import N_COLUMNS, N_OPTIONS, Setting, setting
from benches.european_peers import CppBook, NumpyBook, QuantLibBook
from benches.timings import OURS, Timing, measure, skip_peer

from stresstest.arrays import FloatArray
from stresstest.kernels.holdings import add_holdings
from stresstest.revaluation.chunks import Chunk
from stresstest.revaluation.engine import all_chunks, revaluations, revalue, run_chunks
from stresstest.revaluation.holdings import BaseValues, hold, net_holdings, split_holdings
from stresstest.revaluation.states import States
from stresstest.revaluation.totals import stress_totals

UNITS = N_OPTIONS * N_COLUMNS
N_QUANTLIB_OPTIONS, N_QUANTLIB_COLUMNS = 100, 20
TARGETS = {"QuantLib": (1000.0, 700.0), "numpy": (5.0, 4.0)}
KINDS = pytest.mark.parametrize("smile", [False, True], ids=["flat", "smile"])
ON_TWO = "European options, flat vol, a price, two threads"


def work(smile: bool) -> str:
    return f"European options, {'shipped smile' if smile else 'flat vol'}, a price"


@cache
def expected(smile: bool) -> FloatArray:
    """Return `(n_columns,)` totals by the engine."""
    bench = setting(smile)
    return stress_totals(bench.book, bench.columns, threads=1).portfolios[0].value


def check(smile: bool, total: FloatArray) -> None:
    """Compare totals; a price is good to 2e-15 of some 500, and there are 2,000 of some 100 each."""
    np.testing.assert_allclose(total, expected(smile), rtol=0, atol=1e-7)


def totaller(bench: Setting, threads: int) -> Callable[[], FloatArray]:
    """Return what totals the compiled book once more: the engine's own steps without the compilation."""
    (slice_,) = revaluations(bench.book, bench.columns)
    units = revalue(bench.book, bench.columns, threads=threads)
    held = hold(bench.book, BaseValues(units.value[:, 0], units.fx[:, 0], units.conversions))
    holdings = split_holdings(net_holdings(held), slice_.resolved.blocks)
    value, states = np.zeros((1, N_COLUMNS)), States(bench.columns.table)

    def add(chunk: Chunk) -> None:
        market = slice_.market(chunk)
        sums = np.zeros((1, chunk.width))
        for block, rows in zip(slice_.block_values(market, states, chunk.place), holdings, strict=True):
            add_holdings(rows, block.value, market.fx, sums)
        value[:, chunk.first : chunk.first + chunk.width] = sums

    def totals() -> FloatArray:
        run_chunks(add, all_chunks(bench.columns), threads)
        return value[0]

    return totals


@KINDS
def test_stresstest(benchmark: Any, smile: bool) -> None:
    totals = totaller(setting(smile), 1)
    assert totals().tobytes() == expected(smile).tobytes()
    measure(benchmark, Timing(work(smile), OURS, UNITS), totals)


@KINDS
def test_numpy_in_blocks(benchmark: Any, smile: bool) -> None:
    peer = NumpyBook(setting(smile))
    check(smile, peer.totals())
    measure(
        benchmark, Timing(work(smile), "numpy, cache-blocked", UNITS, TARGETS["numpy"][smile]), peer.totals
    )


@KINDS
@pytest.mark.parametrize("variant", ["polynomial", "library"])
def test_cpp(benchmark: Any, smile: bool, variant: str, tmp_path) -> None:
    who = {"polynomial": "g++ -O3, same polynomials", "library": "g++ -O3 -ffast-math, libmvec"}[variant]
    compiler = CppBook.compiler()
    if compiler is None:
        skip_peer(work(smile), who, "no g++ here")
        pytest.skip("no g++ here")
    peer = CppBook(setting(smile), compiler, tmp_path, variant)
    check(smile, peer.totals())
    measure(benchmark, Timing(work(smile), who, UNITS, 0.9 if variant == "polynomial" else 0.0), peer.totals)


@KINDS
def test_quantlib_objects(benchmark: Any, smile: bool) -> None:
    bench = setting(smile)
    options = list(range(0, N_OPTIONS, N_OPTIONS // N_QUANTLIB_OPTIONS))
    units = revalue(bench.book, bench.columns, threads=1)
    ours = units.value[bench.book.portfolios[0].instrument[options], :N_QUANTLIB_COLUMNS]
    with QuantLib.SavedSettings():
        peer = QuantLibBook(bench, options)
        quotes = peer.quotes(N_QUANTLIB_COLUMNS)
        np.testing.assert_allclose(ours.T, peer.values(quotes), rtol=0, atol=1e-12 * 1500.0)
        units_timed = len(options) * N_QUANTLIB_COLUMNS
        timing = Timing(work(smile), "QuantLib object loop", units_timed, TARGETS["QuantLib"][smile])
        measure(benchmark, timing, lambda: peer.values(quotes))


def test_stresstest_on_two_threads(benchmark: Any) -> None:
    totals = totaller(setting(False), 2)
    assert totals().tobytes() == expected(False).tobytes()
    measure(benchmark, Timing(ON_TWO, OURS, UNITS), totals)


def test_numpy_beside_two_threads(benchmark: Any) -> None:
    peer = NumpyBook(setting(False))
    measure(benchmark, Timing(ON_TWO, "numpy, cache-blocked, one thread", UNITS, 9.0), peer.totals)
