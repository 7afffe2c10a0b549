"""Equity from the price of the last round: reprices the round, against bisection in 40 digits, and bounds."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.books import columns, instrument, portfolio
from tests.fixtures.refusals import refused
from tests.instruments.private_stake.companies import STACK, company_market
from tests.oracle.private_stake import at_exit, calls, sale

from stresstest.instruments.private_stake.backsolve import (
    class_price,
    class_value,
    implied_equity,
    round_class,
)
from stresstest.instruments.private_stake.spec import PrivateStakeSpec
from stresstest.instruments.private_stake.waterfall import tranches
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = company_market()
NAMES = [item["name"] for item in STACK]
SHARES = 60.0 + 10.0 + 12.0 + 10.0 + 4.0 * 2.0
EXIT = {"years": 4, "volatility": "80%"}


def stake(sold: str, held: str = "common", **terms) -> dict:
    return {
        "issuer": "LAB", "stack": STACK, "share_class": held, "shares": 1.0, "exit": EXIT,
        "mark": "last_round", "round_class": sold, **terms,
    }  # fmt: skip


def spec(sold: str, **terms) -> PrivateStakeSpec:
    return PrivateStakeSpec.model_validate(stake(sold, **terms))


def factor(years: float) -> float:
    """Discount factor of the market to the exit: spot rates, linear in time."""
    curve = MARKET.curves["USD"]
    rates = [MARKET.levels[key] for key in curve.keys()]  # noqa: SIM118 - a curve is no mapping
    return math.exp(-years * float(np.interp(years, curve.years, rates)))


@pytest.mark.parametrize("sold", NAMES)
@mp.workdps(40)
def test_the_equity_is_what_bisection_in_40_digits_finds(sold: str) -> None:
    terms = spec(sold)
    found = implied_equity(terms, MARKET, 100.0)
    deviation, discount = mp.mpf("0.8") * 2, mp.mpf(factor(4.0))
    own = round_class(terms)
    price = mp.mpf(100) * mp.mpf(own.shares * own.conversion) / SHARES
    low, high = mp.mpf(1), mp.mpf(1000)

    payoff = calls(terms.stack, sold)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at_exit(payoff, middle, deviation, discount) < price else (low, middle)
    assert found == pytest.approx(float(high), rel=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_every_class_is_worth_what_it_gets_integrated_over_the_exit(name: str) -> None:
    """By brute force: what a search over all decisions gives at many exits, weighted by their chance."""
    terms, equity, deviation, discount = spec(name), 80.0, 0.8 * 2, factor(4.0)
    grid = np.linspace(-8.0, 8.0, 1001)
    exits = equity / discount * np.exp(deviation * grid - deviation**2 / 2)
    got = np.array([float(sale(terms.stack, mp.mpf(money), name)) for money in exits])
    chance = np.exp(-(grid**2) / 2) / math.sqrt(2.0 * math.pi) * (grid[1] - grid[0])
    log_discount = math.log(discount)
    found = class_value(tranches(terms.stack, name), equity, terms.exit, log_discount)
    assert found == pytest.approx(discount * float(got @ chance), abs=2e-3)
    with mp.workdps(40):
        exact = at_exit(calls(terms.stack, name), mp.mpf(equity), mp.mpf(deviation), mp.mpf(discount))
    assert found == pytest.approx(float(exact), rel=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(NAMES), st.floats(1.0, 2000.0), st.floats(0.25, 10.0), st.floats(0.1, 2.0))
def test_the_round_reprices_and_classes_add_up_to_the_equity(sold, post_money, years, volatility) -> None:
    terms = spec(sold, exit={"years": years, "volatility": f"{100 * volatility}%"})
    equity = implied_equity(terms, MARKET, post_money)
    log_discount = float(mp.log(factor(years)))

    def value(name: str) -> float:
        return class_value(tranches(terms.stack, name), equity, terms.exit, log_discount)

    price = class_price(round_class(terms), terms.stack, post_money)
    assert value(sold) == pytest.approx(price, rel=1e-9)
    assert sum(map(value, NAMES)) == pytest.approx(equity, rel=1e-9)


def test_senior_rounds_overstate_the_equity_and_common_stock_understates_it() -> None:
    assert implied_equity(spec("b"), MARKET, 100.0) < 100.0
    assert implied_equity(spec("common"), MARKET, 100.0) > 100.0


def test_where_all_shares_are_alike_the_headline_is_the_equity() -> None:
    alike = [{"name": name, "shares": shares} for name, shares in (("one", 10.0), ("two", 30.0))]
    terms = PrivateStakeSpec.model_validate({**stake("two", "one"), "stack": alike})
    assert implied_equity(terms, MARKET, 137.0) == pytest.approx(137.0, rel=1e-15)


def test_rights_matter_less_the_larger_the_round_was() -> None:
    parts = [implied_equity(spec("c"), MARKET, size) / size for size in (60.0, 120.0, 500.0, 5000.0)]
    assert parts == sorted(parts)
    assert parts[-1] == pytest.approx(1.0, abs=0.01)


def test_a_stake_in_the_round_is_worth_its_price_and_moves_with_the_mark() -> None:
    (own, common, stated) = (
        instrument("private_stake", **stake("b", "b")),
        instrument("private_stake", **stake("b", "common")),
        instrument("private_stake", **stake("b", "b", post_money=50.0)),
    )
    rows = [("own", own, 1.0), ("common", common, 1.0), ("half", stated, 1.0)]
    book = compile_book([portfolio(rows)], MARKET)
    keys = [RiskFactorKey("private_mark", f"LAB#{name}") for name in ("own", "common", "half")]
    assert book.market.levels[keys[0]] == book.market.levels[keys[1]] < 100.0
    source = columns(book.market, [{str(key): 0.5 * book.market.levels[key] for key in keys}])
    (found,) = apply_holdings(book, revalue(book, source)).portfolios
    worth = dict(zip(found.position_ids, found.position_value.tolist(), strict=True))
    assert worth["own"][0] == pytest.approx(1e9 * 100.0 / SHARES, rel=1e-9)
    assert worth["half"][0] == pytest.approx(1e9 * 50.0 / SHARES, rel=1e-9)
    assert worth["common"][0] < worth["own"][0]
    left = {name: after / before for name, (before, after) in worth.items()}
    assert left["common"] < left["own"] < 1.0


def test_refusals() -> None:
    assert "none of the stack" in refused("private_stake", stake("series_x"))
    assert "needs a stack and an exit" in refused("private_stake", stake("b", exit=None))
    assert "belong to mark: last_round" in refused("private_stake", stake("b", mark=100.0))
    assert "belong to mark: last_round" in refused("private_stake", {**stake("b"), "mark": None})
    multiple = stake("b", valuation="multiple", multiple="LAB", revenue=5.0)
    assert "not read under valuation: multiple" in refused("private_stake", multiple)
