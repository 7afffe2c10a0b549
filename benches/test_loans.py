"""Term loans, 200 loans in 5,000 columns with every rate and spread moved: a unit is one payment."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure

from stresstest.arrays import FloatArray, frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.term_loan.columns import TermLoanColumns
from stresstest.instruments.term_loan.compile import compile_columns
from stresstest.instruments.term_loan.kernel import revalue
from stresstest.instruments.term_loan.spec import TermLoanSpec
from stresstest.kernels.derived import DerivedPlan, fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS

AS_OF, N_LOANS, N_COLUMNS, N_ISSUERS, N_STATE = date(2025, 10, 3), 200, 5_000, 50, 5
NODE_DAYS = (30, 91, 183, 365, 730, 1095, 1826, 2556, 3652)
TENORS = ("1M", "3M", "6M", "1Y", "2Y", "3Y", "5Y", "7Y", "10Y")
WORK = "term loans, rates and spreads moved, a payment"
ONE_LOSS = 0.6
"""Loss at a default that a spread pays for: without recovery the hazard rate is QuantLib's spread."""


class Setting(NamedTuple):
    """Quarterly loans of up to seven years, and the factor levels `(n_factors, n_columns)`."""

    specs: list[TermLoanSpec]
    columns: TermLoanColumns
    keys: tuple[RiskFactorKey, ...]
    plan: DerivedPlan
    n_derived: int
    levels: FloatArray

    @property
    def n_flows(self) -> int:
        return int(self.columns.legs.offsets[-1])


def market() -> MarketSnapshot:
    curve = Curve("USD_SOFR", "USD", TENORS, frozen([days / 365 for days in NODE_DAYS]))
    levels = {RiskFactorKey("zero_rate", "USD_SOFR", tenor): 0.036 for tenor in TENORS}
    names = [f"ISSUER{number}" for number in range(N_ISSUERS)]
    levels |= {RiskFactorKey("credit_spread", name): 0.03 for name in names}
    # Nothing is recovered, as in a bond engine that discounts at a spread.
    levels |= {RiskFactorKey("default_state", name): 0.0 for name in names}
    levels |= {RiskFactorKey("recovery_rate", name, "secured"): 0.0 for name in names}
    issuers = {name: Issuer(name, name, "equity", "USD") for name in names}
    return MarketSnapshot(
        "bench", AS_OF, "USD", levels, issuers, {"USD_SOFR": curve}, {"USD": "USD_SOFR"}, {}, (), {}
    )


@cache
def setting() -> Setting:
    generator = np.random.default_rng(1)
    specs = [
        TermLoanSpec.model_validate(
            {
                "issuer": f"ISSUER{generator.integers(N_ISSUERS)}",
                "maturity": date(2029 + int(generator.integers(4)), int(generator.choice([3, 6, 9, 12])), 15),
                "margin": f"{generator.integers(150, 900)}bp",
                "current_rate": "4.1%",
            }
        )
        for _ in range(N_LOANS)
    ]
    snapshot = market()
    rows = RowPlan(snapshot)
    columns = compile_columns(specs, CompileContext(AS_OF, snapshot, rows))
    levels = np.array([_levels(key, snapshot, generator) for key in rows.factor_keys])
    return Setting(specs, columns, rows.factor_keys, rows.derived_plan(), rows.n_derived, levels)


def _levels(key: RiskFactorKey, snapshot: MarketSnapshot, generator: np.random.Generator) -> FloatArray:
    base = snapshot.levels[key]
    if key.kind in {"default_state", "recovery_rate"}:
        return np.full(N_COLUMNS, base)
    return np.abs(base + 0.007 * generator.standard_normal(N_COLUMNS))


def values(chunk: FloatArray, derived: FloatArray, out: Out) -> None:
    """Value one chunk of columns, its derived rows included."""
    bench = setting()
    fill_derived(bench.plan, chunk, derived)
    state = np.zeros((N_LOANS, N_STATE, chunk.shape[1]))
    revalue(bench.columns, MarketRows(chunk, derived), state, out)


