"""Additions that a book makes to the market: factors private to positions, with their issuers and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink, Issuer, MarketSnapshot, Provenance

PRIVATE = "#"
"""Stands in the id of an issuer that is private to a position: `NVDA#my-loan`."""


@dataclass(frozen=True, slots=True)
class Proxied:
    """A position that the market does not price: valued as stated, rolled and shocked through its proxy.

    Attributes
    ----------
    position, issuer
        Id of the position and the name that it gives its issuer.
    proxy
        Issuer whose moves it follows; empty where selectors reach it by its own attributes.
    stated_value, stated_date
        As the holder states them, in `currency`.
    roll
        Return of the proxy from `stated_date` to the market's date; None where the market states none
        (the value then stays as stated).
    """

    position: str
    issuer: str
    proxy: str
    stated_value: float
    stated_date: date
    currency: str
    roll: float | None


class PrivateMarket:
    """Collects private factors over a market, each once, and gives the extended market."""

    def __init__(self, market: MarketSnapshot) -> None:
        self.market = market
        self._levels: dict[RiskFactorKey, float] = {}
        self._issuers: dict[str, Issuer] = {}
        self._links: list[FactorLink] = []
        self._provenance: dict[RiskFactorKey, Provenance] = {}

    def add(self, issuer: Issuer, levels: Mapping[RiskFactorKey, float], provenance: Provenance) -> None:
        """Add a private issuer with its levels."""
        self._issuers[issuer.id] = issuer
        for key, level in levels.items():
            self._levels[key] = level
            self._provenance[key] = provenance

    def link(self, target: RiskFactorKey, source: RiskFactorKey) -> None:
        """Let `target` move in proportion with `source`."""
        self._links.append(FactorLink(target, weights=((source, 1.0),)))

    def extended(self) -> MarketSnapshot:
        """Return the market with all additions; the market itself where there is none."""
        if not self._levels:
            return self.market
        market = self.market
        return replace(
            market,
            levels={**market.levels, **self._levels},
            issuers={**market.issuers, **self._issuers},
            provenance={**market.provenance, **self._provenance},
            links=(*market.links, *self._links),
        )


def public_market(market: MarketSnapshot) -> MarketSnapshot:
    """Return the market without what positions of a book have added to it."""
    private = {issuer for issuer in market.issuers if PRIVATE in issuer}
    if not private:
        return market
    return replace(
        market,
        levels={key: level for key, level in market.levels.items() if key.name not in private},
        issuers={name: issuer for name, issuer in market.issuers.items() if name not in private},
        provenance={key: source for key, source in market.provenance.items() if key.name not in private},
        links=tuple(link for link in market.links if link.target.name not in private),
    )
