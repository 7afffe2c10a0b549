"""American puts and calls, 40 in 1,000 columns with spot, rate, yield and vol moved: a unit is one price.

Peers are QuantLib's fixed point on the exercise boundary in its fast and its accurate scheme, on cells drawn
from the same. Before it is timed each price is held against a reference of many nodes, and ours must be
nearer to it than the peer's accurate scheme.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
import QuantLib
from benches.timings import OURS, Timing, measure
from tests.fixtures.option_market import TODAY, flat_market
from tests.fixtures.unit_values import columns_of, kernel_of
from tests.instruments.american_option.options import AMERICAN, american, move
from tests.oracle.american_option import Terms, by_integral

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out

N_OPTIONS, N_COLUMNS, N_PEER = 40, 1000, 400
WORK = "American options, spot, rate, yield and vol moved, a price"
SPOTS_WORK = "American options, only the spot moved, a price"
SCHEMES = {
    "fast": QuantLib.QdFpAmericanEngine.fastScheme(),
    "accurate": QuantLib.QdFpAmericanEngine.accurateScheme(),
}


class Bench(NamedTuple):
    """Compiled options and the rows of their columns."""

    specs: list[Any]
    levels: list[tuple[float, float, float, float]]
    columns: Any
    market: MarketRows

    def values(self) -> FloatArray:
        out = Out(np.empty((N_OPTIONS, N_COLUMNS)), np.zeros((N_OPTIONS, N_COLUMNS)))
        kernel_of(AMERICAN)(self.columns, self.market, np.empty((0, 0, 0)), out)
        return out.value


@cache
def setting(spot_only: bool) -> Bench:
    rng = np.random.default_rng(51)
    specs = [
        american(str(rng.choice(["put", "call"])), float(strike), int(rng.integers(20, 730)))
        for strike in rng.uniform(80.0, 120.0, N_OPTIONS)
    ]
    spots = (100.0 * np.exp(rng.normal(0.0, 0.15, N_COLUMNS))).tolist()
    rest = rng.uniform((0.005, 0.0, 0.15), (0.08, 0.05, 0.60), (N_COLUMNS, 3)).tolist()
    levels = [
        (spot, *((0.04, 0.02, 0.3) if spot_only else other)) for spot, other in zip(spots, rest, strict=True)
    ]
    market = flat_market()
    moves = [move(*level) for level in levels]
    columns, rows = columns_of(AMERICAN, specs, market)
    factors = frozen(
        np.array([[column.get(key, market.levels[key]) for column in moves] for key in rows.factor_keys])
    )
    derived = np.empty((rows.n_derived, N_COLUMNS))
    fill_derived(rows.derived_plan(), factors, derived)
    return Bench(specs, levels, columns, MarketRows(factors, derived))


@cache
def sample() -> list[tuple[int, int]]:
    rng = np.random.default_rng(52)
    options, columns = rng.integers(0, N_OPTIONS, N_PEER), rng.integers(0, N_COLUMNS, N_PEER)
    return list(zip(options.tolist(), columns.tolist(), strict=True))


@cache
def reference() -> FloatArray:
    """Return values of the sample by the oracle."""
    bench, found = setting(False), []
    for i, j in sample():
        spec, (spot, rate, dividend_yield, vol) = bench.specs[i], bench.levels[j]
        years, sign = (spec.expiry - TODAY).days / 365, 1 if spec.right == "call" else -1
        found.append(by_integral(Terms(sign, spot, spec.strike, years, rate, dividend_yield, vol)))
    return np.array(found)


def worst(values: FloatArray) -> float:
    return float(abs(values - reference()).max())


def our_error() -> float:
    values = setting(False).values()
    return worst(np.array([values[i, j] for i, j in sample()]))


class Peer:
    """QuantLib's options of the sample, each on quotes of its own."""

    def __init__(self, scheme: Any) -> None:
        today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
        QuantLib.Settings.instance().evaluationDate = today
        self._quotes: list[Any] = []
        self._options = [self._option(today, scheme, *cell) for cell in sample()]

    def _option(self, today: Any, scheme: Any, i: int, j: int) -> Any:
        spec, count = setting(False).specs[i], QuantLib.Actual365Fixed()
        spot, rate, dividend_yield, vol = setting(False).levels[j]
        quote = QuantLib.SimpleQuote(spot)
        self._quotes.append(quote)
        process = QuantLib.BlackScholesMertonProcess(
            QuantLib.QuoteHandle(quote),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, dividend_yield, count)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, rate, count)),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
            ),
        )
        kind = QuantLib.Option.Call if spec.right == "call" else QuantLib.Option.Put
        expiry = today + (spec.expiry - TODAY).days
        option = QuantLib.VanillaOption(
            QuantLib.PlainVanillaPayoff(kind, spec.strike), QuantLib.AmericanExercise(today, expiry)
        )
        option.setPricingEngine(QuantLib.QdFpAmericanEngine(process, scheme))
        return option

    def values(self) -> FloatArray:
        """Return the values, each calculated anew."""
        for quote in self._quotes:
            level = quote.value()
            quote.setValue(level + 1e-9)
            quote.setValue(level)
        return np.array([option.NPV() for option in self._options])


def test_stresstest(benchmark: Any) -> None:
    assert our_error() <= 2e-5
    benchmark.extra_info["largest_error"] = our_error()
    measure(benchmark, Timing(WORK, OURS, N_OPTIONS * N_COLUMNS), setting(False).values)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_quantlib(benchmark: Any, scheme: str) -> None:
    with QuantLib.SavedSettings():
        peer = Peer(SCHEMES[scheme])
        error = worst(peer.values())
        benchmark.extra_info["largest_error"] = error
        assert our_error() < error < 1e-2
        target = 50.0 if scheme == "accurate" else 0.0
        measure(benchmark, Timing(WORK, f"QuantLib QdFp {scheme}", N_PEER, target), peer.values, rounds=5)


def test_one_boundary_serves_all_spots(benchmark: Any) -> None:
    bench = setting(True)
    assert np.isfinite(bench.values()).all()
    measure(benchmark, Timing(SPOTS_WORK, OURS, N_OPTIONS * N_COLUMNS), bench.values)


def test_quantlib_beside_spots(benchmark: Any) -> None:
    with QuantLib.SavedSettings():
        peer = Peer(SCHEMES["accurate"])
        measure(benchmark, Timing(SPOTS_WORK, "QuantLib QdFp accurate", N_PEER, 500.0), peer.values, rounds=5)
