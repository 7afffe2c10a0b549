"""Fixed-rate bonds, 1,000 bonds in 5,000 columns with every rate and spread moved: a unit is one payment."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure

from stresstest.arrays import FloatArray, frozen
from stresstest.conventions.cash_flows import FixedLeg
from stresstest.instrument_type import CompileContext
from stresstest.instruments.fixed_bond.columns import FixedBondColumns
from stresstest.instruments.fixed_bond.compile import compile_columns
from stresstest.instruments.fixed_bond.kernel import revalue
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import fixed_leg
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.revaluation.chunks import CHUNK_COLUMNS

AS_OF = date(2025, 10, 3)
N_BONDS, N_COLUMNS, N_CURVES, N_ISSUERS = 1_000, 5_000, 5, 300
NODE_DAYS = (30, 91, 183, 365, 730, 1095, 1826, 2556, 3652, 7305, 10957)
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y", "20Y", "30Y")
WORK = "fixed-rate bonds, rates and spread moved, a payment"


class Rows:
    """Rows of `market.factors` in the order asked for."""

    def __init__(self) -> None:
        self.keys: dict[RiskFactorKey, int] = {}

    def factor(self, key: RiskFactorKey) -> int:
        return self.keys.setdefault(key, len(self.keys))


class Setting(NamedTuple):
    """Bonds of ten years with a coupon each half year, and the factor levels `(n_factors, n_columns)`."""

    specs: list[FixedBondSpec]
    columns: FixedBondColumns
    keys: dict[RiskFactorKey, int]
    levels: FloatArray
    chunks: list[FloatArray]

    @property
    def n_flows(self) -> int:
        return int(self.columns.offsets[-1])


@cache
def setting() -> Setting:
    generator = np.random.default_rng(1)
    specs = [
        FixedBondSpec.model_validate(
            {
                "issuer": f"ISSUER{generator.integers(N_ISSUERS)}",
                "coupon": f"{generator.uniform(1, 9):.3f}%",
                "maturity": AS_OF + timedelta(days=int(generator.integers(3470, 3650))),
                "frequency": 2,
                "day_count": "30/360",
                "curve": f"CURVE{generator.integers(N_CURVES)}",
            }
        )
        for _ in range(N_BONDS)
    ]
    rows = Rows()
    columns = compile_columns(specs, CompileContext(AS_OF, market(), rows))  # type: ignore[arg-type]
    levels = np.array([_levels(key, generator) for key in rows.keys])
    starts = range(0, N_COLUMNS, CHUNK_COLUMNS)
    chunks = [frozen(levels[:, start : start + CHUNK_COLUMNS]) for start in starts]
    return Setting(specs, columns, rows.keys, levels, chunks)


def market() -> MarketSnapshot:
    names = [f"CURVE{number}" for number in range(N_CURVES)]
    years = frozen([days / 365 for days in NODE_DAYS])
    curves = {name: Curve(name, "USD", TENORS, years) for name in names}
    issuers = {name: Issuer(name, name, "equity", "USD") for name in (f"ISSUER{n}" for n in range(N_ISSUERS))}
    return MarketSnapshot("bench", AS_OF, "USD", {}, issuers, curves, {"USD": names[0]}, {}, (), {})


def _levels(key: RiskFactorKey, generator: np.random.Generator) -> FloatArray:
    if key.kind == "credit_spread":
        return np.abs(0.015 + 0.005 * generator.standard_normal(N_COLUMNS))
    return 0.03 + 0.01 * generator.standard_normal(N_COLUMNS)


def kernel_values(chunk: FloatArray, value: FloatArray) -> None:
    empty = np.zeros((1, value.shape[1]))
    revalue(setting().columns, MarketRows(chunk, empty), np.zeros((1, 1, 1)), Out(value, empty))


def run_kernel(store: dict[int, FloatArray]) -> None:
    """Value every bond in every column, chunk by chunk into scratch of one chunk."""
    for chunk in setting().chunks:
        width = chunk.shape[1]
        kernel_values(chunk, store.setdefault(width, np.empty((N_BONDS, width))))


def numpy_values(chunk: FloatArray, value: FloatArray) -> None:
    """The same sum in numpy, the payments of one bond at a time so that they stay in the cache."""
    columns = setting().columns
    flows, offsets = columns.flows, columns.offsets.tolist()
    for bond in range(len(offsets) - 1):
        rows = slice(offsets[bond], offsets[bond + 1])
        exponent = flows.lower_weight_years[rows, None] * chunk[flows.lower_row[rows]]
        exponent += flows.upper_weight_years[rows, None] * chunk[flows.upper_row[rows]]
        exponent += flows.spread_years[rows, None] * chunk[columns.spread_row[bond]]
        np.negative(exponent, out=exponent)
        np.exp(exponent, out=exponent)
        exponent *= flows.amount[rows, None]
        np.sum(exponent, axis=0, out=value[bond])


class QuantLibBook:
    """The bonds in QuantLib: curves relinked and spreads set for each column, then every bond's value."""

    def __init__(self, bench: Setting) -> None:
        self._bench = bench
        self._start = QuantLib.Date(AS_OF.day, AS_OF.month, AS_OF.year)
        QuantLib.Settings.instance().evaluationDate = self._start
        names = [f"CURVE{number}" for number in range(N_CURVES)]
        self._curves = {name: QuantLib.RelinkableYieldTermStructureHandle() for name in names}
        self._spreads: dict[str, Any] = {}
        self.set_column(0)
        self._bonds = [self._bond(spec) for spec in bench.specs]

    def _level(self, key: RiskFactorKey, column: int) -> float:
        row = self._bench.keys.get(key)
        return 0.0 if row is None else float(self._bench.levels[row, column])

    def set_column(self, column: int) -> None:
        dates = [self._start, *(self._start + days for days in NODE_DAYS)]
        for name, handle in self._curves.items():
            rates = [self._level(RiskFactorKey("zero_rate", name, tenor), column) for tenor in TENORS]
            handle.linkTo(QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed()))
        for issuer, quote in self._spreads.items():
            quote.setValue(self._level(RiskFactorKey("credit_spread", issuer), column))

    def _bond(self, spec: FixedBondSpec) -> Any:
        quote = self._spreads.setdefault(spec.issuer, QuantLib.SimpleQuote(0.0))
        curve = QuantLib.ZeroSpreadedTermStructure(self._curves[spec.curve], QuantLib.QuoteHandle(quote))
        bond = _quantlib_bond(fixed_leg(spec, AS_OF))
        bond.setPricingEngine(QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(curve)))
        return bond

    def values(self, column: int) -> list[float]:
        self.set_column(column)
        return [bond.NPV() for bond in self._bonds]


