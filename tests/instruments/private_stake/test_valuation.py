"""What the equity follows, marks of the holder, lag, default, refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.fixtures.books import columns, instrument, portfolio
from tests.fixtures.forward_market import along_path, values
from tests.fixtures.refusals import codes, names, refused
from tests.instruments.private_stake.companies import STACK, WHOLE, company_market, held

from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue

MARKET = company_market()


def test_a_comparable_moves_the_mark_of_today_and_the_mark_itself_does_not() -> None:
    terms = {**WHOLE, "valuation": "comparable", "comparable": "ACME", "comparable_beta": 1.5}
    spot = 187.62
    moves = [{}, {"spot/ACME": spot / 2}, {"private_mark/LAB": 10.0}, {"spot/ACME": 0.0}]
    assert values("private_stake", terms, MARKET, *moves) == pytest.approx(
        [100e9, 100e9 * 0.5**1.5, 100e9, 0.0]
    )
    assert names("private_stake", terms, MARKET) == ["spot/ACME"]


def test_a_multiple_pays_debt_first() -> None:
    terms = {**WHOLE, "valuation": "multiple", "multiple": "LAB", "revenue": 5.0, "net_debt": 30.0}
    moves = [{}, {"multiple/LAB": 10.0}, {"multiple/LAB": 5.0}]
    assert values("private_stake", terms, MARKET, *moves) == pytest.approx([70e9, 20e9, 0.0])
    assert names("private_stake", terms, MARKET) == ["multiple/LAB"]


def test_the_holders_mark_replaces_the_markets_and_moves_with_its_scenario() -> None:
    book = portfolio([("own", instrument("private_stake", **WHOLE, mark=150.0), 1.0)])
    compiled = compile_book([book], MARKET)
    (item,) = compiled.instruments
    assert item.issuer == "LAB#own"
    assert item.requirements.factors == (RiskFactorKey("private_mark", "LAB#own"),)
    units = revalue(compiled, columns(compiled.market, [{"private_mark/LAB#own": 75.0}]))
    assert units.value.tolist() == [[150e9, 75e9]]


def test_a_reported_value_lags_along_a_path_and_not_today() -> None:
    terms = {**WHOLE, "lag_quarters": 2.0}
    assert values("private_stake", terms, MARKET, {"private_mark/LAB": 50.0}) == [50e9]
    worth, cash = along_path(
        "private_stake", terms, MARKET, [(30, {"private_mark/LAB": 50.0}), (395, {}), (5000, {})]
    )
    closed = [1.0 - math.exp(-days / 365 * 4 / 2) for days in (30, 365)]
    left = math.log(2) * (1 - closed[0])
    assert worth[:2] == pytest.approx([100e9, 50e9 * math.exp(left)], rel=1e-12)
    assert worth[2] == pytest.approx(50e9 * math.exp(left * (1 - closed[1])), rel=1e-12)
    assert worth[3] == pytest.approx(50e9, rel=1e-8)
    assert cash == [0.0] * 4


def test_a_default_leaves_what_a_sale_would_bring() -> None:
    state = RiskFactorKey("default_state", "LAB")
    market = replace(MARKET, levels={**MARKET.levels, state: 0.0})
    moves = [{}, {"default_state/LAB": 1.0}]
    assert values("private_stake", WHOLE, market, *moves) == [100e9, 0.0]
    senior = held("b", default_recovery="20%", exit={"years": 3.0, "volatility": "70%"})
    assert values("private_stake", senior, market, *moves)[1] == pytest.approx(15e9)
    assert values("private_stake", held("common", default_recovery="20%"), market, *moves)[1] == 0.0
    assert names("private_stake", WHOLE, market) == ["private_mark/LAB", "default_state/LAB"]


def test_rates_matter_where_a_strike_does() -> None:
    later = {"exit": {"years": 1.5, "volatility": "70%"}}
    assert names("private_stake", held("b", **later), MARKET)[1:] == [
        "zero_rate/USD/1Y",
        "zero_rate/USD/2Y",
    ]
    assert names("private_stake", {**WHOLE, **later}, MARKET) == ["private_mark/LAB"]


def test_refusals() -> None:
    assert codes("private_stake", {**WHOLE, "issuer": "ACME"}, MARKET) == ["ST357"]
    assert "comparable belongs to" in refused("private_stake", {**WHOLE, "comparable": "ACME"})
    assert "multiple and revenue" in refused("private_stake", {**WHOLE, "valuation": "multiple"})
    both = {**WHOLE, "valuation": "multiple", "multiple": "LAB", "revenue": 1.0, "mark": 3.0}
    assert "mark is not read" in refused("private_stake", both)
    unknown = {**WHOLE, "valuation": "comparable", "comparable": "ACNE"}
    assert codes("private_stake", unknown, MARKET) == ["ST355"]
    assert "greater than or equal to 0" in refused(
        "private_stake", held("b", stack=[{**STACK[0], "invested": -1.0}])
    )
