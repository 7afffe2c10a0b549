"""The lattice against QuantLib at equal steps, against its oracle, its convergence, and its identities."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.option_market import SPOT
from tests.instruments.convertible_bond.convertibles import (
    BASE,
    SPREAD,
    STEPS,
    TODAY,
    VOL,
    YEARS,
    Levels,
    bond,
    day,
    market,
    one_value,
    quantlib_value,
    values,
)
from tests.oracle import convertible_bond as oracle
from tests.oracle import convertible_grid

from stresstest.kernels.convertible_walk import FARTHEST

SOFT = ({"date": day(730), "until": day(730), "trigger": "130%"},)
HARD = ({"date": day(365), "until": day(365), "price": 102.0}, {"date": day(730), "until": day(730)})
PUTS = ({"date": day(730), "price": 98.0},)
SAFE = replace(BASE, spread=0.0)
MARKETS = st.builds(
    Levels,
    spot=st.floats(20.0, 400.0),
    vol=st.floats(0.1, 1.2),
    rate=st.floats(-0.01, 0.1),
    dividend_yield=st.floats(0.0, 0.06),
    spread=st.floats(0.0, 0.15),
)


def nearness(levels: Levels) -> float:
    """Return what QuantLib may differ by at equal steps: 1e-8, and 1e-6 over 8 deviations from the forward.

    So far out no strike matters, and the lattice is centred no farther (`FARTHEST`); QuantLib's is. Two
    lattices with other nodes find the best days to convert early to 5e-7 alike (spot 388, a vol of 10 %).
    """
    std_dev = levels.vol * math.sqrt(YEARS)
    drift = (levels.rate - levels.dividend_yield) * YEARS
    d2 = (math.log(levels.spot / 125.0) + drift) / std_dev - 0.5 * std_dev
    return (1e-8 if abs(d2) <= FARTHEST else 1e-6) * max(1.0, levels.spot / 125.0)


@settings(max_examples=60, deadline=None)
@given(MARKETS, st.sampled_from([0.0, 0.02, 0.06]), st.sampled_from([33, 99, 201]))
def test_quantlib_gives_the_same_value_at_equal_steps(levels: Levels, coupon: float, steps: int) -> None:
    spec = bond(credit_on="probability", coupon=f"{100 * coupon}%", steps=steps)
    found = values([spec], levels=levels)[0, 0]
    assert abs(found - quantlib_value(spec, levels)) < nearness(levels)


@settings(max_examples=40, deadline=None)
@given(MARKETS, st.sampled_from(["110%", "130%", "150%"]))
def test_quantlib_gives_the_same_value_of_a_soft_call(levels: Levels, trigger: str) -> None:
    calls = ({"date": day(730), "until": day(730), "trigger": trigger},)
    spec = bond(credit_on="probability", calls=calls)
    found = values([spec], levels=levels)[0, 0]
    assert abs(found - quantlib_value(spec, levels)) < nearness(levels)


@settings(max_examples=40, deadline=None)
@given(MARKETS, st.sampled_from([{"calls": HARD}, {"puts": PUTS}, {"calls": HARD, "puts": PUTS}]))
def test_quantlib_gives_the_same_value_of_other_rights_without_a_spread(levels: Levels, rights: dict) -> None:
    """With one: QuantLib leaves the chance of shares as it was where a right ends the bond in cash."""
    safe = replace(levels, spread=0.0)
    spec = bond(credit_on="probability", **rights)
    found = values([spec], levels=safe)[0, 0]
    assert abs(found - quantlib_value(spec, safe)) < nearness(safe)


def test_eight_deviations_out_the_lattice_stops_to_follow_quantlibs_centre() -> None:
    deep = Levels(spot=388.0, vol=0.1, rate=0.0977418, dividend_yield=0.0073649, spread=0.0)
    spec = bond(credit_on="probability")
    assert 1e-7 < abs(values([spec], levels=deep)[0, 0] - quantlib_value(spec, deep)) < nearness(deep)
    nearer = replace(deep, spot=386.0)
    assert abs(values([spec], levels=nearer)[0, 0] - quantlib_value(spec, nearer)) < nearness(nearer) <= 1e-7


@pytest.mark.parametrize("method", ["cash_part", "probability"])
def test_quantlib_is_near_for_all_rights_with_a_spread(method: str) -> None:
    """QuantLib's blend of rates is another model of credit: a per cent of face here, and two at 800bp."""
    for spread, most in ((0.03, 0.012), (0.08, 0.03)):
        for rights in ({}, {"calls": SOFT}, {"calls": HARD}, {"puts": PUTS}):
            spec, levels = bond(credit_on=method, **rights), replace(BASE, spread=spread)
            assert abs(values([spec], levels=levels)[0, 0] - quantlib_value(spec, levels)) < most


