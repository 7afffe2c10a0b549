"""Institutions of a file, and a user's portfolios beside them."""

from __future__ import annotations

from dataclasses import replace

from tests.networks.random_networks import edge, firm, network

from stresstest.networks.holders import Holder, institutions
from stresstest.networks.model import Node

FUND = Node("FUND", "aggregate", behaviour="open_fund", leverage=1.5)
STOCKS = [replace(firm("A"), issuer="AAA"), firm("B")]


def test_institutions_of_the_file_hold_what_edges_say() -> None:
    quiet = Node("QUIET", "aggregate")
    edges = [edge("FUND", "A", "holding", amount=6.0), edge("QUIET", "B", "holding", amount=9.0)]
    edges.append(edge("FUND", "B", "holding", amount=4.0, per_year=500.0))
    (one,) = institutions(network([*STOCKS, FUND, quiet], edges), ())
    assert (one.name, one.behaviour, one.leverage) == ("FUND", "open_fund", 1.5)
    assert (one.firms, one.amounts, one.assets, one.buying) == ((0, 1), (6.0, 4.0), 10.0, (0.0, 2.0))


def test_a_portfolio_holds_by_issuer_and_may_hold_more() -> None:
    ours = Holder("ours", "margin_account", 2.0, {"AAA": 3.0, "B": -1.0, "GOLD": 5.0}, elsewhere=2.0)
    (one,) = institutions(network(STOCKS, []), (ours,))
    assert (one.firms, one.amounts, one.assets) == ((0,), (3.0,), 10.0)
    assert one.buying == (0.0,)