def _quantlib_bond(leg: FixedLeg) -> Any:
    start, end = leg.schedule.start, leg.schedule.end
    schedule = QuantLib.Schedule(
        QuantLib.Date(start.day, start.month, start.year),
        QuantLib.Date(end.day, end.month, end.year),
        QuantLib.Period(QuantLib.Semiannual),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        leg.schedule.end_of_month,
    )
    return QuantLib.FixedRateBond(
        0, 1.0, schedule, [leg.rate], QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
    )


def test_kernel(benchmark: Any) -> None:
    store: dict[int, FloatArray] = {}
    units = setting().n_flows * N_COLUMNS
    measure(benchmark, Timing(WORK, OURS, units), lambda: run_kernel(store))


def test_quantlib_relinking_curves(benchmark: Any) -> None:
    bench, n_columns = setting(), 3
    with QuantLib.SavedSettings():
        book = QuantLibBook(bench)
        values = np.empty((N_BONDS, bench.chunks[0].shape[1]))
        kernel_values(bench.chunks[0], values)
        for column in range(n_columns):
            np.testing.assert_allclose(values[:, column], book.values(column), rtol=0, atol=1e-10)
        timing = Timing(WORK, "QuantLib, curves relinked", bench.n_flows * n_columns, 150.0)
        measure(benchmark, timing, lambda: [book.values(column) for column in range(n_columns)])


def test_numpy_in_blocks(benchmark: Any) -> None:
    chunk = setting().chunks[0]
    values, expected = np.empty((N_BONDS, chunk.shape[1])), np.empty((N_BONDS, chunk.shape[1]))
    kernel_values(chunk, values)
    numpy_values(chunk, expected)
    np.testing.assert_allclose(values, expected, rtol=0, atol=1e-13)
    timing = Timing(WORK, "numpy, cache-blocked", setting().n_flows * chunk.shape[1], 4.0)
    measure(benchmark, timing, lambda: numpy_values(chunk, expected))