@pytest.mark.parametrize("method", ["cash_part", "probability"])
@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"calls": ({"date": day(400), "trigger": "130%"},)},
        {
            "calls": (
                {"date": day(400), "price": 103.0},
                {"date": day(800), "price": 101.0, "until": day(900)},
            )
        },
        {"calls": ({"date": day(401), "until": day(402)},), "puts": ({"date": day(777), "price": 99.0},)},
        {"conversion_start": day(300), "conversion_end": day(900), "redemption": 112.0},
        {"spread_factor": 1.6, "frequency": 4, "day_count": "30/360", "vol_factor": 0.7},
        {"conversion_ratio": 0.0, "calls": ({"date": day(300)},)},
    ],
)
def test_the_oracle_gives_the_same_value(method: str, terms: dict) -> None:
    spec = bond(credit_on=method, steps=51, **terms)
    for spot in (1.0, 70.0, 125.0, 170.0, 400.0):
        base = market(replace(BASE, spot=spot))

        def level(kind: str, name: str, tenor: str = "", base=base) -> float:
            return next(
                value
                for key, value in base.levels.items()
                if (key.kind, key.name, key.tenor) == (kind, name, tenor)
            )

        expected, size = oracle.unit_value(spec, base, level)
        found = values([spec], levels=replace(BASE, spot=spot))[0, 0]
        # Calls by cash part are judged by the grid, at the steps that the card states.
        assert abs(found - expected) < (1e-11 if size < 10.0 else 4.0 * oracle.SIZE_TOLERANCE) * size


def test_it_converges() -> None:
    """The error falls with the steps; coupons that fall between dates of the lattice leave less than 1e-4."""
    fine = one_value(coupon="0%", steps=2001)
    errors = [abs(one_value(coupon="0%", steps=steps) - fine) for steps in (25, 51, 101, 201, 401)]
    assert all(later < earlier for earlier, later in pairwise(errors))
    assert errors[3] < 5e-5
    assert errors[-1] < 0.1 * errors[0]
    assert abs(one_value(steps=201) - one_value(steps=2001)) < 1e-4


CALLED = {
    "hard": ({"calls": ({"date": day(400), "price": 102.0},)}, 5e-4),
    "hard, already": ({"calls": ({"date": day(-9), "price": 102.0},)}, 5e-4),
    "hard, coupons above the rates": ({"coupon": "9%", "calls": ({"date": day(400)},)}, 1.5e-3),
    "soft": ({"calls": ({"date": day(400), "trigger": "130%"},)}, 5e-4),
    "one day": ({"calls": ({"date": day(400), "until": day(400), "price": 102.0},)}, 3e-4),
    "coupon days": ({"calls": HARD}, 3e-4),
    "soft, one day": ({"calls": ({"date": day(401), "until": day(401), "trigger": "130%"},)}, 5e-4),
    "a window": ({"calls": ({"date": day(400), "until": day(500), "price": 101.0},)}, 1.5e-3),
    "put": ({"puts": PUTS}, 5e-4),
}


