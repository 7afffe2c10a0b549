"""The runway: chance of its end, burn along a path, down-rounds, liquidation, the article's figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from tests.fixtures.books import instrument
from tests.fixtures.forward_market import along_path, values
from tests.fixtures.refusals import codes, names, refused
from tests.instruments.private_stake.companies import RUNWAY, WHOLE, company_market, held

from stresstest.api import load_portfolio
from stresstest.instruments.private_stake.runway import burn_rate, burned

MARKET = company_market()
TERMS = {**WHOLE, "runway": RUNWAY}
LIQUIDATED = {**{k: v for k, v in RUNWAY.items() if k != "down_round"}, "liquidation": {"recovery": "20%"}}


def test_a_stop_weighs_the_down_round_by_the_months_that_the_cash_lasts() -> None:
    """Cash 6 and a burn of 6 last a year, the median of the time to new money: even odds."""
    after = 0.4 * 0.9 * 100e9
    moves = [{}, {"macro/GAP": 1.0}, {"macro/GAP": 0.5}, {"macro/GAP": -1.0}]
    found = values("private_stake", TERMS, MARKET, *moves)
    assert found == pytest.approx([100e9, (100e9 + after) / 2, (2 * 100e9 + after) / 3, 100e9])
    assert values("private_stake", TERMS, MARKET)[0] == 100e9
    assert names("private_stake", TERMS, MARKET) == ["private_mark/LAB", "macro/GAP"]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.1, 50.0))
def test_less_money_is_never_better(gap: float, more: float, cash: float) -> None:
    terms = {**WHOLE, "runway": {**RUNWAY, "cash": cash}}
    low, high = sorted((gap, more))
    less, worse = values("private_stake", terms, MARKET, {"macro/GAP": low}, {"macro/GAP": high})
    assert 36e9 * (1 - 1e-12) <= worse <= less <= 100e9


def test_who_does_not_pay_to_play_holds_common_stock() -> None:
    ends = {**RUNWAY, "down_round": {"discount": "60%", "pay_to_play": True}, "cash": 1e-9}
    moves = [{"macro/GAP": 1.0}]
    (loses,) = values("private_stake", held("b", runway=ends), MARKET, *moves)
    (keeps,) = values(
        "private_stake", held("b", runway={**ends, "down_round": {"discount": "60%"}}), MARKET, *moves
    )
    assert keeps == pytest.approx(30e9 * 40 / 40, rel=1e-6)
    # 40 less the preferences of the others, 16: 24 shared by 60 + 10 + 12 and its own 10.
    assert loses == pytest.approx(24e9 * 10 / 92, rel=1e-6)


def test_a_liquidation_is_a_sale_whatever_the_exit() -> None:
    ends = {**LIQUIDATED, "cash": 1e-9}
    later = {"exit": {"years": 3.0, "volatility": "70%"}}
    stop = {"macro/GAP": 1.0}
    assert values("private_stake", held("b", runway=ends, **later), MARKET, stop)[0] == pytest.approx(15e9)
    (common,) = values("private_stake", held("common", runway=ends, **later), MARKET, stop)
    assert common == pytest.approx(0.0, abs=100.0)


def test_cash_burns_while_nobody_funds_and_its_end_stays() -> None:
    stop, again = {"macro/GAP": 1.0}, {"macro/GAP": 0.0}
    steps = [(73, stop), (219, {}), (365, again), (438, stop), (584, {}), (1000, again)]
    worth, cash = along_path("private_stake", TERMS, MARKET, steps)
    left = [6.0, 6.0, 3.6, 1.2, 1.2]
    chance = [0.0, *(6 / (6 + amount) for amount in left[1:3]), 0.0, 6 / 7.2]
    assert worth[1] == pytest.approx(100e9 - 64e9 / 2)
    assert worth[2] == pytest.approx(100e9 - 64e9 * chance[2])
    assert worth[3] == pytest.approx(100e9)
    assert worth[4] == pytest.approx(100e9 - 64e9 * chance[4])
    assert worth[5:] == pytest.approx([36e9, 36e9])
    assert cash == [0.0] * 7


def test_growing_burn_adds_up() -> None:
    spec = instrument(
        "private_stake",
        **{**WHOLE, "runway": {**RUNWAY, "costs_growth": "60%", "revenue_growth": "150%"}},
    ).spec.runway
    total, _ = quad(lambda t: 9.0 * 1.6**t - 3.0 * 2.5**t, 0.25, 1.75)
    assert burned(spec, 0.25, 1.75) == pytest.approx(total, rel=1e-12)
    assert burn_rate(spec, 1.0) == pytest.approx(9.0 * 1.6 - 3.0 * 2.5, rel=1e-14)
    assert burn_rate(spec, 5.0) == 0.0


def test_openai_by_the_article() -> None:
    """Losses add to USD 44 bn by 2029, 5 of them in 2024 [A7, A9]; the cash lasts nine to twelve months."""
    (stake,) = (item for item in load_portfolio("pension_fund").instruments if _is_secondary(item.spec))
    runway = stake.spec.runway
    assert (runway.costs, runway.revenue) == (pytest.approx(0.7e-3 * 365 + 7 + 1.7, abs=0.01), 3.7)
    assert burned(runway, 0.0, 4.0) == pytest.approx(39.0, rel=0.01)
    assert burn_rate(runway, 4.0) == pytest.approx(0.0, abs=0.5)
    months = next(month for month in range(1, 60) if burned(runway, 0.0, month / 12) >= runway.cash)
    assert 9 <= months <= 12
    assert math.isclose(burn_rate(runway, 0.0), runway.costs - runway.revenue)


def _is_secondary(spec: object) -> bool:
    return getattr(spec, "issuer", "") == "OPENAI" and getattr(spec, "stack", None) == ()


def test_refusals() -> None:
    assert codes("private_stake", {**WHOLE, "runway": {**RUNWAY, "funding_gap": "GAPE"}}, MARKET) == ["ST357"]
    neither = {key: value for key, value in RUNWAY.items() if key != "down_round"}
    assert "state one of them" in refused("private_stake", {**WHOLE, "runway": neither})
    both = {**RUNWAY, "liquidation": {"recovery": "20%"}}
    assert "state one of them" in refused("private_stake", {**WHOLE, "runway": both})
