"""Maintenance margin: parts of what is held long and sold short, cash aside; a call where equity lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fixtures.books import columns, instrument, portfolio, small_market

from stresstest.measures.margin import Margin, margin
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.loading import build_portfolio
from stresstest.portfolio.model import MarginTerms
from stresstest.portfolio.writing import portfolio_text
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings, stress_totals

ROWS = [
    ("acme", instrument("equity", issuer="ACME"), 100.0),
    ("bolt", instrument("equity", issuer="BOLT"), -40.0),
    ("debit", instrument("cash", currency="USD"), -7_000.0),
]
MOVES = [{"spot/ACME": 90.0}, {"spot/ACME": 84.0}, {"spot/BOLT": 90.0}]


def found(terms: MarginTerms | None) -> Margin | None:
    book = compile_book([replace(portfolio(ROWS), margin=terms)], small_market())
    return margin(apply_holdings(book, revalue(book, columns(small_market(), MOVES))).portfolios[0])


def test_a_call_is_what_equity_lacks() -> None:
    """12,000 of ACME less 1,800 of BOLT sold short less 7,000 owed."""
    account = found(MarginTerms(0.25, 0.3))
    assert account is not None
    assert account.equity.tolist() == pytest.approx([3200.0, 200.0, -400.0, 1400.0])
    assert account.required.tolist() == pytest.approx([3540.0, 2790.0, 2640.0, 4080.0])
    assert account.call.tolist() == pytest.approx([340.0, 2590.0, 3040.0, 2680.0])
    enough = found(MarginTerms(0.1, 0.1))
    assert enough is not None
    assert enough.call[0] == 0.0


def test_nothing_is_asked_for_without_terms_or_positions() -> None:
    assert found(None) is None
    book = compile_book([replace(portfolio(ROWS), margin=MarginTerms(0.25, 0.3))], small_market())
    assert margin(stress_totals(book, columns(small_market(), MOVES)).portfolios[0]) is None


def test_terms_are_read_and_written() -> None:
    fund = {
        "version": 1,
        "name": "mine",
        "currency": "USD",
        "margin": {"long": "40%"},
        "positions": [{"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100}],
    }
    read = build_portfolio(fund)
    assert read.margin == MarginTerms(0.4, 0.3)
    assert "margin: {long: 40%, short: 30%}" in portfolio_text(read)
