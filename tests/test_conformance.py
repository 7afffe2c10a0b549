"""Every instrument type of the catalog, on the examples that the shipped portfolios hold."""

from __future__ import annotations

from functools import cache

import pytest
from tests.fixtures.books import every_type, small_market

from stresstest.api import load_market, load_portfolio
from stresstest.catalog import instrument_types
from stresstest.conformance import violations
from stresstest.io.resources import names
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Instrument

EXAMPLES_OF_A_TYPE = 6


@cache
def shipped_market() -> MarketSnapshot:
    return load_market()


@cache
def shipped_instruments() -> dict[str, list[Instrument]]:
    found: dict[str, list[Instrument]] = {}
    for name, _ in names("portfolios"):
        for item in load_portfolio(name).instruments:
            found.setdefault(item.tag, []).append(item)
    return found


@pytest.mark.parametrize("tag", list(instrument_types()))
def test_type_conforms_on_shipped_examples(tag: str) -> None:
    held = [item for item in shipped_instruments().get(tag, []) if item.stated is None]
    examples = held[:: max(1, len(held) // EXAMPLES_OF_A_TYPE)]
    assert examples, f"no shipped portfolio holds a {tag}"
    assert violations(examples, shipped_market()) == []


def test_types_conform_together() -> None:
    assert violations([item for _, item, _ in every_type()], small_market()) == []


def test_a_coupon_that_vanishes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstest.instruments.fixed_bond.compile.paid_amount", lambda *_: 0.0)
    bonds = [item for _, item, _ in every_type() if item.tag == "fixed_bond"]
    (found,) = violations(bonds, small_market())
    assert "days change value and cash" in found
