"""Swaps, floating bonds and swaptions, 500 each in 5,000 columns with every rate moved, against QuantLib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure

from stresstest.arrays import FloatArray, frozen
from stresstest.catalog import instrument_type
from stresstest.instrument_type import CompileContext
from stresstest.kernels.derived import DerivedPlan, fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import price_curves
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS

AS_OF = date(2025, 10, 3)
N_EACH, N_COLUMNS, N_PEER_COLUMNS = 500, 5_000, 3
NODE_DAYS = (30, 91, 183, 365, 730, 1095, 1826, 2556, 3652, 7305, 10957)
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y", "20Y", "30Y")
SWAPS = "interest-rate swaps, rates moved, a payment of either leg"
BONDS = "floating-rate bonds, rates and spread moved, a payment"
SWAPTIONS = "swaptions on ten years, rates and vol moved, a price"
CURVE = "USD_SOFR"
VOL = RiskFactorKey("normal_vol", "USD_SWAPTION", "5Y")


class Setting(NamedTuple):
    """Compiled instruments of one type, and the factor levels of each chunk `(n_factors, n_columns)`."""

    tag: str
    specs: list[Any]
    columns: Any
    keys: tuple[RiskFactorKey, ...]
    plan: DerivedPlan
    n_derived: int
    chunks: list[FloatArray]

    def level(self, key: RiskFactorKey, column: int) -> float:
        """Return the level of a factor in a column of the first chunk."""
        return float(self.chunks[0][self.keys.index(key), column])


def market() -> MarketSnapshot:
    levels = {RiskFactorKey("zero_rate", CURVE, tenor): 0.035 for tenor in TENORS}
    levels |= {RiskFactorKey("credit_spread", "CORP"): 0.015, VOL: 0.0085}
    curve = Curve(CURVE, "USD", TENORS, frozen([days / 365 for days in NODE_DAYS]))
    issuers = {"CORP": Issuer("CORP", "CORP", "equity", "USD")}
    return MarketSnapshot(
        *("bench", AS_OF, "USD", levels, issuers, {CURVE: curve}, {"USD": CURVE}, {}, (), {}),
        price_curves=price_curves(levels),
    )


@cache
def setting(tag: str) -> Setting:
    generator = np.random.default_rng(3)
    type_ = instrument_type(tag)
    specs = [type_.spec(**TERMS[tag](generator)) for _ in range(N_EACH)]
    rows = RowPlan(market())
    columns = type_.compile(specs, CompileContext(AS_OF, market(), rows))
    levels = np.array([_levels(key, generator) for key in rows.factor_keys])
    starts = range(0, N_COLUMNS, CHUNK_COLUMNS)
    chunks = [frozen(levels[:, start : start + CHUNK_COLUMNS]) for start in starts]
    return Setting(tag, specs, columns, rows.factor_keys, rows.derived_plan(), rows.n_derived, chunks)


def _levels(key: RiskFactorKey, generator: np.random.Generator) -> FloatArray:
    centre = {"credit_spread": 0.015, "normal_vol": 0.0085}.get(key.kind, 0.035)
    return centre * (1.0 + 0.1 * generator.standard_normal(N_COLUMNS))


def _swap(generator: np.random.Generator) -> dict[str, Any]:
    return {
        "side": "pay_fixed",
        "currency": "USD",
        "fixed_rate": f"{generator.uniform(2, 5):.3f}%",
        "start": AS_OF,
        "maturity": AS_OF + timedelta(days=int(generator.integers(3470, 3650))),
        "fixed_frequency": 2,
        "fixed_day_count": "30/360",
        "floating_frequency": 4,
        "end_of_month": False,
    }


def _bond(generator: np.random.Generator) -> dict[str, Any]:
    return {
        "issuer": "CORP",
        "margin": f"{generator.integers(50, 400)}bp",
        "issue_date": AS_OF,
        "maturity": AS_OF + timedelta(days=int(generator.integers(3470, 3650))),
        "end_of_month": False,
    }


def _swaption(generator: np.random.Generator) -> dict[str, Any]:
    expiry = AS_OF + timedelta(days=int(generator.integers(30, 1500)))
    return {
        "right": "payer",
        "currency": "USD",
        "strike": f"{generator.uniform(2, 5):.3f}%",
        "expiry": expiry,
        "maturity": expiry + timedelta(days=3650),
        "end_of_month": False,
    }


TERMS: dict[str, Callable[[np.random.Generator], dict[str, Any]]] = {
    "interest_rate_swap": _swap,
    "floating_bond": _bond,
    "swaption": _swaption,
}


class Store:
    """Scratch of one chunk for each width: derived rows, values, cash and state."""

    def __init__(self, bench: Setting) -> None:
        self._bench = bench
        self._revalue = import_module(f"stresstest.instruments.{bench.tag}.kernel").revalue
        self._kept: dict[int, tuple[FloatArray, Out, FloatArray]] = {}

    def values(self, chunk: FloatArray) -> FloatArray:
        """Return `(n_instruments, n_columns)` values, derived rows filled first as the engine does."""
        width = chunk.shape[1]
        if width not in self._kept:
            n_state = instrument_type(self._bench.tag).n_state
            out = Out(np.empty((N_EACH, width)), np.zeros((N_EACH, width)))
            state = np.zeros((N_EACH if n_state else 0, n_state, width))
            self._kept[width] = (np.empty((self._bench.n_derived, width)), out, state)
        derived, out, state = self._kept[width]
        fill_derived(self._bench.plan, chunk, derived)
        self._revalue(self._bench.columns, MarketRows(chunk, derived), state, out)
        return out.value

    def run(self) -> None:
        for chunk in self._bench.chunks:
            self.values(chunk)


def _day(day: date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


def _schedule(start: date, end: date, months: int) -> Any:
    return QuantLib.Schedule(
        _day(start),
        _day(end),
        QuantLib.Period(months, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        False,
    )


class QuantLibBook:
    """The same instruments in QuantLib: the curve relinked and quotes set for each column."""

    def __init__(self, bench: Setting) -> None:
        self._bench = bench
        QuantLib.Settings.instance().evaluationDate = _day(AS_OF)
        self._handle = QuantLib.RelinkableYieldTermStructureHandle()
        self._quote = QuantLib.SimpleQuote(0.01)
        self._set_column(0)
        self._index = QuantLib.IborIndex(
            "TERM", QuantLib.Period(3, QuantLib.Months), 0, QuantLib.USDCurrency(), QuantLib.NullCalendar(),
            QuantLib.Unadjusted, False, QuantLib.Actual360(), self._handle,
        )  # fmt: skip
        make = {"interest_rate_swap": self._swap, "floating_bond": self._bond, "swaption": self._swaption}
        self._twins = [make[bench.tag](spec) for spec in bench.specs]

    def _set_column(self, column: int) -> None:
        keys = [RiskFactorKey("zero_rate", CURVE, tenor) for tenor in TENORS]
        rates = [self._bench.level(key, column) if key in self._bench.keys else 0.035 for key in keys]
        dates = [_day(AS_OF), *(_day(AS_OF) + days for days in NODE_DAYS)]
        self._handle.linkTo(QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed()))
        for key in (VOL, RiskFactorKey("credit_spread", "CORP")):
            if key in self._bench.keys:
                self._quote.setValue(self._bench.level(key, column))

    def _vanilla(self, terms: tuple[date, date], rate: float, months: int, count: Any) -> Any:
        floating = _schedule(*terms, 3)
        return QuantLib.VanillaSwap(
            QuantLib.Swap.Payer, 1.0, _schedule(*terms, months), rate, count, floating, self._index, 0.0,
            QuantLib.Actual360(), QuantLib.Unadjusted, False,
        )  # fmt: skip

    def _swap(self, spec: Any) -> Any:
        count = QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
        swap = self._vanilla((spec.start, spec.maturity), spec.fixed_rate, 6, count)
        swap.setPricingEngine(QuantLib.DiscountingSwapEngine(self._handle))
        return swap

    def _bond(self, spec: Any) -> Any:
        schedule = _schedule(spec.issue_date, spec.maturity, 3)
        bond = QuantLib.FloatingRateBond(
            0, 1.0, schedule, self._index, QuantLib.Actual360(), QuantLib.Unadjusted, 0, [1.0], [spec.margin]
        )
        curve = QuantLib.ZeroSpreadedTermStructure(self._handle, QuantLib.QuoteHandle(self._quote))
        bond.setPricingEngine(QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(curve)))
        return bond

    def _swaption(self, spec: Any) -> Any:
        swap = self._vanilla((spec.expiry, spec.maturity), spec.strike, 12, QuantLib.Actual360())
        swaption = QuantLib.Swaption(swap, QuantLib.EuropeanExercise(_day(spec.expiry)))
        quote = QuantLib.QuoteHandle(self._quote)
        engine = QuantLib.BachelierSwaptionEngine(self._handle, quote, QuantLib.Actual365Fixed())
        swaption.setPricingEngine(engine)
        return swaption

    def values(self, column: int) -> list[float]:
        self._set_column(column)
        return [twin.NPV() for twin in self._twins]


def units(tag: str) -> int:
    """Return the payments of all instruments of a type, or for swaptions the prices, in one column."""
    if tag == "swaption":
        return N_EACH
    terms = [(spec.maturity - AS_OF).days for spec in setting(tag).specs]
    frequencies: Sequence[int] = (2, 4) if tag == "interest_rate_swap" else (4,)
    return sum(-(-days * frequency // 365) for days in terms for frequency in frequencies)


def _measure_kernel(benchmark: Any, tag: str, work: str) -> None:
    store = Store(setting(tag))
    measure(benchmark, Timing(work, OURS, units(tag) * N_COLUMNS), store.run)


def _measure_quantlib(benchmark: Any, tag: str, timing: tuple[str, float]) -> None:
    bench = setting(tag)
    values = Store(bench).values(bench.chunks[0])
    work, target = timing
    with QuantLib.SavedSettings():
        book = QuantLibBook(bench)
        for column in range(N_PEER_COLUMNS):
            np.testing.assert_allclose(values[:, column], book.values(column), rtol=0, atol=1e-10)
        shown = Timing(work, "QuantLib, curves relinked", units(tag) * N_PEER_COLUMNS, target)
        measure(benchmark, shown, lambda: [book.values(column) for column in range(N_PEER_COLUMNS)])


def test_swaps(benchmark: Any) -> None:
    _measure_kernel(benchmark, "interest_rate_swap", SWAPS)


def test_swaps_in_quantlib(benchmark: Any) -> None:
    _measure_quantlib(benchmark, "interest_rate_swap", (SWAPS, 150.0))


def test_floating_bonds(benchmark: Any) -> None:
    _measure_kernel(benchmark, "floating_bond", BONDS)


def test_floating_bonds_in_quantlib(benchmark: Any) -> None:
    _measure_quantlib(benchmark, "floating_bond", (BONDS, 150.0))


def test_swaptions(benchmark: Any) -> None:
    _measure_kernel(benchmark, "swaption", SWAPTIONS)


def test_swaptions_in_quantlib(benchmark: Any) -> None:
    _measure_quantlib(benchmark, "swaption", (SWAPTIONS, 150.0))