@pytest.mark.parametrize("name", CALLED)
@pytest.mark.parametrize("spot", [90.0, 125.0, 160.0])
def test_with_rights_it_is_near_a_fine_grid_at_any_number_of_steps(name: str, spot: float) -> None:
    """No jump between numbers of steps that place dates and prices anew, and an error within the card's."""
    terms, most = CALLED[name]
    levels = replace(BASE, spot=spot)
    counts = (185, 191, 199, 201, 203, 211, 401)
    found = values([bond(**terms, steps=steps) for steps in counts], levels=levels)
    flat = oracle.Share(spot, levels.dividend_yield, levels.vol)
    rates = (levels.rate, levels.rate + levels.spread)
    discounts = tuple(lambda years, rate=rate: math.exp(-rate * years) for rate in rates)
    expected = convertible_grid.value(oracle.terms_of(bond(**terms), TODAY), flat, discounts, (2000, 1000))
    assert np.abs(found[:, 0] - expected).max() < most


def test_without_shares_it_is_the_straight_bond_with_the_spread() -> None:
    expected = sum(0.03 * math.exp(-0.07 * year) for year in (1, 2, 3)) + math.exp(-0.07 * 3)
    for terms in ({}, {"steps": 11}, {"conversion_ratio": 1e-12}):
        assert one_value(**{"conversion_ratio": 0.0, **terms}) == pytest.approx(expected, abs=1e-13)
    twice = one_value(conversion_ratio=0.0, spread_factor=2.0)
    assert twice == pytest.approx(one_value(replace(BASE, spread=0.06), conversion_ratio=0.0), abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(MARKETS, st.sampled_from(["cash_part", "probability"]))
def test_it_is_worth_at_least_its_shares_and_at_least_the_bond(levels: Levels, method: str) -> None:
    worth, floor = values([bond(credit_on=method), bond(conversion_ratio=0.0)], levels=levels)[:, 0]
    assert worth >= 0.008 * levels.spot * (1.0 - 1e-13)
    assert worth >= floor - 1e-12


@settings(max_examples=30, deadline=None)
@given(MARKETS)
def test_rights_gain_for_who_has_them(levels: Levels) -> None:
    # With a spread the cash-part method can go the other way: what a right turns into cash bears credit.
    levels = replace(levels, spread=0.0)
    plain, called, put = values([bond(), bond(calls=HARD), bond(puts=PUTS)], levels=levels)[:, 0]
    assert called <= plain + 1e-12
    assert put >= plain - 1e-12


def test_it_rises_with_spot_and_vol_and_falls_with_the_spread() -> None:
    spots = values([bond()], [{SPOT: spot} for spot in np.geomspace(1.0, 1000.0, 60)])[0]
    assert (np.diff(spots) > -1e-12).all()
    vols = values([bond()], [{VOL: vol} for vol in np.linspace(0.0, 1.5, 40)])[0]
    assert (np.diff(vols) > -1e-9).all()
    spreads = values([bond()], [{SPREAD: spread} for spread in np.geomspace(1e-4, 0.3, 40)])[0]
    assert (np.diff(spreads) <= 1e-12).all()


def test_edges_of_the_share() -> None:
    floor = one_value(conversion_ratio=0.0)
    for spot in (1e-300, 1e-9, 0.01):
        assert one_value(replace(BASE, spot=spot)) == pytest.approx(floor, abs=1e-9)
    assert one_value(replace(BASE, spot=1e6)) == pytest.approx(8000.0, rel=1e-9)
    still = replace(BASE, vol=0.0, dividend_yield=0.0)
    assert one_value(still, coupon="0%") == pytest.approx(max(0.88, math.exp(-0.07 * YEARS)), abs=1e-12)
    tiny = one_value(replace(still, vol=1e-7), coupon="0%")
    assert tiny == pytest.approx(one_value(still, coupon="0%"), abs=1e-6)
    for key in (SPOT, VOL, SPREAD):
        assert np.isnan(values([bond()], [{key: float("nan")}])[0, 0])


def test_both_methods_agree_where_credit_bears_nothing() -> None:
    terms = {"coupon": "0%", "steps": STEPS}
    assert one_value(SAFE, **terms) == pytest.approx(
        one_value(SAFE, credit_on="probability", **terms), abs=1e-13
    )


def test_a_call_on_every_day_forces_conversion() -> None:
    levels = replace(BASE, spot=200.0)
    assert one_value(levels, calls=({"date": day(-10)},)) == pytest.approx(1.6, abs=1e-12)


def test_an_even_number_of_steps_is_raised() -> None:
    assert one_value(steps=100) == one_value(steps=101)