def run_kernel(chunks: list[FloatArray], store: dict[int, tuple[FloatArray, Out]]) -> None:
    for chunk in chunks:
        width = chunk.shape[1]
        if width not in store:
            out = Out(np.empty((N_LOANS, width)), np.empty((N_LOANS, width)))
            store[width] = np.empty((setting().n_derived, width)), out
        values(chunk, *store[width])


@cache
def chunks() -> list[FloatArray]:
    levels = setting().levels
    return [frozen(levels[:, start : start + CHUNK_COLUMNS]) for start in range(0, N_COLUMNS, CHUNK_COLUMNS)]


class QuantLibBook:
    """The loans in QuantLib: curve relinked and spreads set for each column, then every value."""

    def __init__(self) -> None:
        self._start = QuantLib.Date(AS_OF.day, AS_OF.month, AS_OF.year)
        QuantLib.Settings.instance().evaluationDate = self._start
        self._curve = QuantLib.RelinkableYieldTermStructureHandle()
        self._quotes: dict[str, Any] = {}
        self.set_column(0)
        self._index = self._term_index()
        self._bonds = [self._bond(spec) for spec in setting().specs]
        self.set_column(0)

    def _level(self, key: RiskFactorKey, column: int) -> float:
        return float(setting().levels[setting().keys.index(key), column])

    def set_column(self, column: int) -> None:
        dates = [self._start, *(self._start + days for days in NODE_DAYS)]
        rates = [self._level(RiskFactorKey("zero_rate", "USD_SOFR", tenor), column) for tenor in TENORS]
        self._curve.linkTo(QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed()))
        for issuer, quote in self._quotes.items():
            quote.setValue(self._level(RiskFactorKey("credit_spread", issuer), column) / ONE_LOSS)

    def _term_index(self) -> Any:
        index = QuantLib.IborIndex(
            "LOANS", QuantLib.Period(3, QuantLib.Months), 0, QuantLib.USDCurrency(), QuantLib.NullCalendar(),
            QuantLib.Unadjusted, False, QuantLib.Actual360(), self._curve,
        )  # fmt: skip
        index.addFixing(QuantLib.Date(15, 9, 2025), 0.041, True)
        return index

    def _bond(self, spec: TermLoanSpec) -> Any:
        quote = self._quotes.setdefault(spec.issuer, QuantLib.SimpleQuote(0.0))
        schedule = QuantLib.Schedule(
            QuantLib.Date(15, 9, 2025), QuantLib.Date(15, spec.maturity.month, spec.maturity.year),
            QuantLib.Period(3, QuantLib.Months), QuantLib.NullCalendar(), QuantLib.Unadjusted,
            QuantLib.Unadjusted, QuantLib.DateGeneration.Backward, False,
        )  # fmt: skip
        bond = QuantLib.FloatingRateBond(
            0, 1.0, schedule, self._index, QuantLib.Actual360(), QuantLib.Unadjusted, 0, [1.0], [spec.margin]
        )
        curve = QuantLib.ZeroSpreadedTermStructure(
            self._curve, QuantLib.QuoteHandle(quote), QuantLib.Continuous
        )
        bond.setPricingEngine(QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(curve)))
        return bond

    def values(self, column: int) -> list[float]:
        self.set_column(column)
        return [bond.NPV() for bond in self._bonds]


def test_kernel(benchmark: Any) -> None:
    store: dict[int, tuple[FloatArray, Out]] = {}
    timing = Timing(WORK, OURS, setting().n_flows * N_COLUMNS)
    measure(benchmark, timing, lambda: run_kernel(chunks(), store))


def test_quantlib_relinking_curves(benchmark: Any) -> None:
    n_columns, first = 3, chunks()[0]
    with QuantLib.SavedSettings():
        book = QuantLibBook()
        out = Out(np.empty((N_LOANS, first.shape[1])), np.empty((N_LOANS, first.shape[1])))
        values(first, np.empty((setting().n_derived, first.shape[1])), out)
        for column in range(n_columns):
            np.testing.assert_allclose(out.value[:, column], book.values(column), rtol=0, atol=1e-10)
        timing = Timing(WORK, "QuantLib, curves relinked", setting().n_flows * n_columns, 150.0)
        measure(benchmark, timing, lambda: [book.values(column) for column in range(n_columns)])
