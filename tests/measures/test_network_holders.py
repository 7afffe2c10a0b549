"""Portfolios as institutions: their deltas, against numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.scenario_networks import small_network, use_of
from tests.scenarios.markets import small_market

from stresstest.measures.network_holders import holder_of, with_holders
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.network_use import PortfolioTerms
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

TERMS = PortfolioTerms("margin_account", 2.0, 3.0)


def book(shares: dict[str, float], **more: str) -> Book:
    tags = {"SPY": "fund"}
    rows = [(name, instrument(tags.get(name, "equity"), issuer=name), held) for name, held in shares.items()]
    found: Portfolio = portfolio(rows, **more)
    return compile_book([found], small_market())


def test_shares_are_held_at_their_value_times_over() -> None:
    holder = holder_of(book({"NVDA": 10.0, "KO": 4.0}), small_network(), TERMS)
    assert holder.amounts == {"NVDA": pytest.approx(3.0 * 10.0 * 187.62, rel=1e-9)}
    assert holder.elsewhere == pytest.approx(3.0 * 4.0 * 66.3, rel=1e-6)
    assert (holder.behaviour, holder.leverage) == ("margin_account", 2.0)


def test_funds_are_looked_through_by_their_links() -> None:
    holder = holder_of(book({"SPY": 100.0}), small_network(), replace(TERMS, times=1.0))
    assert holder.amounts["NVDA"] == pytest.approx(0.08 * 66921.0, rel=1e-9)
    assert holder.amounts["AMD"] == pytest.approx(0.01 * 66921.0, rel=1e-9)


def test_a_short_position_is_negative_and_leaves_nothing_elsewhere() -> None:
    holder = holder_of(book({"AMD": -10.0}), small_network(), TERMS)
    assert holder.amounts["AMD"] == pytest.approx(-3.0 * 1646.7, rel=1e-9)
    assert holder.elsewhere == 0.0


def test_only_scenarios_whose_networks_ask_get_a_holder() -> None:
    fall = Scenario("fall", (Shock.of("spot", "-10%", issuer="NVDA"),), "1d", network=use_of("fire_sale"))
    acting = replace(fall, name="acting", network=use_of("fire_sale", portfolio=TERMS))
    plain = ScenarioSet((fall,))
    assert with_holders(plain, book({"NVDA": 1.0})) is plain
    both = with_holders(ScenarioSet((fall, acting)), book({"NVDA": 1.0}))
    assert [len(scenario.network.holders) for scenario in both if scenario.network] == [0, 1]
