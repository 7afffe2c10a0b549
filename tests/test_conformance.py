"""Every instrument type of the catalog, on the examples that the shipped portfolios hold."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from tests.fixtures.books import every_type, small_market
from tests.fixtures.shipped import portfolios_by_market, portfolios_of_default_market

from stresstest.api import load_market, load_portfolio
from stresstest.catalog import instrument_types
from stresstest.conformance import violations
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Instrument

EXAMPLES_OF_A_TYPE = 6


@cache
def shipped_market() -> MarketSnapshot:
    return load_market()


@cache
def shipped_instruments() -> dict[str, list[Instrument]]:
    found: dict[str, list[Instrument]] = {}
    for name in portfolios_of_default_market():
        for item in load_portfolio(name).instruments:
            found.setdefault(item.tag, []).append(item)
    return found


@pytest.mark.parametrize("tag", list(instrument_types()))
def test_type_conforms_on_shipped_examples(tag: str) -> None:
    held = [item for item in shipped_instruments().get(tag, []) if item.stated is None]
    examples = held[:: max(1, len(held) // EXAMPLES_OF_A_TYPE)]
    assert examples, f"no shipped portfolio holds a {tag}"
    assert violations(examples, shipped_market()) == []


def test_instruments_of_an_extension_conform_in_it() -> None:
    by_market = portfolios_by_market()
    assert by_market["hyperion"] == ("hyperion_spv", "hyperion_tenant")
    held = [_still(item) for name in by_market["hyperion"] for item in load_portfolio(name).instruments]
    distinct = list(dict.fromkeys(held))
    assert violations(distinct, load_market("hyperion")) == []


def _still(item: Instrument) -> Instrument:
    """Return a lease with the intrinsic guarantee: a volatility of its own decays where nothing moves."""
    if item.tag != "lease":
        return item
    guarantee = item.spec.guarantee.model_copy(update={"volatility": 0.0})
    return replace(item, spec=item.spec.model_copy(update={"guarantee": guarantee}))


def test_types_conform_together() -> None:
    assert violations([item for _, item, _ in every_type()], small_market()) == []


def test_a_coupon_that_vanishes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstest.instruments.fixed_bond.compile.paid_amount", lambda *_: 0.0)
    bonds = [item for _, item, _ in every_type() if item.tag == "fixed_bond"]
    (found,) = violations(bonds, small_market())
    assert "days change value and cash" in found
