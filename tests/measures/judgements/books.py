"""A portfolio and scenarios over the small market, with lines of every class."""

from __future__ import annotations

from tests.fixtures.books import instrument, portfolio, small_market

from stresstest.portfolio.book import Book, compile_book
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Scenario

MARKET = small_market()

MIXED = """\
version: 1
name: mixed
horizon: 1m
owner: Market risk
drivers:
  cut: {value: 50%, range: [10%, 80%], basis: {class: judgement, author: J. Doe, date: 2025-09-01}}
shocks:
  - {select: {issuer: ACME}, factor: spot, shift: -20%, basis: {class: documented}, source: A1}
  - {select: {issuer: BOLT}, factor: spot, shift: -10%, basis: {class: computed}}
  - {select: {issuer: EURO}, factor: spot, shift: {driver: cut, slope: -0.5%},
     basis: {class: judgement, author: J. Doe, date: 2025-09-01, analogue: the fall of 2022}}
  - {select: {currency: USD}, factor: zero_rate, shift: +50bp}
"""


def mixed(text: str = MIXED) -> Scenario:
    return parse_scenario(text, "mixed.yaml")


def book_of() -> Book:
    rows = [
        ("acme", instrument("equity", issuer="ACME"), 10.0),
        ("bolt", instrument("equity", issuer="BOLT"), 20.0),
        ("euro", instrument("equity", issuer="EURO"), 5.0),
    ]
    return compile_book([portfolio(rows), portfolio(rows[:1], name="other")], MARKET)
