"""Inflation-linked bonds, every rate and inflation rate moved: a unit is one payment."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure

from stresstest.arrays import FloatArray, frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.inflation_bond.columns import InflationBondColumns
from stresstest.instruments.inflation_bond.compile import compile_columns
from stresstest.instruments.inflation_bond.kernel import revalue
from stresstest.instruments.inflation_bond.spec import InflationBondSpec
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import price_curves
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.revaluation.chunks import CHUNK_COLUMNS

AS_OF, LAST_PRINT = date(2025, 10, 3), date(2025, 8, 1)
N_BONDS = 200
NODE_DAYS = (30, 365, 730, 1826, 3652, 7305, 10957)
TENORS = ("1M", "1Y", "2Y", "5Y", "10Y", "20Y", "30Y")
PRINTS = ((date(2025, 7, 1), 323.048), (LAST_PRINT, 323.976))
INFLATION = RiskFactorKey("inflation", "USD", "10Y")
WORK = "inflation-linked bonds, rates and inflation moved, a payment"
# QuantLib counts growth between months of prints, the kernel between the days that they are reference of.
TOLERANCE = 3e-4


class Rows:
    """Rows of `market.factors` in the order asked for."""

    def __init__(self) -> None:
        self.keys: dict[RiskFactorKey, int] = {}

    def factor(self, key: RiskFactorKey) -> int:
        return self.keys.setdefault(key, len(self.keys))


class Setting(NamedTuple):
    """Bonds of ten years and one chunk of factor levels `(n_factors, n_columns)`."""

    specs: list[InflationBondSpec]
    columns: InflationBondColumns
    keys: dict[RiskFactorKey, int]
    levels: FloatArray


@cache
def setting() -> Setting:
    generator = np.random.default_rng(5)
    prints = [{"month": month, "index": index} for month, index in PRINTS]
    specs = []
    for _ in range(N_BONDS):
        maturity = AS_OF + timedelta(days=int(generator.integers(3470, 3650)))
        specs.append(
            InflationBondSpec(
                issuer="UST",
                coupon=f"{generator.uniform(0, 3):.3f}%",
                issue_date=maturity.replace(year=maturity.year - 10, day=min(maturity.day, 28)),
                maturity=maturity,
                base_index=240.0,
                prints=prints,
                deflation_floor=False,
            )
        )
    rows = Rows()
    columns = compile_columns(specs, CompileContext(AS_OF, market(), rows))  # type: ignore[arg-type]
    centre = [0.0233 if key == INFLATION else 0.035 for key in rows.keys]
    noise = 0.004 * generator.standard_normal((len(centre), CHUNK_COLUMNS))
    return Setting(specs, columns, rows.keys, frozen(np.array(centre)[:, None] + noise))


def market() -> MarketSnapshot:
    curve = Curve("USD", "USD", TENORS, frozen([days / 365 for days in NODE_DAYS]))
    levels = dict.fromkeys(curve.keys(), 0.035) | {INFLATION: 0.0233}
    issuers = {"UST": Issuer("UST", "UST", "sovereign", "USD")}
    return MarketSnapshot(
        "bench", AS_OF, "USD", levels, issuers, {"USD": curve}, {"USD": "USD"}, {}, (), {},
        price_curves=price_curves(levels),
    )  # fmt: skip


def kernel_values(value: FloatArray) -> None:
    bench, empty = setting(), np.zeros((N_BONDS, value.shape[1]))
    state = np.zeros((N_BONDS, 2, value.shape[1]))
    revalue(bench.columns, MarketRows(bench.levels, empty), state, Out(value, empty))


class QuantLibBook:
    """The bonds as CPIBonds: curves of rates and inflation relinked for each column, then every value."""

    def __init__(self) -> None:
        self._start = _day(AS_OF)
        QuantLib.Settings.instance().evaluationDate = self._start
        self._rates = QuantLib.RelinkableYieldTermStructureHandle()
        self._inflation = QuantLib.RelinkableZeroInflationTermStructureHandle()
        self._index = QuantLib.USCPI(self._inflation)
        for month, level in PRINTS:
            self._index.addFixing(_day(month), level, True)
        self.set_column(0)
        engine = QuantLib.DiscountingBondEngine(self._rates)
        self._bonds = [self._bond(spec) for spec in setting().specs]
        for bond in self._bonds:
            bond.setPricingEngine(engine)

    def set_column(self, column: int) -> None:
        bench = setting()
        keys = [RiskFactorKey("zero_rate", "USD", tenor) for tenor in TENORS]
        rates = [float(bench.levels[bench.keys[key], column]) if key in bench.keys else 0.035 for key in keys]
        dates = [self._start, *(self._start + days for days in NODE_DAYS)]
        self._rates.linkTo(QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed()))
        rate = float(bench.levels[bench.keys[INFLATION], column])
        ends = [_day(LAST_PRINT), _day(date(2060, 8, 1))]
        day_count = QuantLib.Actual365Fixed()
        self._inflation.linkTo(
            QuantLib.ZeroInflationCurve(self._start, ends, [rate, rate], QuantLib.Monthly, day_count)
        )

    def _bond(self, spec: InflationBondSpec) -> Any:
        schedule = QuantLib.Schedule(
            _day(spec.issue_date), _day(spec.maturity), QuantLib.Period(QuantLib.Semiannual),
            QuantLib.NullCalendar(), QuantLib.Unadjusted, QuantLib.Unadjusted,
            QuantLib.DateGeneration.Backward, True,
        )  # fmt: skip
        lag, day_count = (
            QuantLib.Period(3, QuantLib.Months),
            QuantLib.ActualActual(QuantLib.ActualActual.ISMA),
        )
        terms = spec.base_index, lag, self._index, QuantLib.CPI.Linear, schedule, [spec.coupon], day_count
        return QuantLib.CPIBond(0, 1.0, False, *terms, QuantLib.Unadjusted)

    def values(self, column: int) -> list[float]:
        self.set_column(column)
        return [bond.NPV() for bond in self._bonds]


def _day(day: date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


def test_kernel(benchmark: Any) -> None:
    value = np.empty((N_BONDS, CHUNK_COLUMNS))
    units = len(setting().columns.amount) * CHUNK_COLUMNS
    measure(benchmark, Timing(WORK, OURS, units), lambda: kernel_values(value))


def test_quantlib_relinking_curves(benchmark: Any) -> None:
    n_columns, value = 3, np.empty((N_BONDS, CHUNK_COLUMNS))
    kernel_values(value)
    with QuantLib.SavedSettings():
        book = QuantLibBook()
        for column in range(n_columns):
            np.testing.assert_allclose(value[:, column], book.values(column), rtol=TOLERANCE, atol=0)
        units = len(setting().columns.amount) * n_columns
        timing = Timing(WORK, "QuantLib CPIBond, curves relinked", units, 150.0)
        measure(benchmark, timing, lambda: [book.values(column) for column in range(n_columns)])
    QuantLib.IndexManager.instance().clearHistories()
