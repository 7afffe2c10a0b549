"""The book after a plan: cash pays for everything, bought options age, what was held does not."""

from __future__ import annotations

from datetime import date

import pytest
from tests.hedging.small_hedges import plan, planner

import stresstest as st
from stresstest.hedging.plans.hedged_books import CARRIED, RESERVE_ID, carried_book, hedged_book, whole_lots

AS_OF = date(2025, 10, 3)


def quantities(portfolio: st.Portfolio) -> dict[str, float]:
    return dict(zip(portfolio.positions.ids, portfolio.positions.quantity.tolist(), strict=True))


def test_cash_pays_for_what_is_bought_and_for_all_costs() -> None:
    found = plan()
    assert found.trades_portfolio is not None
    assert found.totals is not None
    rows = quantities(found.trades_portfolio)
    moved = -sum(trade.value for trade in found.trades)
    trading = found.totals.cost.total - found.totals.cost.rolls
    assert rows["cash-usd"] == pytest.approx(moved - trading, rel=1e-9)
    assert rows[RESERVE_ID] == pytest.approx(-found.totals.cost.rolls)


def test_no_cash_is_borrowed() -> None:
    found = plan()
    assert found.trades_portfolio is not None
    after = quantities(hedged_book(found.portfolio, found.trades_portfolio))
    assert after["cash-usd"] + after[RESERVE_ID] >= -1e-6


def test_bought_options_have_half_of_their_life_behind_them() -> None:
    found = plan()
    assert found.trades_portfolio is not None
    after = carried_book(found.portfolio, found.trades_portfolio, AS_OF)
    bought = next(trade for trade in found.trades if "put" in trade.id)
    places = {name: row for row, name in enumerate(after.positions.ids)}
    assert bought.id not in places
    spec = after.instruments[int(after.positions.instrument[places[bought.id + CARRIED]])].spec
    fresh = found.trades_portfolio.positions.ids.index(bought.id)
    terms = found.trades_portfolio.instruments[int(found.trades_portfolio.positions.instrument[fresh])].spec
    assert (spec.expiry - AS_OF).days == (terms.expiry - AS_OF).days // 2
    assert spec.strike == terms.strike


def test_what_the_book_held_before_stays_as_it_is() -> None:
    found = plan()
    assert found.hedged is not None
    held = quantities(found.hedged)
    sold = {trade.id: trade.quantity for trade in found.trades if trade.action != "buy"}
    for name, before in quantities(found.portfolio).items():
        if name != "cash-usd":
            assert held.get(name, 0.0) == pytest.approx(before + sold.get(name, 0.0))


@pytest.mark.parametrize(
    ("units", "lot", "whole"), [(47_999.99999999999, 100.0, 48_000.0), (50.5, 100.0, 50.5)]
)
def test_rounding_alone_breaks_no_lot(units: float, lot: float, whole: float) -> None:
    assert whole_lots(units, lot) == whole


def test_the_trades_file_says_what_each_row_is() -> None:
    found = plan()
    assert found.trades_portfolio is not None
    kinds = dict(
        zip(found.trades_portfolio.positions.ids, found.trades_portfolio.positions.tags["trade"], strict=True)
    )
    assert kinds["nvda"] == "sell"
    assert kinds["nvda-call"] == "cover"
    assert kinds["cash-usd"] == "cash"
    assert kinds[RESERVE_ID] == "reserve"
    assert planner().inputs.currency == "USD"
