"""Trades come back from their file, and change the book by exactly what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stresstest as st
from stresstest.catalog import instrument_type
from stresstest.errors import InputError
from stresstest.hedging.plans.trades_file import (
    BUY,
    CASH,
    COVER,
    SELL,
    TradeRow,
    as_quantities,
    read_trades,
    trades_portfolio,
    with_trades,
    write_trades,
)
from stresstest.portfolio.loading import build_portfolio, load_portfolio
from stresstest.portfolio.model import Instrument, Portfolio


def bill(maturity: str) -> Instrument:
    return Instrument("zero_bond", instrument_type("zero_bond").spec(issuer="UST", maturity=maturity))


def held(portfolio: Portfolio, name: str) -> Instrument:
    row = portfolio.positions.ids.index(name)
    return portfolio.instruments[int(portfolio.positions.instrument[row])]


def some_trades(portfolio: Portfolio) -> Portfolio:
    rows = [
        TradeRow("nvda", held(portfolio, "nvda"), -100_000.0, SELL, tags={"lots": "1000"}),
        TradeRow("oklo", held(portfolio, "oklo"), -18_000.0, SELL),
        TradeRow("nvda-call-dec25", held(portfolio, "nvda-call-dec25"), 600.0, BUY),
        TradeRow("bill-6m", bill("2026-04-02"), 2e7, BUY, "US Treasury bill"),
        TradeRow("cash-usd", held(portfolio, "cash-usd"), -1_234_567.89, CASH),
    ]
    return trades_portfolio("trades", portfolio.currency, rows)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".yaml"])
def test_a_trades_file_is_a_portfolio_that_reads_back(suffix: str, tmp_path: Path) -> None:
    portfolio = load_portfolio("ai_growth_fund")
    trades = some_trades(portfolio)
    path = tmp_path / f"trades{suffix}"
    write_trades(path, trades)
    read = read_trades(path)
    assert read.positions.ids == trades.positions.ids
    assert read.positions.quantity.tolist() == trades.positions.quantity.tolist()
    assert [held(read, name) for name in read.positions.ids] == [
        held(trades, name) for name in trades.positions.ids
    ]
    assert read.positions.tags["trade"] == ("sell", "sell", "buy", "buy", "cash")
    assert read.positions.tags["lots"] == ("1000", "", "", "", "")


def test_the_book_after_is_the_book_before_plus_the_trades() -> None:
    """P&L is linear: the hedged book's is the sum, position by position and in total."""
    portfolio = load_portfolio("ai_growth_fund")
    trades = some_trades(portfolio)
    after = with_trades(portfolio, trades)
    scenarios = st.load_scenarios("ai_capex_collapse", "boom_continues")
    market = st.load_market("2025-10-03")
    together = [st.stress(book, scenarios, market).to_numpy() for book in (portfolio, trades, after)]
    assert together[2] == pytest.approx(together[0] + together[1], rel=1e-12)
    assert "oklo" not in after.positions.ids
    assert "nvda-call-dec25" not in after.positions.ids
    assert after.positions.ids[-1] == "bill-6m"
    assert after.positions.tags["desk"][0] == "semiconductors"
    assert after.limits == portfolio.limits


def problems(portfolio: Portfolio, *rows: TradeRow) -> list[str]:
    with pytest.raises(InputError) as caught:
        with_trades(portfolio, trades_portfolio("trades", "USD", rows))
    return [f"{problem.code} {problem.got}" for problem in caught.value.problems]


def test_nothing_is_sold_that_is_not_held_and_no_short_is_turned_around() -> None:
    portfolio = load_portfolio("ai_growth_fund")
    assert problems(
        portfolio,
        TradeRow("nvda", held(portfolio, "nvda"), -190_001.0, SELL),
        TradeRow("avgo-call-dec25", held(portfolio, "avgo-call-dec25"), 251.0, BUY),
        TradeRow("msft2", held(portfolio, "msft"), -1.0, SELL),
        TradeRow("tsm", held(portfolio, "amd"), -1.0, SELL),
    ) == [
        "ST490 'nvda' trades -190,001 of 190,000 held",
        "ST490 'avgo-call-dec25' trades 251 of -250 held",
        "ST490 'msft2' is not held, and 1 of it are sold",
        "ST491 trade 'tsm' in other terms than the position of that id",
    ]


def test_weights_become_quantities_before_anything_is_traded() -> None:
    fund = build_portfolio(
        {
            "version": 1, "name": "w", "currency": "USD", "total": {"value": 1000, "currency": "USD"},
            "remainder": "cash",
            "positions": [{"id": "a", "type": "equity", "issuer": "NVDA", "weight": "40%"}],
        }
    )  # fmt: skip
    row = TradeRow("a", held(fund, "a"), -1.0, SELL)
    assert problems(fund, row)[0] == "ST492 position 'a' with a weight"
    counted = as_quantities(fund, [2.5, 600.0])
    assert with_trades(counted, trades_portfolio("t", "USD", [row])).positions.quantity.tolist() == [
        1.5,
        600.0,
    ]
    assert counted.total is None


def test_a_stated_value_shrinks_with_its_position() -> None:
    loan = {"id": "p", "type": "equity", "issuer": "PRIVATE", "quantity": 10, "proxy": "NVDA",
            "stated_value": 500.0, "stated_date": "2025-09-30"}  # fmt: skip
    fund = build_portfolio({"version": 1, "name": "s", "currency": "USD", "positions": [loan]})
    sold = with_trades(fund, trades_portfolio("t", "USD", [TradeRow("p", held(fund, "p"), -4.0, SELL)]))
    stated = held(sold, "p").stated
    assert stated is not None
    assert (stated.value, stated.quantity) == (300.0, 6.0)
    scenarios = st.load_scenarios("ai_capex_collapse")
    before, after = (st.stress(book, scenarios).to_numpy() for book in (fund, sold))
    assert after == pytest.approx(0.6 * before)


def test_no_trades_leave_everything_as_it_is() -> None:
    portfolio = load_portfolio("ai_growth_fund")
    empty = replace(portfolio, instruments=(), positions=trades_portfolio("t", "USD", []).positions)
    assert np.array_equal(with_trades(portfolio, empty).positions.quantity, portfolio.positions.quantity)


def test_lots_of_the_highest_cost_are_sold_first_and_the_rest_reads_back(tmp_path: Path) -> None:
    lots = [{"quantity": 40, "price": 20}, {"quantity": 25, "price": 150}, {"quantity": 35, "price": 90}]
    shares = {"id": "a", "type": "equity", "issuer": "NVDA", "quantity": 100, "lots": lots}
    short = {"id": "b", "type": "equity", "issuer": "AMD", "quantity": -10,
             "lots": [{"quantity": -4, "price": 90}, {"quantity": -6, "price": 200}]}  # fmt: skip
    fund = build_portfolio({"version": 1, "name": "l", "currency": "USD", "positions": [shares, short]})
    rows = [TradeRow("a", held(fund, "a"), -30.0, SELL), TradeRow("b", held(fund, "b"), 5.0, COVER)]
    after = with_trades(fund, trades_portfolio("t", "USD", rows))
    write_trades(tmp_path / "after.yaml", after)
    read = load_portfolio(tmp_path / "after.yaml").positions.lots
    assert sorted((lot.price, lot.quantity) for lot in read[0]) == [(20.0, 40.0), (90.0, 30.0)]
    assert [(lot.price, lot.quantity) for lot in read[1]] == [(200.0, -5.0)]
