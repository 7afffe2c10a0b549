"""Digitals, barriers and currency options against QuantLib objects: a unit is one price.

Every spot, vol and rate moves. QuantLib is given the vol of each option ready, from numpy: it pays for no
smile. Its objects stand on quotes, and a column sets the quotes and asks every option for its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
import QuantLib
from benches.timings import OURS, Timing, measure
from tests.fixtures.forward_market import TODAY, day, forward_market, spec

from stresstest.arrays import FloatArray, frozen
from stresstest.catalog import instrument_type
from stresstest.instrument_type import CompileContext
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS, load_kernel

N_OPTIONS, N_QUANTLIB, N_QUANTLIB_COLUMNS = 200, 50, 10
MARKET = forward_market(flat=True)
RATES = {"USD": "zero_rate/USD/1Y", "EUR": "zero_rate/EUR/1Y"}
BARRIERS = {
    "down_in": QuantLib.Barrier.DownIn,
    "down_out": QuantLib.Barrier.DownOut,
    "up_in": QuantLib.Barrier.UpIn,
    "up_out": QuantLib.Barrier.UpOut,
}


@dataclass(frozen=True)
class Work:
    """Options of one type, the factors that QuantLib's quotes stand for, and the ratio aimed at."""

    tag: str
    name: str
    spot: str
    carry: str
    vol: str
    target: float


SHARE = ("spot/ACME", "dividend_yield/ACME", "implied_vol/ACME/1Y")
WORKS = (
    Work(
        "digital_option", "digital options", "spot/ACME", "dividend_yield/ACME", "implied_vol/ACME/1Y", 300.0
    ),
    Work(
        "barrier_option", "barrier options", "spot/ACME", "dividend_yield/ACME", "implied_vol/ACME/1Y", 50.0
    ),
    Work("fx_option", "currency options", "fx_spot/EURUSD", RATES["EUR"], "implied_vol/EURUSD/1Y", 700.0),
)
on_each = pytest.mark.parametrize("work", WORKS, ids=lambda work: work.tag)


def terms(work: Work, number: int, generator: np.random.Generator) -> dict[str, Any]:
    base = MARKET.levels[RiskFactorKey.parse(work.spot)]
    found: dict[str, Any] = {
        "right": ("call", "put")[number % 2],
        "strike": float(base * generator.uniform(0.7, 1.3)),
        "expiry": day(365),
    }
    if work.tag == "fx_option":
        return {**found, "pair": "EURUSD"}
    if work.tag == "barrier_option":
        knock = tuple(BARRIERS)[number // 2 % 4]
        away = generator.uniform(0.15, 0.5)
        found |= {"knock": knock, "barrier": float(base * (1 - away if "down" in knock else 1 + away))}
    if work.tag == "digital_option":
        found["amount"] = 1.0
    return {**found, "underlying": "ACME"}


class Book:
    """Options compiled, and one chunk of columns of the factors that they read."""

    def __init__(self, work: Work) -> None:
        generator = np.random.default_rng(5)
        self.terms = [terms(work, number, generator) for number in range(N_OPTIONS)]
        type_, rows = instrument_type(work.tag), RowPlan(MARKET)
        specs = [spec(work.tag, **each) for each in self.terms]
        self._columns = type_.compile(specs, CompileContext(MARKET.as_of, MARKET, rows))
        self._kernel, self._plan = load_kernel(work.tag), rows.derived_plan()
        moves = 1.0 + 0.04 * generator.uniform(-1.0, 1.0, (len(rows.factor_keys), CHUNK_COLUMNS))
        bases = np.array([[MARKET.levels[key]] for key in rows.factor_keys])
        self.levels = dict(zip(map(str, rows.factor_keys), bases * moves, strict=True))
        self._factors = frozen(bases * moves)
        self._derived = np.empty((rows.n_derived, CHUNK_COLUMNS))
        state = np.empty((0, 0, 0))
        self._state = np.zeros((N_OPTIONS, type_.n_state, CHUNK_COLUMNS)) if type_.n_state else state
        shape = (N_OPTIONS, CHUNK_COLUMNS)
        self._out = Out(np.empty(shape), np.zeros(shape))

    def values(self) -> FloatArray:
        self._state[:] = 0.0
        fill_derived(self._plan, self._factors, self._derived)
        self._kernel(self._columns, MarketRows(self._factors, self._derived), self._state, self._out)
        return self._out.value


class QuantLibBook:
    """The same options as QuantLib objects on four quotes."""

    def __init__(self, work: Work, book: Book) -> None:
        self._today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
        QuantLib.Settings.instance().evaluationDate = self._today
        self._levels = [book.levels[name] for name in (work.spot, work.carry, RATES["USD"], work.vol)]
        self._quotes = [QuantLib.SimpleQuote(float(row[0])) for row in self._levels]
        self._process = self._process_of(*(QuantLib.QuoteHandle(quote) for quote in self._quotes))
        self._options = [self._option(work.tag, each) for each in book.terms[:N_QUANTLIB]]

    def _process_of(self, spot: Any, carry: Any, rate: Any, vol: Any) -> Any:
        count = QuantLib.Actual365Fixed()
        return QuantLib.BlackScholesMertonProcess(
            spot,
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(self._today, carry, count)),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(self._today, rate, count)),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(self._today, QuantLib.NullCalendar(), vol, count)
            ),
        )

    def _option(self, tag: str, each: Mapping[str, Any]) -> Any:
        side = QuantLib.Option.Call if each["right"] == "call" else QuantLib.Option.Put
        exercise = QuantLib.EuropeanExercise(self._today + 365)
        plain = QuantLib.PlainVanillaPayoff(side, each["strike"])
        if tag == "barrier_option":
            option = QuantLib.BarrierOption(BARRIERS[each["knock"]], each["barrier"], 0.0, plain, exercise)
            option.setPricingEngine(QuantLib.AnalyticBarrierEngine(self._process))
            return option
        digital = QuantLib.CashOrNothingPayoff(side, each["strike"], 1.0)
        option = QuantLib.VanillaOption(digital if tag == "digital_option" else plain, exercise)
        option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(self._process))
        return option

    def values(self) -> list[list[float]]:
        found = []
        for column in range(N_QUANTLIB_COLUMNS):
            for quote, row in zip(self._quotes, self._levels, strict=True):
                quote.setValue(float(row[column]))
            found.append([option.NPV() for option in self._options])
        return found


@cache
def book(work: Work) -> Book:
    return Book(work)


@on_each
def test_stresstest(benchmark: Any, work: Work) -> None:
    values: Callable[[], FloatArray] = book(work).values
    measure(benchmark, Timing(f"{work.name}, a price", OURS, N_OPTIONS * CHUNK_COLUMNS), values)


@on_each
def test_quantlib_objects(benchmark: Any, work: Work) -> None:
    ours = book(work).values()[:N_QUANTLIB, :N_QUANTLIB_COLUMNS]
    with QuantLib.SavedSettings():
        peer = QuantLibBook(work, book(work))
        np.testing.assert_allclose(ours.T, peer.values(), rtol=0, atol=1e-12 * 400.0)
        units = N_QUANTLIB * N_QUANTLIB_COLUMNS
        timing = Timing(f"{work.name}, a price", "QuantLib object loop", units, work.target)
        measure(benchmark, timing, peer.values)
