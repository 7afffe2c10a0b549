"""Premiums of early exercise: published values, references of high precision, regimes and their borders."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from tests.oracle.american_option import Terms, by_integral, european

from stresstest.arrays import FloatArray
from stresstest.kernels import american
from stresstest.kernels.american import AmericanScratch, Cells, fill_premiums
from stresstest.kernels.american_boundary import WORK_SIZE
from stresstest.kernels.american_grid import MOST_NODES, N_ROWS, Payments
from stresstest.kernels.american_pair_boundary import make_pair_work
from stresstest.kernels.american_pair_tables import make_pair_tables
from stresstest.kernels.american_schemes import make_schemes

GOLDEN = Path(__file__).parents[1] / "golden" / "american_puts.csv"
TOLERANCE = 2e-7
"""2e-5 on a spot of 100."""

SCHEMES, PAIR_TABLES = make_schemes(), make_pair_tables()

Puts = list[tuple[float, float, float, float]]
"""ρ = r·T, κ = q·T, s = σ·√T, ln(S/K) of each."""


def premiums(puts: Puts) -> tuple[FloatArray, list[int]]:
    """Return premiums in units of the strike and the regimes of puts side by side."""
    rows = [np.ascontiguousarray(column, dtype=float) for column in np.array(puts).T]
    count = len(puts)
    numbers = [np.zeros(count, dtype=np.int64) for _ in range(3)]
    cells = Cells(*rows, np.zeros(count), *numbers)
    none = Payments(np.zeros(0), np.zeros(0), 1.0)
    scratch = AmericanScratch(np.empty(WORK_SIZE), make_pair_work(), np.empty((N_ROWS, MOST_NODES)))
    fill_premiums(SCHEMES, PAIR_TABLES, cells, none, scratch)
    return cells.premium, cells.regime.tolist()


def terms(put: tuple[float, float, float, float]) -> Terms:
    rate, dividend_yield, std_dev, moneyness = put
    return Terms(-1, math.exp(moneyness), 1.0, 1.0, rate, dividend_yield, std_dev)


def values(puts: Puts) -> FloatArray:
    found, _ = premiums(puts)
    held = np.array([european(terms(put)) for put in puts])
    return np.maximum(held + found, [1.0 - math.exp(put[3]) for put in puts])


def random_puts(count: int, seed: int, **bounds: tuple[float, float]) -> Puts:
    """Return puts of a day to ten years, vols of 2 to 200 %, rates up to 15 %, yields from −6 % to 15 %."""
    rng = np.random.default_rng(seed)
    low, high = bounds.get("rate", (0.0005, 0.15))
    years = np.exp(rng.uniform(math.log(1 / 365), math.log(10.0), count))
    vol = np.exp(rng.uniform(math.log(0.02), math.log(2.0), count))
    rate = rng.uniform(low, high, count)
    dividend_yield = np.where(
        rng.random(count) < 0.2, 0.0, rng.uniform(*bounds.get("dividend_yield", (-0.06, 0.15)), count)
    )
    moneyness = rng.normal(0.0, 1.0, count) * np.clip(vol * np.sqrt(years), 0.02, 0.5)
    return list(zip(rate * years, dividend_yield * years, vol * np.sqrt(years), moneyness, strict=True))


def test_published_values() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    for row in rows:
        spot, strike, years, rate, dividend_yield, vol, value, tolerance, _ = row.values()
        t, k = float(years), float(strike)
        put = (
            float(rate) * t,
            float(dividend_yield) * t,
            float(vol) * math.sqrt(t),
            math.log(float(spot) / k),
        )
        assert k * values([put])[0] == pytest.approx(float(value), abs=float(tolerance)), row


def test_the_published_premium_of_andersen_lake_and_offengenden() -> None:
    """0.106952702747 for K = S = 100, one year, r = q = 5 %, vol 25 % (section 6 of their paper)."""
    found, _ = premiums([(0.05, 0.05, 0.25, 0.0)])
    assert 100.0 * found[0] == pytest.approx(0.106952702747, abs=2e-6)


def test_two_thousand_random_puts_agree_with_the_reference() -> None:
    puts = [put for put in random_puts(2700, seed=31) if max(put[0], abs(put[1])) < 3.0 * put[2]]
    assert len(puts) > 2000
    found = values(puts)
    regimes = set(premiums(puts)[1])
    for put, value in zip(puts, found.tolist(), strict=True):
        expected = by_integral(terms(put))
        assert abs(value - expected) <= TOLERANCE * max(1.0, math.exp(put[3])), (put, value, expected)
    assert {american.SMALL, american.MIDDLE, american.LARGE, american.HARD} <= regimes


@pytest.mark.parametrize("vol", [0.002, 0.01, 0.03])
@pytest.mark.parametrize("rate", [0.03, 0.15])
def test_rates_large_beside_the_volatility_give_the_perpetual_put(rate: float, vol: float) -> None:
    years, drift = 400.0, rate - 0.5 * vol**2
    gamma = (drift + math.sqrt(drift**2 + 2.0 * rate * vol**2)) / vol**2
    boundary = gamma / (1.0 + gamma)
    for height in (0.0, 0.3 * vol, vol):
        moneyness = math.log(boundary) + height
        expected = (1.0 - boundary) * math.exp(-gamma * height)
        found = values([(rate * years, 0.0, vol * math.sqrt(years), moneyness)])[0]
        assert found == pytest.approx(expected, abs=TOLERANCE)


def test_the_grid_gives_what_collocation_gives() -> None:
    from stresstest.kernels.american_grid import PutCell, grid_value

    puts = [put for put in random_puts(60, seed=32) if put[2] < 0.5 and put[0] < put[2]][:12]
    none, grid = Payments(np.zeros(0), np.zeros(0), 1.0), np.empty((N_ROWS, MOST_NODES))
    for put, value in zip(puts, values(puts).tolist(), strict=True):
        assert grid_value(PutCell(*put), none, grid) == pytest.approx(value, abs=TOLERANCE), put


@pytest.mark.parametrize(
    ("rate", "dividend_yield"), [(0.0, 0.0), (0.0, 0.03), (-0.02, 0.01), (-0.02, -0.02), (-0.03, -0.01)]
)
def test_never_exercised_means_no_premium_at_all(rate: float, dividend_yield: float) -> None:
    puts = [(rate, dividend_yield, dev, w) for dev in (0.05, 0.4, 2.0) for w in (-0.5, 0.0, 0.5)]
    found, regimes = premiums(puts)
    assert (found == 0.0).all()
    assert set(regimes) == {american.HELD}


BORDERS = {
    "rate 0, yield above": ((1e-9, 0.03, 0.3, -0.1), (-1e-9, 0.03, 0.3, -0.1)),
    "rate 0, yield below": ((1e-7, -0.03, 0.2, -0.1), (-1e-7, -0.03, 0.2, -0.1)),
    "yield at a negative rate": ((-0.02, -0.02 - 1e-7, 0.2, -0.1), (-0.02, -0.02, 0.2, -0.1)),
    "yield 0": ((0.04, 1e-9, 0.2, -0.1), (0.04, -1e-9, 0.2, -0.1)),
    "yield at the rate": ((0.04, 0.04 - 1e-9, 0.3, 0.0), (0.04, 0.04 + 1e-9, 0.3, 0.0)),
    "small and middle": ((0.05, 0.02, 0.4 - 1e-9, 0.0), (0.05, 0.02, 0.4 + 1e-9, 0.0)),
    "middle and large": ((0.05, 0.02, 1.0 - 1e-9, 0.0), (0.05, 0.02, 1.0 + 1e-9, 0.0)),
    "large and hard": ((0.05, 0.02, 2.5 - 1e-9, 0.0), (0.05, 0.02, 2.5 + 1e-9, 0.0)),
    "large and hard by the yield": ((0.07 - 1e-9, -0.07, 0.196, 0.0), (0.07 + 1e-9, -0.07, 0.196, 0.0)),
    "small and large": ((0.08 - 1e-9, 0.02, 0.2, 0.0), (0.08 + 1e-9, 0.02, 0.2, 0.0)),
    "nine deviations": ((0.05, 0.0, 0.1, 0.965 - 1e-9), (0.05, 0.0, 0.1, 0.965 + 1e-9)),
    "no volatility": ((0.05, 0.02, 0.99e-8, 0.01), (0.05, 0.02, 1.01e-8, 0.01)),
}


@pytest.mark.parametrize("name", BORDERS)
def test_values_are_continuous_across_the_borders_of_regimes(name: str) -> None:
    puts = list(BORDERS[name])
    below, above = values(puts)
    assert abs(above - below) <= 2.0 * TOLERANCE + 1e-7


def test_a_cell_does_not_depend_on_its_neighbours() -> None:
    puts = random_puts(150, seed=33, rate=(-0.03, 0.1))
    puts += [(0.04, 0.01, 0.3, 0.01 * step) for step in range(-30, 31)]
    together, _ = premiums(puts)
    order = np.random.default_rng(34).permutation(len(puts))
    shuffled, _ = premiums([puts[j] for j in order])
    assert shuffled.tobytes() == np.ascontiguousarray(together[order]).tobytes()
    for j in range(0, len(puts), 7):
        assert premiums([puts[j]])[0][0].tobytes() == together[j].tobytes(), puts[j]


def test_bounds_and_slopes() -> None:
    spots = np.log(np.linspace(0.4, 1.8, 141))
    for rate, dividend_yield, dev in [
        (0.05, 0.0, 0.2),
        (0.02, 0.06, 0.5),
        (0.1, -0.03, 0.8),
        (0.3, 0.1, 0.1),
    ]:
        puts = [(rate, dividend_yield, dev, float(w)) for w in spots]
        found = values(puts)
        held = np.array([european(terms(put)) for put in puts])
        assert (found >= held).all()
        assert (found >= np.maximum(1.0 - np.exp(spots), 0.0)).all()
        slopes = np.diff(found) / np.diff(np.exp(spots))
        assert (slopes <= 1e-5).all()
        assert (slopes >= -1.0 - 1e-5).all()
        assert (np.diff(slopes) >= -2e-5).all()


def test_more_volatility_and_more_time_are_worth_more() -> None:
    devs = np.concatenate([np.geomspace(0.02, 0.39, 20), np.geomspace(0.41, 4.0, 20)])
    by_vol = values([(0.05, 0.03, float(dev), -0.05) for dev in devs])
    assert (np.diff(by_vol) >= -TOLERANCE).all()
    years = np.geomspace(0.01, 30.0, 40)
    by_time = values([(0.05 * t, 0.03 * t, 0.25 * math.sqrt(t), -0.05) for t in years.tolist()])
    assert (np.diff(by_time) >= -TOLERANCE).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("place", range(4))
def test_what_is_no_number_fails_alone(place: int, bad: float) -> None:
    good = (0.05, 0.02, 0.3, 0.0)
    broken = tuple(bad if k == place else x for k, x in enumerate(good))
    found, regimes = premiums([good, broken, good])
    assert np.isnan(found).tolist() == [False, True, False] or (place == 2 and bad == math.inf)
    assert regimes[0] == regimes[2] == american.SMALL
    assert math.isnan(premiums([(0.05, 0.02, -0.3, 0.0)])[0][0])
