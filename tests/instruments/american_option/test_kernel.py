"""Values of American options in whole markets: QuantLib, European values, symmetry, dividends, edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib
from tests.fixtures.books import portfolio
from tests.fixtures.option_market import (
    EUROPEAN,
    SPOT,
    TODAY,
    flat_market,
    option,
    option_market,
    random_moves,
)
from tests.fixtures.unit_values import unit_values
from tests.instruments.american_option.options import AMERICAN, VOL, american, move
from tests.oracle.american_option import Terms, by_grid

from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Instrument
from stresstest.revaluation.engine import revalue
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable

FLAT = flat_market()


def quantlib_value(right: str, levels: tuple[float, float, float, float], days: int) -> float:
    """Value on strike 100 by QuantLib's scheme of high precision, in levels as `move` takes them."""
    spot, rate, dividend_yield, vol = levels
    today = QuantLib.Date(TODAY.day, TODAY.month, TODAY.year)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual365Fixed()
    process = QuantLib.BlackScholesMertonProcess(
        QuantLib.QuoteHandle(QuantLib.SimpleQuote(spot)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, dividend_yield, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, rate, count)),
        QuantLib.BlackVolTermStructureHandle(
            QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), vol, count)
        ),
    )
    kind = QuantLib.Option.Call if right == "call" else QuantLib.Option.Put
    instrument = QuantLib.VanillaOption(
        QuantLib.PlainVanillaPayoff(kind, 100.0), QuantLib.AmericanExercise(today, today + days)
    )
    engine = QuantLib.QdFpAmericanEngine(process, QuantLib.QdFpAmericanEngine.highPrecisionScheme())
    instrument.setPricingEngine(engine)
    return float(instrument.NPV())


@pytest.mark.parametrize("right", ["call", "put"])
def test_values_are_those_of_quantlib(right: str) -> None:
    rng = np.random.default_rng(41)
    for days in (20, 90, 365, 1000):
        quotes = [
            (
                float(100.0 * np.exp(rng.normal(0.0, 0.2))),
                *rng.uniform((0.005, 0.0, 0.15), (0.08, 0.08, 0.7)).tolist(),
            )
            for _ in range(60)
        ]
        moves = [move(*quote) for quote in quotes]
        found = unit_values(AMERICAN, [american(right, 100.0, days)], FLAT, moves)[0]
        for quote, value in zip(quotes, found.tolist(), strict=True):
            expected = quantlib_value(right, quote, days)
            assert value == pytest.approx(expected, abs=2e-7 * max(100.0, quote[0])), (quote, days)


def test_what_is_never_exercised_is_worth_its_european_value_to_the_last_bit() -> None:
    market = option_market()
    moves = [
        {**column, **{key: 0.0 for key in market.levels if key.kind == "dividend_yield"}}
        for column in random_moves(market, 20, seed=42)
    ]
    for strike in (120.0, 190.0, 260.0):
        ours = unit_values(AMERICAN, [american("call", strike, 300)], market, moves)
        theirs = unit_values(EUROPEAN, [option("call", strike, 300)], market, moves)
        assert ours.tobytes() == theirs.tobytes()


def test_a_call_is_a_put_with_spot_and_strike_and_rate_and_yield_exchanged() -> None:
    for rate, dividend_yield in [(0.03, 0.06), (0.05, 0.01), (-0.03, -0.01), (-0.01, -0.03)]:
        call = unit_values(
            AMERICAN, [american("call", 100.0)], FLAT, [move(120.0, rate, dividend_yield, 0.3)]
        )
        put = unit_values(AMERICAN, [american("put", 120.0)], FLAT, [move(100.0, dividend_yield, rate, 0.3)])
        assert call[0, 0] == pytest.approx(put[0, 0], abs=1e-10)


def test_american_is_worth_at_least_european_and_intrinsic_value_with_a_smile() -> None:
    market = option_market()
    moves = random_moves(market, 60, seed=43)
    for right in ("call", "put"):
        for strike, days in ((120.0, 30), (190.0, 300), (300.0, 900)):
            ours = unit_values(AMERICAN, [american(right, strike, days)], market, moves)[0]
            theirs = unit_values(EUROPEAN, [option(right, strike, days)], market, moves)[0]
            spots = np.array([column.get(SPOT, market.levels[SPOT]) for column in moves])
            exercise = np.maximum((spots - strike) * (1.0 if right == "call" else -1.0), 0.0)
            assert (ours >= theirs).all()
            assert (ours >= exercise).all()


@pytest.mark.parametrize("right", ["call", "put"])
def test_on_the_day_of_expiry_the_value_is_the_intrinsic_value_exactly(right: str) -> None:
    moves = [{}, {SPOT: 100.0}, {SPOT: 190.0}, {SPOT: 300.0}]
    values = unit_values(AMERICAN, [american(right, 190.0, 0)], option_market(), moves)[0]
    sign = 1.0 if right == "call" else -1.0
    assert values.tolist() == [max(sign * (spot - 190.0), 0.0) for spot in (187.62, 100.0, 190.0, 300.0)]


