"""American options, dividends on dates, 20 in 500 columns with spot, rate and vol moved: a unit is one price.

The peer is QuantLib's finite-difference engine in the same escrowed model, 400 steps by 800 nodes, held
within 5e-3 of ours; cells of ours are held against the grid of the tests' oracle as well.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import QuantLib
from benches.timings import OURS, Timing, measure
from tests.fixtures.option_market import TODAY, flat_market
from tests.fixtures.unit_values import columns_of, kernel_of
from tests.instruments.american_option.options import AMERICAN, american, move
from tests.oracle.american_option import Terms, by_grid

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out

N_OPTIONS, N_COLUMNS, N_PEER, N_REFERENCE = 20, 500, 20, 6
WORK = "American options, dividends on dates, a price"
DIVIDENDS = [(60, 1.5), (150, 1.5), (240, 1.5), (330, 1.5)]
BASE_YIELD = 0.0125


@cache
def setting() -> tuple[list[Any], list[tuple[float, float, float]], Any, MarketRows]:
    rng = np.random.default_rng(61)
    specs = [
        american(str(rng.choice(["put", "call"])), float(strike), int(rng.integers(100, 730)), DIVIDENDS)
        for strike in rng.uniform(80.0, 120.0, N_OPTIONS)
    ]
    rest = rng.uniform((0.005, 0.15), (0.08, 0.60), (N_COLUMNS, 2)).tolist()
    spots = (100.0 * np.exp(rng.normal(0.0, 0.15, N_COLUMNS))).tolist()
    levels = [(spot, *other) for spot, other in zip(spots, rest, strict=True)]
    market = flat_market()
    moves = [move(spot, rate, BASE_YIELD, vol) for spot, rate, vol in levels]
    columns, rows = columns_of(AMERICAN, specs, market)
    factors = np.array(
        [[column.get(key, market.levels[key]) for column in moves] for key in rows.factor_keys]
    )
    derived = np.empty((rows.n_derived, N_COLUMNS))
    fill_derived(rows.derived_plan(), frozen(factors), derived)
    return specs, levels, columns, MarketRows(frozen(factors), derived)


def values() -> FloatArray:
    _, _, columns, market = setting()
    out = Out(np.empty((N_OPTIONS, N_COLUMNS)), np.zeros((N_OPTIONS, N_COLUMNS)))
    kernel_of(AMERICAN)(columns, market, np.empty((0, 0, 0)), out)
    return out.value


def cells() -> list[tuple[int, int]]:
    return [(i, 7 * i) for i in range(N_PEER)]


def quantlib_values(steps: int, nodes: int) -> FloatArray:
    today, count = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year), QuantLib.Actual365Fixed()
    QuantLib.Settings.instance().evaluationDate = today
    found = []
    for i, j in cells():
        spec, (spot, rate, vol) = setting()[0][i], setting()[1][j]
        curves = [
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, level, count))
            for level in (0.0, rate)
        ]
        smile = QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
        process = QuantLib.BlackScholesMertonProcess(
            QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
            *curves,
            QuantLib.BlackVolTermStructureHandle(smile),
        )
        kind = QuantLib.Option.Call if spec.right == "call" else QuantLib.Option.Put
        days = (spec.expiry - TODAY).days
        paid = [(day, amount) for day, amount in DIVIDENDS if day <= days]
        dividends = QuantLib.DividendVector([today + day for day, _ in paid], [amount for _, amount in paid])
        option = QuantLib.VanillaOption(
            QuantLib.PlainVanillaPayoff(kind, spec.strike), QuantLib.AmericanExercise(today, today + days)
        )
        engine = QuantLib.FdBlackScholesVanillaEngine(
            process,
            dividends,
            steps,
            nodes,
            0,
            QuantLib.FdmSchemeDesc.Douglas(),
            False,
            -1.0,
            QuantLib.FdBlackScholesVanillaEngine.Escrowed,
        )
        option.setPricingEngine(engine)
        found.append(option.NPV())
    return np.array(found)


def reference(cell: tuple[int, int]) -> float:
    spec, (spot, rate, vol) = setting()[0][cell[0]], setting()[1][cell[1]]
    years, sign = (spec.expiry - TODAY).days / 365, 1 if spec.right == "call" else -1
    dates = [(day / 365, amount) for day, amount in DIVIDENDS if day / 365 <= years]
    return float(by_grid(Terms(sign, spot, spec.strike, years, rate, 0.0, vol), dates, 2400, 800))


def test_stresstest(benchmark: Any) -> None:
    ours = values()
    errors = [abs(ours[cell] - reference(cell)) for cell in cells()[:N_REFERENCE]]
    benchmark.extra_info["largest_error"] = max(errors)
    assert max(errors) < 1.5e-4
    measure(benchmark, Timing(WORK, OURS, N_OPTIONS * N_COLUMNS), values)


def test_quantlib(benchmark: Any) -> None:
    ours = values()
    gaps = [abs(ours[cell] - peer) for cell, peer in zip(cells(), quantlib_values(400, 800), strict=True)]
    benchmark.extra_info["largest_gap"] = max(gaps)
    assert max(gaps) < 5e-3
    measure(
        benchmark, Timing(WORK, "QuantLib finite differences", N_PEER), lambda: quantlib_values(400, 800), 3
    )
