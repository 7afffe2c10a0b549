"""Portfolios of a run as institutions of the networks of its scenarios: what their deltas say they hold."""

from __future__ import annotations

from dataclasses import replace

from stresstest.market.fx import fx_rate
from stresstest.networks.holders import Holder
from stresstest.networks.model import Network
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.network_use import PortfolioTerms
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

BUMP = 1e-3
"""Relative change of a price, up and down, by which deltas are taken."""

_NAME = "the run's portfolios"


def with_holders(scenarios: ScenarioSet, book: Book) -> ScenarioSet:
    """Return the scenarios with the portfolios of `book` in each network that lets them act.

    They act by their linear exposures at base, from the same kernels; their own P&L is then fully revalued,
    and does not change what they hold: there is no loop between engine and network.
    """
    if not any(scenario.network and scenario.network.portfolio for scenario in scenarios):
        return scenarios
    changed = tuple(_with_holder(scenario, book) for scenario in scenarios)
    return replace(scenarios, scenarios=changed)


def _with_holder(scenario: Scenario, book: Book) -> Scenario:
    use = scenario.network
    if use is None or use.portfolio is None:
        return scenario
    return replace(scenario, network=replace(use, holders=(holder_of(book, use.network, use.portfolio),)))


def holder_of(book: Book, network: Network, terms: PortfolioTerms) -> Holder:
    """Return the portfolios of a book, taken together, as an institution of a network.

    What they hold of a firm is the change of their value for the relative change of its share's price, half
    the difference of up and down over `BUMP`, with funds and indices moving along; in the network's currency.
    """
    market = book.market
    priced = {key.name for key in market.levels if key.kind == "spot"}
    issuers = [node.issuer for node in network.nodes if node.issuer in priced]
    percent = f"{100.0 * BUMP:g}%"
    bumps = [
        Scenario(f"{side}_{place}", (Shock.of("spot", f"{sign}{percent}", issuer=issuer),), "1d")
        for place, issuer in enumerate(issuers)
        for side, sign in (("up", "+"), ("down", "-"))
    ]
    columns = compile_scenarios(ScenarioSet(tuple(bumps)), market).columns
    result = apply_holdings(book, revalue(book, columns))
    rate = fx_rate(market, result.currency, network.currency) * terms.times
    value = [rate * level for level in result.total.tolist()]
    moved = [(up - down) / (2.0 * BUMP) for up, down in zip(value[1::2], value[2::2], strict=True)]
    amounts = {issuer: amount for issuer, amount in zip(issuers, moved, strict=True) if amount}
    elsewhere = max(value[0] - sum(amounts.values()), 0.0)
    return Holder(_NAME, terms.behaviour, terms.leverage, amounts, elsewhere)
