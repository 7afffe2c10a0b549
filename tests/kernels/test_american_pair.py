"""Two exercise boundaries: two references of which neither shares an equation, borders, tiny vols, bits."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from tests.kernels.test_american import premiums, terms, values
from tests.oracle.american_option import by_grid
from tests.oracle.american_pair import Puts
from tests.oracle.american_pair import values as reference

from stresstest.arrays import FloatArray
from stresstest.kernels import american
from stresstest.kernels.american import certain_value
from stresstest.kernels.american_pair import pair_premium
from stresstest.kernels.american_pair_boundary import PairTerms, make_pair_work
from stresstest.kernels.american_pair_tables import make_pair_tables

TOLERANCE = 2e-7
"""2e-5 on a spot of 100."""
TABLES = make_pair_tables()

Put = tuple[float, float, float, float]


def random_puts(count: int, seed: int) -> list[Put]:
    """Return puts of a day to thirty years, vols of 0.5 to 200 %, rates and gaps to the yield from 1e-6."""
    rng = np.random.default_rng(seed)
    years = np.exp(rng.uniform(math.log(1 / 365), math.log(30.0), count))
    vol = np.exp(rng.uniform(math.log(0.005), math.log(2.0), count))
    is_tiny = rng.random((2, count)) < 0.4
    wide = rng.uniform(0.0005, ((0.06,), (0.10,)), (2, count))
    rate, gap = np.where(is_tiny, np.exp(rng.uniform(math.log(1e-6), math.log(0.1), (2, count))), wide)
    dev = vol * np.sqrt(years)
    moneyness = rng.normal(0.0, 1.0, count) * np.clip(dev, 0.02, 0.5)
    return list(zip(-rate * years, -(rate + gap) * years, dev, moneyness, strict=True))


def errors(puts: list[Put], n_steps: int) -> FloatArray:
    """Return how far values are from the reference, in units of spot or strike; NaN where it finds none."""
    columns = Puts(*np.array(puts).T)
    expected, _ = reference(columns, n_steps)
    return np.abs(values(puts) - expected) / np.maximum(1.0, np.exp(columns.moneyness))


def agreeing(puts: list[Put]) -> float:
    """Return the largest error; the reference, which finds nearly every put, is refined where it is rough."""
    found = errors(puts, 32)
    is_rough = np.isnan(found) | (found > 0.5 * TOLERANCE)
    assert is_rough.mean() < 0.1, "the reference is good enough nearly everywhere"
    again = errors([put for put, rough in zip(puts, is_rough, strict=True) if rough], 96)
    assert np.isnan(again).mean() <= 0.15
    return float(np.nanmax(again, initial=np.nanmax(found[~is_rough])))


def test_random_puts_agree_with_both_boundaries_in_one_equation() -> None:
    """A fifth of the puts that the bench of two boundaries compares; every one has a number."""
    puts = random_puts(400, seed=71)
    assert premiums(puts)[1].count(american.PAIR) > 350, "the rest lies too far off to be exercised"
    assert np.isfinite(values(puts)).all()
    assert agreeing(puts[:80]) <= TOLERANCE


def test_the_reference_converges() -> None:
    columns = Puts(*np.array(random_puts(24, seed=72)).T)
    steps = [reference(columns, n_steps)[0] for n_steps in (16, 32, 64)]
    coarse, fine = (np.abs(steps[k] - steps[2]) for k in (0, 1))
    is_found = np.isfinite(coarse + fine)
    assert is_found.sum() >= 22
    assert fine[is_found].max() < 1e-7
    assert fine[is_found].max() < 0.5 * coarse[is_found].max()


@pytest.mark.parametrize(
    ("put", "steps"),
    [
        ((-0.02, -0.1, 0.25, 0.0), (3600, 1600)),
        ((-0.001, -0.02, 0.6, -0.4), (3600, 1600)),
        ((-0.01, -0.04, 0.1, 0.0), (1200, 400)),
        ((-0.03, -0.05, 0.25, -0.1), (3600, 1600)),
    ],
)
def test_values_agree_with_a_grid_in_other_coordinates(put: Put, steps: tuple[int, int]) -> None:
    """To 7e-5 on a spot of 100, of which the other grid takes 5e-5."""
    assert values([put])[0] == pytest.approx(by_grid(terms(put), (), *steps), abs=7e-7)


@pytest.mark.parametrize("vol", [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
def test_little_volatility_gives_nearly_the_value_without_any(vol: float) -> None:
    rng = np.random.default_rng(73)
    for _ in range(60):
        rate = -math.exp(rng.uniform(math.log(1e-5), 0.0))
        dividend_yield = rate - math.exp(rng.uniform(math.log(1e-6), 0.4))
        moneyness = float(rng.normal(0.0, 0.3)) * (1.0 if rng.random() < 0.5 else vol)
        moneyness += (dividend_yield - rate) * int(rng.integers(0, 2))
        value = values([(rate, dividend_yield, vol, moneyness)])[0]
        sure = certain_value(rate, dividend_yield, moneyness)
        assert -TOLERANCE <= value - sure <= vol * math.exp(-dividend_yield) + TOLERANCE


@pytest.mark.parametrize("spread", [1e-12, 1e-9, 1e-7, 1e-5, 1e-3])
@pytest.mark.parametrize("rate", [-1e-9, -1e-5, -0.02, -0.9])
def test_premiums_are_found_and_small_where_the_region_is_narrow(rate: float, spread: float) -> None:
    work = make_pair_work()
    for dev in (0.01, 0.1, 0.5, 2.0, 6.0):
        for moneyness in (-0.2, -spread, 0.0, 0.3):
            premium = pair_premium(PairTerms(rate, rate - spread, dev), moneyness, TABLES, work)
            assert -1e-10 <= premium <= 1.1 * spread * math.exp(-rate)


@cache
def scan(name: str) -> list[Put]:
    """Return puts whose terms move a little from one to the next, across the borders of the method."""
    steps = np.linspace(-1.0, 1.0, 201).tolist()
    critical = math.sqrt(0.06) - math.sqrt(0.02)
    return {
        "boundaries that stay and that meet": [
            (-0.01, -0.03, critical * (1.0 + 0.1 * x), -0.6) for x in steps
        ],
        "boundaries that stay for a long time": [
            (-1.0, -3.0, 10.0 * critical * (1.0 + 0.1 * x), -0.6) for x in steps
        ],
        "boundaries that meet today": [(-0.02, -0.04, 0.14 + 0.04 * x, -0.4) for x in steps],
        "time": [
            (-0.02 * t, -0.05 * t, 0.15 * math.sqrt(t), -0.5) for t in np.geomspace(0.01, 60, 201).tolist()
        ],
        "the spot over both boundaries": [(-0.02, -0.06, 0.1, -0.55 + 0.6 * x) for x in steps],
        "a yield that comes near the rate": [
            (-0.03, -0.03 - 10.0 ** (-4 + 3 * x), 0.2, -0.05) for x in steps
        ],
        "a rate that comes near 0": [(-(10.0 ** (-4 + 3 * x)), -0.05, 0.2, -0.05) for x in steps],
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "boundaries that stay and that meet",
        "boundaries that stay for a long time",
        "boundaries that meet today",
        "time",
        "the spot over both boundaries",
        "a yield that comes near the rate",
        "a rate that comes near 0",
    ],
)
def test_values_are_smooth_across_the_borders_of_the_method(name: str) -> None:
    """Differences of second order show a jump of 2e-5 on a spot of 100."""
    found = values(scan(name))
    bends = np.diff(found, 2)
    typical = np.maximum(np.abs(bends[:-2]), np.abs(bends[2:]))
    jump = np.abs(bends[1:-1]) - 3.0 * typical
    assert np.isfinite(found).all()
    assert jump.max() <= 2.0 * TOLERANCE


def test_at_a_rate_of_0_one_boundary_takes_over() -> None:
    for dev in (0.05, 0.2, 0.8):
        below, above = values([(-1e-9, -0.04, dev, -0.1), (1e-9, -0.04, dev, -0.1)])
        assert below == pytest.approx(above, abs=TOLERANCE)


def test_between_the_boundaries_the_value_is_the_exercise_value() -> None:
    spots = np.log(np.linspace(0.2, 1.3, 221))
    puts = [(-0.02, -0.06, 0.1, float(w)) for w in spots]
    found, exercise = values(puts), 1.0 - np.exp(spots)
    held = np.flatnonzero(found > exercise)
    is_exercised = np.flatnonzero(found == exercise)
    assert is_exercised.size > 50
    assert np.array_equal(is_exercised, np.arange(is_exercised[0], is_exercised[-1] + 1))
    assert held[0] == 0
    assert held[-1] == 220
    slopes = np.diff(found) / np.diff(np.exp(spots))
    assert (np.diff(slopes) >= -2e-6).all()


def test_a_boundary_kept_for_the_next_spot_gives_the_same_bits() -> None:
    work, puts = make_pair_work(), random_puts(12, seed=74)
    for rate, dividend_yield, dev, _ in puts:
        for moneyness in (-0.3, -0.02, 0.1):
            put = PairTerms(rate, dividend_yield, dev)
            kept = pair_premium(put, moneyness, TABLES, work)
            assert kept == pair_premium(put, moneyness, TABLES, make_pair_work())
