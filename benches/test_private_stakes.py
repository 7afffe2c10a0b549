"""Private stakes: classes as options on the equity, with runways; a unit is one price.

Every mark, rate and funding gap moves. The peers are given each class as calls (strikes and slopes from the
oracle, found by search) and the discount factors of the columns: they pay for no waterfall and no curve.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
from benches.timings import OURS, Timing, measure
from scipy.special import ndtr
from tests.fixtures.forward_market import spec
from tests.instruments.private_stake.companies import RUNWAY, STACK, company_market
from tests.oracle.private_stake import calls, unit_value

from stresstest.arrays import FloatArray, frozen
from stresstest.catalog import instrument_type
from stresstest.instrument_type import CompileContext
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.rows import RowPlan
from stresstest.revaluation.chunks import CHUNK_COLUMNS, load_kernel

TAG, WORK = "private_stake", "private stakes with a stack and a runway, a price"
MARKET = company_market(macro__GAP=0.2)
NAMES = [item["name"] for item in STACK]
N_STAKES, N_LOOPED = 200, 10
YEARS = 2.0


class Book:
    """Stakes compiled, and one chunk of columns of the factors that they read."""

    def __init__(self) -> None:
        generator = np.random.default_rng(5)
        volatilities = generator.uniform(0.4, 1.2, N_STAKES)
        self.specs = [
            spec(TAG, **_terms(NAMES[number % len(NAMES)], volatility))
            for number, volatility in enumerate(volatilities)
        ]
        type_, rows = instrument_type(TAG), RowPlan(MARKET)
        self._columns = type_.compile(self.specs, CompileContext(MARKET.as_of, MARKET, rows))
        self._kernel, self._plan = load_kernel(TAG), rows.derived_plan()
        moves = 1.0 + 0.5 * generator.uniform(-1.0, 1.0, (len(rows.factor_keys), CHUNK_COLUMNS))
        bases = np.array([[MARKET.levels[key]] for key in rows.factor_keys])
        self.levels = dict(zip(map(str, rows.factor_keys), bases * moves, strict=True))
        self._factors = frozen(bases * moves)
        self._derived = np.empty((rows.n_derived, CHUNK_COLUMNS))
        self._state = np.zeros((N_STAKES, type_.n_state, CHUNK_COLUMNS))
        shape = (N_STAKES, CHUNK_COLUMNS)
        self._out = Out(np.empty(shape), np.zeros(shape))

    def values(self) -> FloatArray:
        self._state[:] = 0.0
        fill_derived(self._plan, self._factors, self._derived)
        self._kernel(self._columns, MarketRows(self._factors, self._derived), self._state, self._out)
        return self._out.value


def _terms(name: str, volatility: float) -> dict[str, Any]:
    shares = next(item["shares"] for item in STACK if item["name"] == name)
    later = {"years": YEARS, "volatility": f"{100 * volatility}%"}
    return {
        "issuer": "LAB", "stack": STACK, "share_class": name, "shares": shares, "exit": later,
        "runway": RUNWAY,
    }  # fmt: skip


@cache
def book() -> Book:
    return Book()


@cache
def payoff(name: str) -> tuple[tuple[float, float], ...]:
    with mp.workdps(40):
        return tuple((float(strike), float(slope)) for strike, slope in calls(book().specs[0].stack, name))


def end_chance(gap: Any) -> Any:
    """Chance that the cash is gone before investors return, an even chance a year from now."""
    return 1.0 / (1.0 + RUNWAY["cash"] / (gap * (RUNWAY["costs"] - RUNWAY["revenue"])))


def by_numpy() -> FloatArray:
    """Price every stake over all columns at once, call after call."""
    levels = book().levels
    equity, gap = levels["private_mark/LAB"], levels["macro/GAP"]
    factor, chance = np.exp(-YEARS * levels["zero_rate/USD/2Y"]), end_chance(gap)
    found = np.empty((N_STAKES, CHUNK_COLUMNS))
    for row, one in enumerate(book().specs):
        deviation = one.exit.volatility * math.sqrt(YEARS)

        def worth(money: FloatArray, one: Any = one, deviation: float = deviation) -> Any:
            total = np.zeros(CHUNK_COLUMNS)
            for strike, slope in payoff(one.share_class):
                if strike == 0.0:
                    total += slope * money
                    continue
                d1 = np.log(money / (strike * factor)) / deviation + 0.5 * deviation
                total += slope * (money * ndtr(d1) - strike * factor * ndtr(d1 - deviation))
            return total

        kept, left = worth(equity), 0.9 * worth(0.4 * equity)
        found[row] = 1e9 * (kept + chance * (left - kept))
    return found


def one_by_one() -> list[float]:
    """Price the first stakes column by column in plain Python."""
    levels = book().levels
    rows = (levels[name].tolist() for name in ("private_mark/LAB", "macro/GAP", "zero_rate/USD/2Y"))
    columns = zip(*rows, strict=True)
    markets = [(equity, end_chance(gap), math.exp(-YEARS * rate)) for equity, gap, rate in columns]
    found = []
    for one in book().specs[:N_LOOPED]:
        deviation = one.exit.volatility * math.sqrt(YEARS)
        for equity, chance, factor in markets:
            kept = _worth(one.share_class, equity, factor, deviation)
            left = 0.9 * _worth(one.share_class, 0.4 * equity, factor, deviation)
            found.append(1e9 * (kept + chance * (left - kept)))
    return found


def _worth(name: str, equity: float, factor: float, deviation: float) -> float:
    total = 0.0
    for strike, slope in payoff(name):
        if strike == 0.0:
            total += slope * equity
            continue
        d1 = math.log(equity / (strike * factor)) / deviation + 0.5 * deviation
        total += slope * (equity * _normal(d1) - strike * factor * _normal(d1 - deviation))
    return total


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def test_stresstest(benchmark: Any) -> None:
    """Compare with the oracle in 40 digits first, a stake of every class."""
    values = book().values()
    for row, one in enumerate(book().specs[: len(NAMES)]):

        def level(kind: str, name: str, tenor: str = "") -> float:
            key = "/".join(part for part in (kind, name, tenor) if part)
            return (
                float(book().levels[key][1])
                if key in book().levels
                else MARKET.levels[RiskFactorKey.parse(key)]
            )

        expected, size = unit_value(one, MARKET, level)
        assert abs(values[row, 1] - expected) <= 1e-12 * size
    measure(benchmark, Timing(WORK, OURS, N_STAKES * CHUNK_COLUMNS), book().values)


def test_numpy(benchmark: Any) -> None:
    np.testing.assert_allclose(book().values(), by_numpy(), rtol=0, atol=1e-3)
    timing = Timing(WORK, "numpy, stake by stake", N_STAKES * CHUNK_COLUMNS)
    measure(benchmark, timing, by_numpy, rounds=3)


def test_plain_python(benchmark: Any) -> None:
    ours = book().values()[:N_LOOPED].ravel()
    np.testing.assert_allclose(ours, one_by_one(), rtol=0, atol=1e-3)
    timing = Timing(WORK, "scalar loop", N_LOOPED * CHUNK_COLUMNS)
    measure(benchmark, timing, one_by_one, rounds=3)
