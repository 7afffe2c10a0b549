"""Funds moved by what they hold: nested funds, circles, multiples, compounding along a path, refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, forward_market, spec, values
from tests.fixtures.refusals import codes, names, refused

from stresstest.instruments.fund.look_through import look_through
from stresstest.market.snapshot import MarketSnapshot

MARKET = forward_market(spot__OIL=60.0)
FUNDS = [
    {"name": "inner", "holdings": [{"issuer": "ACME", "weight": "50%"}, {"issuer": "OIL", "weight": "30%"}]},
    {"name": "outer", "holdings": [{"fund": "inner", "weight": "60%"}, {"issuer": "OIL", "weight": "40%"}]},
]
NESTED: dict[str, Any] = {
    "holdings": [{"fund": "outer", "weight": "90%"}, {"fund": "inner", "weight": "10%"}],
    "funds": FUNDS,
    "nav": 20.0,
}
TRIPLE: dict[str, Any] = {"issuer": "ACME", "nav": 50.0, "multiple": 3.0}


def up(part: float) -> dict[str, float]:
    return {"spot/ACME": 187.62 * part}


def test_weights_multiply_down_to_the_bottom() -> None:
    terms = spec("fund", **NESTED)
    assert look_through(terms.holdings, terms.funds) == pytest.approx(
        {"ACME": 0.9 * 0.6 * 0.5 + 0.05, "OIL": 0.9 * (0.4 + 0.6 * 0.3) + 0.03}
    )
    assert values("fund", NESTED, MARKET, {}, up(0.5), {**up(0.5), "spot/OIL": 30.0}) == pytest.approx(
        [20.0, 20.0 * (1 - 0.5 * 0.32), 20.0 * (1 - 0.5 * 0.872)]
    )
    assert names("fund", NESTED, MARKET) == ["spot/ACME", "spot/OIL"]


@given(st.integers(1, 16), st.floats(0.1, 3.0))
def test_a_chain_of_whole_funds_is_its_bottom(depth: int, part: float) -> None:
    chain = [
        {"name": f"f{n}", "holdings": [{"fund": f"f{n + 1}", "weight": "100%"}]} for n in range(depth - 1)
    ]
    chain.append({"name": f"f{depth - 1}", "holdings": [{"issuer": "ACME", "weight": "100%"}]})
    terms = {"holdings": [{"fund": "f0", "weight": "100%"}], "funds": chain, "nav": 7.0}
    assert values("fund", terms, MARKET, up(part)) == pytest.approx([7.0 * part], rel=1e-14)


def test_wide_funds_of_funds_are_worked_off_once() -> None:
    layers = [
        {"name": f"f{n}", "holdings": [{"fund": f"f{n + 1}", "weight": "6.25%"}] * 16} for n in range(15)
    ]
    layers.append({"name": "f15", "holdings": [{"issuer": "ACME", "weight": "6.25%"}] * 16})
    terms = spec("fund", holdings=[{"fund": "f0", "weight": "100%"}], funds=layers, nav=1.0)
    assert look_through(terms.holdings, terms.funds) == {"ACME": 1.0}


def test_a_multiple_counts_today_and_stops_at_nothing() -> None:
    moves = [{}, up(1.1), up(0.8), up(0.5)]
    assert values("fund", TRIPLE, MARKET, *moves) == pytest.approx([50.0, 65.0, 20.0, 0.0])
    inverse = {**TRIPLE, "multiple": -1.0}
    assert values("fund", inverse, MARKET, *moves, up(3.0)) == pytest.approx([50.0, 45.0, 60.0, 75.0, 0.0])


def test_a_multiple_compounds_step_by_step() -> None:
    """Down a fifth and back loses 3 times: 0.4 of the value, times 1 + 3/4."""
    there_and_back = [(30, up(0.8)), (60, up(1.0)), (90, {}), (120, up(0.5)), (150, up(2.0))]
    worth, cash = along_path("fund", TRIPLE, MARKET, there_and_back)
    assert worth == pytest.approx([50.0, 20.0, 35.0, 35.0, 0.0, 0.0])
    assert cash == [0.0] * 6
    plain, _ = along_path("fund", {**TRIPLE, "multiple": 1.0}, MARKET, there_and_back)
    assert plain == pytest.approx([50.0, 40.0, 50.0, 50.0, 25.0, 100.0])


def test_refusals() -> None:
    circle = [*FUNDS, {"name": "a", "holdings": [{"fund": "b", "weight": "1%"}]}]
    circle.append({"name": "b", "holdings": [{"fund": "a", "weight": "1%"}]})
    assert "in a circle: a → b → a" in refused("fund", {**NESTED, "funds": circle})
    deep = [{"name": f"f{n}", "holdings": [{"fund": f"f{n + 1}", "weight": "100%"}]} for n in range(16)]
    deep.append({"name": "f16", "holdings": [{"issuer": "ACME", "weight": "100%"}]})
    assert "17 deep; at most 16" in refused("fund", {**NESTED, "funds": [*FUNDS, *deep]})
    assert "none of funds: inner" in refused("fund", {**NESTED, "funds": FUNDS[:1]})
    assert "the same name" in refused("fund", {**NESTED, "funds": [*FUNDS, FUNDS[0]]})
    assert "either an issuer or holdings" in refused("fund", {**NESTED, "issuer": "ACME"})
    assert "holdings need a nav" in refused("fund", {"holdings": [{"issuer": "ACME", "weight": "1%"}]})
    assert "needs a nav" in refused("fund", {"issuer": "ACME", "multiple": 3.0})
    assert "follows nothing" in refused("fund", {**TRIPLE, "multiple": 0.0})
    assert "either an issuer or a fund" in refused("fund", {"nav": 1.0, "holdings": [{"weight": "1%"}]})
    unknown = {"nav": 1.0, "holdings": [{"issuer": "ACNE", "weight": "1%"}]}
    assert codes("fund", unknown, MARKET) == ["ST355"]
    unpriced: MarketSnapshot = forward_market()
    assert codes("fund", NESTED, unpriced) == ["ST357"]


@pytest.mark.parametrize(
    "terms", [{"issuer": "INDEX"}, {**TRIPLE, "multiple": 1.0}, {**TRIPLE, "multiple": 3.0}, NESTED]
)
def test_fees_accrue_with_the_time_that_passes(terms: dict[str, Any]) -> None:
    market = forward_market(spot__OIL=60.0, spot__INDEX=100.0)
    if terms.get("issuer") == "INDEX":
        market = replace(
            market,
            issuers={**market.issuers, "INDEX": replace(market.issuers["ACME"], id="INDEX", kind="fund")},
        )
    steps = [(73, {}), (365, up(1.1)), (730, {})]
    free, _ = along_path("fund", terms, market, steps)
    charged, cash = along_path("fund", {**terms, "expense_ratio": "0.95%"}, market, steps)
    assert charged[0] == free[0]
    years = (0.2, 1.0, 2.0)
    assert charged[1:] == pytest.approx(
        [value * 0.9905**time for value, time in zip(free[1:], years, strict=True)], rel=1e-14
    )
    assert cash == [0.0] * 4


def test_fees_of_today_are_nothing() -> None:
    found = values("fund", {**TRIPLE, "expense_ratio": "2%"}, MARKET, {}, up(0.9))
    assert found == pytest.approx([50.0, 50.0 * 0.7])
    assert "less than or equal to 0.2" in refused("fund", {**TRIPLE, "expense_ratio": "95%"})


def test_many_small_steps_leave_a_power_of_the_move() -> None:
    """Set to three times its assets each day, 35 % down evenly in 250 days leave (1 − 35 %)³, not nothing."""
    daily = 0.65 ** (1.0 / 250.0)
    worth, _ = along_path("fund", TRIPLE, MARKET, [(day, up(daily**day)) for day in range(1, 61)])
    assert worth[-1] / 50.0 == pytest.approx(0.65 ** (3 * 60 / 250), rel=2e-3)
    (at_once,) = values("fund", TRIPLE, MARKET, up(0.65))
    assert at_once == 0.0
