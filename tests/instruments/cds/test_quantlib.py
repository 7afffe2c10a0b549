"""Credit default swaps against QuantLib's ISDA engine and against Markit's published upfronts."""

from __future__ import annotations

import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
import QuantLib
from tests.instruments.cds.market import swap, values
from tests.instruments.cds.quantlib_swaps import (
    DEPOSITS,
    EURO_DEPOSITS,
    EURO_SWAPS,
    SWAPS,
    curve_days,
    market_of,
    market_on,
    markit_curve,
    peer_value,
)
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.conventions.cds_dates import cash_settlement_date
from stresstest.market.credit_swaps import accrued_fraction

GOLDEN = Path(__file__).parents[2] / "golden" / "markit_cds_upfronts.csv"
N_RANDOM = 400
SHAPES = ("rising", "inverted", "negative", "flat")


@pytest.fixture(autouse=True)
def _settings():
    with QuantLib.SavedSettings():
        yield


def random_case(generator: random.Random) -> tuple[date, date, float]:
    """A weekday, a maturity on a weekday with more than one coupon left, a spread from 2 to 2,500 bp."""
    while True:
        today = date(2025, 10, 3) + timedelta(days=generator.randrange(1800))
        maturity = date(today.year + generator.randint(1, 10), generator.choice((3, 6, 9, 12)), 20)
        if today.weekday() < 5 and maturity.weekday() < 5 and (maturity - today).days > 100:
            return today, maturity, math.exp(generator.uniform(math.log(2e-4), math.log(0.25)))


def zero_rates(shape: str, generator: random.Random):
    level, tilt, pace = (
        generator.uniform(0.0, 0.08),
        generator.uniform(0.0, 0.04),
        generator.uniform(0.3, 4.0),
    )
    sign = {"rising": -1.0, "inverted": 1.0, "negative": -1.0, "flat": 0.0}[shape]
    start = -0.012 if shape == "negative" else level
    return lambda days: start + sign * tilt * math.exp(-days / 365 / pace)


@pytest.mark.parametrize("seed", range(4))
def test_values_are_those_of_the_isda_engine(seed: int) -> None:
    # QuantLib lets survival to a last payment run on over a weekend, and leaves the last day's premium out
    # where one coupon is left. The standard model does neither: such maturities are left to the oracle.
    generator = random.Random(seed)  # noqa: S311
    for number in range(N_RANDOM // 4):
        today, maturity, spread = random_case(generator)
        rate = zero_rates(SHAPES[number % 4], generator)
        coupon, recovery = generator.choice((0.0025, 0.01, 0.05)), generator.choice((0.2, 0.3, 0.4, 0.6))
        days = curve_days(today, maturity)
        QuantLib.Settings.instance().evaluationDate = to_quantlib(today)
        curve = QuantLib.DiscountCurve(
            [to_quantlib(today), *(to_quantlib(today + timedelta(days=day)) for day in days)],
            [1.0, *(math.exp(-rate(day) * day / 365) for day in days)],
            QuantLib.Actual365Fixed(),
        )
        curve.enableExtrapolation()
        peer = peer_value(maturity, (spread, coupon, recovery), curve)
        spec = swap(maturity=str(maturity), coupon=f"{1e4 * coupon:g}bp", recovery=f"{100 * recovery:g}%")
        (got,) = values([spec], {"credit_spread/CRWV": spread}, base=market_of(today, maturity, rate))[0]
        assert got == pytest.approx(peer.dirty, abs=1e-8), (today, maturity, spread, coupon, recovery)


def test_upfronts_are_those_that_markit_publishes() -> None:
    today = date(2009, 5, 21)
    QuantLib.Settings.instance().evaluationDate = to_quantlib(today)
    curve = markit_curve(DEPOSITS, SWAPS, QuantLib.USDCurrency(), 3, QuantLib.Semiannual)
    settlement = curve.discount(to_quantlib(cash_settlement_date(today)))
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        maturity, recovery = date.fromisoformat(row["maturity"]), float(row["recovery"])
        base = market_on(curve, today, maturity)
        spec = swap(maturity=row["maturity"], coupon="100bp", recovery=f"{100 * recovery:g}%")
        (dirty,) = values([spec], {"credit_spread/CRWV": float(row["spread"])}, base=base)[0]
        upfront = dirty / settlement + 0.01 * accrued_fraction(today, maturity)
        assert 1e7 * upfront == pytest.approx(float(row["upfront"]), abs=0.01), row


def test_the_value_at_negative_rates_is_the_one_published() -> None:
    # QuantLib's test-suite/creditdefaultswap.cpp, testIsdaCalculatorReconcileSingleQuote: −16,070.7 on a
    # million at a conventional spread of 67.13 bp, clean, on the trade date.
    today, maturity = date(2021, 7, 26), date(2026, 6, 20)
    QuantLib.Settings.instance().evaluationDate = to_quantlib(today)
    curve = markit_curve(EURO_DEPOSITS, EURO_SWAPS, QuantLib.EURCurrency(), 6, QuantLib.Annual)
    base = market_on(curve, today, maturity)
    (dirty,) = values([swap(maturity="2026-06-20")], {"credit_spread/CRWV": 0.006713}, base=base)[0]
    accrued = 0.01 * accrued_fraction(today, maturity)
    assert 1e6 * accrued == pytest.approx(1000.0, abs=1e-6)
    clean = dirty + accrued * curve.discount(to_quantlib(cash_settlement_date(today)))
    assert 1e6 * clean == pytest.approx(-16070.7, abs=0.2)
