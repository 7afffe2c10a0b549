"""Links of a market together with those that private copies of link targets take over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink, MarketSnapshot


def all_links(market: MarketSnapshot) -> tuple[FactorLink, ...]:
    """Return the links of `market`, sources before targets, and one for each private copy of a target.

    A level that a position states for itself (`spot/SPY#fund`) moves as its public factor does, in proportion
    to its own base, unless it has a link of its own.
    """
    targets = {link.target for link in market.links}
    copies: dict[RiskFactorKey, list[RiskFactorKey]] = {}
    for key in market.levels:
        if "#" in key.name and key not in targets:
            copies.setdefault(key._replace(name=key.public_name), []).append(key)
    return tuple(_with_copies(market.links, copies))


def _with_copies(
    links: tuple[FactorLink, ...], copies: dict[RiskFactorKey, list[RiskFactorKey]]
) -> Iterator[FactorLink]:
    for link in links:
        yield link
        for key in copies.get(link.target, ()):
            yield replace(link, target=key)
