"""Leases, 200 of ten to fifteen years with every rate and spread moved: a unit is one rent."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure

from stresstest.arrays import FloatArray, frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.lease.columns import LeaseColumns
from stresstest.instruments.lease.compile import compile_columns
from stresstest.instruments.lease.kernel import revalue
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.instruments.lease.terms import rents
from stresstest.kernels.derived import DerivedPlan, fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.portfolio.rows import RowPlan

AS_OF = date(2025, 10, 3)
N_LEASES, N_COLUMNS, N_ISSUERS = 200, 512, 60
NODE_DAYS = (91, 365, 730, 1826, 3652, 7305)
TENORS = ("3M", "1Y", "2Y", "5Y", "10Y", "20Y")
WORK = "leases, rates and spread moved, a rent"


class Setting(NamedTuple):
    """Leases, their columns, the factors and their levels `(n_factors, n_columns)`, scratch."""

    specs: list[LeaseSpec]
    columns: LeaseColumns
    keys: tuple[RiskFactorKey, ...]
    levels: FloatArray
    plan: DerivedPlan
    derived: FloatArray

    @property
    def n_rents(self) -> int:
        return int(self.columns.offsets[-1])


@cache
def setting() -> Setting:
    generator = np.random.default_rng(3)
    specs = [
        LeaseSpec.model_validate(
            {
                "issuer": f"ISSUER{generator.integers(N_ISSUERS)}",
                "rent": 1.0,
                "start": AS_OF - timedelta(days=int(generator.integers(0, 60))),
                "term_months": 12 * int(generator.integers(10, 16)),
                "escalator": "2%",
            }
        )
        for _ in range(N_LEASES)
    ]
    issuers = {name: Issuer(name, name, "equity", "USD") for name in (f"ISSUER{n}" for n in range(N_ISSUERS))}
    curve = Curve("USD", "USD", TENORS, frozen([days / 365 for days in NODE_DAYS]))
    market = MarketSnapshot("bench", AS_OF, "USD", {}, issuers, {"USD": curve}, {"USD": "USD"}, {}, (), {})
    rows = RowPlan(market)
    columns = compile_columns(specs, CompileContext(AS_OF, market, rows))
    size = {"credit_spread": (0.02, 0.004), "zero_rate": (0.035, 0.01)}
    levels = [generator.normal(*size[key.kind], N_COLUMNS) for key in rows.factor_keys]
    derived = np.empty((rows.n_derived, N_COLUMNS))
    return Setting(specs, columns, rows.factor_keys, frozen(np.array(levels)), rows.derived_plan(), derived)


def kernel_values(value: FloatArray) -> None:
    """Value every lease in every column, the discount factors that they share included."""
    bench = setting()
    fill_derived(bench.plan, bench.levels, bench.derived)
    state, paid = np.zeros((N_LEASES, 1, N_COLUMNS)), np.zeros_like(value)
    revalue(bench.columns, MarketRows(bench.levels, bench.derived), state, Out(value, paid))


class QuantLibBook:
    """The rents as QuantLib's cash flows: one curve relinked, spreads set for each column."""

    def __init__(self) -> None:
        self._start = QuantLib.Date(AS_OF.day, AS_OF.month, AS_OF.year)
        QuantLib.Settings.instance().evaluationDate = self._start
        self._curve = QuantLib.RelinkableYieldTermStructureHandle()
        self._spreads: dict[str, Any] = {}
        self.set_column(0)
        self._leases = [self._lease(spec) for spec in setting().specs]

    def _level(self, kind: str, name: str, column: int, tenor: str = "") -> float:
        bench = setting()
        return float(bench.levels[bench.keys.index(RiskFactorKey(kind, name, tenor)), column])

    def set_column(self, column: int) -> None:
        dates = [self._start, *(self._start + days for days in NODE_DAYS)]
        rates = [self._level("zero_rate", "USD", column, tenor) for tenor in TENORS]
        self._curve.linkTo(QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed()))
        for issuer, quote in self._spreads.items():
            quote.setValue(self._level("credit_spread", issuer, column))

    def _lease(self, spec: LeaseSpec) -> tuple[Any, Any]:
        quote = self._spreads.setdefault(spec.issuer, QuantLib.SimpleQuote(0.0))
        spreaded = QuantLib.ZeroSpreadedTermStructure(self._curve, QuantLib.QuoteHandle(quote))
        leg = [
            QuantLib.SimpleCashFlow(rent.amount, QuantLib.Date(rent.day.day, rent.day.month, rent.day.year))
            for rent in rents(spec)
            if rent.day > AS_OF
        ]
        return leg, QuantLib.YieldTermStructureHandle(spreaded)

    def values(self, column: int) -> list[float]:
        self.set_column(column)
        return [QuantLib.CashFlows.npv(leg, handle, False) for leg, handle in self._leases]


def test_kernel(benchmark: Any) -> None:
    value = np.empty((N_LEASES, N_COLUMNS))
    measure(benchmark, Timing(WORK, OURS, setting().n_rents * N_COLUMNS), lambda: kernel_values(value))


def test_quantlib_relinking_curves(benchmark: Any) -> None:
    n_columns = 2
    with QuantLib.SavedSettings():
        book, values = QuantLibBook(), np.empty((N_LEASES, N_COLUMNS))
        kernel_values(values)
        for column in range(n_columns):
            np.testing.assert_allclose(values[:, column], book.values(column), rtol=1e-12)
        timing = Timing(WORK, "QuantLib, curves relinked", setting().n_rents * n_columns, 150.0)
        measure(benchmark, timing, lambda: [book.values(column) for column in range(n_columns)])
