"""Notices on unusual terms of a portfolio: each names the position, and a run shows them."""

from __future__ import annotations

from datetime import date

import pytest

import stresstest as st
from stresstest.api import market_of
from stresstest.cli.app import run_command
from stresstest.io.resources import names
from stresstest.portfolio.doubts import MOST_NAMED, doubtful_terms
from stresstest.portfolio.loading import build_portfolio

TODAY = date(2025, 10, 3)
FUND = {
    "type": "fund", "nav": 10.0, "quantity": 1,
    "holdings": [{"issuer": "NVDA", "weight": "80%"}, {"issuer": "MSFT", "weight": "60%"}],
}  # fmt: skip
BOND = {
    "type": "fixed_bond", "issuer": "CRWV", "coupon": "92.5%", "maturity": "2030-06-01", "frequency": 2,
    "day_count": "30/360", "quantity": 1,
}  # fmt: skip
OPTION = {
    "type": "european_option", "underlying": "NVDA", "right": "put", "strike": 160, "expiry": "2046-01-16",
    "quantity": 1,
}  # fmt: skip


def held(*positions):
    rows = [{"id": f"p{row}", **position} for row, position in enumerate(positions)]
    return build_portfolio({"version": 1, "name": "mine", "currency": "USD", "positions": rows})


def test_the_position_and_its_term_are_named():
    found = doubtful_terms(held(FUND, BOND, OPTION), TODAY)
    assert found == (
        "mine: position 'p0': holdings add to 140%: the fund is taken to have borrowed the rest "
        "without interest",
        "mine: position 'p1': coupon 92.5%, usually at most 20%",
        "mine: position 'p2': expiry 2046-01-16, usually within 10 years",
    )


def test_terms_that_several_positions_share_are_named_once():
    assert len(doubtful_terms(held(BOND, BOND), TODAY)) == 1


def test_a_large_book_gets_few_notices():
    bonds = [{**BOND, "coupon": f"{30 + row}%"} for row in range(MOST_NAMED + 5)]
    found = doubtful_terms(held(*bonds), TODAY)
    assert len(found) == MOST_NAMED + 1
    assert found[-1] == "mine: 5 more unusual terms"


@pytest.mark.parametrize("name", [name for name, _ in names("portfolios")])
def test_shipped_portfolios_hold_nothing_unusual(name):
    portfolio = st.load_portfolio(name)
    assert doubtful_terms(portfolio, market_of([portfolio]).as_of) == ()


def test_run_and_validate_show_them(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "version: 1\nname: mine\ncurrency: USD\npositions:\n"
        "  - {id: loan, type: term_loan, issuer: CRWV, maturity: 2030-06-30, margin: 1800bp, quantity: 1}\n"
    )
    notice = "mine: position 'loan': margin 18%, usually at most 16%"
    result = st.stress(st.load_portfolio(file), st.load_scenarios("ai_capex_collapse"))
    assert notice in result.result.warnings
    assert run_command(["validate", str(file)]) == 0
    assert notice in capsys.readouterr().out.replace("\n", " ")
