"""Credit default swaps: every rate and spread moves, the hazard rate is solved; a unit is one price.

QuantLib is given the curve of each column ready, solves the hazard rate that the spread implies and values
the running contract by its ISDA engine, one object and one column at a time.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure
from tests.instruments.cds.market import AS_OF, NODE_DAYS, RATES, market, swap

from stresstest.arrays import FloatArray, frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.cds import INSTRUMENT_TYPE
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.credit_swaps import swap_times
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS, load_kernel

N_SWAPS, N_COLUMNS = 100, 10 * CHUNK_COLUMNS
N_QUANTLIB, N_QUANTLIB_COLUMNS = 5, 8
RECOVERY = 0.4
# Every day that the longest contract discounts from is a node, so that no interpolation differs.
LONGEST = swap(maturity="2030-12-20")
DAYS = sorted(
    {round(365 * years) for years in swap_times(market().curves["USD_SOFR"], AS_OF, LONGEST.last_day)}
    | set(NODE_DAYS)
)
MARKET = market(AS_OF, NODE_DAYS, RATES)
WORK = "credit default swaps, rates and spread moved, hazard rate solved"


class Book:
    """Swaps of five years in dollars, and levels `(n_factors, n_columns)`; chunks of them."""

    def __init__(self) -> None:
        generator = np.random.default_rng(3)
        coupons = generator.choice(["100bp", "500bp"], N_SWAPS)
        issuers = generator.choice(["ORCL", "CRWV"], N_SWAPS)
        self.specs = [swap(name, coupon=bp) for name, bp in zip(issuers, coupons, strict=True)]
        self.rows = RowPlan(MARKET)
        self.columns = INSTRUMENT_TYPE.compile(self.specs, CompileContext(AS_OF, MARKET, self.rows))
        self.plan = self.rows.derived_plan()
        self.keys = self.rows.factor_keys
        base = np.array([MARKET.levels[key] for key in self.keys])[:, None]
        is_spread = np.array([key.kind == "credit_spread" for key in self.keys])[:, None]
        draws = generator.standard_normal((len(self.keys), N_COLUMNS))
        self.levels = np.where(is_spread, base * np.exp(0.8 * draws), base + 0.01 * draws)

    def run(self, low: int, high: int) -> FloatArray:
        """Value every swap in a range of columns, derived rows included."""
        factors = frozen(self.levels[:, low:high])
        derived = np.empty((self.rows.n_derived, high - low))
        fill_derived(self.plan, factors, derived)
        value, paid = np.empty((N_SWAPS, high - low)), np.zeros((N_SWAPS, high - low))
        state = np.zeros((N_SWAPS, 1, high - low))
        load_kernel(INSTRUMENT_TYPE.tag)(self.columns, MarketRows(factors, derived), state, Out(value, paid))
        return value

    def run_all(self) -> None:
        for low in range(0, N_COLUMNS, CHUNK_COLUMNS):
            self.run(low, low + CHUNK_COLUMNS)


@cache
def book() -> Book:
    return Book()


def discounts(column: int) -> list[float]:
    """Discount factors of one column on the days of QuantLib's curve."""
    found = book()
    nodes = [(key.tenor, row) for row, key in enumerate(found.keys) if key.kind == "zero_rate"]
    years = {tenor: float(tenor[:-1]) / 365 for tenor, _ in nodes}
    known = sorted((years[tenor], float(found.levels[row, column])) for tenor, row in nodes)
    rates = np.interp(np.array(DAYS) / 365, *zip(*known, strict=True))
    return [math.exp(-rate * day / 365) for rate, day in zip(rates.tolist(), DAYS, strict=True)]


def curves() -> list[Any]:
    start = QuantLib.Date(AS_OF.day, AS_OF.month, AS_OF.year)
    QuantLib.Settings.instance().evaluationDate = start
    dates = [start, *(start + day for day in DAYS)]
    made = []
    for column in range(N_QUANTLIB_COLUMNS):
        curve = QuantLib.DiscountCurve(dates, [1.0, *discounts(column)], QuantLib.Actual365Fixed())
        curve.enableExtrapolation()
        made.append(QuantLib.YieldTermStructureHandle(curve))
    return made


def quantlib_values(handles: list[Any]) -> FloatArray:
    """`(N_QUANTLIB, N_QUANTLIB_COLUMNS)`."""
    found, maturity, day_count = book(), QuantLib.Date(20, 12, 2030), QuantLib.Actual365Fixed()
    rows = {key.name: row for row, key in enumerate(found.keys) if key.kind == "credit_spread"}
    value = np.empty((N_QUANTLIB, N_QUANTLIB_COLUMNS))
    start = QuantLib.Settings.instance().evaluationDate
    for number, spec in enumerate(found.specs[:N_QUANTLIB]):
        running = QuantLib.MakeCreditDefaultSwap(maturity, spec.coupon)
        for column, handle in enumerate(handles):
            quoted = QuantLib.MakeCreditDefaultSwap(maturity, float(found.levels[rows[spec.issuer], column]))
            hazard = quoted.impliedHazardRate(
                0.0, handle, day_count, RECOVERY, 1e-10, QuantLib.CreditDefaultSwap.ISDA
            )
            flat = QuantLib.FlatHazardRate(start, QuantLib.makeQuoteHandle(hazard), day_count)
            probabilities = QuantLib.DefaultProbabilityTermStructureHandle(flat)
            running.setPricingEngine(QuantLib.IsdaCdsEngine(probabilities, RECOVERY, handle))
            value[number, column] = running.NPV() - running.accrualRebateNPV()
    return value


def test_values_agree() -> None:
    ours = book().run(0, N_QUANTLIB_COLUMNS)[:N_QUANTLIB]
    # QuantLib's curve has more nodes than ours, where forward rates are flat between premium dates.
    assert np.abs(ours - quantlib_values(curves())).max() < 1e-6


def test_stresstest(benchmark: Any) -> None:
    measure(benchmark, Timing(WORK, OURS, N_SWAPS * N_COLUMNS), book().run_all)


def test_quantlib(benchmark: Any) -> None:
    handles = curves()
    timing = Timing(WORK, "QuantLib ISDA engine", N_QUANTLIB * N_QUANTLIB_COLUMNS, target=200.0)
    measure(benchmark, timing, lambda: quantlib_values(handles), rounds=3)
