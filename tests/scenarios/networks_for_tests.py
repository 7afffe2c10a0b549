"""A small network beside the small market: Nvidia sells to AMD and a lab, which burns money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stresstest.networks.cascade import Chosen
from stresstest.networks.model import Edge, Evidence, Network, Node
from stresstest.networks.registry import all_mechanisms
from stresstest.scenarios.network_use import NetworkUse

JUDGED = Evidence("judgement", "made up for a test")


def small_network() -> Network:
    """Return four firms: two shares of the small market, a private lab, and one that no market holds."""
    nodes = (
        Node("NVDA", "public", issuer="NVDA", equity=4000.0, revenue=100.0, capex=10.0),
        Node("AMD", "public", issuer="AMD", equity=300.0, debt=50.0, revenue=40.0, capex=30.0),
        Node("LAB", "private", issuer="LAB", equity=200.0, cash=5.0, revenue=10.0, burn=20.0),
        Node("OUTSIDE", "public", issuer="OUTSIDE", equity=50.0, debt=10.0, revenue=5.0),
    )
    edges = (
        Edge("AMD", "NVDA", "revenue_dependence", float("nan"), "funded", JUDGED, per_year=40.0),
        Edge("LAB", "NVDA", "revenue_dependence", float("nan"), "funded", JUDGED, per_year=10.0),
        Edge("NVDA", "LAB", "equity_stake", float("nan"), "funded", JUDGED, share=0.1),
        Edge("OUTSIDE", "AMD", "senior_notes", 20.0, "funded", JUDGED),
    )
    return Network("small", "A small network", date(2025, 10, 3), "USD", nodes, edges)


def use_of(*names: str, **fields: object) -> NetworkUse:
    """Return the small network with some mechanisms at their own settings, or with all."""
    known = all_mechanisms()
    chosen = tuple(
        Chosen(known[name], {setting.name: setting.default for setting in known[name].settings})
        for name in known
        if name in (names or known)
    )
    return replace(NetworkUse(small_network(), chosen), **fields)  # type: ignore[arg-type]