@pytest.mark.parametrize("dividends", [(), [(100, 3.0)]], ids=["continuous", "dated"])
def test_after_a_default_a_put_is_worth_its_strike(dividends: list[tuple[int, float]]) -> None:
    specs = [american(right, 100.0, 365, dividends) for right in ("call", "put")]
    values = unit_values(AMERICAN, specs, FLAT, [move(0.0, 0.04, 0.01, 0.3)])
    assert values[:, 0].tolist() == [0.0, 100.0]


def test_without_volatility_the_best_moment_is_taken() -> None:
    rising = unit_values(AMERICAN, [american("call")], FLAT, [move(103.0, 0.10, 0.05, 0.0)])[0, 0]
    later = [103.0 * math.exp(-0.05 * t) - 100.0 * math.exp(-0.10 * t) for t in np.linspace(0.0, 1.0, 20001)]
    assert rising == pytest.approx(max(later), abs=1e-8)
    near = unit_values(AMERICAN, [american("call")], FLAT, [move(103.0, 0.10, 0.05, 1e-6)])[0, 0]
    assert near == pytest.approx(rising, abs=1e-5)


DIVIDENDS = [(60, 1.5), (150, 1.5), (240, 1.5), (330, 1.5)]


@pytest.mark.parametrize("rate", [0.05, 0.005, -0.02])
@pytest.mark.parametrize("right", ["call", "put"])
def test_dividends_on_dates_agree_with_a_grid_in_other_coordinates(right: str, rate: float) -> None:
    spec = american(right, 100.0, 365, DIVIDENDS)
    sign = 1 if right == "call" else -1
    dates = [(day / 365, amount) for day, amount in DIVIDENDS]
    for spot, vol in ((85.0, 0.25), (100.0, 0.2), (112.0, 0.4)):
        value = unit_values(AMERICAN, [spec], FLAT, [move(spot, rate, 0.0125, vol)])[0, 0]
        terms = Terms(sign, spot, 100.0, 1.0, rate, 0.0, vol)
        expected = by_grid(terms, dates, 2400, 800)
        assert value == pytest.approx(expected, abs=5e-5 if rate > 0.0 else 1.5e-4), (spot, vol)


def test_dividends_on_dates_move_in_proportion_to_the_yield() -> None:
    specs = [american("call", 100.0, 365, [(100, amount)]) for amount in (1.0, 2.0)]
    single, double = unit_values(AMERICAN, specs, FLAT, [move(100.0, 0.03, q, 0.3) for q in (0.0125, 0.025)])
    assert single[1] == double[0]
    free = unit_values(AMERICAN, specs[:1], FLAT, [move(100.0, 0.03, 0.0, 0.3)])[0, 0]
    plain = unit_values(EUROPEAN, [option("call", 100.0, 365)], FLAT, [move(100.0, 0.03, 0.0, 0.3)])[0, 0]
    assert free == pytest.approx(plain, abs=2e-5)


def test_dividends_worth_more_than_the_spot_fail_their_column_alone() -> None:
    spec = american("put", 100.0, 365, [(100, 30.0)])
    values = unit_values(AMERICAN, [spec], FLAT, [move(spot, 0.03, 0.0125, 0.3) for spot in (100.0, 20.0)])[0]
    assert np.isnan(values).tolist() == [False, True]


@pytest.mark.parametrize("dividends", [(), [(100, 3.0)]], ids=["continuous", "dated"])
def test_an_impossible_level_fails_its_column_alone(dividends: list[tuple[int, float]]) -> None:
    spec = american("put", 100.0, 300, dividends)
    for bad in ({VOL: -0.01}, {VOL: math.nan}, {SPOT: -5.0}, {SPOT: math.nan}, {SPOT: math.inf}):
        values = unit_values(AMERICAN, [spec], FLAT, [{}, bad, {}])[0]
        assert np.isnan(values).tolist() == [False, True, False], bad


def test_values_of_a_book_have_the_same_bits_on_one_two_and_four_threads() -> None:
    """One boundary and two, dividends on dates at rates of both signs, in three chunks."""
    paid = [(60, 1.5), (150, 1.5), (240, 1.5)]
    specs = [
        american(right, strike, days, dividends)
        for right, strike in (("put", 170.0), ("put", 205.0), ("call", 190.0))
        for days, dividends in ((90, ()), (400, ()), (400, paid))
    ]
    rows = [(f"p{k}", Instrument("american_option", spec), 1.0) for k, spec in enumerate(specs)]
    market, count = option_market(), 1_100
    moves = random_moves(market, count + 1, 5)
    moved = {key: np.array([move.get(key, level) for move in moves]) for key, level in market.levels.items()}
    for key, levels in moved.items():
        levels[1:] -= 0.02 if key.kind == "zero_rate" else 0.0
    columns = FactorColumns(
        ColumnTable.instant([f"s{number}" for number in range(count)]), market.levels, moved
    )
    book = compile_book([portfolio(rows)], market)
    first, *others = (revalue(book, columns, threads=threads).value for threads in (1, 2, 4))
    assert np.isfinite(first).all()
    assert all(other.tobytes() == first.tobytes() for other in others)
