"""A market with two private companies and a listed comparable, and a stack of every kind of class."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.fixtures.forward_market import forward_market

from stresstest.market.snapshot import Issuer, MarketSnapshot

STACK = [
    {"name": "common", "shares": 60.0},
    {"name": "seed", "shares": 10.0, "invested": 1.0, "seniority": 3, "participation": "full"},
    {"name": "a", "shares": 12.0, "invested": 5.0, "seniority": 2, "participation": "capped",
     "cap_multiple": 3.0},
    {"name": "b", "shares": 10.0, "invested": 20.0, "seniority": 1, "liquidation_multiple": 1.5},
    {"name": "c", "shares": 4.0, "invested": 10.0, "seniority": 1, "conversion": 2.0},
]  # fmt: skip
RUNWAY = {
    "cash": 6.0,
    "costs": 9.0,
    "revenue": 3.0,
    "funding_gap": "GAP",
    "down_round": {"discount": "60%", "dilution": "10%"},
}
WHOLE = {"issuer": "LAB", "ownership": "100%"}


def company_market(**levels: float) -> MarketSnapshot:
    found = {"private_mark/LAB": 100.0, "multiple/LAB": 20.0, "macro/GAP": 0.0, **levels}
    market = forward_market(**{name.replace("/", "__"): level for name, level in found.items()})
    issuers = {**market.issuers, "LAB": Issuer("LAB", "Lab", "private", "USD")}
    return replace(market, issuers=issuers)


def held(name: str, **terms: Any) -> dict[str, Any]:
    """Return all shares of a class of the stack."""
    shares = next(item["shares"] for item in STACK if item["name"] == name)
    return {"issuer": "LAB", "stack": STACK, "share_class": name, "shares": shares, **terms}
