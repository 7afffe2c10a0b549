"""One book of portfolio and candidates: order, cash, what may be sold, what options are carried at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.hedging.tiny_books import POSITIONS, ruled

import stresstest as st
from stresstest.catalog import instrument_type
from stresstest.hedging.inputs.hedge_book import HedgeBook, carried, hedge_book
from stresstest.hedging.inputs.lines import TaxLot
from stresstest.hedging.policies.policy import SellTerms
from stresstest.hedging.policies.selection import Selection
from stresstest.hedging.policies.universe import expand_universe
from stresstest.portfolio.loading import build_portfolio
from stresstest.portfolio.model import Instrument

AS_OF = date(2025, 10, 3)


def bound(sell: SellTerms | None = None, **more: object) -> HedgeBook:
    document = {"version": 1, "name": "tiny", "currency": "USD", "positions": POSITIONS, **more}
    portfolio, market = build_portfolio(document), st.load_market("2025-10-03")
    candidates = expand_universe(ruled().policy, market, market.as_of, portfolio)
    return hedge_book(portfolio, candidates, market, sell or SellTerms())


def put(expiry: str) -> Instrument:
    terms = {"underlying": "SPY", "right": "put", "strike": 600.0, "expiry": date.fromisoformat(expiry)}
    return Instrument("european_option", instrument_type("european_option").spec(**terms))


def test_held_lines_come_first_each_part_by_id() -> None:
    lines = bound().lines
    held = [line.id for line in lines if line.is_held]
    assert held == ["calls", "msft", "nvda"]
    assert [line.is_held for line in lines] == [True] * 3 + [False] * (len(lines) - 3)
    bought = [line.id for line in lines[3:]]
    assert bought == sorted(bought)
    assert {line.source for line in lines[3:]} == {"defensives", "bills", "gold", "puts"}


def test_cash_of_the_currency_is_no_line() -> None:
    found = bound()
    assert found.cash_before == 100_000.0
    assert found.book.instruments[found.cash_row].tag == "cash"
    euros = {"id": "euro", "type": "cash", "currency": "EUR", "quantity": 5.0}
    other = bound(positions=[*POSITIONS, euros])
    assert other.cash_before == 100_000.0
    assert "euro" in [line.id for line in other.lines]


def test_short_positions_and_tax_lots_come_along() -> None:
    lines = {line.id: line for line in bound().lines}
    assert (lines["calls"].quantity, lines["calls"].sign) == (-20.0, -1.0)
    assert lines["nvda"].lots == (TaxLot(1_000.0, 200.0), TaxLot(3_000.0, 50.0))
    assert lines["msft"].lots == ()


@pytest.mark.parametrize(
    ("sell", "expected"),
    [
        (SellTerms(), {"calls", "msft", "nvda"}),
        (SellTerms(all=False, select=Selection((("type", ("equity",)),))), {"msft", "nvda"}),
        (SellTerms(excluded=Selection((("issuer", ("MSFT",)),))), {"calls", "nvda"}),
    ],
)
def test_what_the_policy_lets_go(sell: SellTerms, expected: set[str]) -> None:
    assert {line.id for line in bound(sell).lines if line.can_sell} == expected


def test_a_bought_option_is_carried_with_half_of_its_life_and_a_share_as_it_is() -> None:
    found = carried(put("2026-04-17"), AS_OF)
    assert found.spec.expiry == AS_OF + timedelta(days=98)
    share = Instrument("equity", instrument_type("equity").spec(issuer="KO"))
    assert carried(share, AS_OF) is share
    assert carried(put("2025-10-04"), AS_OF).spec.expiry == AS_OF + timedelta(days=1)
    for line in bound().lines:
        rolled = line.is_option and not line.is_held
        assert all(leg.is_rolled == rolled for leg in line.legs), line.id


def test_a_position_of_nothing_is_no_line_to_sell_and_lends_its_name_to_a_purchase() -> None:
    nothing = {"id": "none", "type": "equity", "issuer": "KO", "quantity": 0.0}
    lines = [line for line in bound(positions=[*POSITIONS, nothing]).lines if line.id == "none"]
    assert [(line.is_held, line.issuer) for line in lines] == [(False, "KO")]
