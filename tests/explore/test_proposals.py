"""A hedged portfolio told as what-if trades."""

from __future__ import annotations

import re

import stresstest as st
from stresstest.explore.proposals import proposal
from stresstest.explore.trades import TRADE, Trades, traded
from stresstest.portfolio.loading import parse_positions
from stresstest.portfolio.writing import portfolio_text

BOOK = """version: 1
name: book
currency: USD
positions:
  - {id: a, type: equity, issuer: NVDA, quantity: 10}
  - {id: b, type: equity, issuer: MSFT, quantity: 20}
  - {id: c, type: cash, currency: USD, quantity: 5}
"""


def loaded(folder, name, text):
    target = folder / name
    target.write_text(text, encoding="utf-8")
    return st.load_portfolio(target)


def test_changed_sold_and_bought_positions(tmp_path):
    opened = loaded(tmp_path, "book.yaml", BOOK)
    hedged = BOOK.replace("quantity: 10", "quantity: 7.5").replace(
        "  - {id: b, type: equity, issuer: MSFT, quantity: 20}\n", ""
    )
    hedged += '  - {id: p, type: fund, issuer: GLD, quantity: 3, name: "a \\"name\\"", tags: {trade: buy}}\n'
    found = proposal(opened, loaded(tmp_path, "hedged.yaml", hedged))
    assert found["quantities"] == {"a": 7.5, "b": 0.0}
    added = parse_positions(found["added"], TRADE, "book", "USD")
    assert added.positions.ids == ("p",)
    assert added.positions.names == ('a "name"',)


def test_the_same_portfolio_proposes_nothing(tmp_path):
    opened = loaded(tmp_path, "book.yaml", BOOK)
    assert proposal(opened, opened) == {"quantities": {}, "added": ""}


def test_the_trades_make_the_hedged_portfolio(live, tmp_path):
    opened = live.book.portfolios[0].portfolio
    text = re.sub(r"quantity: 190000, lots: \[.*?\]", "quantity: 100000", portfolio_text(opened))
    text = text.replace("limits:", "  - {id: gld, type: fund, issuer: GLD, quantity: 10800}\nlimits:")
    hedged = loaded(tmp_path, "hedged.yaml", text)
    found = proposal(opened, hedged)
    assert found["quantities"] == {"nvda": 100000.0}
    book = traded(live, {opened.name: Trades(found["quantities"], found["added"])}).book
    after = book.portfolios[0].portfolio
    assert after.positions.ids == hedged.positions.ids
    assert after.positions.quantity.tolist() == hedged.positions.quantity.tolist()
